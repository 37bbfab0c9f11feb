// Owns a passport at a glance, for whoever looks at many: how it stands, what warns, who has it, what will run out, and what
// to look at with the piece in hand. Everything in it follows from the passport; nothing of the record is judged anew.
import type { CheckName, Headline, Passport, PieceState } from './passport.ts';

/** Told as running out: within a quarter of a year of what the ledger calls now. */
const SOON_MS = 92 * 24 * 60 * 60 * 1000;
/** More than anybody compares at a counter; the piece's page has all. */
const MOST_LOOKS = 12;

export interface Glance {
  readonly path: string;
  readonly tokenId: string | null;
  readonly title: string;
  /** Language of the record's own words. */
  readonly language: string;
  readonly registrant: string;
  readonly headline: Headline;
  readonly state: PieceState;
  /** Checks that did not pass, by name. */
  readonly warnings: readonly CheckName[];
  readonly keeper: { readonly number: number; readonly address: string; readonly organisation: string | null };
  readonly lastChange: string | null;
  readonly certificates: number;
  /** By what they say of the present: those that end soon, soonest first. */
  readonly expiring: readonly { readonly title: string; readonly until: string }[];
  readonly looks: Looks;
}

/** What can be compared with the piece by somebody who holds it; only what its record gives. */
export interface Looks {
  readonly massMg: number | null;
  readonly ringSize: string | null;
  readonly measuresUm: readonly { readonly of: Measure; readonly um: number }[];
  readonly metals: readonly { readonly metal: string; readonly perThousand: number | null }[];
  readonly stones: readonly { readonly count: number | null; readonly species: string }[];
  readonly inscriptions: readonly string[];
  readonly pictures: number;
}

const MEASURES = ['height', 'width', 'depth', 'length', 'diameter'] as const;
export type Measure = (typeof MEASURES)[number];

export function glanceOf(passport: Passport): Glance {
  const { checks, keeper, timeline, certificates, record } = passport;
  return {
    path: passport.path,
    tokenId: passport.tokenId,
    title: record.title,
    language: record.language,
    registrant: passport.registrant.handle,
    headline: passport.headline,
    state: passport.state,
    warnings: checks.filter(({ result }) => result === 'warn' || result === 'fail').map(({ name }) => name),
    keeper: { number: keeper.number, address: keeper.address, organisation: keeper.organisation ?? null },
    lastChange: timeline.at(-1)?.at ?? null,
    certificates: certificates.length,
    expiring: expiringOf(passport),
    looks: looksOf(passport),
  };
}

function expiringOf({ certificates, asOf }: Passport): Glance['expiring'] {
  if (!asOf) return [];
  const soon = asOf.time * 1000 + SOON_MS;
  return certificates
    .flatMap(({ statement, validUntil, standing, revoked }) =>
      statement && validUntil !== null && standing === 'in-force' && !revoked && Date.parse(validUntil) <= soon
        ? [{ title: statement.title, until: validUntil }]
        : [],
    )
    .sort((a, b) => a.until.localeCompare(b.until));
}

function looksOf({ record: made, present }: Passport): Looks {
  // What is in hand is the piece as it is now.
  const { materials, massMg, dimensions, inscriptions, images } = present?.record ?? made;
  const size = dimensions?.ringSize;
  return {
    massMg: massMg === 'unknown' ? null : massMg,
    ringSize: size ? `${size.system} ${size.value}` : null,
    measuresUm: MEASURES.flatMap((of) => {
      const um = dimensions?.[`${of}Um`];
      return um === undefined ? [] : [{ of, um }];
    }),
    metals: materials
      .flatMap((one) =>
        one.type === 'metal'
          ? [{ metal: one.metal, perThousand: one.fineness === 'unknown' ? null : one.fineness }]
          : [],
      )
      .slice(0, MOST_LOOKS),
    stones: materials
      .flatMap((one) =>
        one.type === 'stone' && one.species !== 'unknown'
          ? [{ count: one.count === 'unknown' ? null : one.count, species: one.species }]
          : [],
      )
      .slice(0, MOST_LOOKS),
    inscriptions: (inscriptions ?? []).slice(0, MOST_LOOKS).map(({ text }) => text),
    pictures: images?.length ?? 0,
  };
}
