// Owns the decoding of logs: from what a node gives to the events of the contracts. Asking for them is chain.ts's.
import { AbiCoder, type Interface, zeroPadValue } from 'ethers';
import { type BatchHeader, type BatchId, splitTokenId, type TokenId } from '../core/batch.ts';
import type { CertificateFields, CertificateId } from '../core/certificate.ts';
import type { ChainEvent, EventPlace, Happening } from '../core/events.ts';
import { fromHex, type Hex32, lower } from '../core/hash.ts';
import { LIFE_KINDS } from '../core/life.ts';
import { type Root, ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import { contractInterface } from './contracts.ts';
import { lotEvent } from './lot-logs.ts';

const pieces = contractInterface('Pieces');
const organisations = contractInterface('Organisations');
const certificates = contractInterface('Certificates');
const lifeEvents = contractInterface('LifeEvents');
const coder = AbiCoder.defaultAbiCoder();
const TOPICS = {
  batch: pieces.getEvent('BatchRegistered')?.topicHash,
  part: pieces.getEvent('BatchPart')?.topicHash,
  move: pieces.getEvent('Transfer')?.topicHash,
  run: pieces.getEvent('ConsecutiveTransfer')?.topicHash,
  cardSet: pieces.getEvent('CardSet')?.topicHash,
  withdrawn: pieces.getEvent('HandoversWithdrawn')?.topicHash,
  claimed: pieces.getEvent('Claimed')?.topicHash,
  approval: pieces.getEvent('Approval')?.topicHash,
  content: certificates.getEvent('ContentPosted')?.topicHash,
};

/** Where the contracts are whose logs are read. */
export interface LogSources {
  readonly pieces: string;
  readonly organisations: string;
  readonly certificates: string;
  readonly lifeEvents: string;
  readonly lots: string;
}

export interface RawLog {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly blockHash: Hex32;
  readonly logIndex: string;
  readonly transactionHash: Hex32;
}

/** A log of one of the contracts as an event; undefined if it is none the ledger reads. */
export function eventOf(log: RawLog, at: LogSources): ChainEvent | undefined {
  const happening = happeningOf(log, at);
  return happening && { ...place(log), ...happening };
}

function happeningOf(log: RawLog, at: LogSources): Happening | undefined {
  switch (lower(log.address)) {
    case at.pieces:
      return pieceEvent(log);
    case at.organisations:
      return organisationEvent(log);
    case at.certificates:
      return certificateEvent(log);
    case at.lifeEvents:
      return lifeEvent(log);
    case at.lots:
      return lotEvent(log);
    default:
      return undefined;
  }
}

function place(log: RawLog): EventPlace {
  const { blockHash, transactionHash: transaction } = log;
  return { block: Number(log.blockNumber), blockHash, logIndex: Number(log.logIndex), transaction };
}

function pieceEvent(log: RawLog): Happening | undefined {
  switch (log.topics[0]) {
    case TOPICS.batch: {
      const a = pieces.decodeEventLog('BatchRegistered', log.data, log.topics);
      const header: BatchHeader = {
        organisation: lower(a['organisation']),
        root: a['root'] as Root,
        count: Number(a['count']),
        mode: Number(a['mode']) as BatchHeader['mode'],
        payloadHash: a['payloadHash'] as Hex32,
        parts: Number(a['parts']),
      };
      const batchId = a['batchId'].toString() as BatchId;
      return { kind: 'batch', batchId, header, key: lower(a['key']) };
    }
    case TOPICS.part: {
      const batchId = BigInt(log.topics[1] ?? '0').toString() as BatchId;
      const part = Number(log.topics[2]);
      return { kind: 'part', batchId, part, data: bytesArgument(log.data) };
    }
    case TOPICS.move: {
      const [, from, to, token] = log.topics as [string, string, string, string];
      const tokenId = BigInt(token).toString() as TokenId;
      return { kind: 'move', tokenId, from: addressOfTopic(from), to: addressOfTopic(to) };
    }
    case TOPICS.run: {
      const [, token, from, to] = log.topics as [string, string, string, string];
      // Born: BatchRegistered says so already.
      if (addressOfTopic(from) === ZERO_ADDRESS) return undefined;
      const { batchId, index: first } = splitTokenId(BigInt(token).toString());
      const { index: last } = splitTokenId(BigInt(log.data).toString());
      return { kind: 'run', batchId, first, last, from: addressOfTopic(from), to: addressOfTopic(to) };
    }
    case TOPICS.approval: {
      const [, owner, to, token] = log.topics as [string, string, string, string];
      const tokenId = BigInt(token).toString() as TokenId;
      return { kind: 'approval', tokenId, owner: addressOfTopic(owner), to: addressOfTopic(to) };
    }
    default:
      return cardEvent(log);
  }
}

/** What the registry itself says of a piece's cards and handovers. */
function cardEvent(log: RawLog): Happening | undefined {
  const named = [TOPICS.cardSet, TOPICS.withdrawn, TOPICS.claimed].includes(log.topics[0]);
  const { name, args = {} } = (named && decode(pieces, log)) || {};
  const tokenId = String(args['tokenId']) as TokenId;
  const [number, key] = [Number(args['number']), args['key'] as string];
  const counted = { kind: 'life' as const, tokenId, number, organisation: ZERO_ADDRESS, key, words: '' };
  switch (name) {
    case 'CardSet':
      return {
        ...counted,
        event: LIFE_KINDS['card-set'],
        contentHash: zeroPadValue(args['claimKey'] as string, 32) as Hex32,
      };
    case 'HandoversWithdrawn':
      return { ...counted, event: LIFE_KINDS['handovers-withdrawn'], contentHash: ZERO_32 };
    case 'Claimed': {
      const [to, claimKey] = [args['to'] as string, args['claimKey'] as string];
      return { kind: 'claim', tokenId, to, claimKey, recoverable: args['recoverable'] === true };
    }
    default:
      return undefined;
  }
}

function lifeEvent(log: RawLog): Happening | undefined {
  const { name, args = {} } = decode(lifeEvents, log) ?? {};
  const [number, event] = [Number(args['number']), Number(args['kind'])];
  const [organisation, key, words] = [args['organisation'], args['key'], args['words']] as [string, string, string];
  const said = { number, event, organisation, key, words };
  switch (name) {
    case 'LifeEvent': {
      const tokenId = String(args['tokenId']) as TokenId;
      return { kind: 'life', tokenId, ...said, contentHash: args['contentHash'] as Hex32 };
    }
    case 'BatchEvent':
      return { kind: 'batch-life', batchId: String(args['batchId']) as BatchId, ...said };
    default:
      return undefined;
  }
}

interface Decoded {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Of a text on the chain so much is read: a reason, not a book that everybody else has to carry. */
const MOST_CHARACTERS = 1_000;

/**
 * A log by its event. Texts on a chain are whatever bytes somebody put there: what is no UTF-8 becomes U+FFFD, U+0000 is
 * left out, and the end of what is endless, so that nobody's words can stop whoever reads them.
 */
function decode(abi: Interface, log: RawLog): Decoded | undefined {
  const event = log.topics[0] === undefined ? null : abi.getEvent(log.topics[0]);
  if (!event) return undefined;
  const plain = event.inputs.filter((input) => !input.indexed);
  const values = coder.decode(
    plain.map(({ type }) => (type === 'string' ? 'bytes' : type)),
    log.data,
  );
  const args: Record<string, unknown> = {};
  let topic = 1;
  for (const input of event.inputs) {
    const value = input.indexed
      ? coder.decode([input.type], log.topics[topic++] ?? '0x')[0]
      : values[plain.indexOf(input)];
    args[input.name] = input.type === 'string' ? textOf(value) : input.type === 'address' ? lower(value) : value;
  }
  return { name: event.name, args };
}

function textOf(hex: string): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(fromHex(hex)).replaceAll('\0', '');
  return text.slice(0, MOST_CHARACTERS).toWellFormed();
}

function certificateEvent(log: RawLog): Happening | undefined {
  if (log.topics[0] === TOPICS.content) {
    return { kind: 'content', contentHash: log.topics[1] as Hex32, content: bytesArgument(log.data) };
  }
  const { name, args = {} } = decode(certificates, log) ?? {};
  const [organisation, key] = [args['organisation'] as string, args['key'] as string];
  switch (name) {
    case 'CertificateIssued': {
      const fields: CertificateFields = {
        organisation,
        kind: Number(args['kind']),
        subject: args['subject'] as Hex32,
        contentHash: args['contentHash'] as Hex32,
        validUntil: Number(args['validUntil']),
        pieceEvents: Number(args['pieceEvents']),
      };
      return { kind: 'certificate', id: args['id'] as CertificateId, fields, key };
    }
    case 'CertificatesIssued': {
      const [id, root, count] = [args['id'] as Hex32, args['root'] as Root, Number(args['count'])];
      return { kind: 'certificates', id, organisation, root, count, key };
    }
    case 'CertificateRevoked': {
      const [id, index, reason] = [args['id'] as Hex32, Number(args['index']), Number(args['reason'])];
      return { kind: 'revocation', id, index, organisation, reason, words: args['words'] as string, key };
    }
    default:
      return undefined;
  }
}

/** The one dynamic argument of a log without going through a general decoder: offset, length, bytes. */
function bytesArgument(data: string): Uint8Array {
  const length = Number.parseInt(data.slice(66, 130), 16);
  const digits = data.slice(130, 130 + 2 * length);
  return fromHex(`0x${digits.slice(0, digits.length - (digits.length % 2))}`);
}

const addressOfTopic = (topic: string) => lower(`0x${topic.slice(26)}`);

function organisationEvent(log: RawLog): Happening | undefined {
  const decoded = decode(organisations, log);
  const organisation = decoded?.args['organisation'];
  if (!decoded || typeof organisation !== 'string') return undefined;
  const entries = Object.entries(decoded.args).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return { kind: 'organisation', organisation, name: decoded.name, data: Object.fromEntries(entries) };
}
