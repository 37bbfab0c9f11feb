// Owns the writing of GS1 Digital Links: for a product, variant, lot and serial, and the link that an element string makes.
// Reading one is digital-link.ts's.
import { type Invalid, type LinkParts, listed, type Usable, usable } from './digital-link.ts';
import { TouchstoneError } from './errors.ts';
import { contentFault } from './gs1-content.ts';
import type { Element, Elements } from './gs1-elements.ts';
import { PRIMARY_KEYS } from './gs1-keys.ts';
import { IDENTIFIERS, type Identifier } from './gs1-table.ts';

export const CANONICAL_STEM = 'https://id.gs1.org';

/**
 * The Digital Link of a product, variant, lot or serial.
 * @param stem what stands before the path; without one the canonical one
 * @throws TouchstoneError invalid-code where a part isn't what GS1 allows
 */
export function writeDigitalLink({ gtin, variant, lot, serial }: LinkParts, stem = CANONICAL_STEM): string {
  const parts = { '01': gtin, '22': variant, '10': lot, '21': serial };
  // Not in the order of the object: keys such as 22 are enumerated as numbers.
  const path = ['01', '22', '10', '21'].flatMap((ai) => {
    const value = parts[ai as keyof typeof parts];
    if (value === undefined) return [];
    const fault = contentFault(IDENTIFIERS.get(ai) as Identifier, value);
    if (fault !== undefined) throw new TouchstoneError('invalid-code', `A Digital Link can’t be written: ${fault}.`);
    return [`/${ai}/${encode(value)}`];
  });
  return stem.replace(/\/$/, '') + path.join('');
}

/** Everything but letters, digits and - . _ ~ as % and two upper-case hexadecimal digits. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

export type ElementsLink = Usable | Invalid;

/**
 * What Digital Link an element string makes. The first primary key begins the path, with as many of its qualifiers as one
 * row of them has; all else has to be allowed in a query. An element may be repeated with the same value.
 */
export function linkOfElements(read: Elements): ElementsLink {
  if (typeof read === 'string') return { kind: 'invalid', why: read };
  const elements = new Map<string, Element>();
  for (const element of read) {
    const { ai } = element.identifier;
    const before = elements.get(ai);
    if (before && before.value !== element.value) return { kind: 'invalid', why: `(${ai}) is there twice` };
    if (!before) elements.set(ai, element);
  }
  const key = [...elements.keys()].find((ai) => Object.hasOwn(PRIMARY_KEYS, ai));
  if (key === undefined) return { kind: 'invalid', why: 'it names nothing: no GS1 key is in it' };
  const present = (PRIMARY_KEYS[key] as string[][]).map((row) => row.filter((ai) => elements.has(ai)));
  const qualifiers = present.reduce((best, row) => (row.length > best.length ? row : best), []);
  const path = [key, ...qualifiers].map((ai) => elements.get(ai) as Element);
  const query = [...elements.values()].filter((element) => !path.includes(element));
  const misplaced = query.filter(({ identifier }) => !identifier.attribute);
  if (misplaced.length > 0)
    return { kind: 'invalid', why: `${listed(misplaced)} can’t stand in a Digital Link with the rest` };
  return usable({ path, query });
}
