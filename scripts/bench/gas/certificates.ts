// Owns the jobs on certificates: one and many, in person and relayed, and taking them back.

import type { TokenId } from '../../../src/core/batch.ts';
import {
  type CertificateFields,
  certificateBatchIdOf,
  certificateIdOf,
  SUBJECT_KINDS,
  subjectOfPiece,
} from '../../../src/core/certificate.ts';
import type { Root } from '../../../src/core/merkle.ts';
import { issueBatchMessage, issueMessage, revokeMessage } from '../../../src/core/typed-data.ts';
import { CHAIN_ID } from './network.ts';
import { bytes32, FOREVER, inPerson, type Stage, signedBy } from './stage.ts';

/** Certificates under one root. */
export const CERTIFICATES = 100_000;
const VALID_UNTIL = 2_000_000_000;
const MISTAKE = 1;

export async function measureCertificates(stage: Stage, token: (index: number) => TokenId): Promise<void> {
  const { lab } = stage.people;
  const organisation = await stage.admit('gem-lab', ['certifier'], lab);
  const about = (index: number): CertificateFields => ({
    organisation,
    kind: SUBJECT_KINDS.piece,
    subject: subjectOfPiece(token(index)),
    contentHash: bytes32(`content ${index}`),
    validUntil: VALID_UNTIL,
    pieceEvents: 0,
  });
  await measureSingle(stage, about);
  await measureMany(stage, organisation);
}

async function measureSingle(stage: Stage, about: (index: number) => CertificateFields): Promise<void> {
  const { chain, certificates } = stage;
  const { address, abi } = certificates;
  const { lab, relayer } = stage.people;
  const issue = abi.encodeFunctionData('issue', [about(0)]);
  await stage.act('certificate-issue', 'issue a certificate about a piece, by a key', lab, address, issue);
  const issueMessageOf = issueMessage(CHAIN_ID, address, about(1), FOREVER);
  const issued = chain.encodeIssue(about(1), await signedBy(lab, issueMessageOf));
  await stage.act('certificate-issue-relayed', 'issue a certificate, signed, relayed', relayer, address, issued);
  const revocation = (index: number) => ({
    id: certificateIdOf(about(index)),
    index: 0,
    reason: MISTAKE,
    words: '',
  });
  const revoke = chain.encodeRevoke(revocation(0), about(0), inPerson(lab));
  await stage.act('certificate-revoke', 'revoke it', lab, address, revoke);
  const revokeMessageOf = revokeMessage(CHAIN_ID, address, revocation(1), FOREVER);
  const revoked = chain.encodeRevoke(revocation(1), about(1), await signedBy(lab, revokeMessageOf));
  await stage.act('certificate-revoke-relayed', 'revoke a certificate, signed, relayed', relayer, address, revoked);
}

async function measureMany(stage: Stage, organisation: string): Promise<void> {
  const { chain } = stage;
  const { address } = stage.certificates;
  const { lab, relayer } = stage.people;
  const many = CERTIFICATES.toLocaleString('en');
  const batch = (name: string) => ({ organisation, root: bytes32(name), count: CERTIFICATES });
  const data = chain.encodeIssueBatch(batch('certificates'), inPerson(lab));
  await stage.act('certificate-batch', `issue ${many} certificates under one root`, lab, address, data);
  const message = issueBatchMessage(CHAIN_ID, address, batch('relayed'), FOREVER);
  const relayed = chain.encodeIssueBatch(batch('relayed'), await signedBy(lab, message));
  const what = `issue ${many} certificates under one root, signed, relayed`;
  await stage.act('certificate-batch-relayed', what, relayer, address, relayed);
  const id = certificateBatchIdOf(organisation, bytes32('certificates') as unknown as Root, CERTIFICATES);
  const revoke = async (job: string, words: string, index: number) => {
    const revocation = { id, index, reason: MISTAKE, words: '' };
    await stage.act(job, words, lab, address, chain.encodeRevoke(revocation, undefined, inPerson(lab)));
  };
  await revoke('certificate-revoke-in-batch', 'revoke one of them', 7);
  await revoke('certificate-revoke-in-batch-next', 'revoke another one nearby', 8);
}
