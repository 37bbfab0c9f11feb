// Owns what certificates and report numbers add to the verdict: causes of its warning, and what to know besides.
import type { PassportCertificate } from '../core/passport.ts';
import { lastDay, ranOut, revocationWords, takenBack } from './certificate-standing.ts';
import { certifierOf, typeWords } from './certificate-words.ts';
import { anchorOf } from './certificates.ts';
import { attr, type Html, html } from './html.ts';
import { reportWords } from './report-numbers.ts';
import { inLanguage, quoted, say, type Telling } from './telling.ts';

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
    ...someOf(telling, true, ofPiece, (view) => revocation(telling, view)),
    ...someOf(telling, true, elsewhere, (use) => reportWords(telling, use)),
    ...someOf(telling, false, unsettled, (use) => reportWords(telling, use)),
    ...someOf(telling, false, ofMaker, (view) =>
      telling.words.tell('certificates.note.about-registrant', {
        who: telling.registrant,
        note: revocation(telling, view),
      }),
    ),
    ...someOf(telling, false, certificates.filter(ranOut), (view) => end(telling, view)),
  ];
}

function someOf<T>({ words }: Telling, cause: boolean, all: readonly T[], wordsOf: (one: T) => Html): Note[] {
  const told = all.slice(0, MOST_OF_A_KIND).map((one) => ({ cause, words: wordsOf(one) }));
  const count = all.length - told.length;
  return count > 0 ? [...told, { cause, words: html`${words.text('certificates.note.more', { count })}` }] : told;
}

function revocation(telling: Telling, view: PassportCertificate): Html {
  const { words } = telling;
  const said = view.revoked?.words;
  const theirs = inLanguage(telling, view.statement?.language);
  const note = words.tell('certificates.note.taken-back', {
    certificate: named(telling, view),
    how: revocationWords(telling, view),
  });
  return said
    ? html`${note}${words.gap}${words.tell('certificates.in-its-words', { words: quoted(theirs, said) })}`
    : note;
}

function end(telling: Telling, view: PassportCertificate): Html {
  const { words } = telling;
  const values = { certificate: named(telling, view), who: certifierOf(telling, view), day: lastDay(telling, view) };
  return view.about === 'organisation'
    ? words.tell('certificates.note.ran-out-about', { ...values, whom: telling.registrant })
    : words.tell('certificates.note.ran-out', values);
}

function named(telling: Telling, view: PassportCertificate): Html {
  const theirs = inLanguage(telling, view.statement?.language);
  const title = view.statement ? say(theirs, view.statement.title) : html`${typeWords(telling, view)}`;
  return html`<a${attr('href', `#${anchorOf(telling, view)}`)}>${title}</a>`;
}
