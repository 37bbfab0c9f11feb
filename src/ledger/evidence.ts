// Owns making evidence files: from what the index holds about one piece to everything needed to check it without this
// service. Judging one is the core's; what is said here is what the index says as of one block.
import type { Leaf as ActLeaf } from '../core/act-standing.ts';
import { subjectsOf } from '../core/attestation.ts';
import { type BatchHeader, type BatchId, splitTokenId, type TokenId } from '../core/batch.ts';
import { certificateLeaf } from '../core/certificate.ts';
import { gtinPrefixes } from '../core/code.ts';
import { EVIDENCE_SCHEMA, type Evidence, MAX_CONFLICTS, MAX_EVENTS, MAX_EVIDENCE_BYTES } from '../core/evidence.ts';
import type { Hex32 } from '../core/hash.ts';
import { MAX_SUCCESSIONS } from '../core/judge-actors.ts';
import { involved } from '../core/judge-file.ts';
import { leafBytes, merkleTree, proofIn, type Tree, ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import type { PieceRecord, RecordHash } from '../core/record.ts';
import type { Chain, Database, Sql } from '../ports.ts';
import { type CertificateRow, certificatesAbout, fieldsOfRow, statementOf } from './certificates.ts';
import { lifeTold } from './evidence-life.ts';
import { lotsTold } from './evidence-lots.ts';
import { type Place, passportOfToken } from './find.ts';
import { readCursor } from './indexer.ts';
import { prefixEvents, textOfHandle } from './organisations.ts';

/** What making evidence needs to know of the chain without asking it. */
export type Deployment = Place & Pick<Chain, 'genesis' | 'organisations' | 'certificates' | 'lots' | 'lifeEvents'>;

/** Half of an evidence file. The rest is for the record, a long life, and 500 certificates without their statements. */
const STATEMENTS_BYTES = MAX_EVIDENCE_BYTES / 2;
/** What was done to a piece: some forty statements of full size. */
const LIFE_STATEMENTS_BYTES = MAX_EVIDENCE_BYTES / 8;
const LOT_STATEMENTS_BYTES = MAX_EVIDENCE_BYTES / 8;

interface PieceRow extends BatchHeader {
  readonly batch_no: number;
  readonly batch_id: BatchId;
  readonly index: number;
  readonly record: string;
  readonly hash: RecordHash;
  readonly claim_key: Hex32 | null;
  readonly extra: Hex32 | null;
  readonly block: number;
  readonly log_index: number;
  readonly time: number;
  readonly transaction: string;
  readonly key: string;
}

/** The evidence of an anchored piece; undefined if its token, or its record, is not known here. */
export async function evidenceOf(db: Database, place: Deployment, tokenId: TokenId): Promise<Evidence | undefined> {
  // First of all: whatever the index takes in meanwhile is later than this block, and left out.
  const cursor = await readCursor(db);
  const row = await pieceRow(db, tokenId);
  if (!row || row.block > cursor.number) return undefined;
  const record = JSON.parse(row.record) as PieceRecord;
  const until = cursor.number;
  const life = await lifeTold(db, { tokenId, batchId: row.batch_id }, await movesUntil(db, tokenId, until), until);
  const { moves, events, batchEvents } = life;
  const passes = await passesUntil(db, tokenId, until);
  const { batch_id: batchId, hash: recordHash, organisation: registrant } = row;
  const about = await certificatesAbout(db, subjectsOf({ record, recordHash, registrant, tokenId, batchId }));
  const certificates = about.filter((one) => (one.block as number) <= until);
  const passport = await passportOfToken(db, place, tokenId);
  const addresses = [
    ...(await successorsAmong(db, registrant, until)),
    ...certificates.map((one) => one.organisation),
    ...[...passes, ...moves].map(({ to }) => to),
    ...[...events, ...batchEvents].map((one) => one.organisation),
  ];
  const lots = await lotsTold(db, record, batchId, until);
  return fitting({
    schema: EVIDENCE_SCHEMA,
    chain: {
      chainId: place.chainId,
      genesis: place.genesis,
      pieces: place.pieces,
      organisations: place.organisations,
      certificates: place.certificates,
      lots: place.lots,
      lifeEvents: place.lifeEvents,
    },
    asOf: { block: cursor.number, blockHash: cursor.hash, time: cursor.time },
    tokenId,
    record: row.record,
    batch: { ...(await memberOf(db, row)), anchored: { ...placeOf(row), key: row.key } },
    rangeEvents: passes.length,
    pieceEvents: events.length,
    passes,
    ...life,
    events: withinRoom(events, LIFE_STATEMENTS_BYTES),
    owner: moves.at(-1)?.to ?? passes.at(-1)?.to ?? registrant,
    organisations: await organisationsAmong(db, addresses, until),
    prefixes: await prefixesOf(db, record, until),
    certificates: withinRoom(
      await Promise.all(certificates.map((one) => certificateOf(db, one, until))),
      STATEMENTS_BYTES,
    ),
    conflicts: await conflictsOf(db, passport?.conflicts ?? [], until),
    ...(lots.length > 0 ? { lots: withinRoom(lots, LOT_STATEMENTS_BYTES) } : {}),
  });
}

/** What leads from a record to its batch. */
async function memberOf(db: Database, row: PieceRow): Promise<Omit<Evidence['conflicts'][number], 'record'>> {
  return {
    header: headerOf(row),
    index: row.index,
    claimKey: row.claim_key ?? ZERO_ADDRESS,
    extra: row.extra ?? ZERO_32,
    proof: proofIn(await pieceTree(db, row), row.index),
  };
}

/** A piece's leaf with its proof, as the contracts take it; undefined if its record is not known here. */
export async function leafOf(db: Database, tokenId: TokenId): Promise<ActLeaf | undefined> {
  const row = await pieceRow(db, tokenId);
  return row && ({ recordHash: row.hash, ...(await memberOf(db, row)) } as object as ActLeaf);
}

async function conflictsOf(
  db: Database,
  all: readonly { readonly tokenId: TokenId }[],
  until: number,
): Promise<Evidence['conflicts']> {
  const shown: Evidence['conflicts'] = [];
  for (const { tokenId } of all) {
    const row = await pieceRow(db, tokenId);
    if (!row || row.block > until) continue;
    shown.push({ record: row.record, ...(await memberOf(db, row)) });
    if (shown.length === MAX_CONFLICTS) break;
  }
  return shown;
}

/**
 * What certifiers do, to their keys or in the words of a revocation, must not make a file too large to be read: then
 * their certificates are left out, the latest first. The verdict says how many.
 */
function fitting(whole: Evidence): Evidence {
  let evidence = withoutCertificatesOf(whole, ({ events }) => events.length > MAX_EVENTS);
  const size = () => Buffer.byteLength(JSON.stringify(evidence));
  while (size() > MAX_EVIDENCE_BYTES && evidence.certificates.length > 0) {
    const certificates = evidence.certificates.slice(0, evidence.certificates.length / 2);
    evidence = withoutCertificatesOf({ ...evidence, certificates }, () => false);
  }
  if (size() <= MAX_EVIDENCE_BYTES) return evidence;
  return { ...evidence, events: evidence.events.map((event) => ({ ...event, statement: null })) };
}

/** Without certificates of such organisations, and without organisations that nothing is left of. */
function withoutCertificatesOf(
  evidence: Evidence,
  tooLarge: (organisation: Evidence['organisations'][number]) => boolean,
): Evidence {
  const left = new Set(evidence.organisations.filter(tooLarge).map(({ address }) => address));
  const certificates = evidence.certificates.filter(({ fields }) => !left.has(fields.organisation));
  const named = involved({ ...evidence, certificates });
  return { ...evidence, certificates, organisations: evidence.organisations.filter((one) => named.has(one.address)) };
}

async function pieceRow(sql: Sql, tokenId: TokenId): Promise<PieceRow | undefined> {
  const { batchId, index } = splitTokenId(tokenId);
  const [row] = await sql.query<PieceRow>(
    `SELECT b.no AS batch_no, b.batch_id, b.organisation, b.root, b.count, b.mode, b.payload_hash AS "payloadHash",
       b.parts, m.index, p.record, '0x' || encode(p.record_hash, 'hex') AS hash,
       '0x' || encode(p.claim_key, 'hex') AS claim_key, '0x' || encode(p.extra, 'hex') AS extra,
       a.block, a.log_index, a.time, a.transaction, a.key
     FROM batches b JOIN members m ON m.batch_no = b.no JOIN pieces p ON p.id = m.piece_id
     JOIN anchors a ON a.batch_no = b.no WHERE b.batch_id = $1 AND m.index = $2::bigint`,
    [batchId, index],
  );
  return row;
}

function headerOf({ organisation, root, count, mode, payloadHash, parts }: PieceRow): Evidence['batch']['header'] {
  return { organisation, root, count, mode, payloadHash, parts };
}

interface PlaceRow {
  readonly block: number;
  readonly log_index: number;
  readonly time: number;
  readonly transaction: string;
}

function placeOf({ block, log_index: logIndex, time, transaction }: PlaceRow) {
  return { block, logIndex, time, transaction };
}

async function movesUntil(
  sql: Sql,
  tokenId: TokenId,
  until: number,
): Promise<Omit<Evidence['moves'][number], 'claim'>[]> {
  const rows = await sql.query<PlaceRow & { from: string; to: string }>(
    `SELECT block, log_index, time, transaction, from_address AS "from", to_address AS "to" FROM moves
     WHERE token_id = $1 AND block <= $2 ORDER BY block, log_index`,
    [tokenId, until],
  );
  return rows.map((row, i) => ({ number: i + 1, from: row.from, to: row.to, ...placeOf(row) }));
}

async function passesUntil(sql: Sql, tokenId: TokenId, until: number): Promise<Evidence['passes']> {
  const { batchId, index } = splitTokenId(tokenId);
  const rows = await sql.query<PlaceRow & { from: string; to: string }>(
    `SELECT block, log_index, time, transaction, from_address AS "from", to_address AS "to" FROM runs
     WHERE batch_id = $1 AND first_index <= $2 AND last_index >= $2 AND block <= $3 ORDER BY block, log_index`,
    [batchId, index, until],
  );
  return rows.map((row) => ({ from: row.from, to: row.to, ...placeOf(row) }));
}

/** An organisation, and who succeeded it one after the other. */
async function successorsAmong(sql: Sql, registrant: string, until: number): Promise<readonly string[]> {
  const rows = await sql.query<{ line: string }>(
    `WITH RECURSIVE succession (line, steps) AS (
       SELECT $1::text, 0 UNION ALL SELECT e.data->>'successor', steps + 1 FROM succession s
       JOIN organisation_events e ON e.organisation = s.line AND e.name = 'OrganisationSucceeded' AND e.block <= $2
       WHERE steps < $3)
     SELECT line FROM succession ORDER BY steps`,
    [registrant, until, MAX_SUCCESSIONS],
  );
  return rows.map(({ line }) => line);
}

/** Those of the addresses that are organisations, each once, with all that happened to them. */
async function organisationsAmong(
  sql: Sql,
  addresses: readonly string[],
  until: number,
): Promise<Evidence['organisations']> {
  const rows = await sql.query<PlaceRow & { organisation: string; name: string; data: Record<string, unknown> }>(
    `SELECT organisation, name, data, block, log_index, time, transaction FROM organisation_events
     WHERE organisation = ANY($1) AND block <= $2 ORDER BY block, log_index`,
    [[...new Set(addresses)], until],
  );
  const byAddress = Map.groupBy(rows, (row) => row.organisation);
  return [...byAddress].flatMap(([address, events]) => {
    const admitted = events.find((event) => event.name === 'OrganisationAdmitted');
    if (!admitted) return [];
    const told = events.map((event) => ({ name: event.name, data: event.data, ...placeOf(event) }));
    // The index keeps what it decoded from the contract's events: their arguments are of the format's types.
    const handle = textOfHandle(String(admitted.data['handle']));
    return [{ address, handle, events: told as Evidence['organisations'][number]['events'] }];
  });
}

async function prefixesOf(sql: Sql, { code }: PieceRecord, until: number): Promise<Evidence['prefixes']> {
  if (!('gtin' in code)) return [];
  const rows = await prefixEvents(sql, gtinPrefixes(code.gtin));
  return rows
    .filter((row) => row.block <= until)
    .map(({ name, prefix, organisation, ...row }) => ({ name, prefix, organisation, ...placeOf(row) }));
}

/**
 * Statements as long as there is room, the earliest first: who certifies a piece, or works on it, can't make its evidence
 * larger than readers take. Without its statement a certificate, or an event, can still be checked.
 */
function withinRoom<T extends { readonly statement: string | null }>(all: readonly T[], bytes: number): T[] {
  let room = bytes;
  return all.map((one) => {
    const size = one.statement === null ? 0 : Buffer.byteLength(JSON.stringify(one.statement));
    if (size > room) return { ...one, statement: null };
    room -= size;
    return one;
  });
}

async function certificateOf(
  db: Database,
  row: CertificateRow,
  until: number,
): Promise<Evidence['certificates'][number]> {
  const place = { block: row.block as number, log_index: row.log_index, time: row.time, transaction: row.transaction };
  const revoked = row.revoked_block !== null && row.revoked_block <= until;
  return {
    fields: fieldsOfRow(row),
    statement: statementOf(row) && row.content,
    batch:
      row.root === null
        ? null
        : {
            root: row.root,
            count: row.count,
            index: row.index,
            proof: proofIn(await certificateTree(db, row), row.index),
          },
    issued: { ...placeOf(place), key: row.key },
    revoked: revoked
      ? {
          block: row.revoked_block as number,
          logIndex: row.revoked_log_index,
          time: row.revoked_time,
          transaction: row.revoked_transaction,
          reason: row.reason,
          words: row.words,
          key: row.revoked_key,
        }
      : null,
  };
}

/** Trees of this many batches are kept: at most some 60 MB, and the next piece of the same batch is quick. */
const TREES_KEPT = 4;
const trees = new WeakMap<object, Map<string, Promise<Tree>>>();

/** A batch never changes, so its tree may be remembered for good; the least lately asked for makes room. */
function remembered(db: Database, name: string, grow: () => Promise<Tree>): Promise<Tree> {
  const kept = trees.get(db) ?? new Map<string, Promise<Tree>>();
  trees.set(db, kept);
  const tree = kept.get(name) ?? grow();
  tree.catch(() => kept.delete(name));
  kept.delete(name);
  kept.set(name, tree);
  if (kept.size > TREES_KEPT) kept.delete(kept.keys().next().value as string);
  return tree;
}

function pieceTree(db: Database, { batch_no: no, organisation, batch_id: id }: PieceRow): Promise<Tree> {
  return remembered(db, id, async () => {
    const rows = await db.query<{ hash: Hex32; claim_key: Hex32 | null; extra: Hex32 | null }>(
      `SELECT '0x' || encode(p.record_hash, 'hex') AS hash, '0x' || encode(p.claim_key, 'hex') AS claim_key,
         '0x' || encode(p.extra, 'hex') AS extra
       FROM members m JOIN pieces p ON p.id = m.piece_id WHERE m.batch_no = $1 ORDER BY m.index`,
      [no],
    );
    const leaves = rows.map(({ hash: recordHash, claim_key, extra }, index) =>
      leafBytes({
        organisation,
        index,
        recordHash,
        claimKey: claim_key ?? ZERO_ADDRESS,
        extra: extra ?? ZERO_32,
      }),
    );
    return merkleTree(leaves);
  });
}

function certificateTree(db: Database, { issue_id: id }: CertificateRow): Promise<Tree> {
  return remembered(db, id, async () => {
    const rows = await db.query<Pick<CertificateRow, 'id'>>(
      'SELECT id FROM certificates WHERE issue_id = $1 ORDER BY index',
      [id],
    );
    return merkleTree(rows.map((row, index) => certificateLeaf(index, row.id)));
  });
}
