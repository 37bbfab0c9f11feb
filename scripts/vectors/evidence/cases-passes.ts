// Owns the vectors of pieces that changed hands with their range: passes that don't fit each other, that an honest node
// denies, and what nodes without logs, behind, or lying in one answer make of them.
import type { Evidence } from '../../../src/core/evidence.ts';
import type { TimedEvent, Witness } from '../../../src/core/verdict.ts';
import { addressOf, blockHash, hashOf, type MadeChain, timeOf } from '../../../test/support/made-chain.ts';
import { fileOf, organisationsOf } from './bases.ts';
import type { Case } from './case.ts';
import { at, CUSTOMERS, FILE_BLOCK, type Handle, passed, tokenOf, WORLD } from './world.ts';

type Edit = (file: Evidence) => void;
type Pass = Evidence['passes'][number];

const NOWHERE = { block: 21, logIndex: 0, time: timeOf(21), transaction: hashOf('no transaction') };
const nothing: Edit = () => {};
const nth = ({ passes }: Evidence, i: number): Pass => passes[i] as Pass;

function forged(name: string, base: string, failing: string | readonly string[], edit: Edit): Case {
  const checks = Object.fromEntries([failing].flat().map((check) => [check, 'fail']));
  return { name, base, edit, headline: 'not-genuine', checks };
}

/** A file that fits in itself, so that nobody but the node denies it. */
function denied(name: string, base: string, edit: Edit): Case {
  const checks = { 'events-in-order': 'pass', 'owner-as-told': 'pass', 'history-complete': 'fail' };
  return { name, base, edit, headline: 'not-genuine', checks };
}

function open(name: string, base: string, checks: Record<string, string>, more: Partial<Case>): Case {
  return { name, base, headline: 'not-confirmed', checks, ...more };
}

/** Other passes, with all that follows from them. */
function retold(file: Evidence, passes: readonly Pass[], ...organisations: Handle[]): void {
  file.passes = [...passes];
  file.rangeEvents = passes.length;
  file.owner = file.moves.at(-1)?.to ?? passes.at(-1)?.to ?? file.batch.header.organisation;
  const until = WORLD.events.filter(({ block }) => block <= FILE_BLOCK);
  file.organisations = organisationsOf(until, ['atelier-lune' as const, ...organisations].map(at));
}

const UNFIT: readonly Case[] = [
  forged('passes in another order', 'traded', 'events-in-order', ({ passes }) => {
    passes.reverse();
  }),
  forged('the first pass left out, and nothing made to fit', 'traded', 'events-in-order', (file) => {
    file.passes.shift();
    file.rangeEvents = 1;
  }),
  forged('all passes of a piece that moved left out, and nothing made to fit', 'left', 'events-in-order', (file) => {
    file.passes = [];
    file.rangeEvents = 0;
  }),
  forged('a pass twice', 'traded', 'events-in-order', (file) => {
    file.passes.splice(1, 0, nth(file, 0));
    file.rangeEvents = 3;
  }),
  forged('a pass from somebody who did not hold the range', 'traded', 'events-in-order', (file) => {
    nth(file, 0).from = at('gem-lab');
  }),
  forged('a pass to somebody else than the next is from', 'traded', 'events-in-order', (file) => {
    nth(file, 0).to = at('bijoux-mistral');
  }),
  forged('a pass before the piece was born', 'traded', 'events-in-order', (file) => {
    nth(file, 0).block = 12;
  }),
  forged('a pass after the block of the file', 'traded', 'events-in-order', (file) => {
    nth(file, 1).block = 23;
  }),
  forged('a pass after the piece moved by itself', 'left', 'events-in-order', (file) => {
    Object.assign(nth(file, 1), NOWHERE);
  }),
  forged('two passes at one place', 'traded', 'events-in-order', (file) => {
    const { block, logIndex } = nth(file, 0);
    Object.assign(nth(file, 1), { block, logIndex });
  }),
  forged('fewer events of the range than passes', 'traded', 'events-in-order', (file) => {
    file.rangeEvents = 1;
  }),
  forged('more events of the range than passes', 'traded', 'events-in-order', (file) => {
    file.rangeEvents = 3;
  }),
  forged('moves numbered on from the passes', 'left', 'events-in-order', ({ moves }) => {
    (moves[0] as Evidence['moves'][number]).number = 3;
  }),
  forged('the owner as before the last pass', 'traded', ['owner-as-told', 'history-complete'], (file) => {
    file.owner = at('boutique-nord');
  }),
  forged('its registrant as the owner of a piece that passed on', 'traded', 'owner-as-told', (file) => {
    file.owner = at('atelier-lune');
  }),
];

const DENIED: readonly Case[] = [
  denied('the last pass left out', 'traded', (file) => {
    retold(file, file.passes.slice(0, 1), 'boutique-nord');
  }),
  denied('all passes left out', 'traded', (file) => {
    retold(file, []);
  }),
  denied('the first pass left out, and the rest made to fit', 'traded', (file) => {
    retold(file, [{ ...nth(file, 1), from: at('atelier-lune') }], 'bijoux-mistral');
  }),
  denied('all passes of a piece that moved left out, and the move made to fit', 'left', (file) => {
    (file.moves[0] as Evidence['moves'][number]).from = at('atelier-lune');
    retold(file, []);
  }),
  denied('a pass added at the end', 'traded', (file) => {
    const more = { from: at('bijoux-mistral'), to: at('boutique-nord'), ...NOWHERE };
    retold(file, [...file.passes, more], 'boutique-nord', 'bijoux-mistral');
  }),
  denied('a pass of a batch that never passed on', 'plain', (file) => {
    retold(file, [{ from: at('atelier-lune'), to: at('boutique-nord'), ...NOWHERE }], 'boutique-nord');
  }),
  denied('the passes of its neighbour, which it had left before', 'sold', (file) => {
    file.moves = [];
    retold(file, fileOf('traded', 0).passes, 'boutique-nord', 'bijoux-mistral');
  }),
  denied('a holder in the middle exchanged for another', 'traded', (file) => {
    nth(file, 0).to = at('gem-lab');
    nth(file, 1).from = at('gem-lab');
    retold(file, file.passes, 'gem-lab', 'bijoux-mistral');
  }),
  denied('the last holder exchanged for another', 'traded', (file) => {
    nth(file, 1).to = at('gem-lab');
    retold(file, file.passes, 'boutique-nord', 'gem-lab');
  }),
  denied('a pass told as a move', 'traded', (file) => {
    const last = file.passes.pop() as Pass;
    file.moves = [{ number: 1, claim: null, ...last }];
    file.rangeEvents = 1;
  }),
  denied('a move told as a pass', 'left', (file) => {
    const [{ number: _, claim: __, ...move }] = file.moves as [Evidence['moves'][number]];
    file.moves = [];
    file.passes.push(move);
    file.rangeEvents = 3;
  }),
  denied('a pass in another block', 'traded', (file) => {
    nth(file, 0).block = 15;
  }),
  denied('a pass by another log', 'traded', (file) => {
    nth(file, 0).logIndex = 7;
  }),
  denied('a pass at another time', 'traded', (file) => {
    nth(file, 0).time = timeOf(12);
  }),
  denied('a pass by another transaction', 'left', (file) => {
    nth(file, 1).transaction = hashOf('another transaction');
  }),
  denied('a pass told before it happened', 'traded', (file) => {
    Object.assign(file, fileOf('traded', 0, 15));
    const place = { block: 15, logIndex: 9, time: timeOf(15), transaction: hashOf('not yet') };
    file.passes = [{ from: at('atelier-lune'), to: at('boutique-nord'), ...place }];
    Object.assign(file, { rangeEvents: 1, owner: at('boutique-nord') });
    const until = WORLD.events.filter(({ block }) => block <= 15);
    file.organisations = organisationsOf(until, [at('atelier-lune'), at('boutique-nord')]);
  }),
  denied('a move told before it happened', 'left', (file) => {
    Object.assign(file, fileOf('traded', 1, 19));
    const place = { block: 19, logIndex: 9, time: timeOf(19), transaction: hashOf('not yet') };
    file.owner = CUSTOMERS[1] as string;
    file.moves = [{ number: 1, from: at('bijoux-mistral'), to: file.owner, claim: null, ...place }];
  }),
  denied('that a holder in the middle was an organisation left out', 'traded', (file) => {
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'boutique-nord');
  }),
  denied('the block of a file moved back behind a pass that it leaves out', 'traded', (file) => {
    Object.assign(file, fileOf('traded', 0, 16));
    file.asOf = { block: 18, blockHash: blockHash(18), time: timeOf(18) };
  }),
];

const withEvent = (happening: ReturnType<typeof passed>): MadeChain => {
  const place = { block: 23, logIndex: 9, time: timeOf(23), transaction: hashOf('since'), blockHash: blockHash(23) };
  const event = { ...happening, ...place } as TimedEvent;
  const events = [...WORLD.events, event].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  return { ...WORLD, events };
};
const SINCE = { 'nothing-since': 'warn', 'history-complete': 'pass', anchored: 'pass' };

const LATER: readonly Case[] = [
  {
    name: 'a file older than its last pass',
    why: 'As of its block it tells everything; what happened since is said beside it.',
    base: 'traded',
    edit: (file) => Object.assign(file, fileOf('traded', 0, 16)),
    headline: 'genuine-record',
    checks: SINCE,
  },
  {
    name: 'a pass since the file was made',
    base: 'traded',
    chain: withEvent(passed(0, 0, 'bijoux-mistral', 'boutique-nord')),
    headline: 'genuine-record',
    checks: SINCE,
  },
  {
    name: 'a first pass since the file was made',
    base: 'traded',
    edit: (file) => Object.assign(file, fileOf('traded', 0, 15)),
    headline: 'genuine-record',
    checks: SINCE,
  },
  {
    name: 'a piece that left its range since the file was made',
    base: 'traded',
    chain: withEvent({
      kind: 'move',
      tokenId: tokenOf('traded', 0),
      from: at('bijoux-mistral'),
      to: CUSTOMERS[0] as string,
    }),
    headline: 'genuine-record',
    checks: SINCE,
  },
  {
    name: 'a pass of the others of its range since it moved by itself',
    base: 'left',
    chain: withEvent(passed(0, 0, 'bijoux-mistral', 'boutique-nord')),
    headline: 'genuine-record',
    checks: { 'nothing-since': 'pass', 'history-complete': 'pass' },
  },
  {
    name: 'a last pass that could still be undone',
    base: 'traded',
    lie: (said) => ({ ...said, finalBlock: 17 }),
    headline: 'genuine-record',
    checks: { final: 'unknown' },
  },
];

const noLogs = (said: Witness): Witness => ({ ...said, events: null });
const logs = (change: (event: TimedEvent) => readonly TimedEvent[]) => (said: Witness) => ({
  ...said,
  events: (said.events ?? []).flatMap(change),
});
const NOT_SEEN = { anchored: 'unknown', 'history-complete': 'unknown', 'nothing-since': 'pass' };

const NODES: readonly Case[] = [
  open('no node: traded', 'traded', { anchored: 'unknown', 'history-complete': 'unknown' }, { lie: null }),
  open('a node without logs: traded', 'traded', NOT_SEEN, { lie: noLogs }),
  open('a node without logs: left', 'left', NOT_SEEN, { lie: noLogs }),
  open(
    'a node without logs, and a pass left out',
    'traded',
    { 'history-complete': 'unknown', 'nothing-since': 'warn' },
    {
      why: 'The registry counts passes among the moves in its state: one left out shows, though not as a failure.',
      edit: (file) => retold(file, file.passes.slice(0, 1), 'boutique-nord'),
      lie: noLogs,
    },
  ),
  {
    ...denied('a node without logs, and the last holder exchanged', 'traded', (file) => {
      nth(file, 1).to = at('gem-lab');
      retold(file, file.passes, 'boutique-nord', 'gem-lab');
    }),
    lie: noLogs,
  },
  {
    ...denied('a node without logs, and a pass invented', 'plain', (file) => {
      retold(file, [{ from: at('atelier-lune'), to: at('boutique-nord'), ...NOWHERE }], 'boutique-nord');
    }),
    lie: noLogs,
  },
  open(
    'an honest file, and a node that lags behind its last pass',
    'traded',
    { 'same-chain': 'unknown', anchored: 'pass', 'history-complete': 'unknown', 'nothing-since': 'unknown' },
    { chain: { ...WORLD, head: 17, events: WORLD.events.filter(({ block }) => block <= 17) } },
  ),
  open(
    'it leaves out a pass',
    'traded',
    { 'history-complete': 'unknown' },
    {
      lie: logs((event) => (event.kind === 'run' && event.block === 16 ? [] : [event])),
    },
  ),
  open(
    'it tells of a pass of other pieces of the range only',
    'traded',
    { 'history-complete': 'unknown' },
    {
      lie: logs((event) => [event.kind === 'run' && event.block === 16 ? { ...event, first: 1 } : event]),
    },
  ),
  open(
    'it tells of a pass of another batch only',
    'left',
    { 'history-complete': 'unknown' },
    {
      lie: logs((event) => [event.kind === 'run' ? { ...event, batchId: '1' as typeof event.batchId } : event]),
    },
  ),
  open(
    'it tells of another holder after the last pass than the owner',
    'traded',
    { 'history-complete': 'unknown' },
    {
      lie: logs((event) => [event.kind === 'run' && event.block === 18 ? { ...event, to: addressOf('x') } : event]),
    },
  ),
  {
    name: 'it tells of another holder after the first pass',
    why: 'One lie is enough to accuse: whoever is told so asks another node.',
    base: 'traded',
    lie: logs((event) => [event.kind === 'run' && event.block === 16 ? { ...event, to: addressOf('x') } : event]),
    headline: 'not-genuine',
    checks: { 'history-complete': 'fail' },
  },
  open(
    'it tells of a pass twice',
    'traded',
    { 'history-complete': 'unknown' },
    {
      lie: logs((event) => (event.kind === 'run' ? [event, { ...event, logIndex: event.logIndex + 1 }] : [event])),
    },
  ),
  {
    name: 'it gives a batch that passed on to another holder',
    why: 'What the batch says of its holder is not what the piece says of its owner, and only that is asked.',
    base: 'traded',
    edit: nothing,
    lie: (said) => ({ ...said, batch: { holder: addressOf('x'), count: 3, events: 2, flags: 0, batchEvents: 0 } }),
    headline: 'genuine-record',
    checks: { anchored: 'pass' },
  },
];

export const PASS_CASES: readonly Case[] = [...UNFIT, ...DENIED, ...LATER, ...NODES];
