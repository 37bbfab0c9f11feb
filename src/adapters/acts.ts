// Owns acts as the chain takes them: their calldata, the events that show one was done, and how a batch or block stands
// before it passes on. Signatures are made and judged elsewhere.
import type { EventFragment, Interface, Result } from 'ethers';
import type { ActCall, ActContract, Outcome } from '../core/act.ts';
import { RANGE_BLOCK, splitTokenId } from '../core/batch.ts';
import { TouchstoneError } from '../core/errors.ts';
import { type Hex32, lower } from '../core/hash.ts';
import { ZERO_ADDRESS } from '../core/merkle.ts';
import type { BatchState, Chain, RangeState } from '../ports.ts';
import { contractInterface } from './contracts.ts';
import { type Filter, searchLogs } from './log-search.ts';
import type { RawLog } from './logs.ts';
import type { Rpc } from './rpc.ts';

type Addresses = Readonly<Record<'pieces' | 'certificates', string>>;

const pieces = contractInterface('Pieces');
const lifeEvents = contractInterface('LifeEvents');
const INTERFACES: Partial<Record<ActCall['contract'], Interface>> = {
  pieces,
  lifeEvents,
  lots: contractInterface('Lots'),
  certificates: contractInterface('Certificates'),
};

/** Events of the registry after which a piece has a slot of its own; every life event is one as well. */
const DEPARTING = ['Transfer', 'Approval', 'CardSet', 'HandoversWithdrawn'];

export function openActs(
  rpc: Rpc,
  addresses: Addresses,
): Pick<Chain, 'addressOf' | 'encodeAct' | 'happened' | 'batchOf' | 'recoveryReadyAt' | 'rangeOf'> {
  const addressOf = (contract: ActCall['contract']): string => {
    const address = (addresses as Partial<Record<ActCall['contract'], string>>)[contract];
    if (address === undefined) throw new Error(`this registry has no contract ${contract}`);
    return address;
  };
  return {
    addressOf: (contract: ActContract) => addressOf(contract),
    encodeAct: ({ contract, name, args }) => ({
      to: addressOf(contract),
      data: interfaceOf(contract).encodeFunctionData(name, args),
    }),
    happened: (outcome, fromBlock) => happened(rpc, addressOf(outcome.contract), outcome, fromBlock),
    async recoveryReadyAt(tokenId) {
      const data = lifeEvents.encodeFunctionData('recoveryOf', [tokenId]);
      const answer = await rpc.call<string>('eth_call', { to: addressOf('lifeEvents'), data }, 'latest');
      return Number(lifeEvents.decodeFunctionResult('recoveryOf', answer)['readyAt']);
    },
    batchOf: (batchId) => batchOf(rpc, addresses, batchId),
    rangeOf: (batchId, part, sinceBlock) => rangeOf(rpc, addresses, { batchId, part, sinceBlock }),
  };
}

function interfaceOf(contract: ActCall['contract']): Interface {
  const found = INTERFACES[contract];
  if (!found) throw new Error(`there is no interface of ${contract}`);
  return found;
}

async function happened(
  rpc: Rpc,
  address: string,
  { contract, event, args, each }: Outcome,
  fromBlock: number,
): Promise<{ block: number; transaction: Hex32 } | undefined> {
  const abi = interfaceOf(contract);
  const fragment = abi.getEvent(event) as EventFragment;
  const indexed = fragment.inputs.map((input) => (input.indexed ? (args[input.name] ?? null) : null));
  const topics = abi.encodeFilterTopics(fragment, indexed);
  const logs = await logsOf(rpc, [{ address, topics }], fromBlock);
  const fitting = logs.flatMap((log) => {
    const told = abi.decodeEventLog(fragment, log.data, log.topics) as Result;
    const fits = Object.entries(args).every(([name, value]) => lower(String(told[name])) === lower(String(value)));
    return fits ? [{ log, value: each ? String(told[each.name]) : '' }] : [];
  });
  const missing = new Set(each?.values ?? ['']);
  const last = fitting.find(({ value }) => missing.delete(value) && missing.size === 0)?.log;
  return last && { block: Number(last.blockNumber), transaction: last.transactionHash };
}

/** Reads the registry's views. */
function viewer(rpc: Rpc, address: string) {
  return async (name: string, args: readonly unknown[]): Promise<Result> => {
    const data = pieces.encodeFunctionData(name, args);
    return pieces.decodeFunctionResult(name, await rpc.call<string>('eth_call', { to: address, data }, 'latest'));
  };
}

async function batchOf(rpc: Rpc, { pieces: address }: Addresses, batchId: string): Promise<BatchState | undefined> {
  const read = viewer(rpc, address);
  const batch = await read('batchOf', [batchId]);
  const holder = lower(batch['holder']);
  if (holder === ZERO_ADDRESS) return undefined;
  const { flags, events } = (await read('batchStandingOf', [batchId])).toObject();
  return { holder, rangeEvents: Number(batch['events']), flags: Number(flags), events: Number(events) };
}

async function rangeOf(
  rpc: Rpc,
  { pieces: address }: Addresses,
  { batchId, part, sinceBlock }: { batchId: string; part: number; sinceBlock: number },
): Promise<RangeState | undefined> {
  const read = viewer(rpc, address);
  const batch = await read('batchOf', [batchId]);
  const count = Number(batch['count']);
  if (lower(batch['holder']) === ZERO_ADDRESS || (part > 0 && (part - 1) * RANGE_BLOCK >= count)) return undefined;
  const block = part === 0 ? undefined : await read('blockOf', [batchId, part]);
  const ofItsOwn = block !== undefined && lower(block['holder']) !== ZERO_ADDRESS;
  const range = ofItsOwn ? block : batch;
  const first = (part - 1) * RANGE_BLOCK;
  const all = Number(range['departed']) === 0 ? [] : await departedFrom(rpc, address, batchId, sinceBlock);
  // A block that has not passed on by itself is told by its own departed pieces as well; each slot is looked at then.
  const departed = part === 0 ? all : all.filter((index) => index >= first && index < first + RANGE_BLOCK);
  return { holder: lower(range['holder']), events: Number(range['events']), departed };
}

async function departedFrom(rpc: Rpc, address: string, batchId: string, sinceBlock: number): Promise<number[]> {
  const topicsOf = (abi: Interface, names: readonly string[]) =>
    names.map((name) => (abi.getEvent(name) as EventFragment).topicHash);
  const data = pieces.encodeFunctionData('lifeEvents');
  const answer = await rpc.call<string>('eth_call', { to: address, data }, 'latest');
  const [companion] = pieces.decodeFunctionResult('lifeEvents', answer);
  const filters = [
    { address, topics: [topicsOf(pieces, DEPARTING)] },
    { address: lower(companion), topics: [topicsOf(lifeEvents, ['LifeEvent'])] },
  ];
  const logs = await logsOf(rpc, filters, sinceBlock);
  const indexes = logs.flatMap((log) => {
    const told = (lower(log.address) === address ? pieces : lifeEvents).parseLog(log);
    const of = splitTokenId(String(told?.args['tokenId']));
    // To approve nobody writes nothing.
    const departs = told?.name !== 'Approval' || lower(told.args['approved']) !== ZERO_ADDRESS;
    return of.batchId === batchId && departs ? [of.index] : [];
  });
  return [...new Set(indexes)].sort((a, b) => a - b);
}

async function logsOf(rpc: Rpc, filters: readonly Filter[], fromBlock: number): Promise<RawLog[]> {
  const head = Number(await rpc.call<string>('eth_blockNumber'));
  const logs = await searchLogs(rpc, filters, head, fromBlock);
  if (logs) return logs;
  const retry = { afterSeconds: 60 };
  throw new TouchstoneError('node-unavailable', 'The node does not give the logs this needs.', { retry });
}
