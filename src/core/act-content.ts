// Owns how an act comes with a statement: given whole, or by its hash where its words shall stay with whoever has them;
// and whether it is made public beside the act. What a statement may say is life-statement.ts's.
import { z } from 'zod';
import type { ActCall, Refusal } from './act.ts';
import { contentHash } from './act-life.ts';
import { type BatchHeader, PUBLISHED } from './batch.ts';
import type { CanonicalText } from './canonical.ts';
import { type Hex32, toHex, utf8 } from './hash.ts';
import {
  canonicalLifeStatement,
  type LifeStatement,
  lifeStatementHash,
  lifeStatementSchema,
} from './life-statement.ts';
import { ZERO_32 } from './merkle.ts';

/** Nothing is written: an event with the bytes, and their hash. Calldata are reckoned by length elsewhere. */
const POSTING_WORK = 40_000n;
const GAS_A_BYTE = 9n;

/** Members of acts that may say more than their kind. */
export const CONTENT = {
  statement: lifeStatementSchema.optional().describe('What there is to say about it (docs/format.md, “Life event”)'),
  contentHash: contentHash.optional().describe('In place of a statement: keccak256 of its canonical bytes'),
  publish: z
    .boolean()
    .optional()
    .describe('Whether the statement goes on the chain; if left out, as the record of the piece did'),
};

export interface WithContent {
  readonly statement?: LifeStatement | undefined;
  readonly contentHash?: Hex32 | undefined;
  readonly publish?: boolean | undefined;
}

/** The canonical bytes of an act's statement, as text; undefined if it has none or only a hash. */
export function statementText({ statement }: WithContent): CanonicalText | undefined {
  return statement && canonicalLifeStatement(statement);
}

export function contentOf(fields: WithContent): Hex32 {
  const text = statementText(fields);
  return text === undefined ? (fields.contentHash ?? ZERO_32) : lifeStatementHash(text);
}

/** The statement made public beside the act: where that is asked for, or its piece's record is public anyway. */
export function publication(fields: WithContent, header: BatchHeader): readonly ActCall[] {
  const text = statementText(fields);
  if (text === undefined || !(fields.publish ?? header.mode === PUBLISHED)) return [];
  const bytes = utf8(text);
  const work = POSTING_WORK + GAS_A_BYTE * BigInt(bytes.length);
  return [{ contract: 'certificates', name: 'postContent', args: [toHex(bytes)], work }];
}

/** @param kind the act's own, which the statement has to say as well */
export function contentFault(fields: WithContent, kind: string): Refusal | undefined {
  const { statement, contentHash: hash, publish } = fields;
  if (statement && hash !== undefined) return invalid('Give the statement or its hash, not both.');
  if (statement && statement.kind !== kind) return invalid(`The statement says ${statement.kind}, the act ${kind}.`);
  if (!statement && publish) return invalid('Only a statement that is given can be published.');
  return undefined;
}

const invalid = (why: string): Refusal => ['invalid-act', `${why} Nothing was done.`];
