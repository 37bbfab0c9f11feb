// Owns the vectors of pieces to which more happened than changing hands: what doesn't fit in the file itself, what an honest
// node denies, what happened since, and what nodes that lie in one answer make of it.
import type { Evidence } from '../../../src/core/evidence.ts';
import type { TimedEvent } from '../../../src/core/verdict.ts';
import { hashOf, timeOf } from '../../../test/support/made-chain.ts';
import { fileOf, lifeOf, organisationsOf } from './bases.ts';
import type { Case } from './case.ts';
import { LIVED, WORK } from './lives.ts';
import { at, BATCHES, CUSTOMERS, FILE_BLOCK, type Handle, keyOf, WORLD } from './world.ts';

type Edit = (file: Evidence) => void;
type Event = Evidence['events'][number];
type Said = Evidence['batchEvents'][number];

const nth = ({ events }: Evidence, number: number): Event => events[number - 1] as Event;
const ofBatch = ({ batchEvents }: Evidence, number: number): Said => batchEvents[number - 1] as Said;
const [anna, ben] = CUSTOMERS as [string, string];

function forged(name: string, base: string, failing: string | readonly string[], edit: Edit): Case {
  const checks = Object.fromEntries([failing].flat().map((check) => [check, 'fail']));
  return { name, base, edit, headline: 'not-genuine', checks };
}

/** A file that fits in itself, so that nobody but the node denies it. */
function denied(name: string, base: string, edit: Edit): Case {
  const checks = {
    'events-in-order': 'pass',
    'standing-as-told': 'pass',
    'events-permitted': 'pass',
    'statements-genuine': 'pass',
    'history-complete': 'fail',
  };
  return { name, base, edit, headline: 'not-genuine', checks };
}

/** Leaves events out and makes the rest fit: numbers, counts, standing, organisations. */
function without(file: Evidence, ...numbers: readonly number[]): void {
  refit(file, (event) => event.kind !== 'life' || !numbers.includes(event.number));
}

/** What the file would tell if only these logs of the piece's life had been. */
function refit(file: Evidence, keeps: (event: TimedEvent) => boolean): void {
  const counted = new Map<string, number>();
  const until = WORLD.events.flatMap((event) => {
    const isOfFile =
      (event.kind === 'batch-life' && event.batchId === batchOf(file)) ||
      ('tokenId' in event && event.tokenId === file.tokenId);
    if (event.block > FILE_BLOCK || (isOfFile && !keeps(event))) return [];
    if (!isOfFile || (event.kind !== 'life' && event.kind !== 'batch-life')) return [event];
    const number = (counted.get(event.kind) ?? 0) + 1;
    counted.set(event.kind, number);
    return [{ ...event, number }];
  });
  const life = lifeOf({ tokenId: file.tokenId as never, batchId: batchOf(file) }, until);
  Object.assign(file, life, { pieceEvents: life.events.length });
  file.owner = life.moves.at(-1)?.to ?? file.batch.header.organisation;
  file.organisations = organisationsOf(until, namedIn(file));
}

const batchOf = (file: Evidence) =>
  (Object.values(BATCHES).find(({ header }) => header.root === file.batch.header.root) as (typeof BATCHES)['lived']).id;

function namedIn({ batch, moves, events, batchEvents, certificates }: Evidence): string[] {
  return [
    batch.header.organisation,
    at('maison-zenith'),
    ...moves.map(({ to }) => to),
    ...[...events, ...batchEvents].map(({ organisation }) => organisation),
    ...certificates.map(({ fields }) => fields.organisation),
  ];
}

const NUMBERS: readonly Case[] = [
  forged('an event left out, and nothing made to fit', 'long', 'events-in-order', ({ events }) => {
    events.splice(2, 1);
  }),
  forged('an event left out, and the count made to fit', 'long', 'events-in-order', (file) => {
    file.events.splice(2, 1);
    file.pieceEvents -= 1;
  }),
  forged('the last event left out, and only the count told', 'long', 'events-in-order', ({ events }) => {
    events.pop();
  }),
  forged('fewer events counted than told', 'long', 'events-in-order', (file) => {
    file.pieceEvents = 1;
  }),
  forged('an event numbered otherwise', 'long', 'events-in-order', (file) => {
    nth(file, 2).number = 7;
  }),
  forged('events numbered from zero', 'long', 'events-in-order', ({ events }) => {
    for (const event of events) event.number -= 1;
  }),
  forged('two events in another order', 'long', 'events-in-order', ({ events }) => {
    events.splice(2, 0, ...events.splice(3, 1));
  }),
  forged('two events in another order, numbered anew', 'long', 'events-in-order', ({ events }) => {
    events.splice(2, 0, ...events.splice(3, 1));
    events.forEach((event, i) => {
      event.number = i + 1;
    });
  }),
  forged('an event twice', 'stolen', 'events-in-order', (file) => {
    file.events.push({ ...nth(file, 1), number: 2 });
    file.pieceEvents = 2;
  }),
  forged('an event after the block of the file', 'stolen', 'events-in-order', (file) => {
    nth(file, 1).block = 23;
  }),
  forged('an event before the piece was born', 'stolen', 'events-in-order', (file) => {
    nth(file, 1).block = 12;
  }),
  forged('an event at the place of a move', 'stolen', 'events-in-order', (file) => {
    const [{ block, logIndex }] = file.moves as [Evidence['moves'][number]];
    Object.assign(nth(file, 1), { block, logIndex });
  }),
  forged('an event of the batch numbered otherwise', 'lifted', 'events-in-order', (file) => {
    ofBatch(file, 2).number = 3;
  }),
  forged('events of the batch in another order', 'lifted', 'events-in-order', ({ batchEvents }) => {
    batchEvents.reverse();
  }),
  forged('the recall of a batch left out, and its lifting kept', 'lifted', 'events-in-order', ({ batchEvents }) => {
    batchEvents.shift();
  }),
  forged('an event of the batch before that was registered', 'recalled', 'events-in-order', (file) => {
    ofBatch(file, 1).block = 12;
  }),
  forged('an approval after the block of the file', 'kept', 'events-in-order', ({ approvals }) => {
    (approvals[0] as Evidence['approvals'][number]).block = 23;
  }),
];

const STANDINGS: readonly Case[] = [
  forged('a standing without the theft reported', 'stolen', ['standing-as-told', 'history-complete'], (file) => {
    file.standing.state = 0;
  }),
  forged('a standing of a theft that nobody reported', 'quiet', 'standing-as-told', (file) => {
    file.standing.state = 9;
  }),
  forged('a standing without what an earlier owner reported', 'earlier', 'standing-as-told', (file) => {
    file.standing.state = 0;
  }),
  forged('a standing without the lock', 'locked', 'standing-as-told', (file) => {
    file.standing.state = 0;
  }),
  forged('a standing of a piece that ended, as if it had not', 'melted', 'standing-as-told', (file) => {
    file.standing.state = 0;
  }),
  forged(
    'a standing of a piece that ended with its batch, as if it had not',
    'scrapped',
    'standing-as-told',
    (file) => {
      file.standing.state = 0;
    },
  ),
  forged('a piece that had left its batch, said to have ended with it', 'spared', 'standing-as-told', (file) => {
    file.standing.state = 128;
  }),
  forged('what was withdrawn of its registration, cleared', 'withdrawn', 'standing-as-told', (file) => {
    file.standing.state = 0;
  }),
  forged('flags of a batch without its recall', 'recalled', ['standing-as-told', 'history-complete'], (file) => {
    file.standing.batchFlags = 0;
  }),
  forged('flags of a batch without the withdrawal of its registration', 'disowned', 'standing-as-told', (file) => {
    file.standing.batchFlags = 0;
  }),
  forged('flags of a batch with a recall that there was none of', 'quiet', 'standing-as-told', (file) => {
    file.standing.batchFlags = 4;
  }),
  forged('recovery forbidden that was allowed', 'long', 'standing-as-told', (file) => {
    file.standing.recoverable = false;
  }),
  forged('recovery allowed that was not', 'stolen', 'standing-as-told', (file) => {
    file.standing.recoverable = true;
  }),
  forged('a recovery under way concealed', 'recovering', 'standing-as-told', (file) => {
    file.standing.recovering = false;
  }),
  forged('a recovery under way where there is none', 'kept', 'standing-as-told', (file) => {
    file.standing.recovering = true;
  }),
  forged('another day until which a report blocks', 'stolen', ['standing-as-told', 'history-complete'], (file) => {
    file.standing.day += 90;
  }),
  forged('the day of a report forgotten with it', 'earlier', 'standing-as-told', (file) => {
    file.standing.day = 0;
  }),
];

/** Another organisation says what this one said, with its own key. */
function saidBy(event: Event | Said, handle: Handle): void {
  Object.assign(event, { organisation: at(handle), key: keyOf(handle) });
}

function withOrganisations(file: Evidence): void {
  const until = WORLD.events.filter(({ block }) => block <= FILE_BLOCK);
  file.organisations = organisationsOf(until, namedIn(file));
}

const actor = (name: string, base: string, edit: Edit): Case =>
  forged(name, base, 'events-permitted', (file) => {
    edit(file);
    withOrganisations(file);
  });

const ACTORS: readonly Case[] = [
  actor('a service by an organisation that is no service centre', 'long', (file) => saidBy(nth(file, 3), 'gem-lab')),
  actor('a lock by an organisation that is no arbiter', 'locked', (file) => saidBy(nth(file, 1), 'bench-sud')),
  actor('a dismissal by the registrant', 'dismissed', (file) => saidBy(nth(file, 4), 'maison-aube')),
  actor('a recall by another maker', 'long', (file) => saidBy(nth(file, 6), 'bijoux-mistral')),
  actor('a recall by a successor before it succeeded', 'long', (file) => saidBy(nth(file, 6), 'maison-zenith')),
  actor('a recall of a batch by another maker', 'recalled', (file) => saidBy(ofBatch(file, 1), 'atelier-lune')),
  actor('a withdrawal of a batch by a successor before it succeeded', 'disowned', (file) =>
    saidBy(ofBatch(file, 1), 'maison-zenith'),
  ),
  actor('a service by a key that the service centre never had', 'long', (file) => {
    nth(file, 3).key = keyOf('gia');
  }),
  actor('a report that an organisation signed for', 'stolen', (file) => saidBy(nth(file, 1), 'maison-aube')),
  actor('a fresh card by a key that its owner, an organisation, never had', 'long', (file) => {
    nth(file, 1).key = anna;
  }),
  actor('a report that lapsed by somebody’s word', 'earlier', (file) => {
    nth(file, 2).key = ben;
  }),
  actor('a correction by nobody', 'long', (file) => {
    nth(file, 9).organisation = `0x${'0'.repeat(40)}`;
  }),
  forged('who serviced it left out', 'long', ['events-permitted', 'history-complete'], (file) => {
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'bench-sud');
  }),
  forged('who succeeded its registrant left out', 'long', ['events-permitted', 'history-complete'], (file) => {
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'maison-zenith');
  }),
  forged('that its registrant was succeeded left out', 'long', ['events-permitted', 'history-complete'], (file) => {
    for (const one of file.organisations) {
      one.events = one.events.filter(({ name }) => name !== 'OrganisationSucceeded');
    }
  }),
  forged('who succeeded its registrant, and said nothing, left out', 'quiet', 'history-complete', (file) => {
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'maison-zenith');
  }),
  forged('a successor that nobody named', 'plain', 'history-complete', (file) => {
    const place = { block: 21, logIndex: 9, time: timeOf(21), transaction: hashOf('no transaction') };
    const data = { organisation: at('atelier-lune'), successor: at('bijoux-mistral') };
    file.organisations[0]?.events.push({ name: 'OrganisationSucceeded', data, ...place });
  }),
  forged('a service centre without its role', 'long', ['events-permitted', 'history-complete'], (file) => {
    const [admitted] = file.organisations.find(({ handle }) => handle === 'bench-sud')?.events ?? [];
    (admitted as { data: { roles: number } }).data.roles = 1;
  }),
];

const COURSES: readonly Case[] = [
  forged('a report withdrawn that was never made', 'quiet', 'events-permitted', (file) => {
    file.events = [{ ...nth(fileOf('lived', LIVED.long), 5), number: 1 }];
    file.pieceEvents = 1;
  }),
  forged('a piece recovered without a recovery begun', 'recovered', 'events-permitted', (file) => {
    file.events = [{ ...nth(file, 2), number: 1 }];
    file.pieceEvents = 1;
  }),
  forged('a piece recovered for somebody else than it was begun for', 'recovered', 'events-permitted', (file) => {
    nth(file, 1).contentHash = `0x${anna.slice(2).padStart(64, '0')}`;
  }),
  forged('a piece recovered without the move that it is', 'recovered', 'events-permitted', (file) => {
    file.moves.pop();
    file.owner = anna;
  }),
  forged('a piece that moved while it was locked', 'locked', 'events-permitted', (file) => {
    const place = { block: 21, logIndex: 7, time: timeOf(21), transaction: hashOf('no transaction') };
    file.moves.push({ number: 2, from: anna, to: ben, claim: null, ...place });
    file.owner = ben;
  }),
  forged('a piece that moved after it was melted', 'melted', 'events-permitted', (file) => {
    const place = { block: 21, logIndex: 7, time: timeOf(21), transaction: hashOf('no transaction') };
    file.moves.push({ number: 2, from: ben, to: anna, claim: null, ...place });
    file.owner = anna;
  }),
  forged('a piece sold after it had ended with its batch', 'scrapped', 'events-permitted', (file) => {
    const place = { block: 21, logIndex: 7, time: timeOf(21), transaction: hashOf('no transaction') };
    file.moves.push({ number: 1, from: at('maison-aube'), to: anna, claim: null, ...place });
    file.owner = anna;
    file.standing.state = 0;
  }),
  forged('a recovery begun that nobody had allowed', 'recovering', 'events-permitted', (file) => {
    (file.moves[0] as Evidence['moves'][number]).claim = null;
  }),
  forged('an approval that changed nothing', 'quiet', 'events-permitted', ({ approvals }) => {
    const place = { block: 21, logIndex: 7, time: timeOf(21), transaction: hashOf('no transaction') };
    approvals.push({ owner: at('maison-aube'), to: `0x${'0'.repeat(40)}`, ...place });
  }),
  forged('a recall of a batch lifted twice', 'lifted', 'events-permitted', ({ batchEvents }) => {
    const place = { block: 21, logIndex: 7, time: timeOf(21), transaction: hashOf('no transaction') };
    batchEvents.push({ ...(batchEvents[1] as Said), number: 3, ...place });
  }),
];

const TEXTS: readonly Case[] = [
  forged('the statement of another event', 'long', 'statements-genuine', (file) => {
    nth(file, 9).statement = WORK;
  }),
  forged('a word of a statement about work changed', 'long', 'statements-genuine', (file) => {
    nth(file, 3).statement = WORK.replace('Two', 'Ten');
  }),
  forged('a statement of an event that has none', 'stolen', 'statements-genuine', (file) => {
    nth(file, 1).statement = WORK;
  }),
  forged('a statement with the hash that it has, and not the chain', 'long', 'history-complete', (file) => {
    Object.assign(nth(file, 7), { contentHash: nth(file, 3).contentHash, statement: WORK });
  }),
  {
    name: 'a statement about work withheld',
    why: 'Whoever makes a file may not have it.',
    base: 'long',
    edit: (file) => {
      nth(file, 3).statement = null;
    },
    headline: 'genuine-record',
    checks: { 'statements-genuine': 'pass' },
  },
];

export const LIFE_CASES: readonly Case[] = [...NUMBERS, ...STANDINGS, ...ACTORS, ...COURSES, ...TEXTS];

export { denied, nth, ofBatch, refit, without };
