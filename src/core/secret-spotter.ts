// Owns spotting what nobody may send: the secret of a claim card, a paper key or a handover link, in any text, so that whoever is
// not meant to have one can refuse it before anything of it is kept. What such secrets look like stands with them.
import { isCardSecret } from './card.ts';
import { isPaperKey } from './paper-key.ts';

/**
 * What may be a secret: 30 characters in a row, or in groups of five with the same space or hyphen between them. In
 * prose spaces stand everywhere, so the check characters decide; six groups with hyphens are taken for one even if a
 * character is wrong, since who has all the others has the secret.
 */
const MAY_BE =
  /(?<![0-9a-z])[cp](?:[0-9a-z]{29}|[0-9a-z]{4}(?: [0-9a-z]{5}){5}|[0-9a-z]{4}(-[0-9a-z]{5}){5})(?![0-9a-z])/gi;
const ADDRESS_WITH_SECRET = /\\?\/(?:claim|rescue)\\?\/(?:01|p)\\?\/[^\s"'<>#]{1,200}(?:#|%23)[cp][0-9a-z-]{20}/i;
/** A handover link: its first byte is the version, 1. */
const ADDRESS_WITH_OFFER = /\\?\/handover\\?\/(?:01|p)\\?\/[^\s"'<>#]{1,200}(?:#|%23)a[\w-]{60}/i;

/** Whether a card's secret, a paper key or the one-time key of a handover link stands anywhere in a text. */
export function holdsSecret(text: string): boolean {
  for (const [found, hyphenated] of text.matchAll(MAY_BE))
    if (hyphenated !== undefined || isCardSecret(found) || isPaperKey(found)) return true;
  return ADDRESS_WITH_SECRET.test(text) || ADDRESS_WITH_OFFER.test(text);
}

/** Longer than any address with a secret. */
const LONGEST = 400;

/** The same for a text that comes in pieces: true from the piece on with which a secret is complete. */
export function secretSpotter(): (piece: string) => boolean {
  let before = '';
  return (piece) => {
    const text = before + piece;
    before = text.slice(-LONGEST);
    return holdsSecret(text);
  };
}

/** For who pasted a card into the wrong field as for who posted the wrong file. */
export const SECRET_WAS_SENT =
  'What was sent holds the secret of a claim card, a paper key or a handover link. Nothing of it was kept. To use one, open its own ' +
  'address: what stands behind # then stays with you. To register a piece, send its claim key: 0x and 40 hexadecimal ' +
  'digits. Whoever saw the secret on its way here can use it: a workshop makes that card anew, and an owner passes her ' +
  'piece on to another key.';
