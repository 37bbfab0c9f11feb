// Owns the kinds of text, number and date that records and certificates are made of (docs/format.md, "Types"). What may
// stand in which member is the schemas' business.
import { z } from 'zod';

const UNKNOWN = 'unknown';
const MAX_LIST = 64;
const NO_PROSE = 'must be plain text: no control characters, none that turn the direction of writing';
const NO_LINE = `${NO_PROSE}, no line breaks`;

/** One line without control characters, in Unicode normal form C, not blank. */
export const line = (max: number) =>
  z
    .string()
    .normalize('NFC')
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]*$/u, NO_LINE)
    .regex(/^\S(.*\S)?$/su, 'must not begin or end with white space');
/** Several lines: as `line`, with line feeds and tabs. Other systems' line ends become line feeds. */
export const prose = (max: number) =>
  z
    .string()
    .normalize('NFC')
    .overwrite((text) => text.replace(/\r\n?/g, '\n'))
    .min(1)
    .max(max)
    .regex(/^(?:[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]|[\n\t])*$/u, NO_PROSE)
    .regex(/\S/u, 'must not be blank');
export const orUnknown = <T extends z.ZodType>(schema: T) => z.union([z.literal(UNKNOWN), schema]);
export const list = <T extends z.ZodType>(item: T, max = MAX_LIST) => z.array(item).min(1).max(max);
export const words = <T extends Record<string, string>>(map: T) => z.enum(Object.keys(map) as [keyof T & string]);
/** Minus zero, which has no canonical form, becomes zero. */
export const whole = (min: number, max: number) =>
  z
    .int()
    .overwrite((value) => value + 0)
    .min(min)
    .max(max);

export const sha256 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be a SHA-256 as 0x and 64 lower-case hexadecimal digits');
/** A year (negative before Christ, never 0) or a day as ISO 8601. */
const year = whole(-20_000, 9_999).refine((value) => value !== 0, 'must not be 0: there is no year 0');
const day = z.iso
  .date('must be a year such as 1925 (a number, without quotes), or a day such as "2025-05-31"')
  .refine((value) => !value.startsWith('0000'), 'must not be in the year 0: there is none');
const pointInTime = z.union([year, day]);
type PointInTime = z.infer<typeof pointInTime>;
export const date = z
  .strictObject({ text: line(200), from: orUnknown(pointInTime), to: orUnknown(pointInTime) })
  .refine((d) => d.from === UNKNOWN || d.to === UNKNOWN || !isBefore(d.to, d.from), {
    path: ['to'],
    message: 'must not be before from',
  });

/** Two days by the calendar, anything else by the year. */
function isBefore(a: PointInTime, b: PointInTime): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  const yearOf = (point: PointInTime) => (typeof point === 'number' ? point : Number(point.slice(0, 4)));
  return yearOf(a) < yearOf(b);
}

export const mediaType = z
  .string()
  .regex(/^[a-z]{1,20}\/[a-z0-9.+-]{1,80}$/, 'must be a media type such as image/jpeg');
export const hash = z.string().regex(/^0x[0-9a-f]{64}$/, 'must be a hash as 0x and 64 lower-case hexadecimal digits');
export const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/, 'must be an address as 0x and 40 lower-case hexadecimal digits');
/** BCP 47. */
export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a BCP 47 tag such as en or pt-BR');
