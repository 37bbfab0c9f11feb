// Owns the ledger that the vectors of evidence files are about: who was admitted, what was registered, moved, certified and
// taken back, block by block. What else happened to pieces is lives.ts's; what files say about it is bases.ts's.

import type { TokenId } from '../../../src/core/batch.ts';
import {
  type CertificateFields,
  type CertificateId,
  canonicalStatement,
  certificateBatchIdOf,
  certificateIdOf,
  certificateLeaf,
  fieldsOf as fieldsOfStatement,
  hashStatement,
  mustParseStatement,
  type Subject,
} from '../../../src/core/certificate.ts';
import type { Happening } from '../../../src/core/events.ts';
import { merkleTree, type Root, rootOf } from '../../../src/core/merkle.ts';
import { hashRecord } from '../../../src/core/record.ts';
import { addressOf, chainOf, timeOf } from '../../../test/support/made-chain.ts';
import { CERTIFICATES, CHAIN_ID, LIFE_EVENTS, LOTS, ORGANISATIONS, PIECES } from '../chain.ts';
import { livedIn } from './lives.ts';
import { at, BATCHES, type BatchName, CUSTOMERS, HANDLES, type Handle, keyOf, tokenOf } from './stock.ts';
import { LOTS_MADE } from './stock-lots.ts';

export { at, BATCHES, type BatchName, CUSTOMERS, FILE_BLOCK, HANDLES, type Handle, keyOf, tokenOf } from './stock.ts';

export interface MadeCertificate {
  readonly fields: CertificateFields;
  readonly statement: string;
  readonly id: CertificateId;
}

function certificate(
  handle: Handle,
  subject: Subject,
  type: string,
  {
    validUntil = 0,
    pieceEvents = 0,
    ...differing
  }: { validUntil?: number; pieceEvents?: number; report?: object; title?: string; balance?: readonly object[] } = {},
): MadeCertificate {
  const statement = mustParseStatement({
    schema: 'touchstone/certificate/1',
    language: 'en',
    type,
    subject,
    title: `${type} by ${handle}`,
    statement: 'As examined.',
    evidence: 'accredited',
    ...differing,
  });
  const text = canonicalStatement(statement);
  const fields = fieldsOfStatement(at(handle), statement, hashStatement(text), { validUntil, pieceEvents });
  return { fields, statement: text, id: certificateIdOf(fields) };
}

const piece = (name: BatchName, index: number): Subject => ({ kind: 'piece', tokenId: tokenOf(name, index) });
const recordOf = (name: BatchName, index: number): Subject => ({
  kind: 'record',
  recordHash: hashRecord(BATCHES[name].entries[index]?.record as never),
});
const REPORT = { issuer: 'GIA', number: '2141438171' };

export const CERTIFIED = {
  grading: certificate('gia', piece('ring', 1), 'grading', { report: REPORT }),
  hallmark: certificate('assay-office', recordOf('ring', 1), 'hallmark'),
  aboutReport: certificate('gem-lab', { kind: 'report', ...REPORT }, 'identification'),
  deceit: certificate('gem-lab', piece('mistral', 0), 'authenticity'),
  replaced: certificate('gem-lab', piece('published', 0), 'appraisal'),
  aboutBatch: certificate('gem-lab', { kind: 'batch', batchId: BATCHES.published.id }, 'restricted-substances'),
  membership: certificate('gem-lab', { kind: 'organisation', organisation: at('bijoux-mistral') }, 'membership', {
    validUntil: timeOf(20),
  }),
  beforeWork: certificate('gem-lab', piece('lived', 0), 'identification', { pieceEvents: 6 }),
  ahead: certificate('gem-lab', piece('lived', 0), 'appraisal', { pieceEvents: 1_000 }),
  afterWork: certificate('gem-lab', piece('lived', 0), 'identification', { pieceEvents: 9, title: 'after the repair' }),
  aboutScarred: certificate('gem-lab', recordOf('lived', 13), 'identification'),
  balance: certificate('gem-lab', { kind: 'batch', batchId: BATCHES.hidden.id }, 'mass-balance', {
    balance: [{ lot: LOTS_MADE.alloy.id, quantity: 2_500 }],
  }),
  audit: certificate('gem-lab', { kind: 'organisation', organisation: at('bijoux-mistral') }, 'audit'),
};
export type CertificateName = keyof typeof CERTIFIED;

/** Certificates under one root: about the ring, the necklace and something else. */
export const TOGETHER = certificateBatch('gem-lab', [
  certificate('gem-lab', recordOf('ring', 1), 'appraisal', { validUntil: timeOf(19) }),
  certificate('gem-lab', piece('published', 0), 'origin'),
  certificate('gem-lab', piece('poached', 0), 'origin'),
]);

function certificateBatch(handle: Handle, entries: readonly MadeCertificate[]) {
  const tree = merkleTree(entries.map(({ id }, index) => certificateLeaf(index, id)));
  const root = rootOf(tree) as Root;
  return { organisation: at(handle), entries, tree, root, id: certificateBatchIdOf(at(handle), root, entries.length) };
}

const registered = (name: BatchName): Happening => {
  const { header, id } = BATCHES[name];
  const handle = HANDLES.find((one) => at(one) === header.organisation) as Handle;
  return { kind: 'batch', batchId: id, header, key: keyOf(handle) };
};
const issued = (name: CertificateName): Happening => {
  const { id, fields } = CERTIFIED[name];
  const handle = HANDLES.find((one) => at(one) === fields.organisation) as Handle;
  return { kind: 'certificate', id, fields, key: keyOf(handle) };
};
const revoked = (name: CertificateName, reason: number, words: string): Happening => {
  const { id, fields } = CERTIFIED[name];
  return { kind: 'revocation', id, index: 0, organisation: fields.organisation, reason, words, key: keyOf('gem-lab') };
};
const moved = (tokenId: TokenId, from: string, to: string): Happening => ({ kind: 'move', tokenId, from, to });

/** The pieces of the traded batch from the first index to the last change hands with it. */
export const passed = (first: number, last: number, from: Handle, to: Handle): Happening => {
  return { kind: 'run', batchId: BATCHES.traded.id, first, last, from: at(from), to: at(to) };
};

function event(handle: Handle, name: string, data: object = {}): Happening {
  return { kind: 'organisation', organisation: at(handle), name, data: { organisation: at(handle), ...data } };
}

function admitted(handle: Handle, roles: number, block: number): Happening[] {
  const packed = `0x${Buffer.from(handle).toString('hex').padEnd(64, '0')}`;
  const window = { permissions: 255, from: timeOf(block), until: 2 ** 48 - 1 };
  return [
    event(handle, 'OrganisationAdmitted', { handle: packed, roles }),
    event(handle, 'KeySet', { key: keyOf(handle), ...window }),
  ];
}

const [anna, ben, carla] = CUSTOMERS as [string, string, string];

const LIVES: readonly BatchName[] = ['lived', 'recalled', 'lifted', 'disowned', 'scrapped'];

const made = (name: keyof typeof LOTS_MADE): Happening => {
  const { id, header, madeOf } = LOTS_MADE[name];
  return { kind: 'lot', lotId: id, header, operation: madeOf.length > 0 ? 3 : 0, key: keyOf('atelier-lune') };
};
const drawn = (name: keyof typeof LOTS_MADE, number: number, batch: BatchName, quantity: number): Happening => {
  const { id: batchId } = BATCHES[batch];
  return { kind: 'lot-drawn', lotId: LOTS_MADE[name].id, number, batchId, quantity, key: keyOf('atelier-lune') };
};

const WORLD_BLOCKS: Readonly<Record<number, readonly Happening[]>> = {
  5: [...admitted('atelier-lune', 1, 5), ...admitted('bijoux-mistral', 1, 5)],
  6: [...admitted('gem-lab', 4, 6), ...admitted('gia', 4, 6), ...admitted('assay-office', 4, 6)],
  7: [...admitted('boutique-nord', 16, 7), event('bijoux-mistral', 'PrefixGranted', { prefix: 1_950_600_099 })],
  // Granted in the block of the batch, and before it.
  8: [
    ...admitted('maison-aube', 1, 8),
    ...admitted('maison-zenith', 1, 8),
    ...admitted('bench-sud', 8, 8),
    ...admitted('court-ouest', 32, 8),
  ],
  9: [
    ...(['dore', 'alloy', 'silver'] as const).map(made),
    drawn('alloy', 2, 'alloyed', 3_000),
    drawn('alloy', 3, 'hidden', 2_500),
    drawn('alloy', 4, 'alloyed', 1_000),
    drawn('alloy', 5, 'overdrawn', 1_000),
    drawn('silver', 2, 'overdrawn', 5),
    ...(['alloyed', 'hidden', 'untold', 'overdrawn'] as const).map(registered),
    issued('balance'),
    drawn('alloy', 6, 'untold', 700),
  ],
  10: [event('atelier-lune', 'PrefixGranted', { prefix: 19_506_000 }), registered('ring')],
  11: [registered('published')],
  12: [registered('poached'), registered('again')],
  13: [registered('mistral'), issued('grading'), issued('aboutReport'), registered('traded'), ...LIVES.map(registered)],
  14: [
    moved(tokenOf('ring', 1), at('atelier-lune'), anna),
    issued('hallmark'),
    moved(tokenOf('traded', 2), at('atelier-lune'), carla),
  ],
  15: [
    moved(tokenOf('ring', 1), anna, at('boutique-nord')),
    moved(tokenOf('ring', 1), at('boutique-nord'), ben),
    {
      kind: 'certificates',
      id: TOGETHER.id,
      organisation: at('gem-lab'),
      root: TOGETHER.root,
      count: 3,
      key: keyOf('gem-lab'),
    },
    issued('deceit'),
    issued('replaced'),
  ],
  16: [
    issued('aboutScarred'),
    moved(tokenOf('published', 1), at('atelier-lune'), at('atelier-lune')),
    issued('aboutBatch'),
    passed(0, 1, 'atelier-lune', 'boutique-nord'),
  ],
  17: [event('gem-lab', 'OrganisationSuspended', { reason: 'Accreditation lapsed' }), revoked('replaced', 2, '')],
  18: [
    event('gem-lab', 'OrganisationReinstated'),
    event('assay-office', 'OrganisationSuspended', { reason: 'Closed' }),
    passed(0, 1, 'boutique-nord', 'bijoux-mistral'),
  ],
  19: [
    event('maison-aube', 'OrganisationSucceeded', { successor: at('maison-zenith') }),
    issued('beforeWork'),
    issued('ahead'),
    issued('beforeWork'),
    issued('ahead'),
    issued('membership'),
    issued('audit'),
    revoked('deceit', 4, 'The stone shown was another one'),
  ],
  20: [
    event('atelier-lune', 'KeySet', {
      key: addressOf('a second key'),
      permissions: 3,
      from: timeOf(20),
      until: timeOf(90),
    }),
    revoked('audit', 1, 'Site mixed up'),
    moved(tokenOf('traded', 1), at('bijoux-mistral'), ben),
  ],
  21: [issued('afterWork')],
  // What no file as of block 22 knows.
  23: [moved(tokenOf('published', 1), at('atelier-lune'), carla), event('boutique-nord', 'RolesSet', { roles: 48 })],
  24: [event('atelier-lune', 'PrefixWithdrawn', { prefix: 19_506_000 })],
  25: [drawn('alloy', 7, 'alloyed', 9)],
};

export const WORLD = chainOf(
  {
    chainId: CHAIN_ID,
    pieces: PIECES,
    organisations: ORGANISATIONS,
    certificates: CERTIFICATES,
    lots: LOTS,
    lifeEvents: LIFE_EVENTS,
    head: 25,
    finalBlock: 24,
  },
  Object.fromEntries(
    Object.entries(WORLD_BLOCKS).map(([block, happenings]) => [block, [...happenings, ...livedIn(Number(block))]]),
  ),
);
