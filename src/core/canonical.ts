// Owns canonical bytes: RFC 8785 (JSON Canonicalization Scheme) over what records may hold. Schemas and hashing
// never enter it. Records hold integers only, for which RFC 8785's number rule (ECMAScript's Number to string) is
// plain decimal digits.

/** JSON whose members are sorted by UTF-16 code units, without white space (RFC 8785, section 3.2). */
export type CanonicalText = string & { readonly __canonical: true };

export class NotCanonicalisable extends Error {}

/**
 * A member whose value is undefined is absent, as in JSON.stringify.
 * @throws NotCanonicalisable for numbers that aren't safe integers (or are -0), lone surrogates, undefined in a list,
 *   functions, dates, maps and the like: a record with one of them has no canonical form.
 */
export function canonicalise(value: unknown): CanonicalText {
  return write(value) as CanonicalText;
}

function write(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new NotCanonicalisable(`number ${value}`);
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value) : members(value as Record<string, unknown>);
    default:
      throw new NotCanonicalisable(typeof value);
  }
}

function list(values: readonly unknown[]): string {
  let out = '[';
  for (let i = 0; i < values.length; i++) out += (i === 0 ? '' : ',') + write(values[i]);
  return out + ']';
}

function members(object: Record<string, unknown>): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) throw new NotCanonicalisable('an object with a class');
  let out = '';
  for (const name of sorted(Object.keys(object))) {
    const value = object[name];
    if (value !== undefined) out += (out === '' ? '' : ',') + text(name) + ':' + write(value);
  }
  return `{${out}}`;
}

/** By UTF-16 code units, as `<` compares strings. Most objects have few members, for which this beats the general sort. */
function sorted(names: string[]): string[] {
  if (names.length > MANY) return names.sort();
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    let at = i;
    for (; at > 0 && name < (names[at - 1] as string); at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
  return names;
}

/** Printable ASCII but the quotation mark and the backslash: stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/;
const MANY = 32;

/** JSON.stringify escapes exactly what RFC 8785 section 3.2.2.2 does, except lone surrogates, which are refused. */
function text(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new NotCanonicalisable('a lone surrogate');
  return JSON.stringify(value);
}
