// Owns what organisations say of themselves, as it is now, and whether the domains they name say the same. None of it is
// on the chain; the day it was last changed goes with it.
import { type DomainOutcome, readStatement } from '../core/domain-statement.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { DomainCheck, Profile, ShownProfile } from '../core/profile.ts';
import type { Ledger, Sql, WellKnown } from '../ports.ts';
import { keptPhotos } from './photos.ts';

const ISO = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** @throws TouchstoneError invalid-request for a logo that isn't kept here */
export async function keepProfile(sql: Sql, organisation: string, profile: Profile): Promise<void> {
  if (profile.logo !== undefined && !(await keptPhotos(sql, [profile.logo])).has(profile.logo)) {
    const faults = [{ field: 'logo', reason: 'is not the hash of a photograph kept here' }];
    throw new TouchstoneError('invalid-request', 'The profile was not changed.', { faults });
  }
  await sql.query(
    `INSERT INTO profiles (organisation, profile) VALUES ($1, $2)
     ON CONFLICT (organisation) DO UPDATE SET profile = EXCLUDED.profile, updated_at = now()`,
    [organisation, JSON.stringify(profile)],
  );
}

/** Undefined for an organisation that says nothing of itself. */
export async function profileOf(sql: Sql, organisation: string): Promise<ShownProfile | undefined> {
  const [row] = await sql.query<{
    profile: Profile;
    at: string;
    domain: string | null;
    outcome: DomainOutcome;
    checked: string;
  }>(
    `SELECT p.profile, ${ISO('p.updated_at')} AS at, d.domain, d.outcome, ${ISO('d.checked_at')} AS checked
     FROM profiles p LEFT JOIN domain_checks d ON d.organisation = p.organisation AND d.domain = p.profile->>'domain'
     WHERE p.organisation = $1`,
    [organisation],
  );
  if (!row) return undefined;
  const { profile, at, domain, outcome, checked } = row;
  return { profile, at, domain: domain === null ? null : { domain, outcome, at: checked } };
}

/** Whoever could ask for it all the time could have this service call on others all the time. */
const AT_MOST_EVERY_S = 15;

/** Looks at the domain that the profile names, and keeps what came of it. A crash on the way leaves “not reached”. */
export async function checkDomain(
  { db, chain, now }: Pick<Ledger, 'db' | 'chain' | 'now'>,
  wellKnown: WellKnown,
  organisation: string,
): Promise<DomainCheck> {
  const domain = (await profileOf(db, organisation))?.profile.domain;
  if (domain === undefined) {
    throw new TouchstoneError('invalid-request', 'Your profile names no domain. Nothing was looked at.');
  }
  const at = new Date(now());
  // Taken before the look, so that of several requests at once one looks.
  const taken = await db.query(
    `INSERT INTO domain_checks (organisation, domain, outcome, checked_at) VALUES ($1, $2, 'not-reached', $3)
     ON CONFLICT (organisation) DO UPDATE
       SET domain = EXCLUDED.domain, outcome = EXCLUDED.outcome, checked_at = EXCLUDED.checked_at
     WHERE domain_checks.checked_at < $3 - make_interval(secs => $4) RETURNING organisation`,
    [organisation, domain, at.toISOString(), AT_MOST_EVERY_S],
  );
  if (taken.length === 0) {
    const retry = { afterSeconds: AT_MOST_EVERY_S };
    throw new TouchstoneError('rate-limited', 'The domain was looked at a moment ago. Try again shortly.', { retry });
  }
  const answer = await wellKnown(domain);
  const named = { chainId: chain.chainId, registry: chain.pieces, organisation };
  const outcome = 'text' in answer ? readStatement(answer.text, named) : answer.outcome;
  await db.query(`UPDATE domain_checks SET outcome = $3 WHERE organisation = $1 AND domain = $2`, [
    organisation,
    domain,
    outcome,
  ]);
  return { domain, outcome, at: `${at.toISOString().slice(0, 19)}Z` };
}
