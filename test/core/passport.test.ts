import { expect } from 'chai';
import fc from 'fast-check';
import { type BatchId, type TokenId, tokenIdOf } from '../../src/core/batch.ts';
import { canonicalise } from '../../src/core/canonical.ts';
import { ownCode } from '../../src/core/code.ts';
import { isoTime } from '../../src/core/events.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import type { LifeFacts, LifeKind } from '../../src/core/life.ts';
import { type CheckName, foldPassport, type MoveFacts, type PieceFacts } from '../../src/core/passport.ts';
import { canonicalRecord, hashRecord, mustParseRecord } from '../../src/core/record.ts';
import { ownerEntries } from '../../src/core/timeline.ts';
import { goldRing, vintageBrooch } from '../support/records.ts';

const MAKER = `0x${'aa'.repeat(20)}`;
const SHOP = `0x${'bb'.repeat(20)}`;
const ANNA = `0x${'01'.repeat(20)}`;
const BEN = `0x${'02'.repeat(20)}`;
const GTIN = '09506000134352';
const CODE = ownCode('lune', new Uint8Array(10));
const record = mustParseRecord({ ...goldRing(), code: CODE });
const hash = (digit: string) => `0x${digit.repeat(64)}` as Hex32;

const batch = {
  id: '77' as BatchId,
  root: hash('1'),
  count: 3,
  index: 2,
  published: true,
  block: 100,
  time: 1_760_000_000,
  transaction: hash('2'),
};
const TOKEN = tokenIdOf(batch.id, 2);
const pending: PieceFacts = {
  code: CODE,
  record,
  recordHash: hashRecord(canonicalRecord(record)),
  registrant: { address: MAKER, handle: 'lune', roles: 1, prefixes: ['9506000'] },
  moves: [],
  life: [],
  notes: [],
  batchLife: [],
  statements: new Map(),
  hasCard: false,
  organisations: new Map([
    [MAKER, 'lune'],
    [SHOP, 'goldsmith-row'],
  ]),
  conflicts: [],
  certificates: [],
  reports: [],
  asOf: { chainId: 31_337, registry: SHOP, block: 120, time: 1_760_000_500, finalBlock: 110, embedded: true },
};
const anchored: PieceFacts = { ...pending, batch };

function moveTo(to: string, block: number, logIndex = 0): MoveFacts {
  return { from: MAKER, to, block, time: batch.time + block, transaction: hash('3'), logIndex };
}

function lifeFact(kind: LifeKind, number: number): LifeFacts {
  const place = { block: 100 + number, logIndex: 0, time: batch.time + number, transaction: hash('4') };
  return { ...place, kind, number, organisation: SHOP, key: null, contentHash: null, words: '' };
}

function checkOf(facts: PieceFacts, name: CheckName): string | undefined {
  return foldPassport(facts, TOKEN).checks.find((check) => check.name === name)?.result;
}

const headline = (facts: PieceFacts) => foldPassport(facts, TOKEN).headline;

describe('passport', () => {
  it('is pending while the piece is accepted or sealed, and knows neither chain nor token', () => {
    for (const [facts, state] of [
      [pending, 'accepted'],
      [{ ...pending, sealed: true }, 'sealed'],
    ] as const) {
      const passport = foldPassport(facts, null);
      expect(passport).to.include({ state, headline: 'pending', asOf: null, tokenId: null, batch: null });
      expect(passport.timeline).to.deep.equal([]);
      expect(passport.keeper).to.deep.equal({ number: 1, address: MAKER, organisation: 'lune' });
    }
    expect(checkOf(pending, 'anchored')).to.equal('unknown');
  });

  it('is anchored until the block of its batch is final, and final from that block on', () => {
    const at = (finalBlock: number) =>
      foldPassport({ ...anchored, asOf: { ...anchored.asOf, finalBlock } }, TOKEN).state;
    expect([at(99), at(100), at(101)]).to.deep.equal(['anchored', 'final', 'final']);
    expect(checkOf({ ...anchored, asOf: { ...anchored.asOf, finalBlock: 99 } }, 'final')).to.equal('unknown');
    expect(headline(anchored)).to.equal('genuine-record');
  });

  it('says where it stands: path, registrant, record and its hash', () => {
    const passport = foldPassport(anchored, TOKEN);
    expect(passport).to.deep.include({ path: `/p/lune/${CODE.code}`, code: CODE, tokenId: TOKEN, batch, record });
    expect(passport.recordHash).to.equal(hashRecord(canonicalRecord(record)));
    expect(passport.registrant).to.deep.equal({
      address: MAKER,
      handle: 'lune',
      recordedAs: 'maker',
      suspendedSince: null,
    });
  });

  it('calls a custodian a custodian', () => {
    const brooch = mustParseRecord({ ...vintageBrooch(), code: CODE });
    expect(foldPassport({ ...anchored, record: brooch }, TOKEN).registrant.recordedAs).to.equal('custodian');
  });

  it('numbers its keepers from 1, one a move, names organisations and nobody else', () => {
    const facts = { ...anchored, moves: [moveTo(SHOP, 105), moveTo(ANNA, 110), moveTo(ANNA, 111), moveTo(BEN, 115)] };
    const { timeline, keeper } = foldPassport(facts, TOKEN);
    expect(
      ownerEntries(timeline).map((entry) => [entry.kind, entry.to.number, entry.to.organisation ?? entry.to.address]),
    ).to.deep.equal([
      ['registered', 1, 'lune'],
      ['moved', 2, 'goldsmith-row'],
      ['moved', 3, ANNA],
      ['moved', 4, ANNA],
      ['moved', 5, BEN],
    ]);
    expect(timeline.map((entry) => entry.final)).to.deep.equal([true, true, true, false, false]);
    expect(keeper).to.deep.equal({ number: 5, address: BEN });
    expect(keeper).to.not.have.property('organisation');
  });

  it('is the same whatever order its moves and conflicts come in', () => {
    const moves = [moveTo(SHOP, 105), moveTo(ANNA, 110, 1), moveTo(BEN, 110, 2), moveTo(SHOP, 112)];
    const conflicts = ['9', '10', '11'].map((tokenId) => ({
      tokenId: tokenId as TokenId,
      recordHash: hashOf(tokenId),
    }));
    const facts = { ...anchored, moves, conflicts };
    const expected = canonicalise(foldPassport(facts, TOKEN));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(moves, { minLength: 4 }),
        fc.shuffledSubarray(conflicts, { minLength: 3 }),
        (m, c) => canonicalise(foldPassport({ ...facts, moves: m, conflicts: c }, TOKEN)) === expected,
      ),
    );
    expect(foldPassport(facts, TOKEN).conflicts.map((other) => other.tokenId)).to.deep.equal(['9', '10', '11']);
  });

  it('is pure: frozen facts fold twice to the same bytes, at any time', () => {
    const facts = deepFreeze({ ...anchored, moves: [moveTo(ANNA, 110), moveTo(BEN, 105)] });
    const once = canonicalise(foldPassport(facts, TOKEN));
    const clock = Date.now;
    Date.now = () => 0;
    try {
      expect(canonicalise(foldPassport(facts, TOKEN))).to.equal(once);
    } finally {
      Date.now = clock;
    }
  });

  it('does not change with what is not about this piece: who else is an organisation, how far the chain went on', () => {
    const later = {
      ...anchored,
      organisations: new Map([...anchored.organisations, [BEN, 'elsewhere']]),
      registrant: { ...anchored.registrant, prefixes: ['9506000', '0614141'], roles: 3 },
    };
    expect(canonicalise(foldPassport(later, TOKEN))).to.equal(canonicalise(foldPassport(anchored, TOKEN)));
  });

  it('warns when the same code was anchored twice with different records', () => {
    const facts = { ...anchored, conflicts: [{ tokenId: '9' as TokenId, recordHash: hashOf('9') }] };
    expect(checkOf(facts, 'single-record')).to.equal('warn');
    expect(headline(facts)).to.equal('warning');
    expect(foldPassport(facts, TOKEN).conflicts).to.deep.equal(facts.conflicts);
  });

  it('keeps a genuine record genuine when its registrant is suspended later, and says since when', () => {
    const facts = { ...anchored, registrant: { ...anchored.registrant, suspendedAt: 1_770_000_000 } };
    expect(checkOf(facts, 'registrant-in-good-standing')).to.equal('warn');
    expect(headline(facts)).to.equal('genuine-record');
    expect(foldPassport(facts, TOKEN).registrant.suspendedSince).to.equal('2026-02-02T02:40:00Z');
  });

  it('warns of whatever a buyer must know first, each with a check of its own, and tells it in the chain’s order', () => {
    const said: readonly (readonly [LifeKind, CheckName])[] = [
      ['reported-stolen', 'not-reported'],
      ['reported-lost', 'not-reported'],
      ['locked', 'not-locked'],
      ['recalled', 'not-recalled'],
      ['registration-withdrawn', 'registration-stands'],
      ['melted', 'in-existence'],
      ['recovery-begun', 'no-recovery-under-way'],
    ];
    for (const [kind, name] of said) {
      const facts = { ...anchored, life: [lifeFact(kind, 1)] };
      expect([headline(facts), checkOf(facts, name)], kind).to.deep.equal(['warning', 'warn']);
      const others = foldPassport(facts, TOKEN).checks.filter((check) => check.result === 'warn');
      expect(others, kind).to.have.length(1);
    }
    for (const kind of ['service', 'corrected', 'consigned', 'card-set', 'recovery-allowed'] as const)
      expect(headline({ ...anchored, life: [lifeFact(kind, 1)] }), kind).to.equal('genuine-record');
  });

  it('is the same whatever order its life comes in, with each owner in his place', () => {
    const life = [lifeFact('service', 1), lifeFact('locked', 2), lifeFact('unlocked', 3)];
    const facts = { ...anchored, life, moves: [moveTo(ANNA, 101, 5)] };
    const expected = canonicalise(foldPassport(facts, TOKEN));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(life, { minLength: 3 }),
        (shuffled) => canonicalise(foldPassport({ ...facts, life: shuffled }, TOKEN)) === expected,
      ),
    );
    const { timeline } = foldPassport(facts, TOKEN);
    expect(
      timeline.map((entry) => (entry.kind === 'life' ? [entry.event, entry.owner.number] : entry.kind)),
    ).to.deep.equal(['registered', ['service', 1], 'moved', ['locked', 2], ['unlocked', 2]]);
  });

  describe('whose code is a GTIN', () => {
    const code = { gtin: GTIN, serial: 'A/7' };
    const facts: PieceFacts = { ...anchored, code, record: mustParseRecord({ ...goldRing(), code }) };
    const held = (prefixes: string[]): PieceFacts => ({ ...facts, registrant: { ...facts.registrant, prefixes } });

    it('passes when the registrant held a prefix of it', () => {
      expect(checkOf(held(['0614141', '950600013435']), 'code-belongs-to-registrant')).to.equal('pass');
      expect(foldPassport(facts, TOKEN).path).to.equal(`/01/${GTIN}/21/A%2F7`);
    });

    it('fails with a warning when it held none, anchored or not', () => {
      for (const prefixes of [[], ['9506001'], ['0950600']]) {
        expect(checkOf(held(prefixes), 'code-belongs-to-registrant')).to.equal('fail');
        expect(headline(held(prefixes))).to.equal('warning');
        const { batch: _, ...unanchored } = held(prefixes);
        expect(headline(unanchored)).to.equal('warning');
      }
    });
  });

  it('fails with a warning when its own code stands under another organisation’s handle', () => {
    const facts = { ...anchored, registrant: { ...anchored.registrant, handle: 'lunes' } };
    expect(checkOf(facts, 'code-belongs-to-registrant')).to.equal('fail');
    expect(headline(facts)).to.equal('warning');
  });

  it('writes block times as ISO 8601 in whole seconds of UTC', () => {
    expect(isoTime(0)).to.equal('1970-01-01T00:00:00Z');
    expect(isoTime(1_760_000_000)).to.equal('2025-10-09T08:53:20Z');
  });
});

function hashOf(digits: string) {
  return hashRecord(canonicalise(digits));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
