// Owns the ledger that the vectors of evidence files are about: who was admitted, what was registered, moved, certified and
// taken back, block by block. What files say about it is bases.ts's.
import {
  type BatchHeader,
  type BatchId,
  batchIdOf,
  payloadHashOf,
  type TokenId,
  tokenIdOf,
} from '../../../src/core/batch.ts';
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
import { ownCode } from '../../../src/core/code.ts';
import type { Happening } from '../../../src/core/events.ts';
import { type Hex32, utf8 } from '../../../src/core/hash.ts';
import {
  leafBytes,
  merkleTree,
  type Root,
  rootOf,
  type Tree,
  ZERO_32,
  ZERO_ADDRESS,
} from '../../../src/core/merkle.ts';
import { canonicalRecord, hashRecord, mustParseRecord } from '../../../src/core/record.ts';
import { addressOf, chainOf, hashOf, timeOf } from '../../../test/support/made-chain.ts';
import { goldRing } from '../../../test/support/records.ts';
import { CERTIFICATES, CHAIN_ID, ORGANISATIONS, organisationAddress, PIECES } from '../chain.ts';
import { least } from '../records.ts';

export const HANDLES = ['atelier-lune', 'bijoux-mistral', 'gem-lab', 'gia', 'assay-office', 'boutique-nord'] as const;
export type Handle = (typeof HANDLES)[number];
export const at = (handle: Handle): string => organisationAddress(CHAIN_ID, ORGANISATIONS, handle);
export const keyOf = (handle: Handle): string => addressOf(`the key of ${handle}`);
export const CUSTOMERS = ['anna', 'ben', 'carla'].map((name) => addressOf(`customer ${name}`));
export const FILE_BLOCK = 22;

const codeOf = (handle: Handle, name: string) => ownCode(handle, utf8(name.padEnd(10, '.')));

export interface Entry {
  readonly record: string;
  readonly claimKey: string;
  readonly extra: Hex32;
}

function entry(title: string, code: object, differing: object = {}, claimKey: string = ZERO_ADDRESS): Entry {
  const record = canonicalRecord(mustParseRecord({ ...least(), title, ...differing, code }));
  return { record, claimKey, extra: ZERO_32 };
}

export interface MadeBatch {
  readonly header: BatchHeader;
  readonly id: BatchId;
  readonly entries: readonly Entry[];
  readonly tree: Tree;
}

function batch(handle: Handle, entries: readonly Entry[], published = false): MadeBatch {
  const organisation = at(handle);
  const leaves = entries.map(({ record, claimKey, extra }, index) =>
    leafBytes({ organisation, index, recordHash: hashRecord(record as never), claimKey, extra }),
  );
  const tree = merkleTree(leaves);
  const header: BatchHeader = {
    organisation,
    root: rootOf(tree),
    count: entries.length,
    mode: published ? 1 : 0,
    payloadHash: published ? payloadHashOf([hashOf('the only part')]) : ZERO_32,
    parts: published ? 1 : 0,
  };
  return { header, id: batchIdOf(header), entries, tree };
}

export const GTIN = '09506000134352';
/** Of a GTIN within a prefix that another holds: the contract doesn't know codes and registers it all the same. */
const POACHED_GTIN = '09506000991238';

export const BATCHES = {
  ring: batch('atelier-lune', [
    entry('A plain ring', codeOf('atelier-lune', 'plain')),
    entry('', { gtin: GTIN, serial: 'AUBE-1' }, goldRing(), addressOf('the card of the ring')),
    entry('A brooch', codeOf('atelier-lune', 'twice')),
  ]),
  published: batch(
    'atelier-lune',
    [entry('A necklace', codeOf('atelier-lune', 'necklace')), entry('A bangle', codeOf('atelier-lune', 'bangle'))],
    true,
  ),
  poached: batch('atelier-lune', [entry('A poached one', { gtin: POACHED_GTIN, serial: '1' })]),
  again: batch('atelier-lune', [entry('A brooch, once more', codeOf('atelier-lune', 'twice'))]),
  traded: batch('atelier-lune', [
    entry('A cup', codeOf('atelier-lune', 'cup')),
    entry('A bowl', codeOf('atelier-lune', 'bowl')),
    entry('A spoon', codeOf('atelier-lune', 'spoon')),
  ]),
  mistral: batch('bijoux-mistral', [
    entry('Earrings', codeOf('bijoux-mistral', 'earrings')),
    entry('A pin', codeOf('bijoux-mistral', 'pin')),
  ]),
};
export type BatchName = keyof typeof BATCHES;

export function tokenOf(name: BatchName, index: number): TokenId {
  return tokenIdOf(BATCHES[name].id, index);
}

export interface MadeCertificate {
  readonly fields: CertificateFields;
  readonly statement: string;
  readonly id: CertificateId;
}

function certificate(
  handle: Handle,
  subject: Subject,
  type: string,
  { validUntil = 0, ...differing }: { validUntil?: number; report?: object } = {},
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
  const pieceEvents = 0;
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
  const key = keyOf(header.organisation === at('atelier-lune') ? 'atelier-lune' : 'bijoux-mistral');
  return { kind: 'batch', batchId: id, header, key };
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
  const window = { permissions: 15, from: timeOf(block), until: 2 ** 48 - 1 };
  return [
    event(handle, 'OrganisationAdmitted', { handle: packed, roles }),
    event(handle, 'KeySet', { key: keyOf(handle), ...window }),
  ];
}

const [anna, ben, carla] = CUSTOMERS as [string, string, string];

export const WORLD = chainOf(
  {
    chainId: CHAIN_ID,
    pieces: PIECES,
    organisations: ORGANISATIONS,
    certificates: CERTIFICATES,
    head: 25,
    finalBlock: 24,
  },
  {
    5: [...admitted('atelier-lune', 1, 5), ...admitted('bijoux-mistral', 1, 5)],
    6: [...admitted('gem-lab', 4, 6), ...admitted('gia', 4, 6), ...admitted('assay-office', 4, 6)],
    7: [...admitted('boutique-nord', 16, 7), event('bijoux-mistral', 'PrefixGranted', { prefix: 1_950_600_099 })],
    // Granted in the block of the batch, and before it.
    10: [event('atelier-lune', 'PrefixGranted', { prefix: 19_506_000 }), registered('ring')],
    11: [registered('published')],
    12: [registered('poached'), registered('again')],
    13: [registered('mistral'), issued('grading'), issued('aboutReport'), registered('traded')],
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
    19: [issued('membership'), issued('audit'), revoked('deceit', 4, 'The stone shown was another one')],
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
    // What no file as of block 22 knows.
    23: [moved(tokenOf('published', 1), at('atelier-lune'), carla), event('boutique-nord', 'RolesSet', { roles: 48 })],
    24: [event('atelier-lune', 'PrefixWithdrawn', { prefix: 19_506_000 })],
  },
);
