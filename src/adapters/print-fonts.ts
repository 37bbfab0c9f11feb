// Owns which type papers are set in: which of the fonts in the packages has which character, in which order they are asked,
// and where their files stand. Setting lines of them is type-setting.ts's.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SERIF = 'noto-serif';
const NASKH = 'noto-naskh-arabic';
const JAPANESE = 'shippori-antique';
const CHINESE = 'zcool-xiaowei';
export type Weight = 400 | 600;

/** Only these come in a heavier weight; the others stand in their one weight. */
const HEAVIER: ReadonlySet<string> = new Set([SERIF, NASKH]);

/** One file: a part of a family, with the characters it is said to have. */
export interface Face {
  readonly name: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
  fileFor(weight: Weight): string;
}

const locate = createRequire(import.meta.url);
const families = new Map<string, readonly Face[]>();

function family(name: string): readonly Face[] {
  const known = families.get(name);
  if (known) return known;
  const folder = dirname(locate.resolve(`@fontsource/${name}/package.json`));
  const parts = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const faces = Object.entries(parts).map(([part, ranges]): Face => {
    const plain = part.replace(/[[\]]/g, '');
    return {
      name: `${name}-${plain}`,
      ranges: ranges.split(',').map(rangeOf),
      fileFor: (weight) => join(folder, 'files', `${name}-${plain}-${HEAVIER.has(name) ? weight : 400}-normal.woff`),
    };
  });
  // What is most wanted is asked first: the latin parts stand at the end of the list.
  families.set(name, faces.reverse());
  return faces;
}

function rangeOf(text: string): readonly [number, number] {
  const [from = '', to = from] = text.trim().replace(/^U\+/i, '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}

/** Chinese and Japanese write the same characters differently: the paper's language decides. */
function orderFor(language: string): readonly string[] {
  if (language.startsWith('ja')) return [SERIF, JAPANESE, CHINESE, NASKH];
  if (language.startsWith('ar')) return [SERIF, NASKH, CHINESE, JAPANESE];
  return [SERIF, CHINESE, JAPANESE, NASKH];
}

/** Every face that says it has the character, best first. */
export function facesWith(codePoint: number, language: string): Face[] {
  return orderFor(language).flatMap((name) =>
    family(name).filter(({ ranges }) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to)),
  );
}
