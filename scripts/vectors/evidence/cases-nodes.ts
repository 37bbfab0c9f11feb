// Owns the vectors of nodes: away, without logs, broken or lying in one answer. A node that lies in everything it says can
// make anything look true; what one lie alone can bring about stands here.
import type { TimedEvent, Witness } from '../../../src/core/verdict.ts';
import { addressOf, contractsOf, hashOf, timeOf } from '../../../test/support/made-chain.ts';
import type { Case } from './case.ts';
import { CERTIFIED, WORLD } from './world.ts';

const open = (name: string, base: string, lie: Case['lie'], checks: Record<string, string>, why?: string): Case => ({
  name,
  base,
  lie: lie ?? null,
  headline: 'not-confirmed',
  checks,
  ...(why === undefined ? {} : { why }),
});

const accused = (name: string, base: string, lie: Case['lie'], checks: Record<string, string>, why?: string): Case => ({
  ...open(name, base, lie, checks, why),
  headline: 'not-genuine',
});

const lying = (change: Partial<Witness>) => (said: Witness) => ({ ...said, ...change });
const logs = (change: (events: readonly TimedEvent[]) => readonly TimedEvent[]) => (said: Witness) => ({
  ...said,
  events: change(said.events ?? []),
});
const ACCUSES = 'One lie is enough to accuse: whoever is told so asks another node.';
const FOUND = contractsOf(WORLD);

const AWAY: readonly Case[] = ['plain', 'ring', 'published', 'bangle', 'deceit', 'registrant', 'twice'].map((base) =>
  open(`no node: ${base}`, base, null, {
    'node-reached': 'unknown',
    anchored: 'unknown',
    'history-complete': 'unknown',
    'record-in-batch': 'pass',
  }),
);

const NO_LOGS: readonly Case[] = ['plain', 'ring', 'published', 'deceit'].map((base) =>
  open(
    `a node without logs: ${base}`,
    base,
    lying({ events: null }),
    { anchored: 'unknown', 'history-complete': 'unknown' },
    'State says that the batch is there and who owns the piece; when, by whom and through whom, only logs do.',
  ),
);

const WITHOUT_LOGS: readonly Case[] = [
  {
    name: 'a node without logs, and a move left out',
    why: 'The registry counts moves in its state: one left out shows, though not as a failure.',
    base: 'ring',
    edit: (file) => {
      file.moves.pop();
      file.owner = file.moves.at(-1)?.to as string;
    },
    lie: lying({ events: null }),
    headline: 'not-confirmed',
    checks: { 'history-complete': 'unknown', 'nothing-since': 'warn' },
  },
  {
    name: 'a node without logs, and a forged owner',
    base: 'ring',
    edit: (file) => {
      file.owner = addressOf('a thief');
      (file.moves[2] as { to: string }).to = file.owner;
    },
    lie: lying({ events: null }),
    headline: 'not-genuine',
    checks: { 'history-complete': 'fail', 'nothing-since': 'fail' },
  },
];

const EARLIER: readonly Case[] = [
  {
    name: 'a node without logs, and a move invented',
    base: 'plain',
    edit: (file) => {
      const place = { block: 21, logIndex: 0, time: timeOf(21), transaction: hashOf('no transaction') };
      file.moves.push({ number: 1, from: file.owner, to: addressOf('a thief'), claim: null, ...place });
      file.owner = addressOf('a thief');
    },
    lie: lying({ events: null }),
    headline: 'not-genuine',
    checks: { 'history-complete': 'fail', 'nothing-since': 'unknown' },
  },
  open(
    'a node that has not seen the registry yet',
    'plain',
    lying({ asOf: null, registry: null, batch: null, piece: null, events: [], head: { block: 3, time: timeOf(3) } }),
    { 'same-chain': 'unknown', anchored: 'unknown', 'history-complete': 'unknown' },
  ),
];

const STATE: readonly Case[] = [
  accused('it names another chain', 'plain', lying({ chainId: 1 }), { 'same-chain': 'fail' }, ACCUSES),
  accused('it names another first block', 'plain', lying({ genesis: hashOf('x') }), { 'same-chain': 'fail' }, ACCUSES),
  accused('it denies the registry', 'plain', lying({ registry: null }), { 'same-chain': 'fail' }, ACCUSES),
  accused(
    'it names other contracts of the registry',
    'plain',
    lying({ registry: { ...FOUND, certificates: addressOf('x') } }),
    { 'same-chain': 'fail' },
    ACCUSES,
  ),
  open('it denies the block of the file', 'plain', lying({ asOf: null }), { 'same-chain': 'unknown' }),
  open('it denies the batch', 'plain', lying({ batch: null }), { anchored: 'unknown' }),
  accused(
    'it gives the batch to another',
    'plain',
    lying({ batch: { holder: addressOf('x'), count: 3, events: 0, flags: 0, batchEvents: 0 } }),
    { anchored: 'fail' },
    ACCUSES,
  ),
  open('it denies the piece', 'plain', lying({ piece: null }), { 'history-complete': 'unknown' }),
  open(
    'it counts an event more than it has logs',
    'plain',
    (said) => ({ ...said, piece: { ...(said.piece as NonNullable<Witness['piece']>), events: 1 } }),
    { 'history-complete': 'unknown' },
  ),
  open(
    'it counts a move more than it has logs',
    'plain',
    (said) => ({ ...said, piece: { ...(said.piece as NonNullable<Witness['piece']>), moves: 1 } }),
    { 'history-complete': 'unknown', 'nothing-since': 'warn' },
  ),
  accused(
    'it names another owner',
    'plain',
    (said) => ({ ...said, piece: { ...(said.piece as NonNullable<Witness['piece']>), owner: addressOf('x') } }),
    { 'history-complete': 'fail' },
    ACCUSES,
  ),
  open(
    'it says of a certificate that it was revoked, and has no log of it',
    'ring',
    (said) => ({ ...said, certificates: said.certificates.map((one) => ({ ...one, revoked: true })) }),
    { 'certificates-genuine': 'unknown', 'certificates-not-revoked': 'warn' },
  ),
  open(
    'it says of a revoked certificate that it was not',
    'deceit',
    (said) => ({ ...said, certificates: said.certificates.map((one) => ({ ...one, revoked: false })) }),
    { 'certificates-genuine': 'unknown', 'certificates-not-revoked': 'warn' },
  ),
  open(
    'it denies the batch of certificates',
    'published',
    (said) => ({ ...said, certificates: said.certificates.map((one) => ({ ...one, batch: null })) }),
    { 'certificates-genuine': 'unknown' },
  ),
];

const LOGS: readonly Case[] = [
  open(
    'it leaves out the log of the batch',
    'plain',
    logs((all) => all.filter((e) => e.kind !== 'batch')),
    {
      anchored: 'unknown',
    },
  ),
  open(
    'it leaves out a move',
    'ring',
    logs((all) => all.filter((e) => e.kind !== 'move' || e.block !== 14)),
    {
      'history-complete': 'unknown',
    },
  ),
  accused(
    'it leaves out the suspension that the file tells',
    'ring',
    logs((all) => all.filter((e) => e.kind !== 'organisation' || e.name !== 'OrganisationSuspended')),
    { 'history-complete': 'fail' },
    ACCUSES,
  ),
  accused(
    'it leaves out the log of a certificate',
    'ring',
    logs((all) => all.filter((e) => e.kind !== 'certificate' || e.id !== CERTIFIED.grading.id)),
    { 'certificates-genuine': 'fail' },
    ACCUSES,
  ),
  open(
    'it leaves out a revocation',
    'deceit',
    logs((all) => all.filter((e) => e.kind !== 'revocation')),
    {
      'certificates-genuine': 'unknown',
    },
  ),
  accused(
    'it leaves out the grant of the prefix',
    'ring',
    logs((all) => all.filter((e) => e.kind !== 'organisation' || e.name !== 'PrefixGranted')),
    { 'code-belongs-to-registrant': 'fail' },
    ACCUSES,
  ),
  accused(
    'it gives the log of the batch another time',
    'plain',
    logs((all) => all.map((e) => (e.kind === 'batch' ? { ...e, time: timeOf(1) } : e))),
    { anchored: 'fail' },
    ACCUSES,
  ),
];

const OTHERWISE: readonly Case[] = [
  accused('the payload on the chain is not what the batch committed to', 'published', lying({ payload: 'mismatch' }), {
    'payload-published': 'fail',
  }),
  {
    name: 'the payload is not all on the chain',
    base: 'published',
    lie: lying({ payload: 'incomplete' }),
    headline: 'genuine-record',
    checks: { 'payload-published': 'warn' },
  },
  {
    name: 'nobody read the payload',
    base: 'published',
    lie: lying({ payload: 'not-read' }),
    headline: 'genuine-record',
    checks: { 'payload-published': 'unknown' },
  },
  {
    name: 'nothing of it is final yet',
    base: 'plain',
    lie: lying({ finalBlock: 9 }),
    headline: 'genuine-record',
    checks: { final: 'unknown' },
  },
  {
    name: 'it puts its clock back before a membership ran out',
    why: 'The time is that of its latest block: a node that stopped, or lies, hides that something ran out.',
    base: 'registrant',
    lie: lying({ head: { block: 25, time: timeOf(19) } }),
    headline: 'genuine-record',
    checks: { 'certificates-current': 'pass' },
  },
  {
    name: 'it conceals a certificate that the file leaves out',
    why: 'What neither file nor node tells, nobody sees.',
    base: 'deceit',
    edit: ({ certificates }) => {
      certificates.shift();
    },
    lie: logs((all) => all.filter((e) => e.kind !== 'certificate' || e.id !== CERTIFIED.deceit.id)),
    headline: 'genuine-record',
    checks: { 'certificates-told': 'pass' },
  },
  {
    name: 'it invents a whole history for a forged record',
    why: 'No witness makes up for a file that fails by itself.',
    base: 'plain',
    edit: (file) => {
      file.record = file.record.replace('A plain', 'A plane');
    },
    headline: 'not-genuine',
    checks: { 'record-in-batch': 'fail' },
  },
];

export const NODE_CASES: readonly Case[] = [
  ...AWAY,
  ...NO_LOGS,
  ...WITHOUT_LOGS,
  ...EARLIER,
  ...STATE,
  ...LOGS,
  ...OTHERWISE,
];
