// Owns the vectors of files whose parts don't fit each other: records, proofs, tokens, organisations, order.
import { canonicalise } from '../../../src/core/canonical.ts';
import type { Evidence } from '../../../src/core/evidence.ts';
import { toHex } from '../../../src/core/hash.ts';
import { type Leaf, leafBytes, proofIn } from '../../../src/core/merkle.ts';
import { hashRecord } from '../../../src/core/record.ts';
import { addressOf, hashOf } from '../../../test/support/made-chain.ts';
import { fileOf, organisationsOf } from './bases.ts';
import type { Case } from './case.ts';
import { at, BATCHES, tokenOf, WORLD } from './world.ts';

type Edit = (file: Evidence) => void;

function forged(name: string, base: string, failing: string | readonly string[], edit: Edit): Case {
  const checks = Object.fromEntries([failing].flat().map((check) => [check, 'fail']));
  return { name, base, edit, headline: 'not-genuine', checks };
}

const record = (name: string, edit: (text: string) => string) =>
  forged(name, 'plain', 'record-in-batch', (file) => {
    file.record = edit(file.record);
  });

const proof = (name: string, edit: (hashes: string[]) => string[]) =>
  forged(name, 'plain', 'record-in-batch', ({ batch }) => {
    batch.proof = edit(batch.proof);
  });

const tree = BATCHES.ring.tree;
const nodeAt = (level: number, index: number) => toHex(tree[level]?.[index] as Uint8Array);

const RECORDS: readonly Case[] = [
  record('a letter of the record changed', (text) => text.replace('A plain', 'A plane')),
  record('the record of its neighbour', () => BATCHES.ring.entries[2]?.record as string),
  record('white space in the record', (text) => text.replace('{', '{ ')),
  record('a line end after the record', (text) => `${text}\n`),
  record('members of the record in another order', (text) => {
    const entries = Object.entries(JSON.parse(text)).reverse();
    return JSON.stringify(Object.fromEntries(entries));
  }),
  record('an escape in the record where none is needed', (text) => text.replace('A plain', '\\u0041 plain')),
  record('a member of the record twice', (text) => text.replace('{', '{"code":1,')),
  record('a record of an unknown schema', (text) => text.replace('record/1', 'record/9')),
  record('a member of the record that the format does not have', (text) =>
    canonicalise({ ...JSON.parse(text), verified: true }),
  ),
  record('a record that is not in normal form C', (text) => text.replace('A plain', 'A\u030a plain')),
  record('no record', () => ''),
  record('null for a record', () => 'null'),
  record('a lone surrogate in the record', (text) => text.replace('A plain', '\ud800 plain')),
];

const PROOFS: readonly Case[] = [
  proof('a proof without its last hash', (hashes) => hashes.slice(0, -1)),
  proof('a proof without its first hash', (hashes) => hashes.slice(1)),
  proof('no proof', () => []),
  proof('a proof with a hash more', (hashes) => [...hashes, hashOf('one more')]),
  proof('a proof the other way round', (hashes) => [...hashes].reverse()),
  proof('the proof of another leaf', () => proofIn(tree, 1)),
  proof('a hash of the proof changed', ([first = '', ...rest]) => [
    first.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
    ...rest,
  ]),
  proof('an inner node where the leaf of a proof belongs', () => [nodeAt(1, 0), nodeAt(0, 2)]),
  forged('a record made of an inner node: the root passed off as a leaf', 'plain', 'record-in-batch', ({ batch }) => {
    batch.header.root = nodeAt(1, 0) as Leaf;
    batch.proof = [];
  }),
  forged('another index', 'plain', ['record-in-batch', 'token-of-batch'], ({ batch }) => {
    batch.index = 2;
  }),
  forged('another index, with the token id that it has', 'plain', 'record-in-batch', (file) => {
    file.batch.index = 2;
    file.tokenId = tokenOf('ring', 2);
  }),
  forged('an index beyond the count', 'plain', 'record-in-batch', (file) => {
    file.batch.index = 3;
    file.tokenId = tokenOf('ring', 3);
  }),
  forged('a claim key added', 'plain', 'record-in-batch', ({ batch }) => {
    batch.claimKey = addressOf("the forger's card");
  }),
  forged('the claim key changed', 'ring', 'record-in-batch', ({ batch }) => {
    batch.claimKey = addressOf("the forger's card");
  }),
  forged('extra changed', 'plain', 'record-in-batch', ({ batch }) => {
    batch.extra = hashOf('extra');
  }),
];

const HEADERS: readonly Case[] = [
  forged('another count', 'plain', 'token-of-batch', ({ batch }) => {
    batch.header.count = 4;
  }),
  forged('another root', 'plain', ['record-in-batch', 'token-of-batch'], ({ batch }) => {
    batch.header.root = hashOf('another root');
  }),
  forged('another organisation', 'plain', ['record-in-batch', 'token-of-batch'], ({ batch }) => {
    batch.header.organisation = at('bijoux-mistral');
  }),
  forged('another mode', 'plain', 'token-of-batch', ({ batch }) => {
    batch.header.mode = 1;
  }),
  forged('another payload hash', 'published', 'token-of-batch', ({ batch }) => {
    batch.header.payloadHash = hashOf('another payload');
  }),
  forged('another number of parts', 'published', 'token-of-batch', ({ batch }) => {
    batch.header.parts = 2;
  }),
  forged('the token id of another piece', 'plain', 'token-of-batch', (file) => {
    file.tokenId = tokenOf('ring', 1);
  }),
];

const MOVES: readonly Case[] = [
  forged('moves in another order', 'ring', 'events-in-order', ({ moves }) => {
    moves.reverse();
  }),
  forged('a move numbered otherwise', 'ring', 'events-in-order', ({ moves }) => {
    (moves[1] as Evidence['moves'][number]).number = 3;
  }),
  forged('a move twice', 'ring', 'events-in-order', ({ moves }) => {
    moves.splice(1, 0, moves[0] as Evidence['moves'][number]);
  }),
  forged('a move left out in the middle', 'ring', 'events-in-order', ({ moves }) => {
    moves.splice(1, 1);
  }),
  forged('the first move left out, the others numbered anew', 'ring', 'events-in-order', ({ moves }) => {
    moves.shift();
    moves.forEach((move, i) => {
      move.number = i + 1;
    });
  }),
  forged('a move after the block of the file', 'ring', 'events-in-order', ({ moves }) => {
    (moves[2] as Evidence['moves'][number]).block = 23;
  }),
  forged('registered after the block of the file', 'plain', 'events-in-order', ({ batch }) => {
    batch.anchored.block = 23;
  }),
  forged('a move before the piece was born', 'ring', 'events-in-order', ({ moves }) => {
    (moves[0] as Evidence['moves'][number]).block = 9;
  }),
  forged('another owner', 'ring', ['owner-as-told', 'history-complete'], (file) => {
    file.owner = addressOf('a thief');
  }),
  forged('events of a kind there are none of', 'plain', 'events-in-order', (file) => {
    file.pieceEvents = 1;
  }),
  forged('events of the batch, of which there are none', 'plain', 'events-in-order', (file) => {
    file.rangeEvents = 1;
  }),
];

const ORGANISATIONS: readonly Case[] = [
  forged('its registrant left out', 'plain', 'organisations-known', (file) => {
    file.organisations = [];
  }),
  forged('its registrant twice', 'plain', 'organisations-known', ({ organisations }) => {
    organisations.push(organisations[0] as Evidence['organisations'][number]);
  }),
  forged(
    'its registrant with the handle of another',
    'plain',
    ['organisations-known', 'code-belongs-to-registrant'],
    (file) => {
      (file.organisations[0] as Evidence['organisations'][number]).handle = 'bijoux-mistral';
    },
  ),
  forged('an organisation that has nothing to do with the piece', 'plain', 'organisations-known', (file) => {
    file.organisations.push(
      ...organisationsOf(
        WORLD.events.filter(({ block }) => block <= 22),
        [at('gia')],
      ),
    );
  }),
  forged('organisations in another order', 'ring', 'events-in-order', ({ organisations }) => {
    organisations.reverse();
  }),
  forged('events of an organisation in another order', 'plain', 'events-in-order', ({ organisations }) => {
    organisations[0]?.events.reverse();
  }),
  forged('two later events of an organisation in another order', 'plain', 'events-in-order', ({ organisations }) => {
    organisations[0]?.events.splice(1, 0, ...(organisations[0]?.events.splice(2, 1) ?? []));
  }),
  forged('prefixes in another order', 'poached', 'events-in-order', ({ prefixes }) => {
    prefixes.reverse();
  }),
  forged('the own code of another organisation', 'plain', 'code-belongs-to-registrant', stolenCode),
  forged('a GTIN whose longer prefix another holds, and that grant left out', 'poached', 'history-complete', (file) => {
    file.prefixes = file.prefixes.filter(({ prefix }) => prefix.length === 7);
  }),
  forged('a prefix that does not cover the code', 'ring', 'events-in-order', ({ prefixes }) => {
    (prefixes[0] as Evidence['prefixes'][number]).prefix = '9999999';
  }),
  forged('a prefix told beside an own code', 'plain', 'events-in-order', (file) => {
    file.prefixes = fileOf('ring', 1).prefixes;
  }),
  forged('the grant of its prefix left out', 'ring', 'code-belongs-to-registrant', (file) => {
    file.prefixes = [];
  }),
];

/** A batch of one, made by the forger for himself, with an own code of another's. */
function stolenCode(file: Evidence): void {
  const organisation = at('bijoux-mistral');
  const leaf = leafBytes({
    ...file.batch,
    organisation,
    index: 0,
    recordHash: hashRecord(file.record as never),
    extra: file.batch.extra as never,
  });
  file.batch = {
    ...file.batch,
    index: 0,
    proof: [],
    header: { ...file.batch.header, organisation, count: 1, root: toHex(leaf) },
  };
  file.owner = organisation;
  file.organisations = fileOf('mistral', 0).organisations.filter(({ address }) => address === organisation);
}

export const FILE_CASES: readonly Case[] = [...RECORDS, ...PROOFS, ...HEADERS, ...MOVES, ...ORGANISATIONS];
