// How a piece stands and since when: that it is what the chain's own state comes to, whatever happened, and whose word each
// part of it is.
import { expect } from 'chai';
import fc from 'fast-check';
import { courseOf, type LifeStep } from '../../src/core/course.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import {
  BATCH_FLAG,
  type BatchLifeFacts,
  batchFlagsAfter,
  ENDS,
  LIFE_KINDS,
  type LifeFacts,
  type LifeKind,
  type LifeNote,
  STATE,
} from '../../src/core/life.ts';
import { type CourseFacts, type PieceStanding, standingOf } from '../../src/core/piece-course.ts';
import { SEED } from '../support/any-record.ts';

const [MAKER, SHOP, COURT, ANNA, BEN] = ['aa', 'bb', 'cc', '01', '02'].map((digits) => `0x${digits.repeat(20)}`) as [
  string,
  string,
  string,
  string,
  string,
];
const DAY = 86_400;
const START = Date.UTC(2026, 4, 3) / 1000;
const NOTHING: CourseFacts = {
  moves: [],
  life: [],
  notes: [],
  batchLife: [],
  organisations: new Map([
    [MAKER, 'lune'],
    [SHOP, 'goldsmith-row'],
    [COURT, 'court'],
  ]),
  hasCard: true,
};
const point = (at: number) => ({ block: at, logIndex: 0, time: START + at * DAY, transaction: '0x' as Hex32 });

type Told = LifeKind | 'claimed' | 'claimed-recoverable' | 'approved' | `batch ${LifeKind}` | `to ${string}`;

/** What happened, one a day. */
function facts(told: readonly Told[], { words = '', by = null as string | null } = {}): CourseFacts {
  const moves: CourseFacts['moves'][number][] = [];
  const life: LifeFacts[] = [];
  const notes: LifeNote[] = [];
  const batchLife: BatchLifeFacts[] = [];
  for (const [at, what] of told.entries()) {
    if (what.startsWith('to ')) moves.push({ ...point(at), to: what.slice(3) });
    else if (what.startsWith('claimed'))
      notes.push({ ...point(at), kind: 'claimed', recoverable: what !== 'claimed', key: '0x', to: '0x0' });
    else if (what === 'approved')
      notes.push({ ...point(at), kind: 'approved', recoverable: false, key: '0x', to: SHOP });
    else if (what.startsWith('batch '))
      batchLife.push({
        ...point(at),
        kind: what.slice(6) as LifeKind,
        number: batchLife.length + 1,
        organisation: by ?? MAKER,
        key: '0x',
        words,
      });
    else
      life.push({
        ...point(at),
        kind: what as LifeKind,
        number: life.length + 1,
        organisation: by,
        key: null,
        contentHash: `0x${'0'.repeat(24)}${BEN.slice(2)}`,
        words,
      });
  }
  return { ...NOTHING, moves, life, notes, batchLife };
}
const standing = (...told: Told[]) => standingOf(facts(told));

describe('standing of a piece', () => {
  it('is nothing in particular at first', () => {
    expect(standing()).to.deep.equal({
      reported: [],
      blockedUntil: null,
      locked: null,
      recalled: [],
      withdrawn: [],
      ended: null,
      recovery: { allowed: false, underWay: null },
      consigned: null,
      card: 'made',
    });
  });

  it('tells a report with its owner’s number and since when, again said since it was first said', () => {
    const { reported, blockedUntil } = standing(`to ${SHOP}`, `to ${ANNA}`, 'reported-stolen', 'reported-stolen');
    expect(reported).to.deep.equal([{ what: 'stolen', by: 'owner', owner: 3, since: '2026-05-05T00:00:00Z' }]);
    expect(blockedUntil).to.equal('2026-08-05T00:00:00Z');
  });

  it('keeps what an earlier owner reported until an arbiter dismisses it, whoever owns the piece then', () => {
    const moved = ['reported-lost', 'report-lapsed', `to ${ANNA}`, 'reported-stolen', 'report-withdrawn'] as const;
    const { reported, blockedUntil } = standing(...moved);
    expect(reported).to.deep.equal([{ what: 'lost', by: 'earlier-owner', owner: 1, since: '2026-05-03T00:00:00Z' }]);
    expect(blockedUntil).to.equal(null);
    expect(standing(...moved, 'reports-dismissed').reported).to.deep.equal([]);
  });

  it('names who locked or recalled it, and gives the reason', () => {
    const { locked, recalled } = standingOf(
      facts(['locked', 'recalled', 'batch recalled'], { by: COURT, words: 'Why' }),
    );
    const by = { address: COURT, handle: 'court' };
    expect(locked).to.deep.equal({ of: 'piece', since: '2026-05-03T00:00:00Z', by, words: 'Why' });
    expect(recalled.map(({ of, since }) => [of, since])).to.deep.equal([
      ['piece', '2026-05-04T00:00:00Z'],
      ['batch', '2026-05-05T00:00:00Z'],
    ]);
  });

  it('tells a recovery under way with whom it is for and when it may be completed, until the owner is there', () => {
    const begun = ['recovery-allowed', 'recovery-begun'] as const;
    expect(standing(...begun).recovery.underWay).to.deep.include({
      since: '2026-05-04T00:00:00Z',
      readyAt: '2026-06-03T00:00:00Z',
      to: BEN,
    });
    for (const signed of ['approved', 'service', 'handovers-withdrawn', 'recovery-cancelled'] as const) {
      expect(standing(...begun, signed).recovery, signed).to.deep.equal({ allowed: true, underWay: null });
    }
    expect(standing(...begun, `to ${ANNA}`).recovery).to.deep.equal({ allowed: false, underWay: null });
    expect(standing(`to ${ANNA}`, 'claimed-recoverable').recovery.allowed).to.equal(true);
  });

  it('ends with its batch only while it is in its range', () => {
    expect(standing('batch melted').ended).to.deep.include({ of: 'batch', how: 'melted' });
    for (const left of ['service', `to ${ANNA}`, 'approved'] as const) {
      expect(standing(left, 'batch melted').ended, left).to.equal(null);
    }
    const ranged = facts([`to ${SHOP}`, 'batch destroyed']);
    const moves = ranged.moves.map((move) => ({ ...move, ranged: true }));
    expect(standingOf({ ...ranged, moves }).ended?.how).to.equal('destroyed');
  });

  it('knows what became of its claim card', () => {
    expect(standing(`to ${SHOP}`).card).to.equal('made');
    expect(standing(`to ${ANNA}`).card).to.equal('void');
    expect(standing(`to ${ANNA}`, 'claimed').card).to.equal('used');
    expect(standing(`to ${ANNA}`, 'claimed', `to ${SHOP}`, 'card-set').card).to.equal('fresh');
    expect(standingOf({ ...facts([`to ${ANNA}`]), hasCard: false }).card).to.equal('none');
  });

  it('is with whom it was consigned to until that ends or it is sold', () => {
    const { consigned } = standingOf(facts(['consigned'], { by: SHOP }));
    expect(consigned?.by?.handle).to.equal('goldsmith-row');
    for (const over of ['consignment-ended', `to ${ANNA}`] as const)
      expect(standing('consigned', over).consigned).to.equal(null);
  });

  it('is what the chain’s own state comes to, whatever happened', () => {
    const told = fc.constantFrom<Told>(
      ...(Object.keys(LIFE_KINDS) as LifeKind[]),
      `to ${ANNA}`,
      `to ${SHOP}`,
      'approved',
      ...(['recalled', 'recall-lifted', 'registration-withdrawn', ...ENDS] as LifeKind[]).map(
        (kind): Told => `batch ${kind}`,
      ),
    );
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (all) => {
        const of = facts(all);
        const steps: LifeStep[] = [
          ...of.moves.map((one) => ({ ...point(one.block), what: 'moved' as const, to: one.to })),
          ...of.life.map((one) => ({ ...point(one.block), what: one.kind, to: '0x' })),
          ...of.notes.map((one) => ({ ...point(one.block), what: 'approved' as const, to: one.to })),
        ].sort((a, b) => a.block - b.block);
        const ended = of.batchLife.find(({ kind }) => ENDS.includes(kind));
        const { standing: course, fault } = courseOf(steps, ended);
        // The contracts refuse it, so there is no state to compare with.
        fc.pre(!fault?.includes('ended with its batch'));
        const view = standingOf(of);
        expect(bitsOf(view)).to.equal(course.state);
        expect(view.recovery.allowed).to.equal(course.recoverable);
        expect(view.recovery.underWay !== null).to.equal(course.recovering);
        const flags = batchFlagsAfter(of.batchLife);
        expect(view.recalled.some(({ of: what }) => what === 'batch')).to.equal((flags & BATCH_FLAG.recalled) !== 0);
        expect(view.withdrawn.some(({ of: what }) => what === 'batch')).to.equal((flags & BATCH_FLAG.withdrawn) !== 0);
      }),
      { numRuns: 500, seed: SEED },
    );
  });
});

function bitsOf({ reported, blockedUntil, locked, recalled, withdrawn, ended }: PieceStanding): number {
  const own = (what: string) => reported.some((one) => one.by === 'owner' && one.what === what);
  const has: readonly (readonly [boolean, number])[] = [
    [own('stolen'), STATE.stolen],
    [own('lost'), STATE.lost],
    [reported.some(({ by }) => by === 'earlier-owner'), STATE.earlier],
    [blockedUntil !== null, STATE.blocked],
    [locked !== null, STATE.locked],
    [recalled.some(({ of }) => of === 'piece'), STATE.recalled],
    [withdrawn.some(({ of }) => of === 'piece'), STATE.withdrawn],
    [ended !== null, STATE.ended],
  ];
  return has.reduce((bits, [is, bit]) => (is ? bits | bit : bits), 0);
}
