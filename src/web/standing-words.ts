// Owns how a piece stands, in sentences for the verdict: reported, kept where it is, recalled, no more. Who says so, since
// when, and what to do. Plain sentences; the words of whoever said it stand apart, quoted. Names of owners never enter it.
import type { Notice, PieceStanding, Report, Speaker } from '../core/piece-course.ts';
import { type Html, html } from './html.ts';
import { inLanguage, nameOf, say, type Telling } from './telling.ts';
import { capital, day } from './words.ts';

/** One cause of the warning: what is the matter, and what to do or know about it. */
export interface Cause {
  readonly sentence: string;
  readonly more: Html | null;
}

export function speakerName(
  telling: Telling,
  by: Speaker | null,
  otherwise = 'An organisation of this ledger',
): string {
  return by === null ? otherwise : nameOf(telling.context, by.handle);
}

/** Whatever a buyer must know before anything else, the gravest first. */
export function causesOf(telling: Telling): Cause[] {
  const { standing } = telling.passport;
  const { reported, locked, recalled, withdrawn, ended, recovery } = standing;
  return [
    ...(ended ? [endOf(telling, ended)] : []),
    ...[...reported].reverse().map((report) => reportOf(standing, report)),
    ...(locked ? [lockOf(telling, locked)] : []),
    ...(recovery.underWay ? [recoveryOf(telling, recovery.underWay)] : []),
    ...recalled.map((notice) => recallOf(telling, notice)),
    ...withdrawn.map((notice) => withdrawalOf(telling, notice)),
  ];
}

/** 'Its reason: “…”', in the words of who gave it. */
export function reasonOf(telling: Telling, words: string, lead = 'Its reason:'): Html | null {
  return words === '' ? null : html`${lead} “${say(inLanguage(telling, undefined), words)}”`;
}

function reportOf({ blockedUntil }: PieceStanding, { what, by, owner, since }: Report): Cause {
  if (by === 'earlier-owner') {
    return {
      sentence: `An earlier owner, number ${owner}, reported it ${what} on ${day(since)}, and nobody has taken that back.`,
      more: html`Before you buy it, have its seller show you how it came to its present owner.`,
    };
  }
  const advice = what === 'stolen' ? 'Do not buy it.' : 'Do not buy it; if you have found it, hand it in.';
  const held =
    blockedUntil === null
      ? 'The report stands. It no longer keeps the piece from changing hands on this ledger.'
      : `While the report stands, the piece can’t change hands on this ledger, at least until ${day(blockedUntil)}.`;
  return { sentence: `Its owner reported it ${what} on ${day(since)}. ${advice}`, more: html`${held}` };
}

function lockOf(telling: Telling, { by, since, words }: Notice): Cause {
  const who = speakerName(telling, by, 'An arbiter');
  return {
    sentence: `${who}, an arbiter of this ledger, has kept it from changing hands since ${day(since)}. Do not buy it until that is lifted.`,
    more: reasonOf(telling, words),
  };
}

function recoveryOf(
  telling: Telling,
  { by, since, words, readyAt }: NonNullable<PieceStanding['recovery']['underWay']>,
): Cause {
  const who = speakerName(telling, by, 'an arbiter');
  return {
    sentence: `Its owner’s key is said to be lost: on ${day(since)}, who registered it and ${who} began to give the piece to a new one. Do not buy it until that is settled.`,
    more: html`It can be done from ${day(readyAt)} on. If the piece is yours and you know nothing of this, anything you sign for it with your key stops it. ${reasonOf(telling, words, 'The reason given:')}`,
  };
}

function recallOf(telling: Telling, { of, by, since, words }: Notice): Cause {
  const who = speakerName(telling, by);
  const what = of === 'piece' ? 'this piece' : 'the whole batch that this piece was registered in';
  return {
    sentence: `${capital(who)} recalled ${what} on ${day(since)}. Ask ${who} what to do before you wear, sell or buy it.`,
    more: reasonOf(telling, words),
  };
}

function withdrawalOf(telling: Telling, { of, by, since, words }: Notice): Cause {
  const who = speakerName(telling, by);
  const what = of === 'piece' ? 'the registration of this piece' : 'the registration of the whole batch it is in';
  return {
    sentence: `${capital(who)} withdrew ${what} on ${day(since)} and no longer stands by this record. Don’t rely on it.`,
    more: reasonOf(telling, words),
  };
}

const ENDS: Readonly<Record<string, string>> = {
  melted: 'melted down',
  dismantled: 'taken apart',
  destroyed: 'destroyed',
};

function endOf(telling: Telling, { of, how, since, words }: NonNullable<PieceStanding['ended']>): Cause {
  const done = ENDS[how] ?? 'ended';
  const sentence =
    of === 'piece'
      ? `This piece is no more: on ${day(since)} its owner put on the ledger that it was ${done}.`
      : `This piece is no more: on ${day(since)} the owner of its batch put on the ledger that all pieces left in it were ${done}.`;
  return {
    sentence,
    more: html`If somebody offers you a piece with this code, do not buy it. ${reasonOf(telling, words, 'In its owner’s words:')}`,
  };
}
