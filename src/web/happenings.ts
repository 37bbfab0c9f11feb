// Owns what happened to a piece, entry by entry, in the words of a counter: who did what or said what, and what it changed.
// Words of others stand quoted, as theirs. Names of private owners, hashes and addresses never enter it.
import type { LifeStatement } from '../core/life-statement.ts';
import type { Outcome } from '../core/present-state.ts';
import type { Record1 } from '../core/record.ts';
import type { BatchEntry, LifeEntry } from '../core/timeline.ts';
import { stepWords } from './change-words.ts';
import { shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import { reasonOf, speakerFirst, speakerName } from './standing-words.ts';
import { dateWords, dotted, inLanguage, listOf, quote, say, type Telling } from './telling.ts';
import { mediaWords } from './words.ts';

export function happenedWords(telling: Telling, { event, by }: LifeEntry | BatchEntry): string {
  const who = speakerName(telling, by);
  return telling.words.text(`life.happened.${event}`, { who, first: speakerFirst(telling, by) });
}

/** All that is to be said of an entry beneath its line. */
export function happenedDetails(telling: Telling, entry: LifeEntry | BatchEntry): Html {
  const { words: said } = entry;
  const ofBatch = entry.kind === 'batch-life';
  return html`${ofBatch && html`<p class="beneath">${telling.words.text('life.said-of-batch')}</p>`}${
    said !== '' && html`<p class="reason">${reasonOf(telling, said, ofBatch || entry.by ? 'it-said' : 'said')}</p>`
  }${entry.kind === 'life' && renderStated(telling, entry)}`;
}

function renderStated(telling: Telling, { statement, outcome, changes }: LifeEntry): Html {
  const theirs = inLanguage(telling, statement?.language);
  return html`${statement && renderStatement(theirs, statement)}${
    changes.length > 0 &&
    html`<ul class="changes">${changes.map((step) => html`<li>${stepWords(theirs, step)}</li>`)}</ul>`
  }${outcome && renderOutcome(telling, outcome)}`;
}

function renderStatement(theirs: Telling, { words, date, place, by, documents }: LifeStatement): Html {
  const more = dotted([
    date && dateWords(theirs, date),
    place &&
      listOf(theirs.words, [
        say(theirs, place.text),
        place.country !== undefined && theirs.words.country(place.country),
      ]),
    by !== undefined && theirs.words.tell('life.done-by', { name: say(theirs, by) }),
  ]);
  return html`${quote(theirs, words)}${more.toString() && html`<p class="beneath">${more}</p>`}${
    documents && html`<ul class="papers">${documents.map((paper) => renderPaper(theirs, paper))}</ul>`
  }`;
}

/** A paper of a record or a statement: the way to it where it is kept here. */
export function renderPaper(
  theirs: Telling,
  { sha256, mediaType, title }: NonNullable<Record1['documents']>[number],
): Html {
  const { words } = theirs;
  const url = theirs.context.documentUrl?.(sha256);
  const kind = mediaWords(words, mediaType);
  return url === undefined
    ? html`<li>${say(theirs, title)}<span class="beneath">${words.text('life.paper-elsewhere', { kind })}</span></li>`
    : html`<li><a href="${url}">${say(theirs, title)}</a><span class="beneath">${kind}</span></li>`;
}

const OUTCOMES: Readonly<Partial<Record<Outcome, 'unknown' | 'unfit' | 'earlier-unknown'>>> = {
  'statement-unknown': 'unknown',
  'other-kind': 'unfit',
  'not-applicable': 'unfit',
  'earlier-unknown': 'earlier-unknown',
};

function renderOutcome({ words }: Telling, outcome: Outcome): Html | null {
  const name = OUTCOMES[outcome];
  if (name === undefined) return null;
  return html`<p class="standing standing-open">${shape('open')}<span>${words.text(`life.outcome.${name}`)}</span></p>`;
}
