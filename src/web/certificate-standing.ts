// Owns how a certificate stands, in words: taken back, over, settling, its certifier suspended. Plain sentences without
// markup; what it says, and the certifier's own words, never enter it.

import type { RevocationReason } from '../core/certificate.ts';
import type { PassportCertificate } from '../core/passport.ts';
import { PRESENT_TYPES } from '../core/vocabulary.ts';
import { certifierOf } from './certificate-words.ts';
import { nameOf, type Telling } from './telling.ts';
import { day } from './words.ts';

const REASONS: Readonly<Record<RevocationReason, string>> = {
  mistake: 'it was a mistake',
  replaced: 'another certificate replaces it',
  'piece-changed': 'the piece has changed since',
  deceit: 'it was obtained by deceit',
  other: 'the reason is of another kind',
};

export interface StandingWords {
  readonly mark: 'cross' | 'hourglass' | 'bar' | 'open';
  readonly word: string;
  readonly sentence: string;
}

/** Whatever is to be known of a certificate besides that it was issued and stands; nothing, for most. */
export function standingWords(telling: Telling, view: PassportCertificate): StandingWords[] {
  const { standing, revoked, final, certifier, issuedAt } = view;
  const said: StandingWords[] = [];
  if (revoked) said.push({ mark: 'cross', word: 'Taken back', sentence: `${revocationWords(telling, view)}.` });
  if (standing === 'ended') said.push(endWords(view));
  if (!final) {
    const sentence = 'It is on the ledger, but for a short while it could still be undone.';
    said.push({ mark: 'hourglass', word: 'Settling', sentence });
  }
  const changed = changeWords(telling, view);
  if (changed) said.push({ mark: 'open', word: 'Of its earlier state', sentence: changed });
  const since = certifier.suspendedSince;
  if (since !== null) {
    const before = issuedAt < since ? 'This was issued before that, while in good standing.' : '';
    const sentence = `${certifierOf(telling, view)} has been suspended from this ledger since ${day(since)}. ${before}`;
    said.push({ mark: 'bar', word: 'Certifier suspended', sentence: sentence.trim() });
  }
  return said;
}

/** Made before work was done by which the piece is not what it was. */
function changeWords({ passport, context }: Telling, { madeBeforeChange }: PassportCertificate): string | undefined {
  const entry = passport.timeline.find((one) => one.kind === 'life' && one.number === madeBeforeChange);
  if (madeBeforeChange === null || entry?.kind !== 'life') return undefined;
  const who = entry.by ? nameOf(context, entry.by.handle) : 'somebody';
  return `This speaks of the piece as it was before ${who} worked on it (${day(entry.at)}).`;
}

/** 'Atelier Lune took it back on 3 May 2026, because it was a mistake' */
export function revocationWords(telling: Telling, view: PassportCertificate): string {
  if (!view.revoked) return '';
  const { at, reason } = view.revoked;
  const because = reason === 'other' ? '' : `, because ${REASONS[reason]}`;
  return `${certifierOf(telling, view)} took it back on ${day(at)}${because}`;
}

function endWords(view: PassportCertificate): StandingWords {
  const last = lastDay(view);
  if (ranOut(view)) {
    const sentence = `It ran out on ${last} and says nothing about today.`;
    return { mark: 'hourglass', word: 'Run out', sentence };
  }
  return { mark: 'open', word: 'Valid when made', sentence: `Its time ended on ${last}.` };
}

/** The last day on which it holds: `validUntil` is the moment from which it holds no more. */
export function lastDay({ validUntil }: PassportCertificate): string | undefined {
  return validUntil === null ? undefined : day(new Date(Date.parse(validUntil) - 1000).toISOString());
}

/** Its time is over and it spoke of the present, which an old assay does not. */
export function ranOut({ standing, statement }: PassportCertificate): boolean {
  return standing === 'ended' && statement !== null && PRESENT_TYPES.includes(statement.type);
}

/** Taken back for a reason that matters to whoever looks at the piece. */
export function takenBack({ revoked }: PassportCertificate): boolean {
  return revoked !== null && revoked.reason !== 'replaced';
}
