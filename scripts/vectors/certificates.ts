// Owns the vectors of certificates: statements and their hashes, subjects and report keys, ids, leaves and batches, and the
// typed data that certifiers sign.
import { TypedDataEncoder, Wallet } from 'ethers';
import {
  type CertificateFields,
  canonicalStatement,
  certificateBatchIdOf,
  certificateIdOf,
  certificateLeaf,
  fieldsOf,
  hashStatement,
  mustParseStatement,
  parseStatement,
  reportKey,
  type Subject,
  subjectOf,
} from '../../src/core/certificate.ts';
import { lower, toHex } from '../../src/core/hash.ts';
import { merkleTree, proofIn, type Root, rootOf } from '../../src/core/merkle.ts';
import * as typed from '../../src/core/typed-data.ts';
import { CERTIFICATES, CHAIN_ID, DEADLINE, ORGANISATION, SIGNING_KEY } from './chain.ts';

type Json = Record<string, unknown>;

const HASH = `0x${'ab'.repeat(32)}`;
const TOKEN = '12345678901234567890';
const SUBJECTS: readonly Subject[] = [
  { kind: 'piece', tokenId: TOKEN },
  { kind: 'record', recordHash: HASH },
  { kind: 'report', issuer: 'GIA', number: '2141-438.171' },
  { kind: 'batch', batchId: '98765432109876543210' },
  { kind: 'organisation', organisation: `0x${'0c'.repeat(20)}` },
  { kind: 'lot', lotId: HASH },
];

function statement(subject: unknown, differing: Json = {}): Json {
  return {
    schema: 'touchstone/certificate/1',
    language: 'en',
    type: 'grading',
    subject,
    title: 'Diamond grading report',
    statement: 'One natural diamond, round brilliant, 0.51 ct.',
    evidence: 'accredited',
    ...differing,
  };
}

const FULL = statement(SUBJECTS[0], {
  examined: { text: '14 May 2025', from: '2025-05-14', to: '2025-05-14' },
  method: 'FTIR and Raman spectroscopy',
  standards: ['ISO 24016:2020'],
  report: { issuer: 'GIA', number: '2141438171' },
  findings: [{ name: 'Colour', value: 'F' }],
  document: { sha256: HASH, mediaType: 'application/pdf', title: 'The report as printed' },
});

const INVALID: Readonly<Record<string, Json>> = {
  'a member that the format does not have': statement(SUBJECTS[0], { verified: true }),
  'no type of the list': statement(SUBJECTS[0], { type: 'promise' }),
  'a subject of another kind': statement({ kind: 'lot', lotId: '1' }),
  'a subject with a member too many': statement({ ...SUBJECTS[0], path: '/p/a/b' }),
  'a token id of 2^256': statement({ kind: 'piece', tokenId: (1n << 256n).toString() }),
  'a batch id of 2^224': statement({ kind: 'batch', batchId: (1n << 224n).toString() }),
  'a report number of nothing but marks': statement(SUBJECTS[0], { report: { issuer: 'GIA', number: '.-.' } }),
  'a list without entries': statement(SUBJECTS[0], { findings: [] }),
  'a title of two lines': statement(SUBJECTS[0], { title: 'one\ntwo' }),
};

const REPORTS = [
  ['GIA', '2141438171'],
  ['gia', ' 2141-438.171'.trim()],
  ['G.I.A.', '2141\u00a0438171'],
  ['Gübelin', '1/2'],
  ['Gu\u0308belin', '1/2'],
  ['GÜBELIN', '1/2'],
  ['\u0391', '\u00b2'],
] as const;

export function certificateVectors() {
  const statements = [...SUBJECTS.map((subject) => statement(subject)), FULL].map((input) => {
    const text = canonicalStatement(mustParseStatement(input));
    return { input, text, contentHash: hashStatement(text) };
  });
  const certificates = certificateFields();
  return {
    statements,
    invalid: Object.entries(INVALID)
      .filter(([, input]) => !parseStatement(input).ok)
      .map(([name, input]) => ({ name, input })),
    subjects: SUBJECTS.map((subject) => ({ subject, word: subjectOf(subject) })),
    reports: REPORTS.map(([issuer, number]) => ({ issuer, number, key: reportKey({ issuer, number }) })),
    certificates: certificates.map((fields) => ({ fields, id: certificateIdOf(fields) })),
    batches: [1, 2, 3, 5].map((count) => batchOf(certificates, count)),
    typedData: typedData(certificates),
  };
}

function certificateFields(): CertificateFields[] {
  const inputs = [...SUBJECTS.map((subject) => statement(subject)), FULL];
  return inputs.map((input, i) => {
    const parsed = mustParseStatement(input);
    const hash = hashStatement(canonicalStatement(parsed));
    const piece = parsed.subject.kind === 'piece';
    return fieldsOf(ORGANISATION, parsed, hash, { validUntil: i % 2 === 0 ? 0 : DEADLINE, pieceEvents: piece ? 3 : 0 });
  });
}

function batchOf(certificates: readonly CertificateFields[], count: number) {
  const ids = Array.from({ length: count }, (_, i) => certificateIdOf(certificates[i] as CertificateFields));
  const leaves = ids.map((id, index) => certificateLeaf(index, id));
  const tree = merkleTree(leaves);
  const root = rootOf(tree) as Root;
  return {
    organisation: ORGANISATION,
    count,
    leaves: leaves.map(toHex),
    root,
    id: certificateBatchIdOf(ORGANISATION, root, count),
    proofs: ids.map((_, index) => proofIn(tree, index)),
  };
}

function typedData(certificates: readonly CertificateFields[]) {
  const [first] = certificates as [CertificateFields];
  const { root, count, id } = batchOf(certificates, 3);
  const batch = { organisation: ORGANISATION, root, count };
  const single = { id: certificateIdOf(first), index: 0, reason: 4, words: 'The stone was another one' };
  const messages = [
    typed.issueMessage(CHAIN_ID, CERTIFICATES, first, DEADLINE),
    typed.issueBatchMessage(CHAIN_ID, CERTIFICATES, batch, DEADLINE),
    typed.revokeMessage(CHAIN_ID, CERTIFICATES, single, DEADLINE),
    typed.revokeMessage(CHAIN_ID, CERTIFICATES, { id, index: 2, reason: 1, words: '' }, DEADLINE),
  ];
  const signer = new Wallet(SIGNING_KEY);
  return messages.map(({ domain, types, primaryType, message }) => {
    const encoder: Record<string, { name: string; type: string }[]> = types;
    const digest = TypedDataEncoder.hash(domain, encoder, message);
    return {
      primaryType,
      type: TypedDataEncoder.from(encoder).encodeType(primaryType),
      domain,
      message,
      domainSeparator: TypedDataEncoder.hashDomain(domain),
      structHash: TypedDataEncoder.hashStruct(primaryType, encoder, message),
      digest,
      signer: lower(signer.address),
      signature: signer.signingKey.sign(digest).serialized,
    };
  });
}
