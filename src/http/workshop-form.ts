// Owns reading what a form of the console sent: how much of it, in which encoding, field by field. It stops at the first
// byte too many. What the fields mean, and which of them are wrong, is the schemas' of those who ask.
import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import type { z } from 'zod';
import { TouchstoneError } from '../core/errors.ts';
import { faultsOf } from '../core/faults.ts';
import { bytesOf, inTime, mustBePlain, mustHoldNoSecret } from './json-body.ts';

/** A record has 64 KiB; as percent-encoded Japanese it may take nine bytes for three. */
export const MAX_FORM_BYTES = 256 * 1024;
const MAX_FIELDS = 2_000;

/** Each field's values, in the order they stood in the form. */
export class Fields {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }
  /** The first value, without white space around it; empty where there is none. */
  get(name: string): string {
    return (this.#values.get(name)?.[0] ?? '').trim();
  }
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
  has(name: string): boolean {
    return this.#values.has(name);
  }
  names(): readonly string[] {
    return [...this.#values.keys()];
  }
  /** First values by name, without those left empty: what a schema reads. */
  filled(...names: readonly string[]): Record<string, string> {
    const entries = names.map((name) => [name, this.get(name)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== ''));
  }
}

export const NO_FIELDS = new Fields(new Map());

/** A form without files. @throws TouchstoneError body-too-large, unsupported-media-type, invalid-encoding, secret-sent */
export async function readForm(request: Request, withinMs: number, maxBytes = MAX_FORM_BYTES): Promise<Fields> {
  if (!request.is('application/x-www-form-urlencoded')) {
    throw new TouchstoneError('unsupported-media-type', 'This page takes forms as browsers send them.');
  }
  mustBePlain(request);
  const bytes = await inTime(withinMs, bytesOf(request, maxBytes));
  return fieldsOf(bytes.toString('latin1'));
}

/** Percent-encoded text, as bytes. */
export function fieldsOf(text: string): Fields {
  const values = new Map<string, string[]>();
  const parts = text === '' ? [] : text.split('&');
  if (parts.length > MAX_FIELDS) throw new TouchstoneError('body-too-large', 'The form has too many fields.');
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = decoded(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : decoded(part.slice(at + 1));
    mustHoldNoSecret(value);
    values.set(name, [...(values.get(name) ?? []), textOf(value)]);
  }
  return new Fields(values);
}

function decoded(text: string): string {
  const bytes = Buffer.from(
    text.replaceAll('+', ' ').replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => byte(hex)),
    'latin1',
  );
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new TouchstoneError('invalid-encoding', 'The form is not UTF-8. Nothing was done.');
}

const byte = (hex: string) => String.fromCharCode(Number.parseInt(hex, 16));

/** Browsers send line ends as CR LF. NUL has no place in any text, and the database keeps none. */
export function textOf(value: string): string {
  return value.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
}

/** Faults by the field they belong beside; '' for what is about the whole. */
export type Faults = Readonly<Record<string, string>>;

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: Faults };

/** What a schema makes of the fields of the same names. Empty fields are missing ones. */
export function readFields<T extends z.ZodObject>(schema: T, fields: Fields): Read<z.output<T>> {
  const input = fields.filled(...Object.keys(schema.shape));
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, faults: besides(faultsOf(parsed.error, input)) };
}

/** Faults of the core beside the form's fields. @param nameOf the field of the form a path belongs to; as it is, if not given */
export function besides(
  faults: readonly { readonly field: string; readonly reason: string }[],
  nameOf: (path: string) => string = (path) => path,
): Faults {
  const told: Record<string, string> = {};
  for (const { field, reason } of faults) {
    const name = nameOf(field);
    told[name] = told[name] === undefined ? reason : `${told[name]}; ${reason}`;
  }
  return told;
}
