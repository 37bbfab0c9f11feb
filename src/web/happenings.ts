// Owns what happened to a piece, entry by entry, in the words of a counter: who did what or said what, and what it changed.
// Words of others stand quoted, as theirs. Names of private owners, hashes and addresses never enter it.
import type { LifeKind } from '../core/life.ts';
import type { LifeStatement } from '../core/life-statement.ts';
import type { Outcome } from '../core/present-state.ts';
import type { BatchEntry, LifeEntry } from '../core/timeline.ts';
import { stepWords } from './change-words.ts';
import { shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import { reasonOf, speakerName } from './standing-words.ts';
import { dateWords, dotted, inLanguage, quote, say, type Telling } from './telling.ts';
import { capital, countryWords, mediaWords } from './words.ts';

type Words = (who: string) => string;

const HAPPENED: Readonly<Record<LifeKind, Words>> = {
  'card-set': () => 'A new claim card was made for it',
  'handovers-withdrawn': () => 'Its owner took back handovers prepared before',
  service: (who) => `Looked after by ${who}`,
  repair: (who) => `Repaired by ${who}`,
  resizing: (who) => `Resized by ${who}`,
  'stone-replaced': (who) => `A stone replaced by ${who}`,
  replating: (who) => `Plated anew by ${who}`,
  appraisal: (who) => `Valued by ${who}`,
  engraving: (who) => `Engraved by ${who}`,
  'other-work': (who) => `Worked on by ${who}`,
  consigned: (who) => `Given to ${who} to sell for its owner`,
  'consignment-ended': (who) => `No longer with ${who} to be sold`,
  'reported-stolen': () => 'Reported stolen by its owner',
  'reported-lost': () => 'Reported lost by its owner',
  'report-withdrawn': () => 'Its owner took the report back',
  'report-lapsed': () => 'It may change hands again; the report stays to be read',
  'reports-dismissed': (who) => `Reports about it dismissed by ${who}, as arbiter`,
  locked: (who) => `Kept from changing hands by ${who}, as arbiter`,
  unlocked: (who) => `Free to change hands again, says ${who}, as arbiter`,
  recalled: (who) => `Recalled by ${who}`,
  'recall-lifted': (who) => `${capital(who)} lifted its recall`,
  'registration-withdrawn': (who) => `${capital(who)} withdrew its registration`,
  corrected: (who) => `${capital(who)} corrected the record`,
  melted: () => 'Melted down, says its owner',
  dismantled: () => 'Taken apart, says its owner',
  destroyed: () => 'Destroyed, says its owner',
  'recovery-allowed': () => 'Its owner allowed that a lost key be replaced',
  'recovery-forbidden': () => 'Its owner no longer allows that a lost key be replaced',
  'recovery-begun': (who) => `Replacing its owner’s lost key begun by who registered it and ${who}, as arbiter`,
  'recovery-cancelled': (who) => `Replacing its owner’s key stopped by ${who}, as arbiter`,
  recovered: () => 'Its owner’s lost key was replaced',
};

export function happenedWords(telling: Telling, { event, by }: LifeEntry | BatchEntry): string {
  return HAPPENED[event](speakerName(telling, by, 'an organisation of this ledger'));
}

/** All that is to be said of an entry beneath its line. */
export function happenedDetails(telling: Telling, entry: LifeEntry | BatchEntry): Html {
  const { words } = entry;
  const ofBatch = entry.kind === 'batch-life';
  return html`${ofBatch && html`<p class="beneath">This was said of the whole batch that the piece was registered in.</p>`}${
    words !== '' &&
    html`<p class="reason">${reasonOf(telling, words, ofBatch || entry.by ? 'In its words:' : 'In these words:')}</p>`
  }${entry.kind === 'life' && renderStated(telling, entry)}`;
}

function renderStated(telling: Telling, { statement, outcome, changes }: LifeEntry): Html {
  const theirs = inLanguage(telling, statement?.language);
  return html`${statement && renderStatement(theirs, statement)}${
    changes.length > 0 &&
    html`<ul class="changes">${changes.map((step) => html`<li>${stepWords(theirs, step)}</li>`)}</ul>`
  }${outcome && renderOutcome(outcome)}`;
}

function renderStatement(theirs: Telling, { words, date, place, by, documents }: LifeStatement): Html {
  const more = dotted([
    date && dateWords(theirs, date),
    place && html`${say(theirs, place.text)}${place.country !== undefined && html`, ${countryWords(place.country)}`}`,
    by !== undefined && html`by ${say(theirs, by)}`,
  ]);
  return html`${quote(theirs, words)}${more.toString() && html`<p class="beneath">${more}</p>`}${
    documents && html`<ul class="papers">${documents.map((paper) => renderPaper(theirs, paper))}</ul>`
  }`;
}

function renderPaper(theirs: Telling, paper: NonNullable<LifeStatement['documents']>[number]): Html {
  const { sha256, mediaType, title } = paper;
  const url = theirs.context.documentUrl?.(sha256);
  const name = url === undefined ? say(theirs, title) : html`<a href="${url}">${say(theirs, title)}</a>`;
  return html`<li>${name}<span class="beneath">${mediaWords(mediaType)}${url === undefined && ', not kept here; its fingerprint stands below'}</span></li>`;
}

const UNFIT = 'What is said here to have changed doesn’t fit the piece as this page knows it, and is left out of it.';
const OUTCOMES: Readonly<Partial<Record<Outcome, string>>> = {
  'statement-unknown':
    'What was done is not known to this service: the ledger holds the fingerprint of a statement only.',
  'other-kind': UNFIT,
  'not-applicable': UNFIT,
  'earlier-unknown':
    'What this changed counts from earlier work that is not known to this service, and is left out of what the page shows.',
};

function renderOutcome(outcome: Outcome): Html | null {
  const words = OUTCOMES[outcome];
  return words === undefined ? null : html`<p class="standing standing-open">${shape('open')}<span>${words}</span></p>`;
}
