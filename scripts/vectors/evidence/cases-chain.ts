// Owns the vectors of files that fit in themselves and not the chain: what an honest node denies, and what it can't tell.
import type { Evidence } from '../../../src/core/evidence.ts';
import type { TimedEvent } from '../../../src/core/verdict.ts';
import { addressOf, blockHash, hashOf, type MadeChain, timeOf } from '../../../test/support/made-chain.ts';
import { conflictOf, fileOf } from './bases.ts';
import type { Case } from './case.ts';
import { at, BATCHES, CUSTOMERS, WORLD } from './world.ts';

type Edit = (file: Evidence) => void;
type Move = Evidence['moves'][number];
type Organisation = Evidence['organisations'][number];

function denied(name: string, base: string, failing: string, edit: Edit, more: Partial<Case> = {}): Case {
  return { name, base, edit, headline: 'not-genuine', checks: { [failing]: 'fail' }, ...more };
}

function open(name: string, base: string, check: string, edit: Edit, more: Partial<Case> = {}): Case {
  return { name, base, edit, headline: 'not-confirmed', checks: { [check]: 'unknown' }, ...more };
}

const without = (fits: (event: TimedEvent) => boolean): MadeChain => ({
  ...WORLD,
  events: WORLD.events.filter((event) => !fits(event)),
});
const withEvent = (event: TimedEvent): MadeChain => ({
  ...WORLD,
  events: [...WORLD.events, event].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex),
});
const isOfRing = (event: TimedEvent) => event.kind === 'batch' && event.batchId === BATCHES.ring.id;
const nothing: Edit = () => {};

const REGISTRIES: readonly Case[] = [
  denied('a registry other than the expected one', 'plain', 'registry-expected', nothing, {
    registry: { chainId: WORLD.chainId, address: addressOf('the registry that was meant') },
  }),
  denied('the expected registry on another chain', 'plain', 'registry-expected', nothing, {
    registry: { chainId: 1, address: WORLD.pieces },
  }),
  open('no registry named by whoever asks', 'plain', 'registry-expected', nothing, { registry: null }),
  {
    name: 'the expected registry, named with capital letters',
    why: 'Addresses are often written with a checksum in their capitals.',
    base: 'plain',
    registry: { chainId: WORLD.chainId, address: WORLD.pieces.toUpperCase().replace('0X', '0x') },
    headline: 'genuine-record',
  },
  denied("a registry of the forger's own", 'plain', 'same-chain', ({ chain }) => {
    chain.pieces = addressOf("the forger's registry");
  }),
  denied(
    'an address without a registry, and trusted by mistake',
    'plain',
    'same-chain',
    ({ chain }) => {
      chain.pieces = addressOf('nothing there');
    },
    { registry: { chainId: WORLD.chainId, address: addressOf('nothing there') } },
  ),
  denied('another chain id', 'plain', 'same-chain', ({ chain }) => {
    chain.chainId = 1;
  }),
  denied('another first block', 'plain', 'same-chain', ({ chain }) => {
    chain.genesis = hashOf('another genesis');
  }),
  denied('organisations in another contract', 'plain', 'same-chain', ({ chain }) => {
    chain.organisations = addressOf("the forger's organisations");
  }),
  denied('certificates in another contract', 'plain', 'same-chain', ({ chain }) => {
    chain.certificates = addressOf("the forger's certificates");
  }),
];

const BLOCKS: readonly Case[] = [
  denied('another time of the block of the file', 'plain', 'same-chain', ({ asOf }) => {
    asOf.time += 1;
  }),
  open(
    'another hash of the block of the file',
    'plain',
    'same-chain',
    ({ asOf }) => {
      asOf.blockHash = hashOf('a block given up');
    },
    { why: 'A reorganisation does that to an honest file, so nobody is accused: a new file settles it.' },
  ),
  open('as of a block that the node has not seen', 'plain', 'same-chain', ({ asOf }) => {
    asOf.block = 1_000;
  }),
  open('another time of anchoring, as of a block given up', 'plain', 'anchored', ({ asOf, batch }) => {
    asOf.blockHash = hashOf('a block given up');
    batch.anchored.transaction = hashOf('the same, mined in another block');
  }),
  denied(
    'never registered, as of a block given up',
    'plain',
    'anchored',
    ({ asOf }) => {
      asOf.blockHash = hashOf('a block given up');
    },
    { chain: without(isOfRing), why: 'Wherever the file was made, the registry does not know its batch now.' },
  ),
  open('an honest file, and a node that lags behind it', 'ring', 'same-chain', nothing, {
    chain: { ...without((event) => event.block > 14), head: 14 },
    checks: { 'same-chain': 'unknown', anchored: 'pass', 'history-complete': 'unknown' },
  }),
  open('an honest file, and a node that lags behind its batch', 'plain', 'anchored', nothing, {
    chain: { ...without((event) => event.block > 9), head: 9 },
    checks: { anchored: 'unknown', 'history-complete': 'unknown' },
  }),
];

const ANCHORS: readonly Case[] = [
  denied('a batch never registered', 'plain', 'anchored', nothing, { chain: without(isOfRing) }),
  denied('registered at another time', 'plain', 'anchored', ({ batch }) => {
    batch.anchored.time -= 86_400;
  }),
  denied('registered in another block', 'plain', 'anchored', ({ batch }) => {
    batch.anchored.block = 9;
  }),
  denied('registered by another transaction', 'plain', 'anchored', ({ batch }) => {
    batch.anchored.transaction = hashOf('another transaction');
  }),
  denied('registered by another log', 'plain', 'anchored', ({ batch }) => {
    batch.anchored.logIndex = 7;
  }),
  denied('registered by another key', 'plain', 'anchored', ({ batch }) => {
    batch.anchored.key = addressOf('another key');
  }),
];

const at2 = (moves: Move[], i: number): Move => moves[i] as Move;

const MOVES: readonly Case[] = [
  denied('the last move left out', 'ring', 'history-complete', (file) => {
    file.moves.pop();
    file.owner = at('boutique-nord');
  }),
  denied('all moves left out', 'ring', 'history-complete', (file) => {
    file.moves = [];
    file.owner = at('atelier-lune');
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'boutique-nord');
  }),
  denied('a move in the middle left out, and the rest made to fit', 'ring', 'history-complete', (file) => {
    const [first, , last] = file.moves as [Move, Move, Move];
    file.moves = [first, { ...last, number: 2, from: first.to }];
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'boutique-nord');
  }),
  denied('a move added at the end', 'plain', 'history-complete', (file) => {
    const place = { block: 21, logIndex: 0, time: timeOf(21), transaction: hashOf('no transaction') };
    file.moves.push({ number: 1, from: file.owner, to: CUSTOMERS[0] as string, claim: null, ...place });
    file.owner = CUSTOMERS[0] as string;
  }),
  denied('a buyer in the middle exchanged for another', 'ring', 'history-complete', ({ moves }) => {
    at2(moves, 0).to = addressOf('somebody famous');
    at2(moves, 1).from = addressOf('somebody famous');
  }),
  denied('the last buyer exchanged for another', 'ring', 'history-complete', (file) => {
    at2(file.moves, 2).to = addressOf('a thief');
    file.owner = addressOf('a thief');
  }),
  denied('a move at another time', 'ring', 'history-complete', ({ moves }) => {
    at2(moves, 0).time = timeOf(12);
  }),
  denied('a move by another transaction', 'ring', 'history-complete', ({ moves }) => {
    at2(moves, 0).transaction = hashOf('another transaction');
  }),
  denied('a move to its own owner left out', 'bangle', 'history-complete', (file) => {
    file.moves = [];
  }),
  {
    name: 'a file older than its last move',
    why: 'As of its block it tells everything; what happened since is said beside it.',
    base: 'ring',
    edit: (file) => Object.assign(file, fileOf('ring', 1, 14)),
    headline: 'genuine-record',
    checks: { 'nothing-since': 'warn', 'history-complete': 'pass' },
  },
  denied('the block of a file moved back behind a move that it leaves out', 'ring', 'history-complete', (file) => {
    Object.assign(file, fileOf('ring', 1, 14));
    file.asOf = { block: 15, blockHash: blockHash(15), time: timeOf(15) };
  }),
];

const LIVES: readonly Case[] = [
  denied('a suspension of a certifier concealed', 'ring', 'history-complete', ({ organisations }) => {
    const office = organisations.find(({ handle }) => handle === 'assay-office') as Organisation;
    office.events = office.events.filter(({ name }) => name !== 'OrganisationSuspended');
  }),
  denied('an event of the registrant left out', 'plain', 'history-complete', ({ organisations }) => {
    organisations[0]?.events.pop();
  }),
  denied('a suspension invented', 'plain', 'history-complete', ({ organisations }) => {
    const place = { block: 21, logIndex: 0, time: timeOf(21), transaction: hashOf('no transaction') };
    const data = { organisation: at('atelier-lune'), reason: 'Fraud' };
    organisations[0]?.events.push({ name: 'OrganisationSuspended', data, ...place });
  }),
  denied('the reason of a suspension changed', 'ring', 'history-complete', ({ organisations }) => {
    const events = organisations.flatMap((one) => one.events);
    const found = events.find(({ name }) => name === 'OrganisationSuspended') as { data: { reason: string } };
    found.data.reason = 'Moved house';
  }),
  denied('roles of an organisation changed', 'plain', 'history-complete', ({ organisations }) => {
    const admission = organisations[0]?.events[0] as { data: { roles: number } };
    admission.data.roles = 63;
  }),
  denied('that an owner was an organisation left out', 'ring', 'history-complete', (file) => {
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'boutique-nord');
  }),
  denied('a prefix grant invented', 'poached', 'history-complete', (file) => {
    const place = { block: 8, logIndex: 0, time: timeOf(8), transaction: hashOf('no transaction') };
    const grant = { name: 'PrefixGranted' as const, prefix: '950600099123', organisation: at('atelier-lune') };
    file.prefixes.splice(1, 0, { ...grant, ...place });
  }),
  denied('a prefix grant at an earlier time', 'ring', 'history-complete', ({ prefixes }) => {
    const [grant] = prefixes as [Evidence['prefixes'][number]];
    grant.block = 9;
  }),
  denied(
    'a withdrawal of the prefix, before the batch, left out',
    'ring',
    'code-belongs-to-registrant',
    grantedEarlier,
    {
      chain: {
        ...WORLD,
        events: [...WORLD.events.map(earlier), organisationEvent('PrefixWithdrawn', 9, 0)].sort(
          (a, b) => a.block - b.block || a.logIndex - b.logIndex,
        ),
      },
    },
  ),
  {
    name: 'a prefix withdrawn after the batch was anchored',
    why: 'What was anchored while it lasted keeps its GTIN.',
    base: 'ring',
    edit: nothing,
    headline: 'genuine-record',
    checks: { 'code-belongs-to-registrant': 'pass' },
  },
  {
    name: 'a registrant suspended since',
    why: 'What it registered before stays what it was.',
    base: 'plain',
    chain: withEvent(organisationEvent('OrganisationSuspended', 23, 9)),
    headline: 'genuine-record',
    checks: { 'registrant-in-good-standing': 'warn' },
  },
];

/** The registrant's prefix, granted in block 8 instead of the batch's own. */
function earlier<T extends { block: number; time: number; logIndex: number; name?: string }>(event: T): T {
  const isGrant = event.name === 'PrefixGranted' && event.block === 10;
  return isGrant ? { ...event, block: 8, time: timeOf(8) } : event;
}

function grantedEarlier(file: Evidence): void {
  file.prefixes = file.prefixes.map(earlier);
  for (const one of file.organisations) one.events = one.events.map(earlier);
}

/** An event of the registrant that only the chain knows of. */
function organisationEvent(name: string, block: number, logIndex: number): TimedEvent {
  const organisation = at('atelier-lune');
  const data = name === 'PrefixWithdrawn' ? { prefix: 19_506_000 } : { reason: 'Fraud' };
  const place = { block, logIndex, time: timeOf(block), transaction: hashOf(`${name}`), blockHash: blockHash(block) };
  return { kind: 'organisation', organisation, name, data: { organisation, ...data }, ...place };
}

const CONFLICTS: readonly Case[] = [
  {
    name: 'a conflict left out',
    why: 'No file can show that there is none: single-record is unknown and never passes.',
    base: 'twice',
    edit: (file) => {
      file.conflicts = [];
    },
    headline: 'genuine-record',
    checks: { 'single-record': 'unknown' },
  },
  denied('another piece of the registrant passed off as a conflict', 'plain', 'single-record', (file) => {
    file.conflicts = [conflictOf('ring', 1)];
  }),
  denied('the piece itself passed off as a conflict', 'plain', 'single-record', (file) => {
    file.conflicts = [conflictOf('ring', 0)];
  }),
  denied('a conflict whose record was changed to be one', 'plain', 'single-record', (file) => {
    const other = conflictOf('again', 0);
    const { code } = JSON.parse(file.record);
    file.conflicts = [{ ...other, record: other.record.replace(JSON.parse(other.record).code.code, code.code) }];
  }),
  denied('a conflict that was never registered', 'twice', 'single-record', nothing, {
    chain: without((event) => event.kind === 'batch' && event.batchId === BATCHES.again.id),
  }),
  denied('a conflict twice', 'twice', 'single-record', (file) => {
    file.conflicts = [conflictOf('again', 0), conflictOf('again', 0)];
  }),
];

export const CHAIN_CASES: readonly Case[] = [...REGISTRIES, ...BLOCKS, ...ANCHORS, ...MOVES, ...LIVES, ...CONFLICTS];
