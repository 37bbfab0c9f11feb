// The published rule of unusual scans: what it flags, what it never does, and that docs/scans.md says the same numbers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Display,
  dayBefore,
  NOWHERE,
  SCAN_PATTERNS,
  SCAN_RULE,
  type ScanBucket,
  unusualScans,
} from '../../src/core/scan-rule.ts';

const TODAY = '2026-03-02';
const seen = (day: string, count: number, country = NOWHERE, from = 0): ScanBucket[] =>
  Array.from({ length: count }, (_, i) => ({ day, country, place: from + i }));
const patterns = (buckets: readonly ScanBucket[], displays: readonly Display[] = []) =>
  unusualScans(buckets, displays, TODAY).map(({ pattern }) => pattern);

const anyDay = fc.integer({ min: -3, max: 12 }).map((days) => dayBefore(TODAY, days));
const anyBucket = fc.record({
  day: anyDay,
  country: fc.constantFrom(NOWHERE, 'FR', 'DE', 'IT', 'JP'),
  place: fc.integer({ min: 0, max: SCAN_RULE.places - 1 }),
});
const anyBuckets = fc.array(anyBucket, { maxLength: 120 });
const anyDisplay = fc
  .tuple(anyDay, anyDay)
  .map(([a, b]): Display => (a < b ? { from: a, until: b } : { from: b, until: a }));
const anyDisplays = fc.array(anyDisplay, { maxLength: 3 });

describe('the rule of unusual scans', () => {
  it('finds nothing in a quiet week', () => {
    const week = Array.from({ length: 7 }, (_, i) => seen(dayBefore(TODAY, i), 8)).flat();
    expect(patterns(week)).to.deep.equal([]);
    expect(patterns([])).to.deep.equal([]);
  });

  it('flags many places in a day from the published number on, and not one before', () => {
    expect(patterns(seen(TODAY, SCAN_RULE.placesADay - 1))).to.deep.equal([]);
    expect(unusualScans(seen(TODAY, SCAN_RULE.placesADay), [], TODAY)).to.deep.equal([
      { pattern: 'many-places', day: TODAY, count: 24, limit: 24, countries: [], onDisplay: false },
    ]);
  });

  it('flags three countries in a day, and neither two nor three over a week', () => {
    const [fr, de, jp] = ['FR', 'DE', 'JP'].map((country) => seen(TODAY, 1, country)) as [
      ScanBucket[],
      ScanBucket[],
      ScanBucket[],
    ];
    expect(patterns([...fr, ...de])).to.deep.equal([]);
    const overDays = ['FR', 'DE', 'JP'].flatMap((country, i) => seen(dayBefore(TODAY, i), 1, country));
    expect(patterns(overDays)).to.deep.equal([]);
    expect(unusualScans([...jp, ...fr, ...de], [], TODAY)).to.deep.equal([
      {
        pattern: 'many-countries',
        day: TODAY,
        count: 3,
        limit: 3,
        countries: ['DE', 'FR', 'JP'],
        onDisplay: false,
      },
    ]);
  });

  it('flags a busy week that has no busy day', () => {
    const week = Array.from({ length: 7 }, (_, i) => seen(dayBefore(TODAY, i), i === 0 ? 6 : 9)).flat();
    expect(week).to.have.length(SCAN_RULE.placesAWeek);
    expect(patterns(week)).to.deep.equal(['busy-week']);
    expect(patterns(week.slice(1))).to.deep.equal([]);
  });

  it('never flags one visitor, however often the code is scanned', () => {
    fc.assert(
      fc.property(fc.array(anyDay, { maxLength: 60 }), fc.integer({ min: 0, max: 63 }), (days, place) => {
        expect(patterns(days.map((day) => ({ day, country: 'FR', place })))).to.deep.equal([]);
      }),
      { seed: 5 },
    );
  });

  it('never takes a country that is not known for one', () => {
    fc.assert(
      fc.property(anyBuckets, (buckets) => {
        const nowhere = buckets.map((bucket) => ({ ...bucket, country: NOWHERE }));
        expect(patterns(nowhere)).to.not.include('many-countries');
      }),
      { seed: 6 },
    );
  });

  it('depends neither on order nor on how often a place is named', () => {
    fc.assert(
      fc.property(anyBuckets, anyDisplays, (buckets, displays) => {
        const once = unusualScans(buckets, displays, TODAY);
        expect(unusualScans([...buckets, ...buckets].reverse(), displays, TODAY)).to.deep.equal(once);
      }),
      { seed: 7 },
    );
  });

  it('never finds less when more was scanned', () => {
    fc.assert(
      fc.property(anyBuckets, anyBuckets, (buckets, more) => {
        expect(patterns([...buckets, ...more])).to.include.members(patterns(buckets));
      }),
      { seed: 8 },
    );
  });

  it('looks at this week alone', () => {
    fc.assert(
      fc.property(anyBuckets, (buckets) => {
        const first = dayBefore(TODAY, SCAN_RULE.days - 1);
        const ofWeek = buckets.filter(({ day }) => day >= first && day <= TODAY);
        expect(unusualScans(buckets, [], TODAY)).to.deep.equal(unusualScans(ofWeek, [], TODAY));
      }),
      { seed: 9 },
    );
  });

  it('finds the same whether or not the piece is on display, and says of each whether that explains it', () => {
    fc.assert(
      fc.property(anyBuckets, anyDisplays, (buckets, displays) => {
        const told = unusualScans(buckets, displays, TODAY);
        expect(told.map(({ onDisplay: _, ...found }) => found)).to.deep.equal(
          unusualScans(buckets, [], TODAY).map(({ onDisplay: _, ...found }) => found),
        );
        for (const { onDisplay, day, pattern } of told) {
          const covered = displays.some(({ from, until }) => from <= day && day <= until);
          if (pattern !== 'busy-week') expect(onDisplay).to.equal(covered);
        }
      }),
      { seed: 10 },
    );
  });

  it('is explained on display days only: a day after them is unusual again', () => {
    const display = { from: dayBefore(TODAY, 3), until: dayBefore(TODAY, 1) };
    const busy = [...seen(dayBefore(TODAY, 1), 30), ...seen(TODAY, 30)];
    expect(unusualScans(busy, [display], TODAY).map(({ pattern, onDisplay }) => [pattern, onDisplay])).to.deep.equal([
      ['many-places', true],
      ['many-places', false],
      // Without the day on display, thirty places make no busy week.
      ['busy-week', true],
    ]);
  });

  it('counts days by the calendar', () => {
    expect(dayBefore('2024-03-01', 1)).to.equal('2024-02-29');
    expect(dayBefore('2026-01-01', 1)).to.equal('2025-12-31');
    expect(dayBefore('2026-12-31', -1)).to.equal('2027-01-01');
  });

  it('is published as it is', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'scans.md'), 'utf8');
    for (const pattern of SCAN_PATTERNS) expect(text).to.include(`\`${pattern}\``);
    const [, placesADay, countriesADay, placesAWeek] =
      /(\d+) places or more.*?(\d+) countries or more.*?(\d+) places or more/s.exec(text) as RegExpExecArray;
    expect([placesADay, countriesADay, placesAWeek].map(Number)).to.deep.equal([
      SCAN_RULE.placesADay,
      SCAN_RULE.countriesADay,
      SCAN_RULE.placesAWeek,
    ]);
    for (const told of [`${SCAN_RULE.places} places`, `${SCAN_RULE.displayDays} days`, `${SCAN_RULE.days} days`]) {
      expect(text).to.include(told);
    }
  });
});
