// Owns what certificates and report numbers add to the verdict: causes of its warning, and what to know besides.
import type { PassportCertificate } from '../core/passport.ts';
import { lastDay, ranOut, revocationWords, takenBack } from './certificate-standing.ts';
import { certifierOf, typeWords } from './certificate-words.ts';
import { anchorOf } from './certificates.ts';
import { attr, type Html, html } from './html.ts';
import { reportWords } from './report-numbers.ts';
import { inLanguage, say, type Telling } from './telling.ts';

/** A cause of the warning, or something to know besides. */
export interface Note {
  readonly cause: boolean;
  readonly words: Html;
}

/** As many of a kind as anybody reads before the page itself. */
const MOST_OF_A_KIND = 4;

export function certificateNotes(telling: Telling): Note[] {
  const { certificates, reports } = telling.passport;
  const revoked = certificates.filter(takenBack);
  const ofPiece = revoked.filter(({ about }) => about !== 'organisation');
  const ofMaker = revoked.filter(({ about }) => about === 'organisation');
  const elsewhere = reports.filter(({ named }) => named === 'another-piece');
  const unsettled = reports.filter(({ named, otherUses }) => named === 'no-piece' && otherUses.length > 0);
  return [
    ...someOf(true, ofPiece, (view) => revocation(telling, view)),
    ...someOf(true, elsewhere, (use) => reportWords(telling, use)),
    ...someOf(false, unsettled, (use) => reportWords(telling, use)),
    ...someOf(false, ofMaker, (view) => html`About ${telling.registrant} itself: ${revocation(telling, view)}`),
    ...someOf(false, certificates.filter(ranOut), (view) => end(telling, view)),
  ];
}

function someOf<T>(cause: boolean, all: readonly T[], wordsOf: (one: T) => Html): Note[] {
  const told = all.slice(0, MOST_OF_A_KIND).map((one) => ({ cause, words: wordsOf(one) }));
  const more = all.length - told.length;
  return more > 0 ? [...told, { cause, words: html`And ${more} more of the same kind.` }] : told;
}

function revocation(telling: Telling, view: PassportCertificate): Html {
  const said = view.revoked?.words;
  const theirs = inLanguage(telling, view.statement?.language);
  return html`A certificate was taken back: ${named(telling, view)}. ${revocationWords(telling, view)}.${said && html` In its words: “${say(theirs, said)}”`}`;
}

function end(telling: Telling, view: PassportCertificate): Html {
  const about = view.about === 'organisation' ? ` about ${telling.registrant}` : '';
  return html`${named(telling, view)}${about}, of ${certifierOf(telling, view)}, ran out on ${lastDay(view)}.`;
}

function named(telling: Telling, view: PassportCertificate): Html {
  const theirs = inLanguage(telling, view.statement?.language);
  const title = view.statement ? say(theirs, view.statement.title) : html`${typeWords(view)}`;
  return html`<a${attr('href', `#${anchorOf(telling, view)}`)}>${title}</a>`;
}
