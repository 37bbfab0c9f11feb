// Owns the message catalogue: ICU MessageFormat, a key for each message, an area for each key’s beginning. Formatting is
// language.ts’s; that no language lacks a key doesn’t compile, and test/web/messages.test.ts holds the rest.
import type { Language } from './languages.ts';
import { answers } from './messages/answers.ts';
import { certificates } from './messages/certificates.ts';
import { check } from './messages/check.ts';
import { claim } from './messages/claim.ts';
import { frame } from './messages/frame.ts';
import { life } from './messages/life.ts';
import { lots } from './messages/lots.ts';
import { owner } from './messages/owner.ts';
import { paper } from './messages/paper.ts';
import { passport } from './messages/passport.ts';
import { trade } from './messages/trade.ts';
import { visitor } from './messages/visitor.ts';
import { vocabulary } from './messages/vocabulary.ts';

/** By area. Keys begin with the name of their area: `claim.title`. */
export const AREAS = {
  frame,
  vocabulary,
  passport,
  life,
  certificates,
  lots,
  answers,
  visitor,
  claim,
  owner,
  check,
  trade,
  paper,
};
export type Area = keyof typeof AREAS;
export type MessageKey = { [A in Area]: keyof (typeof AREAS)[A]['en'] }[Area];

const merged = new Map<Language, Readonly<Record<string, string>>>();

export function messagesIn(language: Language): Readonly<Record<string, string>> {
  const known = merged.get(language);
  if (known) return known;
  const all = Object.assign({}, ...Object.values(AREAS).map((area) => area[language])) as Record<string, string>;
  merged.set(language, all);
  return all;
}
