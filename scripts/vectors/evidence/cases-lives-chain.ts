// Owns the vectors of lives that fit in the file and not the chain, of what happened since, and of nodes that lie about them
// in one answer.
import type { Evidence } from '../../../src/core/evidence.ts';
import type { TimedEvent, Witness } from '../../../src/core/verdict.ts';
import { addressOf, hashOf, timeOf } from '../../../test/support/made-chain.ts';
import { fileOf } from './bases.ts';
import type { Case } from './case.ts';
import { denied, nth, ofBatch, refit, without } from './cases-lives.ts';
import { LIVED } from './lives.ts';
import { at, CUSTOMERS, tokenOf, WORLD } from './world.ts';

type Move = Evidence['moves'][number];
const [anna, , carla] = CUSTOMERS as [string, string, string];
const NOWHERE = { block: 21, logIndex: 7, time: timeOf(21), transaction: hashOf('no transaction') };
const nothing = () => {};

const HIDDEN: readonly Case[] = [
  denied('a theft reported hidden', 'stolen', (file) => without(file, 1)),
  denied('what an earlier owner reported hidden', 'earlier', (file) => without(file, 1, 2)),
  denied('a lock hidden', 'locked', (file) => without(file, 1)),
  denied('that it was melted hidden', 'melted', (file) => without(file, 1)),
  denied('that its registration was withdrawn hidden', 'withdrawn', (file) => without(file, 1)),
  denied('a recovery under way hidden', 'recovering', (file) => without(file, 1)),
  denied('a recovery completed told as a sale', 'recovered', (file) => without(file, 1, 2)),
  denied('a recall, and that it was lifted, hidden', 'long', (file) => without(file, 6, 8)),
  denied('a repair hidden', 'long', (file) => without(file, 7)),
  denied('a correction hidden', 'long', (file) => without(file, 9)),
  denied('a fresh card hidden', 'long', (file) => without(file, 1)),
  denied('the last events hidden', 'long', (file) => without(file, 7, 8, 9)),
  denied('all events hidden, with all moves', 'long', (file) =>
    refit(file, (event) => !('tokenId' in event) || event.tokenId !== tokenOf('lived', LIVED.long)),
  ),
  denied('the recall of its batch hidden', 'recalled', (file) => refit(file, (event) => event.kind !== 'batch-life')),
  denied('the withdrawal of its batch hidden', 'disowned', (file) =>
    refit(file, (event) => event.kind !== 'batch-life'),
  ),
  denied('that its batch was melted hidden', 'scrapped', (file) => refit(file, (event) => event.kind !== 'batch-life')),
  denied('a lifted recall of its batch hidden', 'lifted', (file) =>
    refit(file, (event) => event.kind !== 'batch-life'),
  ),
  denied('the approval that ended a recovery hidden', 'kept', (file) =>
    refit(file, (event) => event.kind !== 'approval'),
  ),
  denied('the approval by which it left its batch hidden', 'approved', (file) =>
    refit(file, (event) => event.kind !== 'approval'),
  ),
  denied('a claim told as a sale', 'long', (file) => {
    (file.moves[1] as Move).claim = null;
    file.standing.recoverable = false;
  }),
  denied('a claim without its word on recovery', 'long', (file) => {
    (file.moves[1] as Move).claim = {
      ...((file.moves[1] as Move).claim as never as object),
      recoverable: false,
    } as never;
    file.standing.recoverable = false;
  }),
  denied('a sale told as a claim', 'stolen', (file) => {
    (file.moves[0] as Move).claim = { key: addressOf('some card'), recoverable: false };
  }),
  denied('a claim by another card', 'long', (file) => {
    const [, move] = file.moves as [Move, Move];
    move.claim = { key: addressOf('another card'), recoverable: true };
  }),
];

const EXCHANGED: readonly Case[] = [
  denied('a theft told as a loss', 'stolen', (file) => {
    nth(file, 1).kind = 'reported-lost';
    file.standing.state = 10;
  }),
  denied('a repair told as an appraisal', 'long', (file) => {
    nth(file, 7).kind = 'appraisal';
  }),
  denied('a lock told for another reason', 'locked', (file) => {
    nth(file, 1).words = 'At the request of its owner';
  }),
  denied('a recall of its batch for another reason', 'recalled', (file) => {
    ofBatch(file, 1).words = 'The box may open';
  }),
  denied('a report by another key', 'stolen', (file) => {
    nth(file, 1).key = addressOf('a thief');
  }),
  denied('an event in another transaction', 'stolen', (file) => {
    nth(file, 1).transaction = hashOf('another transaction');
  }),
  denied('an event at another time of the same day', 'stolen', (file) => {
    nth(file, 1).time -= 1;
  }),
  denied('another hash of a statement, without the statement', 'long', (file) => {
    Object.assign(nth(file, 3), { contentHash: hashOf('another statement'), statement: null });
  }),
  denied('a fresh card with another key', 'long', (file) => {
    nth(file, 1).contentHash = `0x${anna.slice(2).padStart(64, '0')}`;
  }),
  denied('a recovery begun for somebody else', 'recovering', (file) => {
    nth(file, 1).contentHash = `0x${addressOf('a thief').slice(2).padStart(64, '0')}`;
  }),
  denied('the event of another piece', 'quiet', (file) => {
    const other = fileOf('lived', LIVED.melted);
    file.events = [{ ...nth(other, 1), key: nth(fileOf('lived', LIVED.long), 1).key }];
    file.pieceEvents = 1;
    file.standing.state = 128;
  }),
  denied('the recall of another batch', 'quiet', (file) => {
    file.batchEvents = fileOf('recalled', 0).batchEvents;
    file.standing.batchFlags = 4;
  }),
  denied('a recovery begun invented', 'long', (file) => {
    const begun = nth(fileOf('lived', LIVED.recovering), 1);
    file.events.push({ ...begun, ...NOWHERE, number: 10 });
    file.pieceEvents = 10;
    file.standing.recovering = true;
    file.organisations.push(
      ...fileOf('lived', LIVED.recovering).organisations.filter(({ handle }) => handle === 'court-ouest'),
    );
  }),
  denied('a report withdrawn that was not', 'stolen', (file) => {
    file.events.push({ ...nth(file, 1), ...NOWHERE, number: 2, kind: 'report-withdrawn' });
    file.pieceEvents = 2;
    file.standing.state = 0;
  }),
  denied('an approval to somebody else', 'approved', ({ approvals }) => {
    (approvals[0] as Evidence['approvals'][number]).to = carla;
  }),
];

const happens = (happening: object, block = 24, logIndex = 9): TimedEvent =>
  ({
    block,
    logIndex,
    blockHash: hashOf('24'),
    time: timeOf(block),
    transaction: hashOf('since'),
    ...happening,
  }) as TimedEvent;
const since = (happening: object) => ({ ...WORLD, events: [...WORLD.events, happens(happening)] });
const life = (name: keyof typeof LIVED, number: number, event: number, more: object = {}) => ({
  kind: 'life',
  tokenId: tokenOf('lived', LIVED[name]),
  number,
  event,
  organisation: `0x${'0'.repeat(40)}`,
  key: anna,
  contentHash: `0x${'0'.repeat(64)}`,
  words: '',
  ...more,
});

const LATER: readonly Case[] = [
  {
    name: 'a theft withdrawn since',
    base: 'stolen',
    edit: nothing,
    chain: since(life('stolen', 2, 32)),
    headline: 'genuine-record',
    checks: { 'nothing-since': 'warn', 'not-reported': 'pass', 'history-complete': 'pass' },
  },
  {
    name: 'recalled with its batch since',
    base: 'quiet',
    edit: nothing,
    chain: since({
      ...(WORLD.events.find((event) => event.kind === 'batch-life') as object),
      batchId: (WORLD.events.find((event) => event.kind === 'batch' && event.header.count > 10) as { batchId: string })
        .batchId,
      number: 1,
      ...{ block: 24, logIndex: 9, time: timeOf(24), transaction: hashOf('since') },
    }),
    headline: 'warning',
    checks: { 'nothing-since': 'warn', 'not-recalled': 'warn', 'history-complete': 'pass' },
  },
  {
    name: 'a recovery ended by an approval since',
    why: 'No counter tells of an approval: the recovery itself does.',
    base: 'recovering',
    edit: nothing,
    chain: since({ kind: 'approval', tokenId: tokenOf('lived', LIVED.recovering), owner: anna, to: carla }),
    headline: 'genuine-record',
    checks: { 'nothing-since': 'warn', 'no-recovery-under-way': 'pass', 'history-complete': 'pass' },
  },
  {
    name: 'an approval that changed nothing, since',
    base: 'stolen',
    edit: nothing,
    chain: since({ kind: 'approval', tokenId: tokenOf('lived', LIVED.stolen), owner: anna, to: carla }),
    headline: 'warning',
    checks: { 'nothing-since': 'pass', 'history-complete': 'pass' },
  },
  {
    name: 'corrected since',
    base: 'quiet',
    edit: nothing,
    chain: since(life('quiet', 1, 43, { organisation: at('maison-zenith') })),
    headline: 'genuine-record',
    checks: { 'nothing-since': 'warn', 'not-corrected': 'warn' },
  },
  {
    name: 'worked on since it was certified',
    base: 'scarred',
    edit: (file) => Object.assign(file, fileOf('lived', LIVED.scarred, 18)),
    headline: 'genuine-record',
    checks: { 'nothing-since': 'warn', 'certificates-genuine': 'pass' },
    certificate: [0, { 'no-change-since': 'warn' }],
  },
  {
    name: 'a file from before a theft was reported',
    base: 'stolen',
    edit: (file) => Object.assign(file, fileOf('lived', LIVED.stolen, 17)),
    headline: 'warning',
    checks: { 'nothing-since': 'warn', 'not-reported': 'warn', 'history-complete': 'pass' },
  },
];

const lying = (change: (said: Witness) => Partial<Witness>) => (said: Witness) => ({ ...said, ...change(said) });
const piece = (differing: object) =>
  lying((said) => ({ piece: { ...(said.piece as NonNullable<Witness['piece']>), ...differing } }));
const batch = (differing: object) =>
  lying((said) => ({ batch: { ...(said.batch as NonNullable<Witness['batch']>), ...differing } }));
const logs = (change: (event: TimedEvent) => readonly TimedEvent[]) =>
  lying((said) => ({ events: (said.events ?? []).flatMap(change) }));
const not = (kind: TimedEvent['kind']) => logs((event) => (event.kind === kind ? [] : [event]));
const ACCUSES = 'One lie is enough to accuse: whoever is told so asks another node.';

function open(name: string, base: string, lie: Case['lie'], checks: Record<string, string>): Case {
  return { name, base, lie: lie ?? null, headline: 'not-confirmed', checks };
}
function accused(name: string, base: string, lie: Case['lie'], checks: Record<string, string>): Case {
  return { name, why: ACCUSES, base, lie: lie ?? null, headline: 'not-genuine', checks };
}

const NODES: readonly Case[] = [
  ...['long', 'stolen', 'recalled', 'recovering', 'kept'].map((base) =>
    open(`no node: ${base}`, base, null, {
      'standing-as-told': 'pass',
      'events-permitted': 'pass',
      'not-ended': 'unknown',
    }),
  ),
  open('no node, and a theft that the file tells', 'stolen', null, { 'not-reported': 'warn', 'not-ended': 'unknown' }),
  ...['long', 'stolen', 'kept'].map((base) =>
    open(
      `a node without logs: ${base}`,
      base,
      lying(() => ({ events: null })),
      { 'history-complete': 'unknown', 'not-ended': 'pass' },
    ),
  ),
  open(
    'a node without logs, and a theft since',
    'news',
    lying(() => ({ events: null })),
    { 'not-reported': 'warn' },
  ),
  accused('it denies the report of a theft, in state', 'stolen', piece({ state: 0 }), { 'history-complete': 'fail' }),
  accused('it reports a theft, in state', 'quiet', piece({ state: 9 }), {
    'history-complete': 'fail',
    'not-reported': 'warn',
  }),
  accused('it counts an event less', 'stolen', piece({ events: 0 }), {
    'history-complete': 'fail',
    'not-reported': 'warn',
  }),
  open('it counts an event more', 'quiet', piece({ events: 1 }), {
    'history-complete': 'unknown',
    'nothing-since': 'warn',
  }),
  accused('it names another day until which a report blocks', 'stolen', piece({ day: 1 }), {
    'history-complete': 'fail',
  }),
  accused('it denies that recovery was allowed', 'long', piece({ recoverable: false }), { 'history-complete': 'fail' }),
  accused('it says that a recovery is under way', 'long', piece({ recovering: true }), {
    'history-complete': 'fail',
    'no-recovery-under-way': 'warn',
  }),
  open('it says that a recovery under way is not', 'recovering', piece({ recovering: false }), {
    'history-complete': 'unknown',
    'nothing-since': 'warn',
  }),
  accused('it denies the recall of a batch, in state', 'recalled', batch({ flags: 0 }), { 'history-complete': 'fail' }),
  accused('it counts an event of the batch less', 'recalled', batch({ batchEvents: 0 }), {
    'history-complete': 'fail',
  }),
  open('it counts an event of the batch more', 'recalled', batch({ batchEvents: 2 }), {
    'history-complete': 'unknown',
  }),
  {
    name: 'it says that a batch is split',
    why: 'Whether blocks of the batch passed on by themselves says nothing of the piece.',
    base: 'recalled',
    lie: batch({ flags: 5 }),
    headline: 'warning',
    checks: { 'history-complete': 'pass' },
  },
  open('it leaves out the logs of events', 'stolen', not('life'), { 'history-complete': 'unknown' }),
  open('it leaves out the logs of claims', 'long', not('claim'), { 'history-complete': 'unknown' }),
  open('it leaves out the logs of a batch', 'recalled', not('batch-life'), { 'history-complete': 'unknown' }),
  open('it leaves out the logs of approvals', 'kept', not('approval'), { 'history-complete': 'unknown' }),
  open(
    'it invents a claim',
    'stolen',
    logs((event) =>
      event.kind === 'life'
        ? [
            { ...happens({ kind: 'claim', tokenId: event.tokenId, to: anna, claimKey: carla, recoverable: true }, 16) },
            event,
          ]
        : [event],
    ),
    {
      'history-complete': 'unknown',
    },
  ),
  open(
    'it tells of an event of a kind that there is none of',
    'stolen',
    logs((event) => [event.kind === 'life' ? { ...event, event: 99 } : event]),
    {
      'history-complete': 'unknown',
    },
  ),
  open(
    'it numbers events otherwise',
    'stolen',
    logs((event) => [event.kind === 'life' ? { ...event, number: 2 } : event]),
    {
      'history-complete': 'unknown',
    },
  ),
  accused(
    'it changes the words of a lock',
    'locked',
    logs((event) => [event.kind === 'life' ? { ...event, words: 'No reason' } : event]),
    {
      'history-complete': 'fail',
    },
  ),
  accused(
    'it names another contract of life events',
    'plain',
    lying((said) => ({ registry: { ...(said.registry as object), lifeEvents: addressOf('x') } as never })),
    {
      'same-chain': 'fail',
    },
  ),
  accused(
    'it names another contract of lots',
    'plain',
    lying((said) => ({ registry: { ...(said.registry as object), lots: addressOf('x') } as never })),
    {
      'same-chain': 'fail',
    },
  ),
  {
    ...accused('life events in another contract', 'stolen', nothing as never, { 'same-chain': 'fail' }),
    edit: ({ chain }) => {
      chain.lifeEvents = addressOf("the forger's life events");
    },
    lie: (said) => said,
  },
  {
    name: 'a certificate that claims to know of what had not happened',
    why: 'What happened after it was issued nobody knew, whatever number it names.',
    base: 'long',
    edit: nothing,
    headline: 'genuine-record',
    checks: { 'not-corrected': 'warn' },
    certificate: [1, { 'no-change-since': 'warn' }],
  },
];

export const LIFE_CHAIN_CASES: readonly Case[] = [...HIDDEN, ...EXCHANGED, ...LATER, ...NODES];
