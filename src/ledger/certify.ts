// Owns what a certifier asks of the contract: issuing one, issuing many, revoking. Each is checked against the chain and
// signed here before anything is stored. What may stand in a statement is certificate-draft.ts's, and the way to the
// chain certificate-orders.ts's.
import {
  certificateBatchIdOf,
  certificateLeaf,
  REVOCATION_REASONS,
  type RevocationReason,
} from '../core/certificate.ts';
import { type ErrorCode, type Fault, TouchstoneError } from '../core/errors.ts';
import { type Hex32, toHex, utf8 } from '../core/hash.ts';
import { merkleRoot } from '../core/merkle.ts';
import { issueBatchMessage, issueMessage, revokeMessage } from '../core/typed-data.ts';
import type { Authorization, Ledger, Sql, TypedData } from '../ports.ts';
import { type Caller, permittedKey, signAs } from './accounts.ts';
import { type Drafted, notAnchored } from './certificate-draft.ts';
import { CERTIFICATE, type CertificateRow, fieldsOfRow, LIVELIEST } from './certificates.ts';
import { PERMISSION } from './organisations.ts';
import { gasFor } from './relay.ts';

/** How long a signature made here is good; one made elsewhere brings its own deadline. */
const SIGNATURE_S = 24 * 60 * 60;
/** One or two new slots, an ERC-1271 call within reason, events: the relayer pays no more. */
const CERTIFICATE_WORK = 200_000n;
const MOST_FAULTS = 50;

/** A signature made elsewhere, by a key of the certifier. */
export interface SignedElsewhere {
  readonly signature: string;
  readonly deadline: number;
  /** The account that signed, where it can't be told from the signature (contract accounts). */
  readonly key?: string | undefined;
}

/** What a key of the certifier signs elsewhere to issue one certificate. */
export function issueTypedData({ chain, now }: Ledger, { fields }: Drafted) {
  const deadline = Math.floor(now() / 1000) + SIGNATURE_S;
  return { deadline, typedData: issueMessage(chain.chainId, chain.certificates, fields, deadline) };
}

/** A call of the contract, checked and signed, with what is to be remembered of it. */
export interface Order {
  readonly action: 'issue' | 'issue-batch' | 'revoke' | 'publish';
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
  const issuedBefore = await earlier(ledger.db, [drafted]);
  if (issuedBefore.some((one) => one.issue_id !== drafted.id)) {
    throw issuedAlready([{ field: 'statement', reason: 'is issued already, in a batch of certificates' }]);
  }
  if (issuedBefore.some(({ revoked }) => revoked)) {
    throw issuedAlready([{ field: 'statement', reason: 'was issued and revoked, which can not be undone' }]);
  }
  const content = chain.encodePostContent(utf8(drafted.text));
  // Issued once is enough; a statement kept back at first may still be published.
  if (publish && issuedBefore.some(({ data }) => data !== null && !data.includes(toHex(utf8(drafted.text)).slice(2)))) {
    await rehearse(ledger, content);
    return { action: 'publish', issueId: drafted.id, index: 0, data: content, certificates: [drafted] };
  }
  const message = (deadline: number) => issueMessage(chain.chainId, chain.certificates, drafted.fields, deadline);
  const authorization = await authorize(ledger, caller, message, signed);
  const issue = chain.encodeIssue(drafted.fields, authorization);
  const data = publish ? chain.encodeMulticall([issue, content]) : issue;
  await rehearse(ledger, data);
  return { action: 'issue', issueId: drafted.id, index: 0, data, certificates: [drafted] };
}

/** Checks and signs many certificates under one root; stores nothing. In the order given. */
export async function orderBatch(ledger: Ledger, caller: Caller, drafted: readonly Drafted[]): Promise<Order> {
  const { chain } = ledger;
  const root = merkleRoot(drafted.map(({ id }, index) => certificateLeaf(index, id)));
  const batch = { organisation: caller.organisation, root, count: drafted.length };
  const issueId = certificateBatchIdOf(batch.organisation, root, batch.count);
  const before = new Set(
    (await earlier(ledger.db, drafted)).flatMap((one) => (one.issue_id === issueId ? [] : [one.id])),
  );
  if (before.size > 0) {
    const reason = 'is issued already: it would be revoked by half';
    throw issuedAlready(
      drafted.flatMap(({ id }, i) => (before.has(id) ? [{ field: `certificates.${i}`, reason }] : [])),
    );
  }
  const message = (deadline: number) => issueBatchMessage(chain.chainId, chain.certificates, batch, deadline);
  const data = chain.encodeIssueBatch(batch, await authorize(ledger, caller, message, undefined));
  await rehearse(ledger, data, ['AlreadyIssued']);
  return { action: 'issue-batch', issueId, index: 0, data, certificates: drafted };
}

/** How the same certificates were issued before, or are about to be. What failed doesn't count. */
function earlier(sql: Sql, drafted: readonly Drafted[]) {
  return sql.query<{ id: string; issue_id: Hex32; revoked: boolean; data: string | null }>(
    `SELECT c.id, c.issue_id, r.block IS NOT NULL AS revoked, o.data FROM certificates c
     LEFT JOIN certificate_issues i USING (issue_id)
     LEFT JOIN certificate_revocations r ON r.issue_id = c.issue_id AND r.index = c.index
     LEFT JOIN certificate_orders o ON o.issue_id = c.issue_id AND o.action IN ('issue', 'issue-batch') AND o.error IS NULL
     WHERE c.id = ANY($1) AND (i.block IS NOT NULL OR o.id IS NOT NULL)`,
    [drafted.map(({ id }) => id)],
  );
}

function issuedAlready(faults: readonly Fault[]): TouchstoneError {
  const message = 'The same was certified before, so nothing was issued. Another certificate has to differ from it.';
  return new TouchstoneError('invalid-certificate', message, { faults: faults.slice(0, MOST_FAULTS) });
}

/** One certificate of the caller's, issued or on its way. @throws TouchstoneError not-found */
export async function ownCertificate(sql: Sql, organisation: string, id: string): Promise<CertificateRow> {
  const [row] = await sql.query<CertificateRow>(`${CERTIFICATE} WHERE c.id = $1 AND c.organisation = $2 ${LIVELIEST}`, [
    id,
    organisation,
  ]);
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
    throw notAnchored('The certificate is not on the chain yet, so it can not be revoked yet.');
  }
  if (row.revoked_block !== null) throw alreadyRevoked();
  const revocation = revocationOf(row, wish);
  const message = (deadline: number) => revokeMessage(chain.chainId, chain.certificates, revocation, deadline);
  const { certify, administer } = PERMISSION;
  // A suspended certifier still takes back what it said, with a key that administers.
  const authorization = await authorize(ledger, caller, message, signed, [certify, administer]);
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
  anyOf: readonly number[] = [PERMISSION.certify],
): Promise<Authorization> {
  if (!signed) {
    const key = await permittedKey(ledger, organisation, ...anyOf);
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

export function callOf({ chain }: Ledger, data: string) {
  return { to: chain.certificates, data, gas: gasFor(data, CERTIFICATE_WORK) };
}

/** The contract's error in words. */
export function refused(name: string): TouchstoneError {
  const known: Partial<Record<string, [ErrorCode, string]>> = {
    NotPermitted: ['key-not-permitted', 'The key may not certify for this organisation now, or it is no certifier.'],
    InvalidSignature: ['signature-invalid', 'The signature is not the key’s over this certificate.'],
    SignatureExpired: ['signature-expired', 'The signature’s time is over. Sign again.'],
    OutOfGas: ['signature-invalid', 'Checking the signature costs more gas than is paid for here.'],
    FailedCall: ['signature-invalid', 'Checking the signature costs more gas than is paid for here.'],
    AlreadyRevoked: ['already-revoked', 'This certificate is revoked already; that can not be undone.'],
  };
  const [code, words] = known[name] ?? ['invalid-certificate', `The ledger refuses this certificate (${name}).`];
  return new TouchstoneError(code, `${words} Nothing was done.`);
}
