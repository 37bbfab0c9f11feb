// Owns the vectors of registrants and certifiers who committed to something wrong themselves: the chain has it, and says so
// truly; it is wrong all the same.
import { type BatchHeader, batchIdOf, tokenIdOf } from '../../../src/core/batch.ts';
import type { CanonicalText } from '../../../src/core/canonical.ts';
import {
  certificateBatchIdOf,
  certificateIdOf,
  certificateLeaf,
  hashStatement,
} from '../../../src/core/certificate.ts';
import type { Evidence } from '../../../src/core/evidence.ts';
import { type Hex32, toHex } from '../../../src/core/hash.ts';
import { leafBytes, merkleTree, proofIn, type Root, rootOf } from '../../../src/core/merkle.ts';
import { hashRecord } from '../../../src/core/record.ts';
import type { TimedEvent } from '../../../src/core/verdict.ts';
import type { MadeChain } from '../../../test/support/made-chain.ts';
import { conflictOf, fileOf } from './bases.ts';
import type { Case } from './case.ts';
import { CERTIFIED, type MadeCertificate, TOGETHER, WORLD } from './world.ts';

/** Registers, in place of the plain ring's batch, one of two leaves of which the second has this record and index. */
function committed(name: string, check: string, record: string, { index = 1, count = 2 } = {}): Case {
  const file = fileOf('ring', 0);
  const { header, claimKey, extra } = file.batch;
  const { organisation } = header;
  const recordHash = hashRecord(record as CanonicalText);
  const leaves = [0, index].map((at) =>
    leafBytes({ organisation, index: at, recordHash, claimKey, extra: extra as Hex32 }),
  );
  const tree = merkleTree(leaves);
  const made: BatchHeader = { ...(header as BatchHeader), root: rootOf(tree), count };
  const chain = withBatch(header as BatchHeader, made);
  return {
    name,
    base: 'plain',
    edit: (edited) => {
      edited.record = record;
      edited.batch = { ...edited.batch, header: made, index, proof: proofIn(tree, 1) };
      edited.tokenId = tokenIdOf(batchIdOf(made), index);
    },
    chain,
    headline: 'not-genuine',
    checks: { [check]: 'fail' },
  };
}

function withBatch(from: BatchHeader, to: BatchHeader): MadeChain {
  const events = WORLD.events.map(
    (event): TimedEvent =>
      event.kind === 'batch' && event.batchId === batchIdOf(from)
        ? { ...event, batchId: batchIdOf(to), header: to }
        : event,
  );
  return { ...WORLD, events };
}

const plain = fileOf('ring', 0).record;

const REGISTRANTS: readonly Case[] = [
  {
    ...committed('a batch made anew, and nothing wrong with it', 'record-in-batch', plain),
    why: 'What the others of this group are changed from.',
    headline: 'genuine-record',
    checks: { 'record-in-batch': 'pass' },
  },
  committed('a leaf with an index that its batch does not have', 'record-in-batch', plain, { index: 7, count: 2 }),
  committed('a leaf of a record that is not canonical', 'record-in-batch', plain.replace('{', '{ ')),
  committed(
    'a leaf of a record with a member that the format does not have',
    'record-in-batch',
    `{"a":1,${plain.slice(1)}`,
  ),
  committed('a leaf of no record', 'record-in-batch', 'A plain ring'),
  {
    ...committed('an inner node committed to as if it were a leaf', 'record-in-batch', plain),
    edit: (file) => {
      // The root over two leaves is one hash over 64 bytes: no leaf, whatever index is told.
      file.batch.proof = [];
      file.batch.header.root = rootOf(merkleTree([leafOf(file, 0), leafOf(file, 1)])) as Root;
      file.tokenId = tokenIdOf(batchIdOf(file.batch.header as BatchHeader), 0);
    },
    chain: WORLD,
  },
];

function leafOf({ record, batch }: Evidence, index: number): Uint8Array {
  const { header, claimKey, extra } = batch;
  const recordHash = hashRecord(record as CanonicalText);
  return leafBytes({ organisation: header.organisation, index, recordHash, claimKey, extra: extra as Hex32 });
}

/** Certifies this text, in place of the grading, of the same piece. */
function attested(name: string, statement: string, headline: Case['headline'], result: string): Case {
  const fields = { ...CERTIFIED.grading.fields, contentHash: hashStatement(statement as CanonicalText) };
  const id = certificateIdOf(fields);
  return {
    name,
    base: 'ring',
    edit: (file) => {
      const [one] = file.certificates;
      if (one) Object.assign(one, { fields, statement });
    },
    chain: {
      ...WORLD,
      events: WORLD.events.map(
        (event): TimedEvent =>
          event.kind === 'certificate' && event.id === CERTIFIED.grading.id ? { ...event, id, fields } : event,
      ),
    },
    headline,
    certificate: [0, { statement: result }],
  };
}

const grading = CERTIFIED.grading.statement;

const CERTIFIERS: readonly Case[] = [
  {
    ...attested(
      'a certificate made anew, and nothing wrong with it',
      grading.replace('As examined', 'Again'),
      'genuine-record',
      'pass',
    ),
    why: 'What the others of this group are changed from.',
  },
  attested('a certificate of a text that is not canonical', grading.replace('{', '{ '), 'not-genuine', 'fail'),
  attested('a certificate of something else than a statement', 'It is genuine.', 'not-genuine', 'fail'),
  attested('a certificate whose statement is about another piece', CERTIFIED.deceit.statement, 'not-genuine', 'fail'),
  attested('a certificate whose statement is about its record', CERTIFIED.hallmark.statement, 'not-genuine', 'fail'),
];

/** A batch of two certificates, of which the second has this index. */
function attestedAt(name: string, index: number, headline: Case['headline'], result: string): Case {
  const [first, second] = TOGETHER.entries as [MadeCertificate, MadeCertificate];
  const tree = merkleTree([certificateLeaf(0, first.id), certificateLeaf(index, second.id)]);
  const root = rootOf(tree);
  const id = certificateBatchIdOf(TOGETHER.organisation, root, 2);
  return {
    name,
    base: 'published',
    edit: (file) => {
      const [one] = file.certificates;
      if (one) one.batch = { root, count: 2, index, proof: proofIn(tree, 1) };
    },
    chain: {
      ...WORLD,
      events: WORLD.events.map(
        (event): TimedEvent => (event.kind === 'certificates' ? { ...event, id, root, count: 2 } : event),
      ),
    },
    headline,
    certificate: [0, { batch: result }],
  };
}

const CERTIFICATE_BATCHES: readonly Case[] = [
  {
    ...attestedAt('a batch of certificates made anew, and nothing wrong with it', 1, 'genuine-record', 'pass'),
    why: 'What the other of this group is changed from.',
  },
  attestedAt('a certificate with an index that its batch does not have', 7, 'not-genuine', 'fail'),
];

const foreign = foreignRecord();

/** The plain ring's record, anchored by another organisation under its own name. */
function foreignRecord(): Evidence['conflicts'][number] {
  const other = conflictOf('mistral', 0);
  const { organisation } = other.header;
  const leaf = leafBytes({
    organisation,
    index: 0,
    recordHash: hashRecord(plain as CanonicalText),
    claimKey: other.claimKey,
    extra: other.extra as Hex32,
  });
  return { ...other, record: plain, header: { ...other.header, root: toHex(leaf), count: 1 }, index: 0, proof: [] };
}

const CONFLICTS: readonly Case[] = [
  {
    name: 'a record of another organisation under the same code passed off as a conflict',
    base: 'plain',
    edit: (file) => {
      file.conflicts = [foreign];
    },
    chain: withBatch(conflictOf('mistral', 0).header as BatchHeader, foreign.header as BatchHeader),
    headline: 'not-genuine',
    checks: { 'single-record': 'fail' },
  },
];

export const MADE_CASES: readonly Case[] = [...REGISTRANTS, ...CERTIFIERS, ...CERTIFICATE_BATCHES, ...CONFLICTS];
