// Owns a claim card's address: the page a card leads to, which names the piece, and behind # the secret, which browsers
// send nowhere. Also spotting a card's secret in any text, so that whoever is not meant to have one can refuse it.
import { type CardSecret, isCardSecret, readCardSecret } from './card.ts';
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

/**
 * What may be a secret: 30 characters in a row, or in groups of five with the same space or hyphen between them. In
 * prose spaces stand everywhere, so the check characters decide; six groups with hyphens are taken for a card even if
 * one character is wrong, since who has all the others has the card.
 */
const MAY_BE =
  /(?<![0-9a-z])c(?:[0-9a-z]{29}|[0-9a-z]{4}(?: [0-9a-z]{5}){5}|[0-9a-z]{4}(-[0-9a-z]{5}){5})(?![0-9a-z])/gi;
const ADDRESS_WITH_SECRET = /\\?\/claim\\?\/(?:01|p)\\?\/[^\s"'<>#]{1,200}(?:#|%23)c[0-9a-z-]{20}/i;

/** Whether a card's secret stands anywhere in a text. */
export function holdsCardSecret(text: string): boolean {
  for (const [found, hyphenated] of text.matchAll(MAY_BE))
    if (hyphenated !== undefined || isCardSecret(found)) return true;
  return ADDRESS_WITH_SECRET.test(text);
}

/** Longer than any address of a card. */
const LONGEST = 400;

/** The same for a text that comes in pieces: true from the piece on with which a secret is complete. */
export function cardSpotter(): (piece: string) => boolean {
  let before = '';
  return (piece) => {
    const text = before + piece;
    before = text.slice(-LONGEST);
    return holdsCardSecret(text);
  };
}

/** For who pasted a card into the wrong field as for who posted the wrong file. */
export const SECRET_WAS_SENT =
  'What was sent holds the secret of a claim card. Nothing of it was kept. To use a card, open its own address: what ' +
  'stands behind # then stays with you. To register a piece, send its claim key: 0x and 40 hexadecimal digits. Whoever ' +
  'saw the secret on its way here can claim the piece; a workshop makes that card anew.';
