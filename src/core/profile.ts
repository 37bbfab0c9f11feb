// Owns what an organisation says of itself: how to reach it, its story, how its pieces are cared for, what it does for
// them and where. Its current words, not on the chain: they may change at any time, and pages say so.
import { z } from 'zod';
import type { DomainOutcome } from './domain-statement.ts';
import { hash, language, line, list, prose } from './fields.ts';
import type { Record1 } from './record.ts';
import { KINDS } from './vocabulary.ts';

export const SERVICE_KINDS = [
  'cleaning',
  'repair',
  'resizing',
  'engraving',
  'appraisal',
  'restoration',
  'buy-back',
  'other',
] as const;

/** A host name of at least two labels, as DNS has it (other scripts in Punycode): no address, no port. */
export const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

const webAddress = z
  .string()
  .max(500)
  .regex(
    /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*)?$/,
    'must be a link such as https://example.com/care, other characters percent-encoded',
  );
const email = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$/,
    'must be a mail address',
  );
const phone = z
  .string()
  .regex(/^\+[0-9](?:[0-9 ()./-]{4,28})[0-9]$/, 'must begin with + and the country’s number: +33 1 23 45 67 89');

const care = z.strictObject({
  /** Left out: for every kind. */
  kinds: list(z.enum(KINDS), KINDS.length).optional(),
  /** Metals and other materials as records name them, or a stone’s species in its own words. Left out: for every material. */
  materials: list(line(100), 32).optional(),
  text: prose(1000),
});
const service = z.strictObject({
  kind: z.enum(SERVICE_KINDS),
  text: prose(500),
  where: prose(500).optional(),
  link: webAddress.optional(),
});
const words = z.strictObject({
  language,
  story: prose(8000).optional(),
  care: list(care, 32).optional(),
  services: list(service, 32).optional(),
});

export const profileSchema = z.strictObject({
  contact: z
    .strictObject({ email: email.optional(), phone: phone.optional(), postal: prose(500).optional() })
    .optional(),
  website: webAddress.optional(),
  /** A domain of its own that is to say so itself (docs/format.md, "Domain"). */
  domain: z.string().regex(DOMAIN, 'must be a domain such as atelier-lune.example').optional(),
  /** A photograph kept here. */
  logo: hash.optional(),
  /** The same in several languages; the first is shown where the reader’s is not among them. */
  words: list(words, 16)
    .refine((all) => new Set(all.map((one) => one.language)).size === all.length, 'has one language twice')
    .optional(),
});

export type Profile = z.infer<typeof profileSchema>;
export type ProfileWords = z.infer<typeof words>;
/** As pages show it: what it says now, since when, and what its domain said when it was last looked at. */
export interface ShownProfile {
  readonly profile: Profile;
  /** When it was last changed. */
  readonly at: string;
  /** The last look at the domain that the profile names now; null if there was none. */
  readonly domain: DomainCheck | null;
}

export interface DomainCheck {
  readonly domain: string;
  readonly outcome: DomainOutcome;
  readonly at: string;
}

export type CareWords = z.infer<typeof care>;

/** In the reader's language, or the same language of another country, or the first. */
export function wordsFor({ words = [] }: Profile, wished: string): ProfileWords | undefined {
  const primary = (tag: string) => tag.split('-')[0];
  return (
    words.find(({ language }) => language === wished) ??
    words.find(({ language }) => primary(language) === primary(wished)) ??
    words[0]
  );
}

/** The care that fits a piece: its kind, and any of its materials. */
export function careFor(
  { care = [] }: ProfileWords,
  { kind, materials }: Pick<Record1, 'kind' | 'materials'>,
): CareWords[] {
  const names = new Set(
    materials.flatMap((one) => {
      if (one.type === 'metal')
        return [one.metal as string, ...(one.plating ?? []).map(({ metal }) => metal as string)];
      if (one.type === 'other') return [one.material as string];
      return [one.species.toLowerCase(), ...(one.variety === undefined ? [] : [one.variety.toLowerCase()])];
    }),
  );
  return care.filter(
    (one) =>
      (one.kinds === undefined || one.kinds.includes(kind)) &&
      (one.materials === undefined || one.materials.some((name) => names.has(name.toLowerCase()))),
  );
}
