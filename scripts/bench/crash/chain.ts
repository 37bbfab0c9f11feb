// Owns what the chain itself holds, read from its logs alone: every record of every published batch, every move, every
// certificate. The service and its database have no say in it.
import { brotliDecompressSync } from 'node:zlib';
import { contractInterface } from '../../../src/adapters/contracts.ts';
import type { Rpc } from '../../../src/adapters/rpc.ts';
import { type BatchId, tokenIdOf } from '../../../src/core/batch.ts';
import { canonicalise } from '../../../src/core/canonical.ts';
import { codePath, type PieceCode } from '../../../src/core/code.ts';
import { hashRecord } from '../../../src/core/record.ts';

const BLOCKS_AT_ONCE = 64;
const pieces = contractInterface('Pieces');
const certificates = contractInterface('Certificates');

export interface BornPiece {
  readonly title: string;
  readonly path: string;
  readonly recordHash: string;
  readonly tokenId: string;
}

export interface Move {
  readonly tokenId: string;
  readonly to: string;
}

export interface ChainContent {
  readonly born: readonly BornPiece[];
  /** As the batches' headers count them. */
  readonly counted: number;
  readonly moves: readonly Move[];
  /** Ids of certificates, as often as they were issued and revoked. */
  readonly issued: readonly string[];
  readonly revoked: readonly string[];
}

/** Addresses of the contracts whose events are counted. */
export interface Contracts {
  readonly pieces: string;
  readonly certificates: string;
}

interface Log {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
}

interface Batch {
  readonly count: number;
  readonly parts: Map<number, Uint8Array>;
}

export async function readChain(rpc: Rpc, at: Contracts): Promise<ChainContent> {
  const logs = await logsOf(rpc, at);
  const batches = new Map<string, Batch>();
  const moves: Move[] = [];
  for (const log of logs.filter(({ address }) => address.toLowerCase() === at.pieces)) {
    const event = pieces.parseLog(log);
    if (event?.name === 'Transfer') moves.push({ tokenId: String(event.args[2]), to: event.args[1].toLowerCase() });
    if (event?.name === 'BatchPart') {
      batches.get(String(event.args['batchId']))?.parts.set(Number(event.args['part']), bytesOf(event.args['data']));
    }
    if (event?.name !== 'BatchRegistered') continue;
    const id = String(event.args['batchId']);
    if (batches.has(id)) throw new Error(`the chain has batch ${id} twice`);
    batches.set(id, { count: Number(event.args['count']), parts: new Map() });
  }
  const certified = logs.flatMap((log) => {
    const event = log.address.toLowerCase() === at.certificates ? certificates.parseLog(log) : null;
    return event ? [{ name: event.name, id: String(event.args[0]) }] : [];
  });
  const idsOf = (name: string) => certified.flatMap((event) => (event.name === name ? [event.id] : []));
  const born = [...batches].flatMap(([id, batch]) => bornIn(id as BatchId, batch));
  const counted = [...batches.values()].reduce((sum, { count }) => sum + count, 0);
  return { born, counted, moves, issued: idsOf('CertificateIssued'), revoked: idsOf('CertificateRevoked') };
}

async function logsOf(rpc: Rpc, at: Contracts): Promise<Log[]> {
  const logs: Log[] = [];
  const address = [at.pieces, at.certificates];
  const head = Number(await rpc.call<string>('eth_blockNumber'));
  for (let from = 0; from <= head; from += BLOCKS_AT_ONCE) {
    const range = { address, fromBlock: hex(from), toBlock: hex(Math.min(head, from + BLOCKS_AT_ONCE - 1)) };
    logs.push(...(await rpc.call<Log[]>('eth_getLogs', range)));
  }
  return logs;
}

function bornIn(id: BatchId, { count, parts }: Batch): BornPiece[] {
  const payload = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, data]) => data));
  const lines = brotliDecompressSync(payload.subarray(1)).toString('utf8').trimEnd().split('\n');
  if (lines.length !== count) throw new Error(`batch ${id} counts ${count} pieces and publishes ${lines.length}`);
  return lines.map((line, index) => {
    const { record } = JSON.parse(line) as { record: { title: string; code: PieceCode } };
    const recordHash = hashRecord(canonicalise(record));
    return { title: record.title, path: codePath(record.code), recordHash, tokenId: tokenIdOf(id, index) };
  });
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text.slice(2), 'hex');
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

export interface SeenBlock {
  readonly number: number;
  readonly hash: string;
}

/** The last block the node shows now; undefined while it is away. */
export async function lastBlock(rpc: Rpc): Promise<SeenBlock | undefined> {
  const block = await rpc
    .call<{ number: string; hash: string }>('eth_getBlockByNumber', 'latest', false)
    .catch(() => undefined);
  return block && { number: Number(block.number), hash: block.hash };
}

/** Those of the blocks seen before that are not there any more, or are others. */
export async function goneOf(rpc: Rpc, seen: readonly SeenBlock[]): Promise<SeenBlock[]> {
  const gone: SeenBlock[] = [];
  for (const block of seen) {
    const now = await rpc.call<{ hash: string } | null>('eth_getBlockByNumber', hex(block.number), false);
    if (now?.hash !== block.hash) gone.push(block);
  }
  return gone;
}
