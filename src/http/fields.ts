// Owns the small schemas several routes share.
import { z } from 'zod';
import { claimKeyFault } from '../core/card.ts';
import { codeOfPath, type PieceCode } from '../core/code.ts';
import { lower } from '../core/hash.ts';
import { ZERO_ADDRESS } from '../core/merkle.ts';

export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits')
  .transform(lower);

/** Zero is the same as none. */
export const claimKey = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits')
  .check((context) => {
    const reason = claimKeyFault(context.value);
    if (reason !== undefined) context.issues.push({ code: 'custom', message: reason, input: context.value });
  })
  .transform((text) => (lower(text) === ZERO_ADDRESS ? undefined : lower(text)))
  .describe('Address of the piece’s claim card (touchstone cards make). Left out or zero: it has none.');

export const piecePath = z
  .string()
  .max(200)
  .transform((text, context): PieceCode => {
    const code = codeOfPath(text);
    if (code) return code;
    context.addIssue('must be the public path of a piece, /01/… or /p/…');
    return z.NEVER;
  });

export const hexBytes = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2}){1,4096}$/, 'must be bytes as hexadecimal digits after 0x');

export const tokenId = z.string().regex(/^(0|[1-9]\d{0,77})$/, 'must be a token id: a decimal number');
