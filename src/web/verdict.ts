// Owns the sentence a passport's page begins with: what was shown, and no more. Whether a check passed is core's
// business; here it only gets its words.
import type { CheckName, CheckResult, Passport } from '../core/passport.ts';
import { isOwnerEntry } from '../core/timeline.ts';
import { certificateNotes, type Note } from './certificate-notes.ts';
import { type Shape, shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import { causesOf } from './standing-words.ts';
import { type Telling, timeOf } from './telling.ts';
import { day, decimal, moment } from './words.ts';

export interface Verdict {
  readonly tone: Passport['headline'];
  /** The verdict in two words, beside its shape. */
  readonly word: string;
  readonly sentence: string;
  /** Causes and qualifications, each a whole sentence. */
  readonly notes: readonly Note[];
  readonly settled: { readonly shape: Shape; readonly word: string; readonly sentence: string } | null;
}

export function verdictOf(telling: Telling): Verdict {
  const { passport } = telling;
  const [gravest] = recordFault(passport) ? [] : causesOf(telling);
  const settled = passport.headline === 'pending' ? null : settledOf(telling);
  const tone = passport.headline;
  const words = { ...WORDS[tone](telling), ...(gravest ? { sentence: gravest.sentence } : {}) };
  return { tone, settled, ...words, notes: notesOf(telling) };
}

export function renderVerdict(telling: Telling): Html {
  const { tone, word, sentence, notes, settled } = verdictOf(telling);
  const { asOf, path } = telling.passport;
  return html`<section class="verdict verdict-${tone}" aria-label="Verdict">
<p class="verdict-word">${shape(MARKS[tone])}<strong>${word}</strong></p>
<p class="verdict-sentence">${sentence}</p>
${tone === 'genuine-record' && html`<p class="verdict-aside">That speaks for the record. Whether the piece before you is the one it describes, you see by <a href="#compare">comparing the two</a>.</p>`}
${notes.length > 0 && html`<ul class="verdict-notes">${notes.map(({ cause, words }) => html`<li class="${cause ? 'cause' : 'beside'}">${shape(cause ? 'cross' : 'bar')}<span>${words}</span></li>`)}</ul>`}
${tone === 'pending' && html`<p><a class="button" href="${path}">Look again</a></p>`}
<div class="verdict-state">
${settled && html`<p>${shape(settled.shape)}<span><strong>${settled.word}.</strong> ${settled.sentence}</span></p>`}
<p class="as-of">${
    asOf
      ? html`As of ${timeOf(new Date(asOf.time * 1000).toISOString(), moment(new Date(asOf.time * 1000).toISOString()))}, block ${decimal(asOf.block, 0)} of the ledger.`
      : 'This service has the record; the ledger has not taken it up.'
  }</p>
</div>
</section>`;
}

const MARKS: Readonly<Record<Passport['headline'], Shape>> = {
  'genuine-record': 'genuine',
  pending: 'pending',
  warning: 'warning',
};

/** Of a record that is wrong by itself nothing else need be said first. */
function recordFault(passport: Passport): boolean {
  return resultOf(passport, 'code-belongs-to-registrant') === 'fail' || passport.conflicts.length > 0;
}

type Opening = (telling: Telling) => Pick<Verdict, 'word' | 'sentence'>;

const WORDS: Readonly<Record<Passport['headline'], Opening>> = {
  'genuine-record': ({ passport, registrant }) => ({
    word: 'Genuine record',
    sentence:
      passport.registrant.recordedAs === 'maker'
        ? `This record is genuine: ${registrant} registered this piece on ${registeredOn(passport)}.`
        : `This record is genuine: this piece was recorded by ${registrant} on ${registeredOn(passport)}.`,
  }),
  pending: ({ passport, registrant }) => ({
    word: 'Not on the ledger yet',
    sentence:
      passport.state === 'sealed'
        ? `${theOrganisation(passport, registrant)} has filed this record. It is sealed and on its way, but it isn’t on the ledger yet. Come back in a minute.`
        : `${theOrganisation(passport, registrant)} has filed this record; it isn’t on the ledger yet. Come back in a minute.`,
  }),
  warning: ({ passport, registrant }) => ({
    word: 'Warning',
    sentence: passport.batch
      ? `Don’t rely on this record as it stands. It was registered by ${registrant} on ${registeredOn(passport)}, but something about it is wrong.`
      : `Don’t rely on this record as it stands. It was filed by ${registrant} and isn’t on the ledger yet, and something about it is wrong.`,
  }),
};

function theOrganisation(passport: Passport, registrant: string): string {
  return passport.registrant.recordedAs === 'maker' ? `The maker, ${registrant},` : registrant;
}

function registeredOn({ batch }: Passport): string {
  return batch ? day(new Date(batch.time * 1000).toISOString()) : 'a date not known';
}

function settledOf({ passport, context }: Telling): Verdict['settled'] {
  if (!passport.batch) return null;
  if (passport.state !== 'final') {
    return {
      shape: 'hourglass',
      word: 'Settling',
      sentence:
        'The registration is on the ledger, but for a short while it could still be undone. If you are buying, pay only once this page says “final”.',
    };
  }
  const unsettled = passport.timeline.filter((entry) => !entry.final);
  if (unsettled.length > 0) {
    return {
      shape: 'hourglass',
      word: 'Settling',
      sentence: `The registration is final. ${unsettled.every(isOwnerEntry) ? 'The latest change of owner' : 'What happened to it last'} is on the ledger, but for a short while it could still be undone: if you are buying, pay only once this page says “final”.`,
    };
  }
  if (passport.certificates.some((view) => !view.final)) {
    return {
      shape: 'hourglass',
      word: 'Settling',
      sentence:
        'The registration is final. A certificate shown here is on the ledger, but for a short while it could still be undone.',
    };
  }
  const alone = ' This ledger is kept by this operator alone.';
  return {
    shape: 'tick',
    word: 'Final',
    sentence: 'What the ledger says here can no longer be undone.' + (context.embedded ? alone : ''),
  };
}

function notesOf(telling: Telling): Note[] {
  const { passport, registrant, context } = telling;
  const notes: Note[] = [];
  const add = (cause: boolean, words: Html) => notes.push({ cause, words });
  const { code, conflicts, path } = passport;
  if (resultOf(passport, 'code-belongs-to-registrant') === 'fail') {
    add(
      true,
      'gtin' in code
        ? html`The number in this code, ${code.gtin}, lies outside the numbers that ${registrant} may give to pieces. Anybody can print a number: this one doesn’t speak for the brand it seems to come from.`
        : html`This code begins with the name of another organisation, “${code.handle}”, which did not register this piece. ${registrant} did.`,
    );
  }
  if (conflicts.length > 0) {
    const url = context.recordUrl ?? ((tokenId: string) => `${path}?token=${tokenId}`);
    const links = conflicts.map(({ tokenId }, i) => [
      i > 0 && ', ',
      html`<a href="${url(tokenId)}">${conflicts.length === 1 ? 'the other record' : `record ${i + 2}`}</a>`,
    ]);
    add(
      true,
      html`${registrant} registered this code ${conflicts.length === 1 ? 'twice' : `${conflicts.length + 1} times`}, with different records. At most one of them describes the piece that carries it. Compare this page with ${links}.`,
    );
  }
  const [gravest, ...others] = causesOf(telling);
  if (gravest && recordFault(passport)) others.unshift(gravest);
  else if (gravest?.more) add(true, gravest.more);
  for (const { sentence, more } of others) add(true, html`${sentence}${more && html` ${more}`}`);
  const since = passport.registrant.suspendedSince;
  if (since !== null) add(false, suspension(passport, registrant, since));
  // Causes before what is to be known besides.
  return [...notes, ...certificateNotes(telling)].sort((a, b) => Number(b.cause) - Number(a.cause));
}

function suspension({ batch }: Passport, registrant: string, since: string): Html {
  const before = batch !== null && batch.time * 1000 < Date.parse(since);
  return html`${registrant} has been suspended from this ledger since ${timeOf(since)}. ${
    before ? 'It registered this piece before that, in good standing: the record stays what it was.' : null
  }`;
}

export function resultOf(passport: Passport, name: CheckName): CheckResult | undefined {
  return passport.checks.find((check) => check.name === name)?.result;
}
