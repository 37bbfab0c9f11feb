// What a piece is after its life so far: by the example of a ring, and by laws that hold for any record and statements.
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalise } from '../../src/core/canonical.ts';
import { LIFE_KINDS, type LifeKind, lifeKindOf } from '../../src/core/life.ts';
import type { LifeStatement } from '../../src/core/life-statement.ts';
import { presentState, type StatedEvent } from '../../src/core/present-state.ts';
import { mustParseRecord, parseRecord } from '../../src/core/record.ts';
import { anyRecord, SEED } from '../support/any-record.ts';
import { anyLifeStatement, lifeStatement } from '../support/life.ts';
import { OWN_CODE } from '../support/pieces.ts';
import { goldRing } from '../support/records.ts';

const ring = mustParseRecord({ ...goldRing(), code: OWN_CODE });
const [gold, diamond] = ring.materials;
const grown = {
  type: 'stone',
  species: 'diamond',
  nature: 'laboratory-grown',
  count: 1,
  caratThousandths: 500,
  colour: 'D',
  clarity: 'VVS1',
  origin: 'unknown',
  custody: 'unknown',
} as const;

const event = (number: number, kind: LifeKind, members?: object | null): StatedEvent => ({
  number,
  kind,
  statement: members === null ? undefined : members === undefined ? null : lifeStatement(kind, members),
});
const work = (number: number, changes: object, kind: LifeKind = 'repair') => event(number, kind, { changes });
const correct = (number: number, ...corrections: object[]) =>
  event(number, 'corrected', { corrections: corrections.map((one) => ({ why: 'A slip of the pen.', ...one })) });
const stateAfter = (...events: StatedEvent[]) => presentState(ring, events);
const outcomes = (...events: StatedEvent[]) => stateAfter(...events).events.map(({ outcome }) => outcome);

describe('present state of a piece', () => {
  it('has the new stone where one was replaced, says by which event, and keeps the old one to be read', () => {
    const state = stateAfter(
      work(3, { materials: [{ action: 'replaced', material: 1, with: grown }] }, 'stone-replaced'),
    );
    expect(state.now.materials).to.deep.equal([gold, grown]);
    expect(state.materialsBy).to.deep.equal([null, 3]);
    expect(state.asMade).to.deep.equal(ring);
    expect(state.events).to.deep.equal([
      {
        number: 3,
        outcome: 'changed',
        steps: [{ what: 'material', action: 'replaced', before: diamond, after: grown }],
      },
    ]);
  });

  it('takes indices as the piece stood before the event, whatever else the event does', () => {
    const state = stateAfter(
      work(1, {
        materials: [
          { action: 'removed', material: 0 },
          { action: 'added', with: grown },
          { action: 'altered', material: 1, members: { setting: 'six claws' } },
        ],
      }),
      work(2, { materials: [{ action: 'removed', material: 0 }] }),
    );
    expect(state.now.materials).to.deep.equal([grown]);
    expect(state.materialsBy).to.deep.equal([1]);
  });

  it('changes weight, measures, plating and inscriptions, and nothing else of them', () => {
    const { now, events } = stateAfter(
      work(1, { dimensions: { ringSize: { system: 'iso-8653', value: '56' } }, massMg: 3350 }, 'resizing'),
      work(2, {
        materials: [{ action: 'altered', material: 0, members: { plating: [{ metal: 'rhodium', thicknessNm: 250 }] } }],
      }),
      work(
        3,
        {
          inscriptions: [
            { action: 'removed', inscription: 0 },
            { action: 'added', with: { text: 'A & L' } },
          ],
        },
        'engraving',
      ),
      work(4, { materials: [{ action: 'altered', material: 0, members: { plating: 'none', massMg: 3100 } }] }),
    );
    expect(now).to.deep.equal({
      ...ring,
      massMg: 3350,
      dimensions: { widthUm: 2100, ringSize: { system: 'iso-8653', value: '56' } },
      inscriptions: [{ text: 'A & L' }],
      materials: [{ ...gold, massMg: 3100 }, diamond],
    });
    expect(events.flatMap(({ steps }) => steps.map(({ what }) => what))).to.deep.equal([
      'weight',
      'dimensions',
      'material',
      'inscription',
      'inscription',
      'material',
    ]);
  });

  it('leaves an event without effect that does not suit the piece, and says so', () => {
    const nowhere = work(1, { materials: [{ action: 'removed', material: 7 }] });
    const wrongMember = work(2, { materials: [{ action: 'altered', material: 1, members: { massMg: 4 } }] });
    const nothingLeft = work(3, {
      materials: [
        { action: 'removed', material: 0 },
        { action: 'removed', material: 1 },
      ],
    });
    const noSuchLine = work(4, { inscriptions: [{ action: 'removed', inscription: 1 }], massMg: 4 });
    const otherKind = { ...work(5, { massMg: 4 }), kind: 'engraving' } as const;
    const noRecord = correct(6, { path: '/massMg', value: 'heavy' });
    const noMember = correct(7, { path: '/made/place/text/0', value: 'x' });
    const all = [nowhere, wrongMember, nothingLeft, noSuchLine, otherKind, noRecord, noMember];
    expect(stateAfter(...all).now).to.deep.equal(ring);
    expect(outcomes(...all)).to.deep.equal([
      ...Array.from({ length: 4 }, () => 'not-applicable'),
      'other-kind',
      'not-applicable',
      'not-applicable',
    ]);
  });

  it('does not count from a state that somebody else knows and this reader does not', () => {
    const events = [
      event(1, 'repair', null),
      work(2, { materials: [{ action: 'removed', material: 1 }] }),
      work(3, { materials: [{ action: 'added', with: grown }] }),
      correct(4, { path: '/materials/1/clarity', value: 'VS2' }),
    ];
    expect(outcomes(...events)).to.deep.equal(['statement-unknown', 'earlier-unknown', 'changed', 'changed']);
    expect(stateAfter(...events).now.materials).to.deep.equal([gold, { ...diamond, clarity: 'VS2' }, grown]);
    expect(outcomes(event(1, 'repair'), ...events.slice(1, 2))).to.deep.equal(['nothing-stated', 'changed']);
  });

  it('corrects what the record said beside it, and the piece wherever no work has been done since', () => {
    const state = stateAfter(
      work(1, {
        materials: [{ action: 'altered', material: 0, members: { massMg: 3300 } }],
        dimensions: { widthUm: 2200 },
      }),
      correct(
        2,
        { path: '/materials/0/fineness', value: 585 },
        { path: '/materials/0/massMg', value: 3190 },
        { path: '/dimensions/widthUm', value: 2105 },
        { path: '/dimensions/heightUm', value: 9 },
        { path: '/care' },
      ),
    );
    const { care: _, ...careless } = ring;
    const dimensions = { ...ring.dimensions, heightUm: 9 };
    const made = { ...careless, materials: [{ ...gold, fineness: 585, massMg: 3190 }, diamond] };
    expect(state.asMade).to.deep.equal({ ...made, dimensions: { ...dimensions, widthUm: 2105 } });
    expect(state.now).to.deep.equal({
      ...made,
      dimensions: { ...dimensions, widthUm: 2200 },
      materials: [{ ...gold, fineness: 585, massMg: 3300 }, diamond],
    });
  });

  it('counts a correction’s paths as the record does, whatever was taken out before', () => {
    const state = stateAfter(
      correct(1, { path: '/materials/0' }, { path: '/materials/-', value: grown }),
      correct(2, { path: '/materials/1/clarity', value: 'SI1' }, { path: '/materials/2/clarity', value: 'IF' }),
      correct(3, { path: '/materials/0/fineness', value: 333 }),
    );
    expect(state.now.materials).to.deep.equal([
      { ...diamond, clarity: 'SI1' },
      { ...grown, clarity: 'IF' },
    ]);
    expect(state.materialsBy).to.deep.equal([2, 2]);
    expect(state.events.map(({ outcome }) => outcome)).to.deep.equal(['changed', 'changed', 'not-applicable']);
  });

  it('does not bring back a stone that work has replaced, by a correction of the old one', () => {
    const { now } = stateAfter(
      work(1, { materials: [{ action: 'replaced', material: 1, with: grown }] }),
      correct(2, { path: '/materials/1/clarity', value: 'I1' }),
    );
    expect(now.materials).to.deep.equal([gold, grown]);
  });

  it('is the record itself where nothing was changed', () => {
    const idle = fc.constantFrom<LifeKind>(
      ...Object.values(LIFE_KINDS).map((number) => lifeKindOf(number) as LifeKind),
    );
    fc.assert(
      fc.property(anyRecord, fc.array(idle), (record, kinds) => {
        const events = kinds.map((kind, i) => ({ number: i + 1, kind, statement: null }));
        const { now, asMade, materialsBy } = presentState(record, events);
        expect(now).to.deep.equal(record);
        expect(asMade).to.deep.equal(record);
        expect(materialsBy).to.deep.equal(record.materials.map(() => null));
      }),
      { numRuns: 50, seed: SEED },
    );
  });

  it('is a record whatever was stated, in whatever order it comes to be known; its events decide by number', () => {
    fc.assert(
      fc.property(anyRecord, anyEvents, fc.integer(), (record, events, seed) => {
        const state = presentState(record, events);
        expect(parseRecord(state.now)).to.deep.equal({ ok: true, record: state.now });
        expect(parseRecord(state.asMade)).to.deep.equal({ ok: true, record: state.asMade });
        expect(state.materialsBy).to.have.length(state.now.materials.length);
        const shuffled = events.toSorted((a, b) => (((a.number * seed) | 0) % 7) - (((b.number * seed) | 0) % 7));
        expect(presentState(record, shuffled)).to.deep.equal(state);
      }),
      { numRuns: 120, seed: SEED },
    );
  });

  it('keeps every member that no step names', () => {
    const named = ({ what, path = '' }: { what: string; path?: string }) =>
      what === 'record'
        ? [path.split('/')[1]]
        : [{ material: 'materials', inscription: 'inscriptions', weight: 'massMg' }[what] ?? what];
    let changed = 0;
    fc.assert(
      fc.property(anyRecord, anyEvents, (record, events) => {
        const state = presentState(record, events);
        const touched = new Set(state.events.flatMap(({ steps }) => steps.flatMap(named)));
        changed += touched.size;
        for (const name of Object.keys(record) as (keyof typeof record)[]) {
          if (!touched.has(name)) expect(state.now[name], name).to.deep.equal(record[name]);
        }
        expect(state.now.code).to.deep.equal(record.code);
        expect(state.now.annexRoot).to.equal(record.annexRoot);
        for (const [i, material] of state.now.materials.entries()) {
          if (state.materialsBy[i] !== null) continue;
          expect(record.materials.map((one) => canonicalise(one))).to.include(canonicalise(material));
        }
      }),
      { numRuns: 120, seed: SEED },
    );
    expect(changed).to.be.greaterThan(50);
  });
});

const statement: fc.Arbitrary<LifeStatement | null | undefined> = fc.oneof(
  { weight: 8, arbitrary: anyLifeStatement },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const anyEvents: fc.Arbitrary<StatedEvent[]> = fc
  .array(statement, { maxLength: 6 })
  .map((all) => all.map((one, i) => ({ number: i + 1, kind: one?.kind ?? 'repair', statement: one })));
