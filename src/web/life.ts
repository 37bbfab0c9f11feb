// Owns a piece's life on the page: what is declared about the time before the ledger, the ledger's own timeline, who
// keeps it now, its care and its papers. An address or the name of a private owner never enters it.
import type { PieceStanding } from '../core/piece-course.ts';
import type { Record1 } from '../core/record.ts';
import { type Keeper, type OwnerEntry, ownerEntries, type TimelineEntry } from '../core/timeline.ts';
import { shape } from './drawings.ts';
import { happenedDetails, happenedWords } from './happenings.ts';
import { attr, type Html, html } from './html.ts';
import { dotted, nameOf, outward, quote, say, section, type Telling, timeOf } from './telling.ts';
import { day, decimal, mediaWords, moment } from './words.ts';

type Step = NonNullable<Record1['history']>[number];

const STEP_WORDS: Readonly<Record<Step['kind'], string>> = {
  holder: 'Held by',
  sale: 'Sold',
  findspot: 'Found',
  exhibition: 'Shown',
  restoration: 'Restored',
  other: 'Noted',
};

export function renderDeclared(telling: Telling): Html | null {
  const { history } = telling.passport.record;
  if (!history) return null;
  return section(
    'declared',
    'Declared history',
    html`<p class="lead">From before the piece was registered, in the words of ${telling.registrant}. The ledger keeps these words as they are; it saw none of it happen.</p>`,
    html`<ol class="declared">${history.map((step) => renderStep(telling, step))}</ol>`,
  );
}

function renderStep(telling: Telling, step: Step): Html {
  const { kind, text, holder, mode, dates, uncertain, unknown } = step;
  const beyond = (words: string | undefined) => words !== undefined && !text.includes(words) && say(telling, words);
  const more = dotted([
    beyond(holder),
    beyond(mode),
    ...(dates ?? []).map((date) => beyond(date)),
    uncertain && 'marked uncertain',
    unknown && 'marked unknown',
  ]);
  return html`<li><p class="step-kind">${STEP_WORDS[kind]}</p><div>${quote(telling, text)}${more.toString() && html`<p class="beneath">${more}</p>`}</div></li>`;
}

export function renderTimeline(telling: Telling): Html {
  const { timeline, record, batch } = telling.passport;
  if (!batch) {
    return section(
      'timeline',
      'Its life on the ledger',
      html`<p>Nothing yet: the ledger has not taken the record up.</p>`,
    );
  }
  return section(
    'timeline',
    'Its life on the ledger',
    html`<p class="lead">Written by the ledger itself, each time the piece was registered, passed on, worked on or spoken of. Private owners appear by number alone.</p>`,
    html`<ol class="timeline">${timeline.map((entry) => renderEntry(telling, entry, record.recordedAs))}</ol>`,
  );
}

function renderEntry(telling: Telling, entry: TimelineEntry, recordedAs: Record1['recordedAs']): Html {
  const happened = entry.kind === 'life' || entry.kind === 'batch-life';
  const what = happened ? happenedWords(telling, entry) : passedWords(telling, entry, recordedAs);
  return html`<li${attr('id', entryAnchor(entry))}><p class="what">${what}</p><p class="beneath">${timeOf(entry.at, moment(entry.at))}${
    !entry.final && html` <span class="settling">${shape('hourglass')}settling</span>`
  }</p>${happened && happenedDetails(telling, entry)}</li>`;
}

function entryAnchor(entry: TimelineEntry): string | null {
  return entry.kind === 'life' ? `event-${entry.number}` : null;
}

function passedWords(telling: Telling, entry: OwnerEntry, recordedAs: Record1['recordedAs']): string {
  if (entry.kind === 'registered')
    return `${recordedAs === 'maker' ? 'Registered by' : 'Recorded by'} ${telling.registrant}`;
  const passed = `Passed to ${keeperWords(telling, entry.to)}`;
  return entry.claimed ? `${passed}, who claimed it with its card` : passed;
}

/** 'Maison Bleue (owner 2)' or 'owner 2'. */
function keeperWords(telling: Telling, keeper: Keeper): string {
  const owner = `owner ${keeper.number}`;
  return keeper.organisation === undefined ? owner : `${nameOf(telling.context, keeper.organisation)} (${owner})`;
}

export function renderKeeper(telling: Telling): Html {
  const { keeper, batch, timeline } = telling.passport;
  const passed = ownerEntries(timeline).length - 1;
  return section(
    'keeper',
    'Its keeper now',
    html`<p>${keeperSentence(telling, keeper)}</p>`,
    batch !== null && passed > 0 && html`<p class="quiet">Passed on ${often(passed)} since it was registered.</p>`,
    batch !== null && renderHolding(telling),
  );
}

/** Who has it to sell, whether its card still works, and what its owner allowed. */
function renderHolding(telling: Telling): Html {
  const { consigned, card, recovery, ended } = telling.passport.standing;
  const seller = consigned?.by ? nameOf(telling.context, consigned.by.handle) : 'An organisation of this ledger';
  const cardWords = ended ? undefined : CARDS[card];
  return html`${consigned && html`<p>${seller} has had it since ${day(consigned.since)}, to sell for its owner. It doesn’t belong to ${seller}.</p>`}${
    cardWords !== undefined && html`<p class="quiet">${cardWords}</p>`
  }${recovery.allowed && html`<p class="quiet">Its owner allowed that a lost key be replaced, by who registered the piece and an arbiter together, thirty days after they announce it here.</p>`}`;
}

const CARDS: Readonly<Partial<Record<PieceStanding['card'], string>>> = {
  made: 'A claim card was made with it. It makes whoever buys the piece from a shop its owner here.',
  fresh: 'A new claim card was made for it. Older ones work no more.',
  used: 'Its claim card has been used, and works no more.',
  void: 'Its claim card works no more.',
};

function often(times: number): string {
  if (times > 2) return `${decimal(times, 0)} times`;
  return times === 2 ? 'twice' : 'once';
}

function keeperSentence(telling: Telling, keeper: Keeper): string {
  const { batch, registrant } = telling.passport;
  const which = `which ${registrant.recordedAs === 'maker' ? 'registered' : 'recorded'} it`;
  if (!batch) return `${telling.registrant} will be its first owner on the ledger.`;
  if (keeper.organisation === undefined) {
    return keeper.number === 1
      ? `It is with ${telling.registrant}, ${which}.`
      : `A private owner, number ${keeper.number}. The ledger knows a private owner by this number and a key, not by name.`;
  }
  const name = nameOf(telling.context, keeper.organisation);
  if (keeper.number === 1) return `It is with ${name}, ${which}.`;
  return `${name}, owner ${keeper.number}.`;
}

export function renderCare(telling: Telling): Html | null {
  const { care } = telling.passport.record;
  if (!care) return null;
  return section(
    'care',
    'Caring for it',
    html`<ul class="crafts">${care.map((advice) => html`<li>${say(telling, advice)}</li>`)}</ul>`,
  );
}

export function renderPapers(telling: Telling): Html | null {
  const { documents, links } = telling.passport.record;
  if (!documents && !links) return null;
  return section(
    'papers',
    'Papers and links',
    documents && html`<ul class="papers">${documents.map((paper) => renderPaper(telling, paper))}</ul>`,
    links && html`<ul class="papers">${links.map((link) => renderLink(telling, link))}</ul>`,
    links && html`<p class="quiet">Links lead away from this ledger, which doesn’t vouch for what stands there.</p>`,
  );
}

function renderPaper(telling: Telling, { sha256, mediaType, title }: NonNullable<Record1['documents']>[number]): Html {
  const url = telling.context.documentUrl?.(sha256);
  const name = url === undefined ? say(telling, title) : html`<a href="${url}">${say(telling, title)}</a>`;
  return html`<li>${name}<span class="beneath">${mediaWords(mediaType)}${url === undefined && ', not kept here; its fingerprint stands below'}</span></li>`;
}

function renderLink(telling: Telling, { url, title }: NonNullable<Record1['links']>[number]): Html {
  return title === undefined
    ? html`<li>${outward(url, url)}</li>`
    : html`<li>${outward(url, say(telling, title))}<span class="beneath">${url}</span></li>`;
}

export function renderDescriptors(telling: Telling): Html | null {
  const { descriptors, recordedAs } = telling.passport.record;
  if (!descriptors) return null;
  return section(
    'descriptors',
    recordedAs === 'maker' ? 'The maker’s own numbers and terms' : 'The record’s own numbers and terms',
    html`<dl class="facts">${descriptors.map(({ type, value }) => html`<div><dt>${say(telling, type)}</dt><dd>${say(telling, value)}</dd></div>`)}</dl>`,
  );
}
