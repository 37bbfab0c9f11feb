// Owns the reading of GS1 Digital Links (GS1 Digital Link Standard: URI Syntax): any URI, judged. Writing one is
// digital-link-write.ts's; which of them is the address of a piece here, typed-code.ts's.
import { contentFault } from './gs1-content.ts';
import {
  type Element,
  type ElementOptions,
  type Elements,
  identifierOf,
  MOST_CHARACTERS,
  MOST_ELEMENTS,
  writeElements,
} from './gs1-elements.ts';
import { fitsIn, isSequence, OLD_WORDS, PRIMARY_KEYS } from './gs1-keys.ts';
import type { Identifier } from './gs1-table.ts';

/** What this project reads from a Digital Link and nothing else: AIs 01, 22, 10 and 21. */
export interface LinkParts {
  readonly gtin: string;
  readonly variant?: string;
  readonly lot?: string;
  readonly serial?: string;
}

export type Usable =
  | ({ readonly kind: 'supported' } & LinkParts)
  | { readonly kind: 'not-supported'; readonly why: string };

export interface Invalid {
  readonly kind: 'invalid';
  readonly why: string;
}

/** `elements` is the same as an element string, with `^` for the separator. */
export type DigitalLink = (Usable & { readonly elements: string }) | Invalid;

export interface LinkOptions extends ElementOptions {
  /** Words for AIs in the path (`/gtin/…`), as until release 1.2. */
  readonly oldWords?: boolean;
  /** GTINs of 8, 12 and 13 digits, as until release 1.2. */
  readonly shortGtins?: boolean;
}

const URI = /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/;
/** Either case, but not mixed; whatever a host can be written as, and no user name. */
const STEM = /^(?:https?|HTTPS?):\/\/[A-Za-z\d.:[\]-]+(?=\/)/;
const NAMES = { '22': 'variant', '10': 'lot', '21': 'serial' } as const;

export interface Link {
  readonly path: readonly Element[];
  readonly query: readonly Element[];
}

/** Reads any URI; says of every one whether it is a Digital Link, and whether one that can be used here. */
export function readDigitalLink(uri: string, options: LinkOptions = {}): DigitalLink {
  const link = linkOf(uri, options);
  if (typeof link === 'string') return { kind: 'invalid', why: link };
  return { ...usable(link), elements: writeElements([...link.path, ...link.query]) };
}

/** What a valid link says of what is read here, or why it says something else. */
export function usable({ path, query }: Link): Usable {
  const why = query.length > 0 ? unusedAttributes(query) : unusedKeys(path);
  return why === undefined ? { kind: 'supported', ...partsOf(path) } : { kind: 'not-supported', why };
}

function unusedAttributes(query: readonly Element[]): string {
  return `it states more than a product and its variant, lot and serial: ${listed(query)}`;
}

function unusedKeys(path: readonly Element[]): string | undefined {
  const [key, ...qualifiers] = path as [Element, ...Element[]];
  if (key.identifier.ai !== '01') return `it names something else than a product: ${listed([key])}`;
  const others = qualifiers.filter(({ identifier }) => !(identifier.ai in NAMES));
  return others.length === 0 ? undefined : `it names more than a variant, lot and serial: ${listed(others)}`;
}

function partsOf(path: readonly Element[]): LinkParts {
  const [key, ...qualifiers] = path as [Element, ...Element[]];
  const named = qualifiers.map(({ identifier, value }) => [NAMES[identifier.ai as keyof typeof NAMES], value]);
  return { gtin: key.value, ...Object.fromEntries(named) };
}

export const listed = (elements: readonly Element[]) =>
  elements.map(({ identifier }) => `(${identifier.ai})`).join(', ');

function linkOf(uri: string, options: LinkOptions): Link | string {
  if (uri.length > MOST_CHARACTERS) return 'it is too long';
  if (!URI.test(uri)) return 'it has characters that no URI has';
  const stem = STEM.exec(uri)?.[0];
  if (stem === undefined) return 'it begins with no http:// or https:// and a host';
  const [address = ''] = uri.slice(stem.length).split('#');
  const asked = address.indexOf('?');
  const path = pathOf(asked < 0 ? address : address.slice(0, asked), options);
  if (typeof path === 'string') return path;
  const parameters =
    asked < 0
      ? []
      : address
          .slice(asked + 1)
          .split('&')
          .filter((parameter) => parameter !== '');
  if (path.length + parameters.length > MOST_ELEMENTS) return 'it has too many parameters';
  const query = queryOf(parameters, options);
  if (typeof query === 'string') return query;
  return judged({ path, query });
}

/** Goes back from the end by twos to the last primary key; whatever stands before that is the owner's business. */
function pathOf(path: string, options: LinkOptions): Elements {
  const segments = path.slice(1).split('/');
  const elements: Element[] = [];
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const [key = '', value = ''] = segments.slice(at, at + 2);
    const ai = options.oldWords && Object.hasOwn(OLD_WORDS, key) ? (OLD_WORDS[key] as string) : key;
    const identifier = identifierOf(ai, options);
    if (!identifier) break;
    const decoded = decode(value);
    elements.unshift({ identifier, value: options.shortGtins ? padded(identifier, decoded) : decoded });
    if (Object.hasOwn(PRIMARY_KEYS, ai)) return elements;
  }
  return 'its path ends with no GS1 key and its qualifiers (a compressed Digital Link is not read)';
}

/** Keys with another character than digits are other people's. A key of digits only must be an AI. */
function queryOf(parameters: readonly string[], options: LinkOptions): Elements {
  const elements: Element[] = [];
  for (const parameter of parameters) {
    const is = parameter.indexOf('=');
    const key = parameter.slice(0, is);
    if (is < 0 || /\D/.test(key)) continue;
    const identifier = identifierOf(key, options);
    if (!identifier) return `its query has a key of digits that is no AI: “${key.slice(0, 20)}”`;
    const value = decode(parameter.slice(is + 1).replaceAll('+', ' '));
    elements.push({ identifier, value: options.shortGtins ? padded(identifier, value) : value });
  }
  return elements;
}

/** Byte by byte: no GS1 character is longer. A % without two hexadecimal digits is itself, as in GS1's own engine. */
function decode(text: string): string {
  return text.replace(/%([\dA-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function padded({ ai }: Identifier, value: string): string {
  return ai === '01' && [8, 12, 13].includes(value.length) ? value.padStart(14, '0') : value;
}

/**
 * Which elements belong together (`req` and `ex` of GS1's dictionary) isn't judged: GS1 asks that of everything marked on
 * an item together, not of one link.
 */
function judged({ path, query }: Link): Link | string {
  const keys = path.map(({ identifier }) => identifier.ai);
  const all = [...path, ...query];
  for (const { identifier, value } of all) {
    const fault = contentFault(identifier, value);
    if (fault !== undefined) return fault;
  }
  if (!isSequence(keys)) return `${listed(path)} can’t follow one another in the path`;
  const twice = all.find((one, at) => all.findIndex((other) => other.identifier.ai === one.identifier.ai) !== at);
  if (twice) return `${listed([twice])} is there twice`;
  for (const { identifier } of query) {
    if (!identifier.attribute) return `(${identifier.ai}) can’t stand in the query`;
    if (fitsIn(keys, identifier.ai)) return `(${identifier.ai}) belongs in the path`;
  }
  return { path, query };
}
