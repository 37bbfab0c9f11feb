// Owns what a domain says about whose it is: a small JSON document at a well-known address, which names organisations by
// their addresses on a chain. Fetching it is an adapter's, and what follows from it the ledger's business.
import { z } from 'zod';
import { lower } from './hash.ts';

export const DOMAIN_SCHEMA = 'touchstone/domain/1';
export const WELL_KNOWN_PATH = '/.well-known/touchstone.json';
export const MAX_STATEMENT_BYTES = 16 * 1024;

const someAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const statement = z.object({
  schema: z.literal(DOMAIN_SCHEMA),
  organisations: z
    .array(
      z.object({ chainId: z.number().int().positive(), organisation: someAddress, registry: someAddress.optional() }),
    )
    .max(100),
});

export interface Named {
  readonly chainId: number;
  /** The registry of pieces. */
  readonly registry: string;
  readonly organisation: string;
}

/** What the owner of the domain is to put there. */
export function domainStatement(named: Named): object {
  return { schema: DOMAIN_SCHEMA, organisations: [named] };
}

/** How looking at a domain ended. `controls`: its own document names the organisation. */
export type DomainOutcome =
  | 'controls'
  /** The document names others, or this one on another chain or registry. */
  | 'not-named'
  | 'not-understood'
  /** It answered with something else than the document: not found, or sent elsewhere. */
  | 'no-document'
  | 'too-large'
  /** Its name leads to no address of the open internet. */
  | 'not-public'
  | 'not-reached';

/** What the document, as text, says of an organisation. */
export function readStatement(text: string, { chainId, registry, organisation }: Named): DomainOutcome {
  let parsed: ReturnType<typeof statement.safeParse>;
  try {
    parsed = statement.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return 'not-understood';
  }
  if (!parsed.success) return 'not-understood';
  const names = parsed.data.organisations.some(
    (one) =>
      one.chainId === chainId &&
      lower(one.organisation) === lower(organisation) &&
      (one.registry === undefined || lower(one.registry) === lower(registry)),
  );
  return names ? 'controls' : 'not-named';
}
