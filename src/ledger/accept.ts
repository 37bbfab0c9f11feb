// Owns the first step of a record's life: a statement becomes a record with a code, and is stored before anybody is
// told so. Sealing is seal.ts's. Never a chain call: pieces are accepted while the node is away.
import { type BatchMode, PUBLISHED, ROOT_ONLY } from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import { codePath, ownCode, type PieceCode, prefixCovers, randomSerial, tidyOwnCode } from '../core/code.ts';
import { type Fault, TouchstoneError } from '../core/errors.ts';
import type { Hex32 } from '../core/hash.ts';
import { ZERO_ADDRESS } from '../core/merkle.ts';
import { canonicalRecord, hashRecord, type PieceRecord, parseRecord, type RecordHash } from '../core/record.ts';
import type { Ledger, Sql } from '../ports.ts';
import type { Account } from './accounts.ts';
import { noteReports } from './certificates.ts';
import { keepNeeds, lockLots } from './lot-needs.ts';
import type { Organisation } from './organisations.ts';

/** More than this many waiting for a batch means sealing or the chain is behind: writers are told to come back. */
export const MAX_WAITING = 400_000;

/** What a caller may say about the code; the rest is drawn. */
export type WishedCode = { gtin?: string; serial?: string; handle?: string; code?: string } | undefined;

export interface Candidate {
  readonly path: string;
  readonly code: PieceCode;
  readonly text: CanonicalText;
  readonly hash: RecordHash;
  readonly mode: BatchMode;
  readonly claimKey: Hex32 | null;
  readonly row: number | null;
  /** If its materials name lots. */
  readonly fromLots: PieceRecord | null;
}

/** What is said of a piece besides its record and its code. */
export interface Besides {
  readonly mode?: BatchMode | undefined;
  /** Address of its claim card; none if left out or zero. */
  readonly claimKey?: Hex32 | undefined;
  readonly row?: number | null;
}

export type Prepared =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Who registers: account and standing as the index has it. */
export interface Registrant {
  readonly account: Account;
  readonly organisation: Organisation;
  /** Longer GS1 company prefixes within this organisation's own that others hold. */
  readonly lentPrefixes: readonly string[];
}

/**
 * Checks a statement (record without code, or with the caller's) and gives it its code. Random: called again it draws
 * another code, so the caller stores the outcome under an idempotency key or a row number.
 */
export function prepare(
  randomBytes: Ledger['randomBytes'],
  registrant: Registrant,
  statement: object,
  wished: WishedCode,
  { mode, claimKey = ZERO_ADDRESS, row = null }: Besides = {},
): Prepared {
  const drawn = drawCode(randomBytes, registrant, wished);
  if ('faults' in drawn) return { ok: false, faults: drawn.faults };
  const parsed = parseRecord({ ...statement, code: drawn.code });
  if (!parsed.ok) return parsed;
  try {
    const text = canonicalRecord(parsed.record);
    const code = parsed.record.code as PieceCode;
    return {
      ok: true,
      candidate: {
        path: codePath(code),
        code,
        text,
        hash: hashRecord(text),
        mode: mode ?? usualMode(parsed.record),
        claimKey: claimKey === ZERO_ADDRESS ? null : claimKey,
        row,
        fromLots: parsed.record.materials.some(({ lot }) => lot !== undefined) ? parsed.record : null,
      },
    };
  } catch (error) {
    if (error instanceof TouchstoneError) return { ok: false, faults: error.faults };
    throw error;
  }
}

/** Declared history may name people, and what is published is for ever: that is asked for, never assumed. */
function usualMode(record: PieceRecord): BatchMode {
  return record.history ? ROOT_ONLY : PUBLISHED;
}

function drawCode(
  randomBytes: Ledger['randomBytes'],
  { account, organisation, lentPrefixes }: Registrant,
  wished: WishedCode,
): { code: unknown } | { faults: Fault[] } {
  if (wished === undefined) return { code: ownCode(account.handle, randomBytes(10)) };
  if (wished.gtin !== undefined) {
    const gtin = wished.gtin;
    const covers = (prefix: string) => prefixCovers(prefix, gtin);
    if (/^\d{14}$/.test(gtin) && (!organisation.prefixes.some(covers) || lentPrefixes.some(covers))) {
      const reason = `is outside your GS1 company prefixes (${organisation.prefixes.join(', ') || 'none granted yet'})`;
      return { faults: [{ field: 'code.gtin', reason }] };
    }
    const { gtin: _, serial, ...rest } = wished;
    return { code: { ...rest, gtin, serial: serial ?? randomSerial(randomBytes(8)) } };
  }
  const { handle = account.handle, code, ...rest } = wished;
  if (handle !== account.handle) {
    return { faults: [{ field: 'code.handle', reason: `must be your own handle, ${account.handle}` }] };
  }
  if (code === undefined) return { code: { ...ownCode(handle, randomBytes(10)), ...rest } };
  return { code: { ...rest, handle, code: typeof code === 'string' ? tidyOwnCode(code) : code } };
}

export type Outcome =
  | { readonly kind: 'accepted' }
  /** The very same record is stored under this code already, with the same claim key or likewise without one. */
  | { readonly kind: 'repeated' }
  /**
   * Another piece has this code: another record, or the same with another card, which makes another leaf. `byYou` tells
   * whether the same organisation stored it.
   */
  | { readonly kind: 'taken'; readonly recordHash: string; readonly byYou: boolean; readonly otherCard: boolean }
  /** Another piece has this claim key: one card would open both. `path` is told to whom that piece belongs. */
  | { readonly kind: 'card-taken'; readonly path: string | undefined }
  /** The lots that its materials name can't give it. */
  | { readonly kind: 'lots-refused'; readonly faults: readonly Fault[] };

export function cardTakenReason({ path }: Outcome & { kind: 'card-taken' }): string {
  return `is that of ${path ?? 'another piece'} already: one card must not open two pieces`;
}

/** Stores candidates. Part of the caller's transaction: when that commits, they are accepted. In the order given. */
export async function store(
  sql: Sql,
  organisation: string,
  candidates: readonly Candidate[],
  importId: number | null,
): Promise<Outcome[]> {
  if (candidates.length === 0) return [];
  const fromLots = candidates.some((candidate) => candidate.fromLots !== null);
  // Before anything is stored, so that two who wait for each other's lots hold nobody's codes meanwhile.
  if (fromLots) await lockLots(sql, organisation);
  // Neither paths nor canonical records hold a line feed, so lines need no quoting: JSON cost a third more on both sides.
  const paths = candidates.map((c) => c.path).join('\n');
  const texts = candidates.map((c) => c.text).join('\n');
  const hashes = Buffer.from(candidates.map((c) => c.hash.slice(2)).join(''), 'hex');
  const [inserted] = await sql.query<{ count: number }>(
    `WITH stored AS (
       INSERT INTO pieces (organisation, path, mode, record_hash, record, import_id, row_number, claim_key)
       SELECT $1, p, m, substring($3::bytea FROM 32 * place::integer - 31 FOR 32), r, $2, n, decode(k, 'hex')
       FROM unnest(string_to_array($4, E'\\n'), string_to_array($5, E'\\n'), $6::smallint[], $7::integer[], $8::text[])
         WITH ORDINALITY AS t(p, r, m, n, k, place)
       -- Of its code or of its claim key: each is held by one piece.
       ON CONFLICT DO NOTHING RETURNING id, mode, octet_length(record) AS bytes),
     queued AS (INSERT INTO unsealed (piece_id, organisation, mode, bytes) SELECT id, $1, mode, bytes FROM stored)
     SELECT count(*) FROM stored`,
    [
      organisation,
      importId,
      hashes,
      paths,
      texts,
      candidates.map((c) => c.mode),
      candidates.map((c) => c.row),
      candidates.map((c) => c.claimKey?.slice(2) ?? null),
    ],
  );
  await noteReports(sql, candidates);
  const all: Outcome[] =
    inserted?.count === candidates.length
      ? candidates.map(() => ({ kind: 'accepted' }))
      : await outcomes(sql, organisation, candidates, importId);
  return fromLots ? keepLots(sql, organisation, candidates, all) : all;
}

/** Of what was stored just now, only that stays whose lots can give it. */
async function keepLots(
  sql: Sql,
  organisation: string,
  candidates: readonly Candidate[],
  all: readonly Outcome[],
): Promise<Outcome[]> {
  const fresh = candidates.flatMap(({ path, fromLots: record }, i) =>
    record && all[i]?.kind === 'accepted' ? [{ i, path, record }] : [],
  );
  const faults = await keepNeeds(sql, organisation, fresh);
  const refused = new Map(fresh.flatMap(({ i }, n) => (faults[n]?.length ? [[i, faults[n]] as const] : [])));
  return all.map((outcome, i) => {
    const told = refused.get(i);
    return told ? { kind: 'lots-refused', faults: told } : outcome;
  });
}

interface Holder {
  readonly path: string;
  readonly hash: string;
  readonly key: string | null;
  readonly organisation: string;
  readonly n: number | null;
  readonly i: number | null;
  /** Stored by this transaction. */
  readonly fresh: boolean;
}

const HOLDERS = `
  SELECT path, '0x' || encode(record_hash, 'hex') AS hash, '0x' || encode(claim_key, 'hex') AS key, organisation,
    row_number AS n, import_id AS i, xmin::text = pg_current_xact_id()::xid::text AS fresh FROM pieces`;

/** Some codes or claim keys were taken: tells for each by what. */
async function outcomes(
  sql: Sql,
  organisation: string,
  candidates: readonly Candidate[],
  importId: number | null,
): Promise<Outcome[]> {
  const paths = candidates.map((c) => c.path);
  const rows = await sql.query<Holder>(`${HOLDERS} WHERE path = ANY($1) AND holds_path`, [paths]);
  const holders = new Map(rows.map((row) => [row.path, row]));
  const keys = candidates.flatMap((c) => c.claimKey?.slice(2) ?? []);
  const cards = await sql.query<Holder>(
    `${HOLDERS} WHERE claim_key IN (SELECT decode(k, 'hex') FROM unnest($1::text[]) AS k) AND holds_card`,
    [keys],
  );
  const opened = new Map(cards.map((row) => [row.key, row]));
  const counted = new Set<string>();
  return candidates.map((candidate) => {
    const holder = holders.get(candidate.path);
    const ours = holder?.fresh && holder.i === importId && holder.n === candidate.row;
    if (ours && !counted.has(candidate.path)) {
      counted.add(candidate.path);
      return { kind: 'accepted' };
    }
    const byYou = holder?.organisation === organisation;
    if (holder) {
      const sameRecord = byYou && holder.hash === candidate.hash;
      if (sameRecord && holder.key === candidate.claimKey) return { kind: 'repeated' };
      return { kind: 'taken', recordHash: holder.hash, byYou, otherCard: sameRecord };
    }
    const other = opened.get(candidate.claimKey);
    return { kind: 'card-taken', path: other?.organisation === organisation ? other.path : undefined };
  });
}

/** @throws TouchstoneError overloaded when too much waits already */
export async function checkRoom(sql: Sql): Promise<void> {
  // The planner's estimate would lag behind an import; the queue is narrow, so counting up to the limit is cheap.
  const [row] = await sql.query<{ waiting: number }>(
    'SELECT count(*) AS waiting FROM (SELECT 1 FROM unsealed LIMIT $1) AS bounded',
    [MAX_WAITING],
  );
  if ((row?.waiting ?? 0) < MAX_WAITING) return;
  const message =
    'More pieces are waiting to be anchored than this service takes on. Nothing of yours was stored; try again.';
  throw new TouchstoneError('overloaded', message, { retry: { afterSeconds: 30 } });
}
