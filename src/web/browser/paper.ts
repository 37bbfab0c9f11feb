// Owns signing with a key that stands on paper: drawn here for a new sheet, or typed in from one. It lives in memory while its
// page is open and enters no storage, no address and no request.

import { type PaperKey, paperAccount, paperKey, readPaperKey, signOnPaper } from '../../core/paper-key.ts';
import type { SecretFault } from '../../core/secret-text.ts';
import { SECRET_BYTES } from '../../core/secret-text.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import type { Signer } from './keyring.ts';
import { word } from './words.ts';

/** A new one, from the browser's own generator. */
export function drawPaperKey(): PaperKey {
  return paperKey(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

export function paperSigner(key: PaperKey): Signer {
  return {
    way: 'paper',
    account: paperAccount(key),
    sign: async (data) => signOnPaper(key, typedDigest(data)),
  };
}

export type Typed =
  | { readonly ok: true; readonly key: PaperKey }
  /** In the page's language: what to compare, without a character of it. */
  | { readonly ok: false; readonly words: string };

export function typedPaperKey(typed: string): Typed {
  const read = readPaperKey(typed);
  return read.ok ? read : { ok: false, words: faultWords('paper', read.fault) };
}

/** What is wrong with what was typed off a card or a sheet. */
export function faultWords(from: 'card' | 'paper', fault: SecretFault): string {
  return word(`claim.typed.${from}.${fault.is}`, { ...fault });
}
