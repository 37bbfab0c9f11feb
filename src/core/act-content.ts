// Owns how an act comes with a statement: given whole, or by its hash where its words shall stay with whoever has them.
// What a statement may say is its own schema's.
import type { ActCall, Refusal } from './act.ts';
import { contentHash } from './act-life.ts';
import type { BatchHeader } from './batch.ts';
import type { Hex32 } from './hash.ts';
import { ZERO_32 } from './merkle.ts';

/** Members of acts that may say more than their kind. */
export const CONTENT = {
  contentHash: contentHash.optional().describe('keccak256 of a statement’s canonical bytes'),
};

export interface WithContent {
  readonly contentHash?: Hex32 | undefined;
}

export function contentOf(fields: WithContent): Hex32 {
  return fields.contentHash ?? ZERO_32;
}

/** The statement made public beside the act: where that is asked for, or its batch's records are public anyway. */
export function publication(_fields: WithContent, _header: BatchHeader): readonly ActCall[] {
  return [];
}

/** Two that differ would leave nobody knowing which is meant. */
export function contentFault(_fields: WithContent): Refusal | undefined {
  return undefined;
}
