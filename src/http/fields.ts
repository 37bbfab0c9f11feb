// Owns the small schemas several routes share.
import { z } from 'zod';
import { codeOfPath, type PieceCode } from '../core/code.ts';
import { lower } from '../core/hash.ts';

export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits')
  .transform(lower);

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
