// Owns a piece's life on the page: what is declared about the time before the ledger, the ledger's own timeline, who
// keeps it now, its care and its papers. An address or the name of a private owner never enters it.
import type { Record1 } from '../core/record.ts';
import { type Keeper, type OwnerEntry, ownerEntries, type TimelineEntry } from '../core/timeline.ts';
import { shape } from './drawings.ts';
import { happenedDetails, happenedWords, renderPaper } from './happenings.ts';
import { attr, type Html, html } from './html.ts';
import { speakerFirst, speakerName } from './standing-words.ts';
import { dotted, nameOf, outward, quote, say, section, type Telling, timeOf } from './telling.ts';

type Step = NonNullable<Record1['history']>[number];

export function renderDeclared(telling: Telling): Html | null {
  const { words, registrant: who } = telling;
  const { history } = telling.passport.record;
  if (!history) return null;
  return section(
    'declared',
    words.text('life.declared'),
    html`<p class="lead">${words.text('life.declared.lead', { who })}</p>`,
    html`<ol class="declared">${history.map((step) => renderStep(telling, step))}</ol>`,
  );
}

function renderStep(telling: Telling, step: Step): Html {
  const { words } = telling;
  const { kind, text, holder, mode, dates, uncertain, unknown } = step;
  const beyond = (said: string | undefined) => said !== undefined && !text.includes(said) && say(telling, said);
  const more = dotted([
    beyond(holder),
    beyond(mode),
    ...(dates ?? []).map((date) => beyond(date)),
    uncertain && words.text('life.marked-uncertain'),
    unknown && words.text('life.marked-unknown'),
  ]);
  return html`<li><p class="step-kind">${words.text(`life.step.${kind}`)}</p><div>${quote(telling, text)}${more.toString() && html`<p class="beneath">${more}</p>`}</div></li>`;
}

export function renderTimeline(telling: Telling): Html {
  const { words } = telling;
  const { timeline, batch } = telling.passport;
  const title = words.text('life.timeline');
  if (!batch) return section('timeline', title, html`<p>${words.text('life.timeline.nothing')}</p>`);
  return section(
    'timeline',
    title,
    html`<p class="lead">${words.text('life.timeline.lead')}</p>`,
    html`<ol class="timeline">${timeline.map((entry) => renderEntry(telling, entry))}</ol>`,
  );
}

function renderEntry(telling: Telling, entry: TimelineEntry): Html {
  const { words } = telling;
  const happened = entry.kind === 'life' || entry.kind === 'batch-life';
  const what = happened ? happenedWords(telling, entry) : passedWords(telling, entry);
  return html`<li${attr('id', entryAnchor(entry))}><p class="what">${what}</p><p class="beneath">${timeOf(entry.at, words.moment(entry.at))}${
    !entry.final && html` <span class="settling">${shape('hourglass')}${words.text('life.settling')}</span>`
  }</p>${happened && happenedDetails(telling, entry)}</li>`;
}

function entryAnchor(entry: TimelineEntry): string | null {
  return entry.kind === 'life' ? `event-${entry.number}` : null;
}

function passedWords(telling: Telling, entry: OwnerEntry): string {
  const { words, registrant: who, passport } = telling;
  if (entry.kind === 'registered') {
    return words.text(passport.record.recordedAs === 'maker' ? 'life.registered' : 'life.recorded', { who });
  }
  const keeper = keeperWords(telling, entry.to);
  return words.text(entry.claimed ? 'life.passed-by-card' : 'life.passed', { keeper });
}

/** 'Maison Bleue (owner 2)' or 'owner 2'. */
function keeperWords({ context, words }: Telling, { organisation, number }: Keeper): string {
  if (organisation === undefined) return words.text('life.owner', { number });
  return words.text('life.owner-organisation', { name: nameOf(context, organisation), number });
}

export function renderKeeper(telling: Telling): Html {
  const { words } = telling;
  const { keeper, batch, timeline } = telling.passport;
  const times = ownerEntries(timeline).length - 1;
  return section(
    'keeper',
    words.text('life.keeper'),
    html`<p>${keeperSentence(telling, keeper)}</p>`,
    batch !== null && times > 0 && html`<p class="quiet">${words.text('life.passed-on', { times })}</p>`,
    batch !== null && renderHolding(telling),
  );
}

/** Who has it to sell, whether its card still works, and what its owner allowed. */
function renderHolding(telling: Telling): Html {
  const { words } = telling;
  const { consigned, card, recovery, ended } = telling.passport.standing;
  return html`${consigned && html`<p>${words.text('life.consigned', { first: speakerFirst(telling, consigned.by), who: speakerName(telling, consigned.by), day: words.day(consigned.since) })}</p>`}${
    !ended && card !== 'none' && html`<p class="quiet">${words.text(`life.card.${card}`)}</p>`
  }${recovery.allowed && html`<p class="quiet">${words.text('life.recovery-allowed')}</p>`}`;
}

function keeperSentence(telling: Telling, { organisation, number }: Keeper): string {
  const { words, passport, registrant } = telling;
  if (!passport.batch) return words.text('life.keeper.first-to-be', { who: registrant });
  if (organisation === undefined && number > 1) return words.text('life.keeper.private', { number });
  const who = organisation === undefined ? registrant : nameOf(telling.context, organisation);
  if (number > 1) return words.text('life.keeper.organisation', { who, number });
  return words.text(`life.keeper.${passport.registrant.recordedAs}`, { who });
}

export function renderCare(telling: Telling): Html | null {
  const { care } = telling.passport.record;
  if (!care) return null;
  return section(
    'care',
    telling.words.text('life.care'),
    html`<ul class="crafts">${care.map((advice) => html`<li>${say(telling, advice)}</li>`)}</ul>`,
  );
}

export function renderPapers(telling: Telling): Html | null {
  const { documents, links } = telling.passport.record;
  if (!documents && !links) return null;
  return section(
    'papers',
    telling.words.text('life.papers'),
    documents && html`<ul class="papers">${documents.map((paper) => renderPaper(telling, paper))}</ul>`,
    links && html`<ul class="papers">${links.map((link) => renderLink(telling, link))}</ul>`,
    links && html`<p class="quiet">${telling.words.text('life.links-lead-away')}</p>`,
  );
}

function renderLink(telling: Telling, { url, title }: NonNullable<Record1['links']>[number]): Html {
  const address = html`<bdi>${url}</bdi>`;
  return title === undefined
    ? html`<li>${outward(url, address)}</li>`
    : html`<li>${outward(url, say(telling, title))}<span class="beneath">${address}</span></li>`;
}

export function renderDescriptors(telling: Telling): Html | null {
  const { descriptors, recordedAs } = telling.passport.record;
  if (!descriptors) return null;
  return section(
    'descriptors',
    telling.words.text(`life.descriptors.${recordedAs}`),
    html`<dl class="facts">${descriptors.map(({ type, value }) => html`<div><dt>${say(telling, type)}</dt><dd>${say(telling, value)}</dd></div>`)}</dl>`,
  );
}
