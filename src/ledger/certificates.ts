// Owns certificates as the index has them: taking them in from the chain, finding those about a piece, and what they say
// about the report numbers its record states. Issuing and revoking is certify.ts's.
import { isUtf8 } from 'node:buffer';
import {
  type CertificateFacts,
  type Certifier,
  MOST_OTHER_USES,
  namedFor,
  type ReportUse,
  reportsIn,
} from '../core/attestation.ts';
import { type BatchId, type TokenId, tokenIdOf } from '../core/batch.ts';
import {
  type CertificateFields,
  type CertificateId,
  type CertificateStatement,
  MAX_STATEMENT_BYTES,
  type Report,
  readStatement,
  reportKey,
  reportsAlike,
  SUBJECT_KINDS,
  subjectOf,
} from '../core/certificate.ts';
import type { Happening } from '../core/events.ts';
import type { Hex32 } from '../core/hash.ts';
import { readLifeStatement } from '../core/life-statement.ts';
import { readLot } from '../core/lot.ts';
import type { PieceRecord, RecordHash } from '../core/record.ts';
import type { ChainEvent, Sql } from '../ports.ts';
import { handlesOf, organisationAt } from './organisations.ts';

/** More about one piece than anybody reads; the evidence file takes no more either. */
export const MOST_SHOWN = 500;

type Of<K extends Happening['kind']> = ChainEvent & { readonly kind: K } & { readonly time: number };

export async function takeCertificateEvent(
  sql: Sql,
  event: Of<'certificate'> | Of<'certificates'> | Of<'revocation'> | Of<'content'>,
): Promise<void> {
  switch (event.kind) {
    case 'certificate':
      await noteIssue(sql, event, { organisation: event.fields.organisation, root: null, count: 1 });
      return noteCertificates(sql, [{ issueId: event.id, index: 0, id: event.id, fields: event.fields }], false);
    case 'certificates':
      return noteIssue(sql, event, event);
    case 'revocation':
      await sql.query(
        `INSERT INTO certificate_revocations (issue_id, index, block, log_index, time, transaction, key, reason, words)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
        [
          event.id,
          event.index,
          event.block,
          event.logIndex,
          event.time,
          event.transaction,
          event.key,
          event.reason,
          event.words,
        ],
      );
      return;
    case 'content':
      return noteContent(sql, event);
  }
}

/** Anybody posts any bytes: what is larger than a statement, or no UTF-8, is none. */
async function noteContent(sql: Sql, { content, contentHash: hash }: Of<'content'>): Promise<void> {
  if (content.length > MAX_STATEMENT_BYTES || !isUtf8(content)) return;
  await noteContents(sql, [{ hash, text: Buffer.from(content).toString('utf8') }]);
}

async function noteIssue(
  sql: Sql,
  event: Of<'certificate'> | Of<'certificates'>,
  { organisation, root, count }: { organisation: string; root: string | null; count: number },
): Promise<void> {
  await sql.query(
    `INSERT INTO certificate_issues (issue_id, block, log_index, time, transaction, organisation, key, root, count)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [event.id, event.block, event.logIndex, event.time, event.transaction, organisation, event.key, root, count],
  );
}

export interface NotedCertificate {
  readonly issueId: Hex32;
  readonly index: number;
  readonly id: CertificateId;
  readonly fields: CertificateFields;
}

export async function noteCertificates(sql: Sql, all: readonly NotedCertificate[], madeHere: boolean): Promise<void> {
  const rows = all.map(({ issueId, index, id, fields }) => ({
    p: issueId,
    n: index,
    i: id,
    o: fields.organisation,
    k: fields.kind,
    s: fields.subject,
    c: fields.contentHash,
    v: fields.validUntil,
    e: fields.pieceEvents,
  }));
  // Whoever made it first keeps it: what was filed here is not forgotten with the index.
  await sql.query(
    `INSERT INTO certificates
       (issue_id, index, id, organisation, kind, subject, content_hash, valid_until, piece_events, made_here)
     SELECT p, n, i, o, k, s, c, v, e, $2 FROM json_to_recordset($1::json)
       AS t(p text, n integer, i text, o text, k smallint, s text, c text, v bigint, e integer)
     ON CONFLICT (issue_id, index) DO UPDATE SET made_here = certificates.made_here OR EXCLUDED.made_here`,
    [JSON.stringify(rows), madeHere],
  );
}

/**
 * Keeps statements by their hash, of certificates, life events and lots, which the same call posts. Bytes that are none
 * of these are left out.
 */
export async function noteContents(sql: Sql, all: readonly { hash: Hex32; text: string }[]): Promise<void> {
  const rows = all.flatMap(({ hash, text }) => {
    const statement = readStatement(text);
    if (!statement && !readLifeStatement(text) && !readLot(text)) return [];
    return [{ h: hash, t: text, r: statement?.report ? reportKey(statement.report) : null }];
  });
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO certificate_contents (hash, content, report)
     SELECT h, t, r FROM json_to_recordset($1::json) AS t(h text, t text, r text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

/** Certificates that came from the chain alone and are no longer on it. */
export async function dropForeignCertificates(sql: Sql): Promise<void> {
  await sql.query(
    `DELETE FROM certificates c WHERE NOT made_here
     AND NOT EXISTS (SELECT 1 FROM certificate_issues i WHERE i.issue_id = c.issue_id)`,
  );
}

export interface CertificateRow {
  readonly issue_id: Hex32;
  readonly index: number;
  readonly id: CertificateId;
  readonly organisation: string;
  readonly kind: number;
  readonly subject: Hex32;
  readonly content_hash: Hex32;
  readonly valid_until: number;
  readonly piece_events: number;
  readonly content: string | null;
  readonly block: number | null;
  readonly log_index: number;
  readonly time: number;
  readonly transaction: Hex32;
  readonly key: string;
  readonly root: Hex32 | null;
  readonly count: number;
  readonly revoked_block: number | null;
  readonly revoked_log_index: number;
  readonly revoked_time: number;
  readonly revoked_transaction: Hex32;
  readonly revoked_key: string;
  readonly reason: number;
  readonly words: string;
}

/** Everything known of certificates, on the chain or on their way there. */
export const CERTIFICATE = `
  SELECT c.issue_id, c.index, c.id, c.organisation, c.kind, c.subject, c.content_hash, c.valid_until, c.piece_events,
    t.content, i.block, i.log_index, i.time, i.transaction, i.key, i.root, i.count,
    r.block AS revoked_block, r.log_index AS revoked_log_index, r.time AS revoked_time,
    r.transaction AS revoked_transaction, r.key AS revoked_key, r.reason, r.words
  FROM certificates c LEFT JOIN certificate_issues i USING (issue_id)
  LEFT JOIN certificate_revocations r ON r.issue_id = c.issue_id AND r.index = c.index
  LEFT JOIN certificate_contents t ON t.hash = c.content_hash`;

/** The same certificate may have been issued more than once: first what is on the chain, and of that what is in force. */
export const LIVELIEST = 'ORDER BY i.block IS NULL, r.block IS NOT NULL, i.block, c.no LIMIT 1';

export function fieldsOfRow(row: CertificateRow): CertificateFields {
  return {
    organisation: row.organisation,
    kind: row.kind,
    subject: row.subject,
    contentHash: row.content_hash,
    validUntil: row.valid_until,
    pieceEvents: row.piece_events,
  };
}

/** What a certificate states. A statement about something else than the certificate is not what it states. */
export function statementOf(row: CertificateRow): CertificateStatement | null {
  const statement = row.content === null ? undefined : readStatement(row.content);
  if (!statement) return null;
  const { subject } = statement;
  return SUBJECT_KINDS[subject.kind] === row.kind && subjectOf(subject) === row.subject ? statement : null;
}

/** Rows of issued certificates as facts. */
export async function factsOfRows(sql: Sql, rows: readonly CertificateRow[]): Promise<CertificateFacts[]> {
  const certifiers = new Map<string, Certifier>();
  for (const { organisation } of rows) {
    if (!certifiers.has(organisation)) certifiers.set(organisation, await certifierAt(sql, organisation));
  }
  return rows.map((row) => ({
    id: row.id,
    issue: { id: row.issue_id, index: row.index },
    block: row.block as number,
    time: row.time,
    logIndex: row.log_index,
    transaction: row.transaction,
    fields: fieldsOfRow(row),
    statement: statementOf(row),
    certifier: certifiers.get(row.organisation) as Certifier,
    revoked:
      row.revoked_block === null
        ? null
        : {
            block: row.revoked_block,
            time: row.revoked_time,
            transaction: row.revoked_transaction,
            reason: row.reason,
            words: row.words,
          },
  }));
}

async function certifierAt(sql: Sql, address: string): Promise<Certifier> {
  const organisation = await organisationAt(sql, address);
  const { handle = 'unknown', suspendedAt } = organisation ?? {};
  return { address, handle, ...(suspendedAt === undefined ? {} : { suspendedAt }) };
}

/** Issued certificates about any of these subjects, in order of issue. */
export async function certificatesAbout(
  sql: Sql,
  subjects: readonly { readonly kind: number; readonly subject: Hex32 }[],
): Promise<CertificateRow[]> {
  return sql.query<CertificateRow>(
    `${CERTIFICATE} WHERE i.block IS NOT NULL AND (c.subject, c.kind) IN
       (SELECT s, k FROM json_to_recordset($1::json) AS t(s text, k smallint))
     ORDER BY i.block, i.log_index, c.index LIMIT $2`,
    [JSON.stringify(subjects.map(({ kind, subject }) => ({ s: subject, k: kind }))), MOST_SHOWN],
  );
}

/** Remembers which of these records state reports. Most state none, which costs a look for the word. */
export async function noteReports(sql: Sql, all: readonly { path: string; text: string }[]): Promise<void> {
  const rows = all.flatMap(({ path, text }) => {
    if (!text.includes('"report":{')) return [];
    return reportsIn(JSON.parse(text) as PieceRecord).map((report) => ({ r: reportKey(report), p: path }));
  });
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO report_uses (report, path) SELECT DISTINCT r, p FROM json_to_recordset($1::json) AS t(r text, p text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

interface UseRow {
  readonly report: Hex32;
  readonly batch_id: BatchId;
  readonly index: number;
  readonly record: string;
}

/** What is known of each report that a record states. */
export async function reportUses(
  sql: Sql,
  record: PieceRecord,
  here: { tokenId: TokenId | null; recordHash: RecordHash },
): Promise<ReportUse[]> {
  const reports = reportsIn(record);
  if (reports.length === 0) return [];
  const keys = reports.map(reportKey);
  const naming = await certificatesNaming(sql, reports, keys);
  const uses = await usesOf(sql, keys);
  return reports.map((report, i) => ({
    report: { issuer: report.issuer, number: report.number },
    otherUses: uses
      .flatMap((use) => (use.report === keys[i] ? [tokenIdOf(use.batch_id, use.index)] : []))
      .filter((tokenId) => tokenId !== here.tokenId)
      .slice(0, MOST_OTHER_USES),
    named: namedFor(report, naming, here),
  }));
}

/** Of certificates that carry one of these numbers, those of the laboratories named: others' can't crowd them out. */
async function certificatesNaming(
  sql: Sql,
  reports: readonly Report[],
  keys: readonly Hex32[],
): Promise<CertificateFacts[]> {
  const certifiers = await sql.query<{ organisation: string }>(
    `SELECT DISTINCT organisation FROM certificates WHERE content_hash IN
       (SELECT hash FROM certificate_contents WHERE report = ANY($1))`,
    [keys],
  );
  const handles = await handlesOf(
    sql,
    certifiers.map(({ organisation }) => organisation),
  );
  const issuers = [...handles].filter(([, handle]) =>
    reports.some(({ issuer, number }) => reportsAlike({ issuer: handle, number }, { issuer, number })),
  );
  if (issuers.length === 0) return [];
  const rows = await sql.query<CertificateRow>(
    `${CERTIFICATE} WHERE i.block IS NOT NULL AND c.organisation = ANY($2) AND c.content_hash IN
       (SELECT hash FROM certificate_contents WHERE report = ANY($1)) ORDER BY i.block, i.log_index LIMIT $3`,
    [keys, issuers.map(([organisation]) => organisation), MOST_SHOWN],
  );
  return factsOfRows(sql, rows);
}

/** Anchored pieces whose records state one of these reports. The table is a hint; the records decide. */
async function usesOf(sql: Sql, keys: readonly Hex32[]): Promise<UseRow[]> {
  const rows = await sql.query<UseRow>(
    `SELECT k.report, used.* FROM unnest($1::text[]) AS k(report) CROSS JOIN LATERAL (
       SELECT b.batch_id, m.index, p.record FROM report_uses u
       CROSS JOIN LATERAL (SELECT id, record FROM pieces WHERE path = u.path AND holds_path
                           UNION ALL SELECT id, record FROM pieces WHERE path = u.path AND NOT holds_path) p
       JOIN members m ON m.piece_id = p.id JOIN batches b ON b.no = m.batch_no
       JOIN anchors a ON a.batch_no = b.no AND a.state <> 'incomplete'
       WHERE u.report = k.report ORDER BY a.block, a.log_index, m.index LIMIT $2) AS used`,
    [keys, 4 * MOST_OTHER_USES],
  );
  return rows.filter((row) =>
    reportsIn(JSON.parse(row.record) as PieceRecord).some((report) => reportKey(report) === row.report),
  );
}
