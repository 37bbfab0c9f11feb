// Owns: reading a block named by tag, number or EIP-1898 object, and telling whether an answer lies past a height.
// Never enters: what is done at that block.
import { type Evm, hex } from './evm.ts';

/** The block asked for is not (yet) part of the durable chain. */
export class UnknownBlock extends Error {
  override readonly name = 'UnknownBlock';
}

const TAGS = new Set<unknown>(['latest', 'safe', 'finalized', 'pending', undefined, null]);

/** The number meant. Anything unreadable is refused here: the engine may read it as a block past the height. */
export function blockOf(named: unknown, height: number): number {
  if (TAGS.has(named)) return height;
  if (named === 'earliest') return 0;
  if (typeof named === 'string' && /^0x[0-9a-f]{1,13}$/i.test(named)) return Number(named);
  throw new UnknownBlock('invalid block number');
}

/** The same parameters with the block at `position` named by number. A block past the height is unknown. */
export async function rewriteBlocks(params: unknown[], position: number, height: number, evm: Evm): Promise<unknown[]> {
  const named = params[position];
  const number = isObject(named) ? await numberOf(named, height, evm) : blockOf(named, height);
  if (number > height) throw new UnknownBlock('header not found');
  const rewritten = [...params];
  rewritten[position] = hex(number);
  return rewritten;
}

async function numberOf(named: Record<string, unknown>, height: number, evm: Evm): Promise<number> {
  if (named['blockHash'] === undefined) return blockOf(named['blockNumber'], height);
  const text = await evm.request('eth_getBlockByHash', [named['blockHash'], false]);
  const { result } = JSON.parse(text) as { result?: { number: string } | null };
  if (!result) throw new UnknownBlock('header for hash not found');
  return Number(result.number);
}

/** EDR prints quantities before anything a user wrote, and all of it is hex: the first match is the block's own. */
const NUMBER = /"(?:blockNumber|number)":"(0x[0-9a-f]+)"/;

export function beyond(answer: string, height: number): boolean {
  const match = NUMBER.exec(answer);
  return match !== null && Number(match[1]) > height;
}

function isObject(named: unknown): named is Record<string, unknown> {
  return typeof named === 'object' && named !== null;
}
