// Owns how a certificate stands, in words: taken back, over, settling, its certifier suspended. Plain sentences without
// markup; what it says, and the certifier's own words, never enter it.

import type { PassportCertificate } from '../core/passport.ts';
import { PRESENT_TYPES } from '../core/vocabulary.ts';
import { certifierOf } from './certificate-words.ts';
import { speakerName } from './standing-words.ts';
import type { Telling } from './telling.ts';

export interface StandingWords {
  readonly mark: 'cross' | 'hourglass' | 'bar' | 'open';
  readonly word: string;
  readonly sentence: string;
}

/** Whatever is to be known of a certificate besides that it was issued and stands; nothing, for most. */
export function standingWords(telling: Telling, view: PassportCertificate): StandingWords[] {
  const { words } = telling;
  const { standing, revoked, final, certifier, issuedAt } = view;
  const said: StandingWords[] = [];
  const add = (mark: StandingWords['mark'], word: string, sentence: string) => said.push({ mark, word, sentence });
  if (revoked) {
    const sentence = words.text('vocabulary.full-stop', { words: revocationWords(telling, view) });
    add('cross', words.text('certificates.standing.revoked'), sentence);
  }
  if (standing === 'ended') said.push(endWords(telling, view));
  if (!final) {
    add('hourglass', words.text('certificates.standing.settling'), words.text('certificates.standing.settling-how'));
  }
  const changed = changeWords(telling, view);
  if (changed) add('open', words.text('certificates.standing.earlier'), changed);
  const since = certifier.suspendedSince;
  if (since !== null) {
    const who = certifierOf(telling, view);
    const suspended = words.text('passport.note.suspended', { who, day: words.day(since) });
    const before = issuedAt < since ? words.text('certificates.standing.issued-before') : '';
    const sentence = [suspended, before].filter(Boolean).join(words.gap);
    add('bar', words.text('certificates.standing.suspended'), sentence);
  }
  return said;
}

/** Made before work was done by which the piece is not what it was. */
function changeWords(telling: Telling, { madeBeforeChange }: PassportCertificate): string | undefined {
  const { passport, words } = telling;
  const entry = passport.timeline.find((one) => one.kind === 'life' && one.number === madeBeforeChange);
  if (madeBeforeChange === null || entry?.kind !== 'life') return undefined;
  return words.text('certificates.standing.before-work', {
    who: speakerName(telling, entry.by),
    day: words.day(entry.at),
  });
}

/** 'Atelier Lune took it back on 3 May 2026, because it was a mistake' */
export function revocationWords(telling: Telling, view: PassportCertificate): string {
  if (!view.revoked) return '';
  const { words } = telling;
  const { at, reason } = view.revoked;
  const back = words.text('certificates.taken-back', { who: certifierOf(telling, view), day: words.day(at) });
  if (reason === 'other') return back;
  return words.text('certificates.taken-back-because', { back, reason: words.text(`certificates.reason.${reason}`) });
}

function endWords(telling: Telling, view: PassportCertificate): StandingWords {
  const { words } = telling;
  const day = lastDay(telling, view) ?? '';
  if (ranOut(view)) {
    const sentence = words.text('certificates.standing.ran-out-on', { day });
    return { mark: 'hourglass', word: words.text('certificates.standing.ran-out'), sentence };
  }
  const sentence = words.text('certificates.standing.ended-on', { day });
  return { mark: 'open', word: words.text('certificates.standing.valid-when-made'), sentence };
}

/** The last day on which it holds: `validUntil` is the moment from which it holds no more. */
export function lastDay({ words }: Telling, { validUntil }: PassportCertificate): string | undefined {
  return validUntil === null ? undefined : words.day(new Date(Date.parse(validUntil) - 1000).toISOString());
}

/** Its time is over and it spoke of the present, which an old assay does not. */
export function ranOut({ standing, statement }: PassportCertificate): boolean {
  return standing === 'ended' && statement !== null && PRESENT_TYPES.includes(statement.type);
}

/** Taken back for a reason that matters to whoever looks at the piece. */
export function takenBack({ revoked }: PassportCertificate): boolean {
  return revoked !== null && revoked.reason !== 'replaced';
}
