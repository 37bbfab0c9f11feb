// Owns reading what a certifier asks for into what would be certified: the statement judged, its subject looked up.
import type { TokenId } from '../core/batch.ts';
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
import type { Ledger } from '../ports.ts';
import { passportOf } from './find.ts';
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
  const statement = mustParseStatement(await withSubject(ledger, wish.statement, at), at);
  if (wish.validUntil !== 0 && wish.validUntil * 1000 <= ledger.now()) {
    throw refusedField(at, 'validUntil', 'must be in the future');
  }
  await checkSubject(ledger, statement, at);
  const text = canonicalStatement(statement);
  const fields = fieldsOf(organisation, statement, hashStatement(text), { validUntil: wish.validUntil });
  return { id: certificateIdOf(fields), fields, text };
}

/** A subject may be told by what people have in hand, a code or a handle; what is certified is what it stands for. */
async function withSubject({ db, chain }: Ledger, statement: unknown, at: string): Promise<unknown> {
  const { subject } = (statement ?? {}) as { subject?: Readonly<Record<string, unknown>> };
  const { kind, path, handle } = subject ?? {};
  if ((kind === 'piece' || kind === 'record') && typeof path === 'string') {
    const code = codeOfPath(path);
    const passport = code && (await passportOf(db, chain, code));
    if (!passport) throw refusedField(at, 'statement.subject.path', 'is no piece of this registry');
    if (passport.tokenId === null)
      throw notAnchored('The piece is not on the chain yet, so nobody can certify it yet.');
    const { tokenId, recordHash } = passport;
    return { ...(statement as object), subject: kind === 'piece' ? { kind, tokenId } : { kind, recordHash } };
  }
  if (kind === 'organisation' && typeof handle === 'string') {
    const organisation = isHandle(handle) ? await addressOfHandle(db, handle) : undefined;
    if (!organisation) throw refusedField(at, 'statement.subject.handle', 'is no organisation here');
    return { ...(statement as object), subject: { kind, organisation } };
  }
  return statement;
}

export function notAnchored(what: string): TouchstoneError {
  return new TouchstoneError('piece-not-anchored', `${what} Try again in a moment.`, { retry: { afterSeconds: 2 } });
}

function refusedField(at: string, field: string, reason: string): TouchstoneError {
  const faults = [{ field: [at, field].filter((part) => part !== '').join('.'), reason }];
  return new TouchstoneError('invalid-certificate', 'The certificate was not accepted; nothing was issued.', {
    faults,
  });
}

/** A slip in a token id would attest to nothing for ever. Records and reports may be known to the certifier alone. */
async function checkSubject({ chain, db }: Ledger, { subject }: CertificateStatement, at: string): Promise<void> {
  if (subject.kind === 'piece' && !(await chain.pieceOf(subject.tokenId as TokenId))) {
    throw refusedField(at, 'statement.subject.tokenId', 'is no piece of this registry');
  }
  if (subject.kind === 'batch') {
    const known = await db.query('SELECT no FROM batches WHERE batch_id = $1', [subject.batchId]);
    if (known.length === 0) throw refusedField(at, 'statement.subject.batchId', 'is no batch of this registry');
  }
  if (subject.kind === 'organisation') {
    const known = await db.query('SELECT 1 FROM organisation_events WHERE organisation = $1 LIMIT 1', [
      subject.organisation,
    ]);
    if (known.length === 0) throw refusedField(at, 'statement.subject.organisation', 'is no organisation here');
  }
}
