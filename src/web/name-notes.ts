// Owns what is said where a name mixes alphabets: letters that look alike can make one name look like another. Names of
// one script only, in whatever script, are nothing to speak of (the idea of Unicode TR39, 5.1).
import { type Html, html } from './html.ts';
import type { Words } from './language.ts';
import { bareNameOf, type Telling } from './telling.ts';

const NAMED_SCRIPTS = {
  latin: /\p{Script=Latin}/u,
  cyrillic: /\p{Script=Cyrillic}/u,
  greek: /\p{Script=Greek}/u,
} as const;
/** Japanese, Chinese and Korean are written with several scripts, and with Latin letters among them. */
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/gu;
const NEUTRAL = /[\p{Script=Common}\p{Script=Inherited}]/gu;

type Script = keyof typeof NAMED_SCRIPTS | 'other';

/** The scripts of a name that mixes some; nothing for one that doesn't. */
export function scriptsMixedIn(name: string): Script[] {
  const letters = name.normalize('NFKC').replace(NEUTRAL, '');
  const named = (Object.keys(NAMED_SCRIPTS) as (keyof typeof NAMED_SCRIPTS)[]).filter((script) =>
    NAMED_SCRIPTS[script].test(letters),
  );
  const east = letters.search(EAST_ASIAN) >= 0;
  const rest = letters.replace(EAST_ASIAN, '').replace(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/gu, '');
  const scripts: Script[] = [...named, ...(rest === '' ? [] : (['other'] as const))];
  const mixes = scripts.length > 1 || (east && scripts.some((script) => script !== 'latin'));
  if (!mixes) return [];
  return east && !scripts.includes('other') ? [...scripts, 'other'] : scripts;
}

/** A note for each name on the page that mixes alphabets: of the organisations by their handles, and of the maker. */
export function strangeNames(telling: Telling): Html[] {
  const { passport, context, words } = telling;
  const { maker } = passport.record;
  const handles = new Set([
    passport.registrant.handle,
    ...passport.certificates.map(({ certifier }) => certifier.handle),
    ...passport.timeline.flatMap((entry) =>
      entry.kind === 'life' || entry.kind === 'batch-life' ? (entry.by?.handle ?? []) : [],
    ),
  ]);
  const organisations = [...handles].map((handle) => noteOn(words, bareNameOf(context, handle), handle));
  const made = maker === 'unknown' ? null : noteOn(words, maker.name);
  return [...organisations, made].filter((note) => note !== null);
}

function noteOn(words: Words, name: string, handle?: string): Html | null {
  const scripts = scriptsMixedIn(name);
  if (scripts.length === 0) return null;
  const told = words.list(scripts.map((script) => words.text(`passport.script.${script}`)));
  const note = words.tell('passport.note.mixed-name', { name: html`<bdi>${name}</bdi>`, scripts: told });
  if (handle === undefined) return note;
  const admitted = words.tell('passport.note.mixed-name-admitted', {
    handle: html`<span class="code">${handle}</span>`,
  });
  return html`${note}${words.gap}${admitted}`;
}
