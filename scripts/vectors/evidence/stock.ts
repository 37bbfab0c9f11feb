// Owns what the ledger of the vectors of evidence files is about: organisations, batches with their records, customers. What
// happens to them is world.ts's and lives.ts's.
import {
  type BatchHeader,
  type BatchId,
  batchIdOf,
  payloadHashOf,
  type TokenId,
  tokenIdOf,
} from '../../../src/core/batch.ts';
import { ownCode } from '../../../src/core/code.ts';
import { type Hex32, utf8 } from '../../../src/core/hash.ts';
import { extraOf, massesOf } from '../../../src/core/lot.ts';
import { leafBytes, merkleTree, rootOf, type Tree, ZERO_32, ZERO_ADDRESS } from '../../../src/core/merkle.ts';
import { canonicalRecord, hashRecord, mustParseRecord } from '../../../src/core/record.ts';
import { addressOf, hashOf } from '../../../test/support/made-chain.ts';
import { goldRing } from '../../../test/support/records.ts';
import { CHAIN_ID, ORGANISATIONS, organisationAddress } from '../chain.ts';
import { least } from '../records.ts';
import { goldOf, LOTS_MADE } from './stock-lots.ts';

/** In order of admission. */
export const HANDLES = [
  'atelier-lune',
  'bijoux-mistral',
  'gem-lab',
  'gia',
  'assay-office',
  'boutique-nord',
  'maison-aube',
  'maison-zenith',
  'bench-sud',
  'court-ouest',
] as const;
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
  const parsed = mustParseRecord({ ...least(), title, ...differing, code });
  return { record: canonicalRecord(parsed), claimKey, extra: extraOf(massesOf(parsed)) };
}

const golden = (name: string, ...materials: readonly object[]) =>
  entry(`A chain, ${name}`, codeOf('atelier-lune', name), { materials });

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

/** Pieces by what becomes of them. */
function lived(...names: readonly string[]): MadeBatch {
  const card = (name: string) => addressOf(`the card of the piece ${name}`);
  return batch(
    'maison-aube',
    names.map((name) => entry(`A clasp, ${name}`, codeOf('maison-aube', name), {}, card(name))),
  );
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
  lived: lived(
    ...['long', 'stolen', 'recovered', 'recovering', 'melted', 'earlier', 'locked', 'withdrawn', 'kept', 'dismissed'],
    ...['quiet', 'news', 'forbidden', 'scarred'],
  ),
  recalled: lived('recalled'),
  lifted: lived('lifted', 'lifted too'),
  disowned: lived('disowned'),
  alloyed: batch('atelier-lune', [golden('alloyed', goldOf(3_000)), golden('second', goldOf(1_000))], true),
  hidden: batch('atelier-lune', [golden('hidden', goldOf(2_000), goldOf(500))]),
  untold: batch('atelier-lune', [golden('untold', goldOf(700))]),
  overdrawn: batch(
    'atelier-lune',
    [
      golden('overdrawn', goldOf(1_001)),
      { ...golden('uncommitted', goldOf(1)), extra: ZERO_32 },
      golden('gilt', goldOf(5, LOTS_MADE.silver.id)),
    ],
    true,
  ),
  scrapped: lived('scrapped', 'approved', 'sold before'),
};
export type BatchName = keyof typeof BATCHES;

export function tokenOf(name: BatchName, index: number): TokenId {
  return tokenIdOf(BATCHES[name].id, index);
}
