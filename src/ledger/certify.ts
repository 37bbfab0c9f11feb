// Owns issuing and revoking certificates: what has to be signed, checking what was, and the errand for the relayer. Who
// may certify is the contract's to say; here it is only asked beforehand, so that a refusal has words.
import { randomUUID } from 'node:crypto';
import type { TokenId } from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import {
  type CertificateFields,
  type CertificateId,
  type CertificateStatement,
  canonicalStatement,
  certificateBatchIdOf,
  certificateIdOf,
  certificateLeaf,
  fieldsOf,
  hashStatement,
  mustParseStatement,
  REVOCATION_REASONS,
  type RevocationReason,
} from '../core/certificate.ts';
import { type ErrorCode, TouchstoneError } from '../core/errors.ts';
import { type Hex32, utf8 } from '../core/hash.ts';
import { merkleRoot } from '../core/merkle.ts';
import { issueBatchMessage, issueMessage, revokeMessage } from '../core/typed-data.ts';
import type { Authorization, Ledger, Sql, TypedData } from '../ports.ts';
import { type Caller, permittedKey, signAs } from './accounts.ts';
import { CERTIFICATE, type CertificateRow, fieldsOfRow, noteCertificates, noteContents } from './certificates.ts';
import { PERMISSION } from './organisations.ts';
import { enlist, gasFor } from './relay.ts';

/** How long a signature made here is good; one made elsewhere brings its own deadline. */
const SIGNATURE_S = 24 * 60 * 60;
/** One or two new slots, an ERC-1271 call within reason, events: the relayer pays no more. */
const CERTIFICATE_WORK = 200_000n;

/** What a certifier asks for: a statement, until when it holds (seconds since 1970; 0: no end). */
export interface Wish {
  readonly statement: unknown;
  readonly validUntil: number;
}

/** A signature made elsewhere, by a key of the certifier. */
export interface SignedElsewhere {
  readonly signature: string;
  readonly deadline: number;
  /** The account that signed, where it can't be told from the signature (contract accounts). */
  readonly key?: string | undefined;
}

export interface Drafted {
  readonly id: CertificateId;
  readonly fields: CertificateFields;
  readonly text: CanonicalText;
}

/** Reads a wish into what would be certified. @throws TouchstoneError invalid-certificate listing every fault */
export async function draft(ledger: Ledger, organisation: string, wish: Wish, at = ''): Promise<Drafted> {
  const statement = mustParseStatement(wish.statement, at);
  if (wish.validUntil !== 0 && wish.validUntil * 1000 <= ledger.now()) {
    throw refusedField(at, 'validUntil', 'must be in the future');
  }
  await checkSubject(ledger, statement, at);
  const text = canonicalStatement(statement);
  const fields = fieldsOf(organisation, statement, hashStatement(text), { validUntil: wish.validUntil });
  return { id: certificateIdOf(fields), fields, text };
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

/** What a key of the certifier signs elsewhere to issue one certificate. */
export function issueTypedData({ chain, now }: Ledger, { fields }: Drafted) {
  const deadline = Math.floor(now() / 1000) + SIGNATURE_S;
  return { deadline, typedData: issueMessage(chain.chainId, chain.certificates, fields, deadline) };
}

/** A call of the contract, checked and signed, with what is to be remembered of it. */
export interface Order {
  readonly action: 'issue' | 'issue-batch' | 'revoke';
  readonly issueId: Hex32;
  readonly index: number;
  readonly data: string;
  readonly certificates: readonly Drafted[];
}

/**
 * Checks and signs one certificate; stores nothing. @param publish whether its statement goes on the chain as well
 * @throws TouchstoneError saying why the chain would refuse it
 */
export async function orderIssue(
  ledger: Ledger,
  caller: Caller,
  drafted: Drafted,
  publish: boolean,
  signed: SignedElsewhere | undefined,
): Promise<Order> {
  const { chain } = ledger;
  const message = (deadline: number) => issueMessage(chain.chainId, chain.certificates, drafted.fields, deadline);
  const authorization = await authorize(ledger, caller, message, signed);
  const issue = chain.encodeIssue(drafted.fields, authorization);
  const data = publish ? chain.encodeMulticall([issue, chain.encodePostContent(utf8(drafted.text))]) : issue;
  await rehearse(ledger, data);
  return { action: 'issue', issueId: drafted.id, index: 0, data, certificates: [drafted] };
}

/** Checks and signs many certificates under one root; stores nothing. In the order given. */
export async function orderBatch(ledger: Ledger, caller: Caller, drafted: readonly Drafted[]): Promise<Order> {
  const { chain } = ledger;
  const root = merkleRoot(drafted.map(({ id }, index) => certificateLeaf(index, id)));
  const batch = { organisation: caller.organisation, root, count: drafted.length };
  const issueId = certificateBatchIdOf(batch.organisation, root, batch.count);
  const message = (deadline: number) => issueBatchMessage(chain.chainId, chain.certificates, batch, deadline);
  const data = chain.encodeIssueBatch(batch, await authorize(ledger, caller, message, undefined));
  await rehearse(ledger, data, ['AlreadyIssued']);
  return { action: 'issue-batch', issueId, index: 0, data, certificates: drafted };
}

/** One certificate of the caller's, issued or on its way. @throws TouchstoneError not-found */
export async function ownCertificate(sql: Sql, organisation: string, id: string): Promise<CertificateRow> {
  const [row] = await sql.query<CertificateRow>(
    `${CERTIFICATE} WHERE c.id = $1 AND c.organisation = $2 ORDER BY i.block LIMIT 1`,
    [id, organisation],
  );
  if (row) return row;
  throw new TouchstoneError('not-found', 'Your organisation has issued no certificate with this id.');
}

export interface RevokeWish {
  readonly reason: RevocationReason;
  readonly words: string;
}

/** What a key of the certifier signs elsewhere to revoke one. */
export function revokeTypedData({ chain, now }: Ledger, row: CertificateRow, wish: RevokeWish) {
  const deadline = Math.floor(now() / 1000) + SIGNATURE_S;
  return { deadline, typedData: revokeMessage(chain.chainId, chain.certificates, revocationOf(row, wish), deadline) };
}

function revocationOf(row: CertificateRow, { reason, words }: RevokeWish) {
  return { id: row.issue_id, index: row.index, reason: REVOCATION_REASONS[reason], words };
}

/** Checks and signs a revocation; stores nothing. */
export async function orderRevoke(
  ledger: Ledger,
  caller: Caller,
  row: CertificateRow,
  wish: RevokeWish,
  signed: SignedElsewhere | undefined,
): Promise<Order> {
  const { chain } = ledger;
  if (row.block === null) {
    const retry = { afterSeconds: 2 };
    const message = 'The certificate is not on the chain yet, so it can not be revoked yet. Try again in a moment.';
    throw new TouchstoneError('piece-not-anchored', message, { retry });
  }
  if (row.revoked_block !== null) throw alreadyRevoked();
  const revocation = revocationOf(row, wish);
  const message = (deadline: number) => revokeMessage(chain.chainId, chain.certificates, revocation, deadline);
  const authorization = await authorize(ledger, caller, message, signed);
  const single = row.root === null ? fieldsOfRow(row) : undefined;
  const data = chain.encodeRevoke(revocation, single, authorization);
  await rehearse(ledger, data);
  return { action: 'revoke', issueId: row.issue_id, index: row.index, data, certificates: [] };
}

function alreadyRevoked(): TouchstoneError {
  return new TouchstoneError('already-revoked', 'This certificate is revoked already; that can not be undone.');
}

async function authorize(
  ledger: Ledger,
  { organisation }: Caller,
  message: (deadline: number) => TypedData,
  signed: SignedElsewhere | undefined,
): Promise<Authorization> {
  if (!signed) {
    const key = await permittedKey(ledger, organisation, PERMISSION.certify);
    const deadline = Math.floor(ledger.now() / 1000) + SIGNATURE_S;
    return { key: key.address, deadline, signature: await signAs(ledger, organisation, key, message(deadline)) };
  }
  const { signature, deadline } = signed;
  const key = signed.key ?? ledger.keys.signerOf(message(deadline), signature);
  if (!key) throw new TouchstoneError('signature-invalid', 'The signature is malformed. Nothing was done.');
  if (deadline * 1000 < ledger.now()) {
    throw new TouchstoneError('signature-expired', 'The signature’s time is over. Sign again.');
  }
  return { key, deadline, signature };
}

async function rehearse(ledger: Ledger, data: string, harmless: readonly string[] = []): Promise<void> {
  const refusal = await ledger.chain.refusal(callOf(ledger, data));
  if (refusal && !harmless.includes(refusal)) throw refused(refusal);
}

function callOf({ chain }: Ledger, data: string) {
  return { to: chain.certificates, data, gas: gasFor(data, CERTIFICATE_WORK) };
}

/** The contract's error in words. */
function refused(name: string): TouchstoneError {
  const known: Partial<Record<string, [ErrorCode, string]>> = {
    NotPermitted: ['key-not-permitted', 'The key may not certify for this organisation now, or it is no certifier.'],
    InvalidSignature: ['signature-invalid', 'The signature is not the key’s over this certificate.'],
    SignatureExpired: ['signature-expired', 'The signature’s time is over. Sign again.'],
    AlreadyRevoked: ['already-revoked', 'This certificate is revoked already; that can not be undone.'],
  };
  const [code, words] = known[name] ?? ['invalid-certificate', `The ledger refuses this certificate (${name}).`];
  return new TouchstoneError(code, `${words} Nothing was done.`);
}

/** Stores an order; part of the caller's transaction. The same one again is not stored twice, unless it had failed. */
export async function storeOrder(sql: Sql, caller: Caller, order: Order): Promise<void> {
  const { action, issueId, index, certificates } = order;
  // Of two at once, the second waits here and then finds the first.
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${action} ${issueId} ${index}`]);
  const noted = certificates.map(({ id, fields }, position) => ({ issueId, index: position, id, fields }));
  await noteCertificates(sql, noted, true);
  await noteContents(
    sql,
    certificates.map(({ fields, text }) => ({ hash: fields.contentHash, text })),
  );
  await sql.query(
    `INSERT INTO certificate_orders (id, organisation, action, issue_id, index, data)
     SELECT $1, $2, $3, $4, $5, $6
     WHERE NOT EXISTS (SELECT 1 FROM certificate_orders o WHERE (o.issue_id, o.index, o.action) = ($4, $5, $3)
                       AND o.error IS NULL)`,
    [randomUUID(), caller.organisation, action, issueId, index, order.data],
  );
}

interface OpenOrder {
  readonly id: string;
  readonly action: Order['action'];
  readonly issue_id: string;
  readonly index: number;
  readonly data: string;
}

/** Hands stored orders to the relayer, and closes those whose transaction the chain refused. True if it did. */
export async function forwardOrders(ledger: Ledger, indexedBlock: number): Promise<boolean> {
  const open = await ledger.db.query<OpenOrder>(
    `SELECT id, action, issue_id, index, data FROM certificate_orders o
     WHERE NOT done AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.purpose = 'certificate' AND t.ref = o.id)
     ORDER BY created_at LIMIT 64`,
  );
  if (open.length > 0) {
    const errands = open.map((row) => ({
      purpose: 'certificate' as const,
      ref: row.id,
      call: callOf(ledger, row.data),
    }));
    await ledger.db.transaction((sql) => enlist(sql, ledger, errands));
  }
  const mined = await ledger.db.query<OpenOrder & { succeeded: boolean }>(
    `SELECT o.id, o.action, o.issue_id, o.index, o.data, t.succeeded FROM certificate_orders o
     JOIN transactions t ON t.purpose = 'certificate' AND t.ref = o.id WHERE NOT done AND t.block <= $1 LIMIT 256`,
    [indexedBlock],
  );
  for (const row of mined) await close(ledger, row);
  return open.length > 0 || mined.length > 0;
}

/** A refused call whose purpose the chain fulfilled by another way is no failure: somebody else relayed it first. */
async function close(ledger: Ledger, row: OpenOrder & { succeeded: boolean }): Promise<void> {
  const [fulfilled] = row.succeeded
    ? [{}]
    : await ledger.db.query(
        row.action === 'revoke'
          ? 'SELECT 1 FROM certificate_revocations WHERE issue_id = $1 AND index = $2'
          : 'SELECT 1 FROM certificate_issues WHERE issue_id = $1 AND $2 = 0',
        [row.issue_id, row.index],
      );
  if (fulfilled) {
    await ledger.db.query('UPDATE certificate_orders SET done = true WHERE id = $1', [row.id]);
    return;
  }
  const reason = (await ledger.chain.refusal(callOf(ledger, row.data))) ?? 'unknown';
  const error = refused(reason);
  await ledger.db.query('UPDATE certificate_orders SET done = true, error = $2, error_code = $3 WHERE id = $1', [
    row.id,
    error.message,
    error.code,
  ]);
}
