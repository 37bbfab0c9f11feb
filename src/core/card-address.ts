// Owns a claim card's address: the page a card leads to, which names the piece, and behind # the secret, which browsers
// send nowhere. Spotting one where it must not be is secret-spotter.ts's.
import { type CardSecret, readCardSecret } from './card.ts';
import { codeOfPath, codePath, type PieceCode } from './code.ts';

/** The page a card leads to, below the ledger's public address. It answers with a page, never with a redirection. */
export function claimPath(code: PieceCode): string {
  return `/claim${codePath(code)}`;
}

/** The code of such a path; undefined if it is none. */
export function codeOfClaimPath(path: string): PieceCode | undefined {
  return path.startsWith('/claim/') ? codeOfPath(path.slice('/claim'.length)) : undefined;
}

/** What a card's QR code says. @param publicUrl of the ledger, without a slash at its end */
export function cardUrl(publicUrl: string, code: PieceCode, secret: CardSecret): string {
  return `${publicUrl}${claimPath(code)}#${secret}`;
}

export type ReadCard =
  | { readonly ok: true; readonly secret: CardSecret; readonly code?: PieceCode }
  | { readonly ok: false; readonly reason: string };

const CLAIM_ADDRESS = /^(?:https?:\/\/[^\s/?#]+)?[^\s?#]*?(\/claim\/[^\s?#]+)(?:\?[^\s#]*)?$/i;

/** Reads a card as scanned, pasted or typed: its whole address on whatever host, or its secret alone. */
export function readCard(text: string): ReadCard {
  const trimmed = text.trim();
  const hash = trimmed.indexOf('#');
  const address = hash < 0 ? undefined : trimmed.slice(0, hash);
  if (hash < 0 && /^https?:\/\/|^\//i.test(trimmed))
    return { ok: false, reason: 'there is nothing behind #: the secret is missing' };
  const read = readCardSecret(trimmed.slice(hash + 1));
  if (!read.ok) return { ok: false, reason: `the secret ${read.reason}` };
  if (address === undefined || address === '') return read;
  const code = codeOfClaimPath(CLAIM_ADDRESS.exec(address)?.[1] ?? '');
  if (!code)
    return {
      ok: false,
      reason: 'it is no address of a claim card: /claim/01/{GTIN-14}/21/{serial} or /claim/p/{handle}/{code}',
    };
  return { ok: true, secret: read.secret, code };
}
