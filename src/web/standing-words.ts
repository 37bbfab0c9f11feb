// Owns how a piece stands, in sentences for the verdict: reported, kept where it is, recalled, no more. Who says so, since
// when, and what to do. Plain sentences; the words of whoever said it stand apart, quoted. Names of owners never enter it.
import type { Notice, PieceStanding, Report, Speaker } from '../core/piece-course.ts';
import { type Html, html, joined } from './html.ts';
import { inLanguage, nameOf, quoted, type Telling } from './telling.ts';
import { capital } from './words.ts';

/** One cause of the warning: what is the matter, and what to do or know about it. */
export interface Cause {
  readonly sentence: string;
  readonly more: Html | null;
}

/** Whoever said so, within a sentence. */
export function speakerName(
  { context, words }: Telling,
  by: Speaker | null,
  otherwise: 'organisation' | 'arbiter' = 'organisation',
): string {
  return by === null ? words.text(`passport.speaker.${otherwise}`) : nameOf(context, by.handle);
}

/** The same at the beginning of a sentence. */
export function speakerFirst(telling: Telling, by: Speaker | null, otherwise?: 'organisation' | 'arbiter'): string {
  const name = speakerName(telling, by, otherwise);
  return by === null ? capital(name) : name;
}

/** Whatever a buyer must know before anything else, the gravest first. */
export function causesOf(telling: Telling): Cause[] {
  const { standing } = telling.passport;
  const { reported, locked, recalled, withdrawn, ended, recovery } = standing;
  return [
    ...(ended ? [endOf(telling, ended)] : []),
    ...[...reported].reverse().map((report) => reportOf(telling, standing, report)),
    ...(locked ? [lockOf(telling, locked)] : []),
    ...(recovery.underWay ? [recoveryOf(telling, recovery.underWay)] : []),
    ...recalled.map((notice) => recallOf(telling, notice)),
    ...withdrawn.map((notice) => withdrawalOf(telling, notice)),
  ];
}

export type ReasonLead = 'its-reason' | 'reason-given' | 'owner-said' | 'it-said' | 'said';

/** 'Its reason: “…”', in the words of who gave it. */
export function reasonOf(telling: Telling, said: string, lead: ReasonLead = 'its-reason'): Html | null {
  if (said === '') return null;
  return telling.words.tell(`passport.reason.${lead}`, { words: quoted(inLanguage(telling, undefined), said) });
}

function reportOf({ words }: Telling, { blockedUntil }: PieceStanding, { what, by, owner, since }: Report): Cause {
  const day = words.day(since);
  if (by === 'earlier-owner') {
    return {
      sentence: words.text(`passport.cause.${what}.earlier`, { number: owner, day }),
      more: html`${words.text('passport.cause.earlier.advice')}`,
    };
  }
  const held =
    blockedUntil === null
      ? words.text('passport.cause.report-stands')
      : words.text('passport.cause.report-blocks', { day: words.day(blockedUntil) });
  return { sentence: words.text(`passport.cause.${what}`, { day }), more: html`${held}` };
}

function lockOf(telling: Telling, { by, since, words: said }: Notice): Cause {
  const { words } = telling;
  const day = words.day(since);
  const sentence = by
    ? words.text('passport.cause.locked', { who: speakerName(telling, by), day })
    : words.text('passport.cause.locked-by-arbiter', { day });
  return { sentence, more: reasonOf(telling, said) };
}

function recoveryOf(
  telling: Telling,
  { by, since, words: said, readyAt }: NonNullable<PieceStanding['recovery']['underWay']>,
): Cause {
  const { words } = telling;
  const who = speakerName(telling, by, 'arbiter');
  return {
    sentence: words.text('passport.cause.recovery', { who, day: words.day(since) }),
    more: joined(
      [
        words.text('passport.cause.recovery.advice', { day: words.day(readyAt) }),
        reasonOf(telling, said, 'reason-given'),
      ],
      words.gap,
    ),
  };
}

function recallOf(telling: Telling, { of, by, since, words: said }: Notice): Cause {
  const { words } = telling;
  const values = { first: speakerFirst(telling, by), who: speakerName(telling, by), day: words.day(since) };
  return { sentence: words.text(`passport.cause.recalled.${of}`, values), more: reasonOf(telling, said) };
}

function withdrawalOf(telling: Telling, { of, by, since, words: said }: Notice): Cause {
  const { words } = telling;
  const values = { who: speakerFirst(telling, by), day: words.day(since) };
  return { sentence: words.text(`passport.cause.withdrawn.${of}`, values), more: reasonOf(telling, said) };
}

function endOf(telling: Telling, { of, how, since, words: said }: NonNullable<PieceStanding['ended']>): Cause {
  const { words } = telling;
  return {
    sentence: words.text(`passport.cause.ended.${of}`, { how, day: words.day(since) }),
    more: joined([words.text('passport.cause.ended.advice'), reasonOf(telling, said, 'owner-said')], words.gap),
  };
}
