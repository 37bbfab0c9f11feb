// Owns reading what a certifier asks for into what would be certified: the statement judged, its subject looked up.
import { splitTokenId, type TokenId } from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import {
  type CertificateFields,
  type CertificateId,
  type CertificateStatement,
  canonicalStatement,
  certificateIdOf,
  fieldsOf,
  hashStatement,
  mustParseStatement,
} from '../core/certificate.ts';
import { codeOfPath, isHandle } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Ledger, Sql } from '../ports.ts';
import { pieceUnder } from './find.ts';
import { addressOfHandle } from './organisations.ts';

/** What a certifier asks for: a statement, until when it holds (seconds since 1970; 0: no end). */
export interface Wish {
  readonly statement: unknown;
  readonly validUntil: number;
}

export interface Drafted {
  readonly id: CertificateId;
  readonly fields: CertificateFields;
  readonly text: CanonicalText;
}

/** Reads a wish into what would be certified. @throws TouchstoneError invalid-certificate listing every fault */
export async function draft(ledger: Ledger, organisation: string, wish: Wish, at = ''): Promise<Drafted> {
  const { db } = ledger;
  const inside = under(at, 'statement');
  const told = await withSubject(db, wish.statement, inside);
  const statement = mustParseStatement(told ?? wish.statement, inside);
  if (wish.validUntil !== 0 && wish.validUntil * 1000 <= ledger.now()) {
    throw refusedField(under(at, 'validUntil'), 'must be in the future');
  }
  if (!told) await checkSubject(db, statement, inside);
  const text = canonicalStatement(statement, inside);
  const fields = fieldsOf(organisation, statement, hashStatement(text), { validUntil: wish.validUntil });
  return { id: certificateIdOf(fields), fields, text };
}

/** Reads many; the same certificate twice among them would be one that is revoked by half. */
export async function draftAll(ledger: Ledger, organisation: string, wishes: readonly Wish[]): Promise<Drafted[]> {
  const drafted = new Map<CertificateId, Drafted>();
  for (const [i, wish] of wishes.entries()) {
    const at = `certificates.${i}`;
    const one = await draft(ledger, organisation, wish, at);
    if (drafted.has(one.id)) {
      throw refusedField(at, `is the same as certificates.${[...drafted.keys()].indexOf(one.id)}`);
    }
    drafted.set(one.id, one);
  }
  return [...drafted.values()];
}

/**
 * A subject may be told by what people have in hand, a code or a handle; what is certified is what it stands for.
 * Undefined if this one is told otherwise.
 */
async function withSubject(sql: Sql, statement: unknown, at: string): Promise<object | undefined> {
  const { subject } = (statement ?? {}) as { subject?: Readonly<Record<string, unknown>> };
  const { kind, path, handle, ...more } = subject ?? {};
  const strange = Object.keys(more)[0];
  const alone = (field: string) => {
    if (strange === undefined) return;
    throw refusedField(under(at, `subject.${strange}`), `is one too many: ${field} says what the subject is`);
  };
  if ((kind === 'piece' || kind === 'record') && typeof path === 'string' && handle === undefined) {
    alone('path');
    const code = codeOfPath(path);
    const piece = code && (await pieceUnder(sql, code));
    if (!piece) throw refusedField(under(at, 'subject.path'), 'is no piece of this registry');
    const { tokenId, recordHash } = piece;
    if (tokenId === null) throw notAnchored('The piece is not on the chain yet, so nobody can certify it yet.');
    return { ...(statement as object), subject: kind === 'piece' ? { kind, tokenId } : { kind, recordHash } };
  }
  if (kind === 'organisation' && typeof handle === 'string' && path === undefined) {
    alone('handle');
    const organisation = isHandle(handle) ? await addressOfHandle(sql, handle) : undefined;
    if (!organisation) throw refusedField(under(at, 'subject.handle'), 'is no organisation here');
    return { ...(statement as object), subject: { kind, organisation } };
  }
  return undefined;
}

function under(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`;
}

export function notAnchored(what: string): TouchstoneError {
  return new TouchstoneError('piece-not-anchored', `${what} Try again in a moment.`, { retry: { afterSeconds: 2 } });
}

function refusedField(field: string, reason: string): TouchstoneError {
  return new TouchstoneError('invalid-certificate', 'The certificate was not accepted; nothing was issued.', {
    faults: [{ field, reason }],
  });
}

/** A slip in a token id would attest to nothing for ever. Records and reports may be known to the certifier alone. */
async function checkSubject(sql: Sql, { subject }: CertificateStatement, at: string): Promise<void> {
  if (subject.kind === 'piece') {
    const { batchId, index } = splitTokenId(subject.tokenId as TokenId);
    const known = await sql.query(`${ANCHORED} WHERE batch_id = $1 AND $2::bigint < count`, [batchId, index]);
    if (known.length === 0) throw refusedField(under(at, 'subject.tokenId'), 'is no piece of this registry');
  }
  if (subject.kind === 'batch') {
    const known = await sql.query(`${ANCHORED} WHERE batch_id = $1`, [subject.batchId]);
    if (known.length === 0) throw refusedField(under(at, 'subject.batchId'), 'is no batch of this registry');
  }
  if (subject.kind === 'organisation') {
    const known = await sql.query('SELECT 1 FROM organisation_events WHERE organisation = $1 LIMIT 1', [
      subject.organisation,
    ]);
    if (known.length === 0) throw refusedField(under(at, 'subject.organisation'), 'is no organisation here');
  }
}

/** Batches on the chain, also those whose records nobody here knows. */
const ANCHORED = 'SELECT 1 FROM batches JOIN anchors ON batch_no = no';
