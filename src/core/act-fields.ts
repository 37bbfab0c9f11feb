// Owns the members acts share: how a piece, a batch or an account is named, and how a signature comes. Whether what is
// named exists is the ledger's business.
import { z } from 'zod';
import { codeOfPath, type PieceCode } from './code.ts';
import { lower } from './hash.ts';

/** The contract takes as many in one transaction. */
export const SHIPPED_AT_ONCE = 500;
const LATEST = 2 ** 48 - 1;

export type PieceName = { readonly code: PieceCode } | { readonly tokenId: string };

/** A piece by its public path, or by its token id where its record isn't known here. */
export const pieceName = z
  .string()
  .max(200)
  .transform((text, context): PieceName => {
    if (/^[1-9]\d{0,77}$/.test(text)) return { tokenId: text };
    const code = codeOfPath(text);
    if (code) return { code };
    context.addIssue('must be the public path of a piece, /01/… or /p/…, or its token id');
    return z.NEVER;
  })
  .describe('A piece’s public path, or its token id');

export const account = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits')
  .transform(lower)
  .refine((text) => !/^0x0+$/.test(text), 'must not be the zero address');

export const batchId = z.string().regex(/^[1-9]\d{0,67}$/, 'must be a batch’s id: a decimal number');

export const deadline = z.int().min(0).max(LATEST);

/** A signature made elsewhere. Bytes as short as a private key are none. */
export const signature = z.strictObject({
  signature: z
    .string()
    .regex(/^0x(?:[0-9a-fA-F]{2}){64,4096}$/, 'must be the bytes of a signature as hexadecimal digits after 0x'),
  deadline: deadline.describe('As signed: seconds since 1970'),
  key: account.optional().describe('The account that signed, where it is a contract or a passkey'),
});
export type BroughtSignature = z.output<typeof signature>;
