// Owns what must hold for any change of an evidence file, any JSON and any witness: nothing but a file that says what is so
// is called genuine, and judging always ends.
import { expect } from 'chai';
import fc from 'fast-check';
import { bases, fileOf } from '../../scripts/vectors/evidence/bases.ts';
import { expectedOf, REGISTRY } from '../../scripts/vectors/evidence/case.ts';
import { WORLD } from '../../scripts/vectors/evidence/world.ts';
import { type Evidence, MAX_EVIDENCE_BYTES, readEvidence } from '../../src/core/evidence.ts';
import { judge, judgeText, judgeValue, type Verdict, type Witness } from '../../src/core/verdict.ts';
import { honestWitness } from '../support/made-chain.ts';

const SEED = 20_260_101;
const RUNS = 4_000;

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Step = string | number;

const FILES = bases().filter(({ headline }) => headline !== 'not-genuine');
const GENUINE = ['genuine-record', 'warning'];

/** Judged against an honest node that is asked about the very file, forged or not. */
function honestly(text: string): Verdict {
  const parsed = readEvidence(text);
  const witness = parsed.ok ? honestWitness(WORLD, parsed.evidence) : undefined;
  return judgeText(text, { registry: REGISTRY, ...(witness ? { witness } : {}) });
}

/** Every place in a JSON value, the whole first. */
function placesIn(value: Json, at: readonly Step[] = []): (readonly Step[])[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((inner, i) => placesIn(inner, [...at, i]))];
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]))];
}

function valueAt(value: Json, at: readonly Step[]): Json {
  return at.reduce<Json>((inner, step) => (inner as Record<Step, Json>)[step] as Json, value);
}

/** What every member of a file means is said by the file's own parsed content; JSON text with the same is the same file. */
function contentOf(text: string): string {
  const parsed = readEvidence(text);
  return parsed.ok ? sorted(parsed.evidence as unknown as Json) : text;
}

function sorted(value: Json): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

type Change = (file: Json, place: readonly Step[], seed: number) => void;

const parentOf = (file: Json, place: readonly Step[]) => valueAt(file, place.slice(0, -1)) as Record<Step, Json>;

/** Another value of the same kind, as near to the old one as can be. */
function otherThan(value: Json, seed: number): Json {
  if (typeof value === 'number') return value + (seed % 2 === 0 || value === 0 ? 1 : -1);
  if (typeof value === 'boolean') return !value;
  if (value === null) return '';
  if (Array.isArray(value)) return seed % 2 === 0 ? [] : [...value].reverse();
  if (typeof value === 'object') return null;
  const at = seed % Math.max(1, value.length);
  const letter = value[at] === '0' ? '1' : '0';
  return value.slice(0, at) + letter + value.slice(at + 1);
}

const CHANGES: Readonly<Record<string, Change>> = {
  change: (file, place, seed) => {
    const parent = parentOf(file, place);
    const last = place.at(-1) as Step;
    parent[last] = otherThan(parent[last] as Json, seed);
  },
  delete: (file, place) => {
    const parent = parentOf(file, place);
    const last = place.at(-1) as Step;
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  },
  repeat: (file, place, seed) => {
    const parent = parentOf(file, place);
    const last = place.at(-1) as Step;
    if (Array.isArray(parent)) parent.splice(Number(last), 0, structuredClone(parent[Number(last)] as Json));
    else parent[`${last}${seed % 10}`] = structuredClone(parent[last] as Json);
  },
  swap: (file, place, seed) => {
    const places = placesIn(file).filter((other) => other.length > 0 && other.length === place.length);
    const other = places[seed % places.length] as readonly Step[];
    const [a, b] = [valueAt(file, place), valueAt(file, other)];
    parentOf(file, place)[place.at(-1) as Step] = structuredClone(b);
    parentOf(file, other)[other.at(-1) as Step] = structuredClone(a);
  },
};

/**
 * What whoever makes a file may leave out: nothing here is invented by it, and what is left out is said to be unknown, or
 * counted. Any other change must never be called genuine.
 */
function isLeftOut(was: Evidence, is: Evidence): boolean {
  const silent = (file: Evidence) => file.events.map((event) => ({ ...event, statement: null }));
  const bare = (file: Evidence) => ({
    ...file,
    events: silent(file),
    conflicts: [],
    certificates: [],
    organisations: [],
    lots: [],
  });
  if (sorted(bare(was) as unknown as Json) !== sorted(bare(is) as unknown as Json)) return false;
  const mute = (one: unknown) => sorted({ ...(one as { [name: string]: Json }), statement: null });
  const among = (some: readonly unknown[], all: readonly unknown[], of: (one: unknown) => string) => {
    const left = all.map(of);
    return some.every((one) => left.includes(of(one)));
  };
  const plain = (one: unknown) => sorted(one as Json);
  const muted = is.certificates.every(
    ({ statement }) => statement === null || was.certificates.some((one) => one.statement === statement),
  );
  const hushed = is.events.every(({ statement }, i) => statement === null || was.events[i]?.statement === statement);
  const lots = { is: is.lots ?? [], was: was.lots ?? [] };
  const unsaid = lots.is.every(
    ({ statement }) => statement === null || lots.was.some((one) => one.statement === statement),
  );
  return (
    among(lots.is, lots.was, mute) &&
    unsaid &&
    among(is.conflicts, was.conflicts, plain) &&
    among(is.organisations, was.organisations, plain) &&
    among(is.certificates, was.certificates, mute) &&
    muted &&
    hushed
  );
}

function mustNotPass(name: string, original: Evidence, text: string): void {
  const verdict = honestly(text);
  if (!GENUINE.includes(verdict.headline)) return;
  const before = JSON.stringify(original);
  if (contentOf(before) === contentOf(text)) return;
  const parsed = readEvidence(text);
  const harmless = parsed.ok && isLeftOut(original, parsed.evidence);
  expect(harmless, `${name}: called ${verdict.headline}: ${text.slice(0, 200)}`).to.equal(true);
}

describe('the verdict on an evidence file', function () {
  this.timeout(240_000);

  it('is genuine for no file with one member changed, deleted, repeated or swapped, at any depth', () => {
    const anyChange = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...Object.keys(CHANGES)), fc.nat());
    fc.assert(
      fc.property(anyChange, ([which, where, change, seed]) => {
        const { name, file } = FILES[which % FILES.length] as (typeof FILES)[number];
        const edited = structuredClone(file) as unknown as Json;
        const places = placesIn(edited).slice(1);
        const place = places[where % places.length] as readonly Step[];
        (CHANGES[change] as Change)(edited, place, seed);
        mustNotPass(`${name}: ${change} ${place.join('.')}`, file, JSON.stringify(edited));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('is genuine for no file in which any one member at all was changed', () => {
    for (const { name, file } of FILES) {
      for (const place of placesIn(file as unknown as Json).slice(1)) {
        for (const change of ['change', 'delete']) {
          const edited = structuredClone(file) as unknown as Json;
          (CHANGES[change] as Change)(edited, place, 1);
          mustNotPass(`${name}: ${change} ${place.join('.')}`, file, JSON.stringify(edited));
        }
      }
    }
  });

  it('is genuine for no file with a byte of its text changed, deleted or added', () => {
    const anyByte = fc.tuple(
      fc.nat(),
      fc.nat(),
      fc.constantFrom('change', 'delete', 'add'),
      fc.integer({ min: 9, max: 126 }),
    );
    fc.assert(
      fc.property(anyByte, ([which, where, how, code]) => {
        const { name, file } = FILES[which % FILES.length] as (typeof FILES)[number];
        const text = JSON.stringify(file);
        const at = where % text.length;
        const letter = how === 'delete' ? '' : String.fromCharCode(code);
        const edited = text.slice(0, at) + letter + text.slice(how === 'add' ? at : at + 1);
        mustNotPass(`${name}: ${how} at ${at}`, file, edited);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('is the same twice, leaves the file as it was, and follows from nothing but what it is given', () => {
    for (const { file, witness } of FILES) {
      const before = JSON.stringify([file, witness]);
      const first = judge(file, { registry: REGISTRY, witness });
      expect(judge(structuredClone(file), { registry: REGISTRY, witness: structuredClone(witness) })).to.deep.equal(
        first,
      );
      expect(JSON.stringify([file, witness])).to.equal(before);
    }
  });

  it('always ends, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(judgeValue(value, { registry: REGISTRY }).headline).to.equal('not-genuine');
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it('always ends, whatever stands at any place of a file that is right otherwise', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<Json>('', '\u20ac'.repeat(31), '9'.repeat(78), 2 ** 53, -0, 1e308, '0x', '\ud800', [], {}),
      fc.constantFrom('__proto__', 'constructor', 'toString').map((name) => JSON.parse(`{"${name}":{"x":1}}`) as Json),
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat(), anything, (which, where, value) => {
        const { name, file, witness } = FILES[which % FILES.length] as (typeof FILES)[number];
        const edited = structuredClone(file) as unknown as Json;
        const places = placesIn(edited).slice(1);
        const place = places[where % places.length] as readonly Step[];
        parentOf(edited, place)[place.at(-1) as Step] = value as Json;
        mustNotPass(`${name}: ${place.join('.')}`, file, JSON.stringify(edited));
        // And with a witness that was asked about another file.
        judgeValue(edited, { registry: REGISTRY, witness });
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('is genuine for no file that fails by itself, whatever a witness says', () => {
    const forged = structuredClone(fileOf('ring', 1));
    forged.record = forged.record.replace('Aube', 'Aubo');
    const honest = honestWitness(WORLD, fileOf('ring', 1));
    // Of the types a witness has: adapters see to that.
    const places = placesIn(honest as unknown as Json).filter((place) => {
      const value = place.length > 0 && valueAt(honest as unknown as Json, place);
      return typeof value === 'number' || typeof value === 'string' || typeof place.at(-1) === 'number';
    });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom('change', 'delete', 'repeat'), (where, seed, change) => {
        const witness = structuredClone(honest) as unknown as Json;
        const place = places[where % places.length] as readonly Step[];
        const how = typeof place.at(-1) === 'number' ? (change === 'change' ? 'repeat' : change) : 'change';
        (CHANGES[how] as Change)(witness, place, seed);
        const verdict = judgeText(JSON.stringify(forged), {
          registry: REGISTRY,
          witness: witness as unknown as Witness,
        });
        expect(verdict.headline).to.equal('not-genuine');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('always ends, however deep what it is given is nested, and wherever', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    const text = JSON.stringify(fileOf('ring', 1));
    const texts = [
      deep,
      text.replace('{"schema"', `{"x":${deep},"schema"`),
      text.replace(/"record":"(?:[^"\\]|\\.)*"/, `"record":"${deep}"`),
      text.replace(/"statement":"(?:[^"\\]|\\.)*"/, `"statement":"${deep}"`),
    ];
    for (const one of texts) expect(honestly(one).headline).to.equal('not-genuine');
  });

  it('is of a file as large as may be, in bytes and not in characters', () => {
    const worded = (euros: number) => {
      const file = structuredClone(fileOf('mistral', 0));
      const [one] = file.certificates;
      if (one?.revoked) one.revoked.words = '\u20ac'.repeat(euros);
      return JSON.stringify(file);
    };
    const room = Math.floor((MAX_EVIDENCE_BYTES - Buffer.byteLength(worded(0))) / 3);
    expect(readEvidence(worded(room)).ok).to.equal(true);
    expect(readEvidence(worded(room + 1)).ok).to.equal(false);
  });

  it('says nothing of a file but what it says of the same members in another order', () => {
    const shuffled = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, inner]) => [name, shuffled(inner)]),
      );
    };
    for (const { file, witness } of FILES) {
      const trust = { registry: REGISTRY, witness };
      const told = judgeValue(shuffled(file as unknown as Json), trust);
      expect(expectedOf(told)).to.deep.equal(expectedOf(judge(file, trust)));
    }
  });
});
