// What the catalogue must be for every page to speak every language: whole, alike in what is put in, free of markup, free
// of English by oversight, and no larger than what is said.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { IntlMessageFormat } from 'intl-messageformat';
import * as vocabulary from '../../src/core/vocabulary.ts';
import { LANGUAGES, type Language, LOCALES } from '../../src/web/languages.ts';
import { AREAS, type Area } from '../../src/web/messages.ts';
import { sameInEnglish } from '../support/same-words.ts';

type Messages = Readonly<Record<string, string>>;
const of = (area: Area, language: Language) => AREAS[area][language] as Messages;
const AREA_NAMES = Object.keys(AREAS) as Area[];
const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(join(SOURCES, file), 'utf8') }));

/** What is put into a message and how: its plurals with their categories. */
interface Shape {
  readonly places: ReadonlyMap<string, ReadonlySet<string>>;
  readonly plurals: readonly (readonly string[])[];
}

interface Node {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Node[] }>>;
}

/** Element types of the parser, as @formatjs/icu-messageformat-parser numbers them. */
const KINDS: Readonly<Record<number, string>> = {
  1: 'text',
  2: 'number',
  3: 'date',
  4: 'time',
  5: 'select',
  6: 'plural',
};

function shapeOf(message: string, language: Language): Shape {
  const places = new Map<string, Set<string>>();
  const plurals: string[][] = [];
  const visit = (nodes: readonly Node[]) => {
    for (const { type, value = '', options = {} } of nodes) {
      const kind = KINDS[type];
      if (kind) places.set(value, new Set([...(places.get(value) ?? []), kind]));
      if (kind === 'plural') plurals.push(Object.keys(options));
      for (const option of Object.values(options)) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(message, LOCALES[language], undefined, { ignoreTag: true }).getAst() as Node[]);
  return { places, plurals };
}

const told = ({ places }: Shape) =>
  [...places].map(([name, kinds]) => `${name}: ${[...kinds].sort().join('+')}`).sort();

/** Every fault of a language’s messages beside the English ones. */
function faultsOf(english: Messages, theirs: Messages, language: Language): string[] {
  const categories = new Intl.PluralRules(LOCALES[language]).resolvedOptions().pluralCategories;
  return Object.entries(english).flatMap(([key, original]) => {
    const message = theirs[key];
    if (message === undefined) return [`${language} lacks ${key}`];
    if (message.trim() === '') return [`${language} says nothing for ${key}`];
    const faults: string[] = [];
    const [shape, expected] = [shapeOf(message, language), shapeOf(original, 'en')];
    if (told(shape).join() !== told(expected).join()) faults.push(`${key} in ${language} is told ${told(shape)}`);
    for (const plural of shape.plurals) {
      const missing = categories.filter((category) => !plural.includes(category));
      if (missing.length > 0) faults.push(`${key} in ${language} has no plural for ${missing}`);
    }
    if (/<[a-z/!]|&#?\w+;/i.test(message)) faults.push(`${key} in ${language} holds markup`);
    // What continues a sentence begins with a space, where the language has any.
    if (/^\s/.test(original) && !/^\s/.test(message) && language !== 'zh' && language !== 'ja') {
      faults.push(`${key} in ${language} begins without a space`);
    }
    return faults;
  });
}

describe('the catalogue', () => {
  for (const area of AREA_NAMES) {
    it(`has every message about ${area} in every language, told the same and in all its plurals`, () => {
      const english = of(area, 'en');
      for (const key of Object.keys(english)) expect(key.startsWith(`${area}.`), key).to.equal(true);
      for (const language of LANGUAGES) {
        expect(Object.keys(of(area, language)).sort()).to.deep.equal(Object.keys(english).sort());
        expect(faultsOf(english, of(area, language), language)).to.deep.equal([]);
      }
    });

    it(`leaves nothing about ${area} in English by oversight`, () => {
      const left = OTHERS.flatMap((language) =>
        Object.entries(of(area, language))
          .filter(([key, message]) => message === of(area, 'en')[key] && !sameInEnglish(message, language))
          .map(([key, message]) => `${language} ${key}: ${message}`),
      );
      expect(left).to.deep.equal([]);
    });
  }

  it('sees a message that is missing, empty, told otherwise, short of a plural or marked up', () => {
    const english = { 'a.b': 'Hello {who}', 'a.n': '{n, plural, one {# ring} other {# rings}}' };
    const faults = (theirs: Messages, language: Language = 'de') => faultsOf({ ...english }, theirs, language);
    expect(faults({ 'a.b': 'Hallo {who}' })).to.deep.equal(['de lacks a.n']);
    const good = { 'a.b': 'Hallo {who}', 'a.n': '{n, plural, one {# Ring} other {# Ringe}}' };
    expect(faults(good)).to.deep.equal([]);
    expect(faults({ ...good, 'a.b': ' ' })).to.deep.equal(['de says nothing for a.b']);
    expect(faults({ ...good, 'a.b': 'Hallo {wer}' })).to.deep.equal(['a.b in de is told wer: text']);
    expect(faults({ ...good, 'a.b': 'Hallo <b>{who}</b>' })).to.deep.equal(['a.b in de holds markup']);
    expect(faults({ ...good, 'a.n': '{n, plural, other {# Ringe}}' })).to.have.length(1);
    expect(faults(good, 'ar')).to.deep.equal(['a.n in ar has no plural for zero,two,few,many']);
    expect(faults({ ...good, 'a.n': '{n} Ringe' })).to.deep.equal(['a.n in de is told n: text']);
  });

  it('calls what closed lists name as they are called in the core', () => {
    const english = of('vocabulary', 'en');
    const lists = {
      nature: vocabulary.STONE_NATURES,
      custody: vocabulary.CUSTODY_MODELS,
      evidence: vocabulary.EVIDENCE_LEVELS,
      certificate: vocabulary.CERTIFICATE_TYPES,
    };
    for (const [name, list] of Object.entries(lists)) {
      for (const [word, meaning] of Object.entries(list))
        expect(english[`vocabulary.${name}.${word}`]).to.equal(meaning);
    }
  });
});

describe('messages in use', () => {
  const keys = AREA_NAMES.flatMap((area) => Object.keys(of(area, 'en')));
  const areas = AREA_NAMES.join('|');
  const literals = new Set(
    sources.flatMap(({ text }) =>
      [...text.matchAll(new RegExp(`['"\`]((?:${areas})\\.[\\w.-]+)['"\`]`, 'g'))].map((match) => match[1] as string),
    ),
  );
  const patterns = sources.flatMap(({ text }) =>
    [...text.matchAll(new RegExp(`\`((?:${areas}|\\$\\{\\w+\\})\\.[^\`\\s]*\\$\\{[^\`\\s]*)\``, 'g'))].map(
      (match) => new RegExp(`^${(match[1] as string).replace(/\./g, '\\.').replace(/\$\{.*?\}(?!\})/g, '[\\w.-]+')}$`),
    ),
  );

  it('are all of them', () => {
    const idle = keys.filter((key) => !literals.has(key) && !patterns.some((pattern) => pattern.test(key)));
    expect(idle).to.deep.equal([]);
  });

  it('are all there, also where a script says them', () => {
    const known = new Set(keys);
    const asked = sources.flatMap(({ text }) =>
      [...text.matchAll(/\b(?:word|text|tell)\(\s*'([a-z]+\.[^']+)'/g)].map((match) => match[1] as string),
    );
    expect(asked.length).to.be.greaterThan(300);
    expect(asked.filter((key) => !known.has(key))).to.deep.equal([]);
  });

  it('hold nothing but names where a script says them', () => {
    const scripted = new Set(
      sources
        .filter(({ file }) => file.startsWith('web/browser/'))
        .flatMap(({ text }) => [...text.matchAll(/\bword\(\s*'([^']+)'/g)].map((match) => match[1] as string)),
    );
    expect(scripted.size).to.be.greaterThan(50);
    const involved = [...scripted].flatMap((key) =>
      LANGUAGES.flatMap((language) => {
        const message = of(key.split('.')[0] as Area, language)[key] ?? '';
        return /\{(?!\w+\})/.test(message) ? [`${language} ${key}: ${message}`] : [];
      }),
    );
    expect(involved).to.deep.equal([]);
  });
});
