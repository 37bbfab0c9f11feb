// Owns the sentence a passport's page begins with: what was shown, and no more. Whether a check passed is core's
// business; here it only gets its words.
import type { CheckName, CheckResult, Passport } from '../core/passport.ts';
import { isOwnerEntry } from '../core/timeline.ts';
import { certificateNotes, type Note } from './certificate-notes.ts';
import { type Shape, shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { strangeNames } from './name-notes.ts';
import { causesOf } from './standing-words.ts';
import { listOf, type Telling, timeOf } from './telling.ts';
import { notKnownWords } from './words.ts';

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
  const opening = { ...openingOf(telling), ...(gravest ? { sentence: gravest.sentence } : {}) };
  return { tone, settled, ...opening, notes: notesOf(telling) };
}

export function renderVerdict(telling: Telling): Html {
  const { passport, words } = telling;
  const { tone, word, sentence, notes, settled } = verdictOf(telling);
  const { path } = passport;
  const place = telling.context.passportAt;
  const compare = html`<a href="${place === undefined ? '' : words.to(place)}#compare">${words.text('passport.genuine.comparing')}</a>`;
  return html`<section class="verdict verdict-${tone}"${attr('aria-label', words.text('passport.verdict'))}>
<p class="verdict-word">${shape(MARKS[tone])}<strong>${word}</strong></p>
<p class="verdict-sentence">${sentence}</p>
${tone === 'genuine-record' && html`<p class="verdict-aside">${words.tell('passport.genuine.aside', { comparing: compare })}</p>`}
${notes.length > 0 && html`<ul class="verdict-notes">${notes.map((note) => html`<li class="${note.cause ? 'cause' : 'beside'}">${shape(note.cause ? 'cross' : 'bar')}<span>${note.words}</span></li>`)}</ul>`}
${tone === 'pending' && html`<p><a class="button" href="${words.to(path)}">${words.text('passport.pending.look-again')}</a></p>`}
<div class="verdict-state">
${settled && html`<p>${shape(settled.shape)}<span><strong>${words.text('vocabulary.full-stop', { words: settled.word })}</strong> ${settled.sentence}</span></p>`}
<p class="as-of">${asOfWords(telling)}</p>
</div>
</section>`;
}

function asOfWords(telling: Telling): Html | string {
  const { words, passport } = telling;
  const { asOf } = passport;
  if (!asOf) return words.text('passport.as-of-none');
  const iso = new Date(asOf.time * 1000).toISOString();
  return words.tell('passport.as-of', {
    time: timeOf(iso, words.moment(iso)),
    block: words.decimal(asOf.block),
  });
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

function openingOf(telling: Telling): Pick<Verdict, 'word' | 'sentence'> {
  const { passport, registrant: who, words } = telling;
  const as = passport.registrant.recordedAs;
  switch (passport.headline) {
    case 'genuine-record':
      return {
        word: words.text('passport.genuine'),
        sentence: words.text(`passport.genuine.${as}`, { who, day: registeredOn(telling) }),
      };
    case 'pending':
      return {
        word: words.text('passport.pending'),
        sentence:
          passport.state === 'sealed'
            ? words.text(`passport.pending.sealed.${as}`, { who })
            : words.text(`passport.pending.${as}`, { who }),
      };
    case 'warning':
      return {
        word: words.text('passport.warning'),
        sentence: passport.batch
          ? words.text('passport.warning.registered', { who, day: registeredOn(telling) })
          : words.text('passport.warning.filed', { who }),
      };
  }
}

function registeredOn({ passport: { batch }, words }: Telling): string {
  return batch ? words.day(new Date(batch.time * 1000).toISOString()) : notKnownWords(words);
}

function settledOf({ passport, context, words }: Telling): Verdict['settled'] {
  if (!passport.batch) return null;
  const settling = (sentence: string): Verdict['settled'] => ({
    shape: 'hourglass',
    word: words.text('passport.settling'),
    sentence,
  });
  if (passport.state !== 'final') return settling(words.text('passport.settling.registration'));
  const unsettled = passport.timeline.filter((entry) => !entry.final);
  if (unsettled.length > 0) {
    const owners = unsettled.every(isOwnerEntry);
    return settling(words.text(owners ? 'passport.settling.owner' : 'passport.settling.event'));
  }
  if (passport.certificates.some((view) => !view.final)) {
    return settling(words.text('passport.settling.certificate'));
  }
  return {
    shape: 'tick',
    word: words.text('passport.final'),
    sentence: words.text(context.embedded ? 'passport.final.alone' : 'passport.final.sentence'),
  };
}

function notesOf(telling: Telling): Note[] {
  const { passport } = telling;
  const notes: Note[] = [...recordNotes(telling)];
  const add = (cause: boolean, words: Html) => notes.push({ cause, words });
  const [gravest, ...others] = causesOf(telling);
  if (gravest && recordFault(passport)) others.unshift(gravest);
  else if (gravest?.more) add(true, gravest.more);
  for (const { sentence, more } of others) add(true, html`${sentence}${more && html`${telling.words.gap}${more}`}`);
  const since = passport.registrant.suspendedSince;
  if (since !== null) add(false, suspension(telling, since));
  for (const words of strangeNames(telling)) add(false, words);
  // Causes before what is to be known besides.
  return [...notes, ...certificateNotes(telling)].sort((a, b) => Number(b.cause) - Number(a.cause));
}

/** What is wrong with the record by itself. */
function recordNotes(telling: Telling): Note[] {
  const { passport, registrant: who, context, words } = telling;
  const { code, conflicts, path } = passport;
  const notes: Note[] = [];
  if (resultOf(passport, 'code-belongs-to-registrant') === 'fail') {
    const note =
      'gtin' in code
        ? words.tell('passport.note.foreign-gtin', { gtin: words.apart(code.gtin), who })
        : words.tell('passport.note.foreign-handle', { handle: words.apart(code.handle), who });
    notes.push({ cause: true, words: note });
  }
  if (conflicts.length > 0) {
    const url = context.recordUrl ?? ((tokenId: string) => `${path}?token=${tokenId}`);
    const name = (i: number) =>
      conflicts.length === 1
        ? words.text('passport.note.other-record')
        : words.text('passport.note.record-number', { number: i + 2 });
    const links = listOf(
      words,
      conflicts.map(({ tokenId }, i) => html`<a href="${words.to(url(tokenId))}">${name(i)}</a>`),
    );
    const note = words.tell('passport.note.registered-again', { who, times: conflicts.length + 1, links });
    notes.push({ cause: true, words: note });
  }
  return notes;
}

function suspension(telling: Telling, since: string): Html {
  const { passport, registrant: who, words } = telling;
  const { batch } = passport;
  const before = batch !== null && batch.time * 1000 < Date.parse(since);
  const said = words.tell('passport.note.suspended', { who, day: timeOf(since, words.day(since)) });
  return html`${said}${before && html`${words.gap}${words.text('passport.note.suspended-since-then')}`}`;
}

export function resultOf(passport: Passport, name: CheckName): CheckResult | undefined {
  return passport.checks.find((check) => check.name === name)?.result;
}
