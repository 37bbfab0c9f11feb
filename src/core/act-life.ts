// Owns what acts of the contract LifeEvents share: their gas, the event that shows one was done, reasons, and the
// statement or its hash that some come with.
import { z } from 'zod';
import type { ActCall, Outcome } from './act.ts';
import { account } from './act-fields.ts';
import type { PieceStanding } from './act-standing.ts';
import type { BatchId } from './batch.ts';
import { prose } from './fields.ts';
import { type Hex32, utf8 } from './hash.ts';
import { LIFE_KINDS, type LifeKind } from './life.ts';

/** A signature, an event with its words, and at worst a slot of the piece's own and its range's. */
export const LIFE_WORK = 280_000n;
/** With a second signature. */
export const LIFE_WORK_OF_TWO = 380_000n;
const MOST_REASON_BYTES = 1_000;

/** Public for ever. */
export const reason = prose(MOST_REASON_BYTES)
  .refine((text) => utf8(text).length <= MOST_REASON_BYTES, `must be at most ${MOST_REASON_BYTES} bytes of UTF-8`)
  .describe('Why, in your own words; public for ever');

/** In whose name. */
export const actor = account.optional().describe('The organisation; yours if left out');

export const named = (organisation: string | undefined): string => organisation ?? '';

export const kindNumber = (kind: LifeKind): number => LIFE_KINDS[kind];

/** @param more further arguments of the event, where they are known beforehand */
export function lifeEvent(
  kind: LifeKind,
  { tokenId, events }: PieceStanding,
  more: Readonly<Record<string, string | number>> = {},
): Outcome {
  const args = { tokenId, number: events + 1, kind: LIFE_KINDS[kind], ...more };
  return { contract: 'lifeEvents', event: 'LifeEvent', args };
}

export function batchEvent(
  kind: LifeKind,
  { batchId, events }: { batchId: BatchId; events: number },
  more: Readonly<Record<string, string | number>>,
): Outcome {
  const args = { batchId, number: events + 1, kind: LIFE_KINDS[kind], ...more };
  return { contract: 'lifeEvents', event: 'BatchEvent', args };
}

export const lifeCall = (name: string, args: readonly unknown[]): ActCall => ({ contract: 'lifeEvents', name, args });

export const contentHash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be a hash: 0x and 64 lower-case hexadecimal digits')
  .transform((text) => text as Hex32);
