import { expect } from 'chai';
import { CERTIFICATE_SCHEMA, parseStatement, reportsAlike } from '../src/core/certificate.ts';
import { gtinFault, isHandle, ownCode, prefixCovers, randomSerial } from '../src/core/code.ts';
import { canonicalRecord, type Material, mustParseRecord, parseRecord } from '../src/core/record.ts';
import {
  paperLines,
  SAMPLE_CERTIFICATES,
  SAMPLE_HALLMARKS,
  type SampleCertificate,
} from '../src/sample/certificates.ts';
import { paper } from '../src/sample/paper.ts';
import { SAMPLE_PIECES, SAMPLE_PREFIX, type SamplePiece } from '../src/sample/pieces.ts';
import { CERTIFIERS } from '../src/sample/workshop.ts';

type Metal = Extract<Material, { type: 'metal' }>;
type Stone = Extract<Material, { type: 'stone' }>;
type Known = number | 'unknown';

const PRECIOUS = ['gold', 'silver', 'platinum', 'palladium'];
const FINENESSES: Readonly<Record<string, readonly Known[]>> = {
  gold: [375, 585, 750, 916, 999],
  silver: [800, 925, 999],
  platinum: [850, 900, 950, 999],
};
/** Grams per cubic centimetre. */
const DENSITY: Readonly<Record<string, number>> = {
  diamond: 3.52,
  corundum: 4,
  béryl: 2.72,
  spinel: 3.6,
  pearl: 2.7,
};
/** From these masses in milligrams on, French law asks for the state's mark besides the sponsor's. */
const MARKED_FROM: Readonly<Record<string, number>> = { gold: 3000, platinum: 3000, silver: 30_000 };
const REAL_LABORATORIES =
  /\b(GIA|IGI|HRD|SSEF|Gübelin|AGL|AGS|GRS|GCAL|Lotus|LFG|DSEF|SGS|Intertek|TÜV|Bureau Veritas)\b/i;

const metalsOf = ({ statement }: SamplePiece) =>
  statement.materials.filter((one): one is Metal => one.type === 'metal');
const stonesOf = ({ statement }: SamplePiece) =>
  statement.materials.filter((one): one is Stone => one.type === 'stone');
const isImitation = (piece: SamplePiece) =>
  metalsOf(piece).every(({ metal }) => !PRECIOUS.includes(metal)) &&
  stonesOf(piece).every(({ nature }) => nature === 'imitation');
const massOf = (material: Material): Known => {
  if (material.type !== 'stone') return material.massMg;
  return material.caratThousandths === 'unknown' ? 'unknown' : material.caratThousandths / 5;
};

/** Length, width and height of one stone in millimetres, where all are known. */
function measured(stone: Stone): [number, number, number] | undefined {
  const { length = 'unknown', width = 'unknown', height = 'unknown' } = stone.measuresUm ?? {};
  if (length === 'unknown' || width === 'unknown' || height === 'unknown') return undefined;
  return [length / 1000, width / 1000, height / 1000];
}

/** Every text of a statement with where it stands. */
function textsOf(value: unknown, at = ''): [string, string][] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${at}.${key}`));
}

function claimsOf({ statement }: SamplePiece) {
  return [...(statement.claims ?? []), ...statement.materials.flatMap(({ claims }) => claims ?? [])];
}

describe('the sample workshop', () => {
  it('has fourteen pieces, each with a name of its own, one of them featured', () => {
    expect(new Set(SAMPLE_PIECES.map(({ statement }) => statement.title)).size).to.equal(14);
    const featured = SAMPLE_PIECES.filter((piece) => piece.featured);
    expect(featured).to.have.length(1);
    expect(featured[0]?.sold).to.deep.equal(['shop', 'private', 'private']);
  });

  it('sells some, keeps some, and shows fine and imitation', () => {
    const sold = SAMPLE_PIECES.filter((piece) => (piece.sold ?? []).length > 0);
    expect(sold.length).to.be.within(5, 12);
    for (const { sold: steps = [] } of sold) expect(steps.lastIndexOf('shop')).to.be.at.most(0);
    expect(SAMPLE_PIECES.filter(isImitation).length).to.be.at.least(4);
    expect(SAMPLE_PIECES.filter((piece) => !isImitation(piece)).length).to.be.at.least(7);
  });

  it('shows every nature of stone but the rarest, and how far a claim was checked at every level', () => {
    const natures = new Set(SAMPLE_PIECES.flatMap(stonesOf).map(({ nature }) => nature));
    expect([...natures]).to.have.members(['natural', 'natural-treated', 'laboratory-grown', 'cultured', 'imitation']);
    const levels = new Set(SAMPLE_PIECES.flatMap(claimsOf).map(({ evidence }) => evidence));
    expect([...levels]).to.have.members(['self-declared', 'supplier', 'second-party', 'third-party', 'accredited']);
    expect([...new Set(SAMPLE_PIECES.map(({ statement }) => statement.language))]).to.have.members(['en', 'fr', 'de']);
  });

  it('has article numbers under its prefix, each once', () => {
    const gtins = SAMPLE_PIECES.flatMap(({ gtin }) => gtin ?? []);
    expect(gtins).to.have.length.at.least(4);
    expect(new Set(gtins).size).to.equal(gtins.length);
    for (const gtin of gtins) {
      expect(gtinFault(gtin), gtin).to.equal(undefined);
      expect(prefixCovers(SAMPLE_PREFIX, gtin), gtin).to.equal(true);
    }
  });
});

for (const piece of SAMPLE_PIECES) {
  const { statement, gtin } = piece;
  describe(`sample piece: ${statement.title}`, () => {
    it('is a record that loses nothing', () => {
      const random = new Uint8Array(10).fill(7);
      const code = gtin ? { gtin, serial: randomSerial(random) } : ownCode('atelier-lune', random);
      expect(parseRecord({ ...statement, code })).to.deep.equal({ ok: true, record: { ...statement, code } });
      expect(canonicalRecord(mustParseRecord({ ...statement, code })).length).to.be.below(8192);
    });

    it('weighs what its parts weigh', () => {
      const masses = statement.materials.map(massOf);
      if (masses.includes('unknown') || statement.massMg === 'unknown') return;
      expect(masses.reduce((sum: number, mass) => sum + Number(mass), 0)).to.equal(statement.massMg);
    });

    it('has metal of a fineness there is, marked as it must be', () => {
      for (const { metal, fineness, hallmarks = [], plating = [] } of metalsOf(piece)) {
        expect(FINENESSES[metal] ?? ['unknown'], metal).to.include(fineness);
        for (const mark of hallmarks) {
          expect(mark.fineness).to.equal(fineness);
          expect(statement.made.date).to.deep.include({ from: `${mark.year}${madeFrom().slice(4)}` });
        }
        for (const { thicknessNm } of plating)
          if (thicknessNm !== 'unknown') expect(thicknessNm).to.be.within(50, 20_000);
      }
      for (const [metal, from] of Object.entries(MARKED_FROM)) {
        const of = metalsOf(piece).filter((one) => one.metal === metal);
        const mass = of.reduce((sum, { massMg }) => sum + Number(massMg), 0);
        expect(
          of.some(({ hallmarks }) => hallmarks),
          metal,
        ).to.equal(mass >= from);
      }
    });

    it('has stones as heavy as their measures say', () => {
      for (const stone of stonesOf(piece)) {
        const sides = measured(stone);
        if (!sides || stone.caratThousandths === 'unknown' || stone.count === 'unknown') continue;
        const [long, wide, high] = sides;
        const carat = stone.caratThousandths / 1000 / stone.count;
        const filled = (carat * 200) / (long * wide * high * (DENSITY[stone.species] ?? Number.NaN));
        const round = stone.species === 'diamond' && stone.shape === 'round';
        expect(filled, 'share of its box that it fills').to.be.within(round ? 0.33 : 0.39, round ? 0.37 : 0.56);
        if (round) {
          const brilliant = ((long + wide) / 2 / 6.45) ** 3;
          expect(carat / brilliant, 'to a brilliant so wide').to.be.within(0.85, 1.15);
        }
        if (stone.depthPerThousand !== undefined)
          expect(stone.depthPerThousand).to.be.closeTo((2000 * high) / (long + wide), 2);
      }
    });

    it('calls stones what they are', () => {
      for (const stone of stonesOf(piece)) {
        const treated = stone.treatments !== undefined;
        if (stone.nature === 'natural') expect(treated).to.equal(false);
        if (stone.nature === 'natural-treated') expect(stone.treatments).to.be.an('array');
        if (stone.nature === 'laboratory-grown') expect(statement.title).to.include('laboratory-grown');
        if (stone.nature === 'cultured') expect(statement.title).to.include('cultured');
        if (stone.nature === 'imitation') expect(statement.title).to.include('paste');
        if (stone.report) expect(stone.report.number).to.match(/SAMPLE|EXEMPLE|MUSTER/);
      }
    });

    it('goes round its finger, if it is a ring', () => {
      const { ringSize, heightUm, widthUm, diameterUm } = statement.dimensions ?? {};
      expect(statement.kind === 'ring').to.equal(ringSize !== undefined);
      if (!ringSize) return;
      const inner = (Number(ringSize.value) / Math.PI) * 1000;
      expect(Number(ringSize.value)).to.be.within(44, 70);
      expect((diameterUm ?? widthUm ?? 0) - inner, 'twice the band').to.be.within(2000, 5000);
      if (heightUm !== undefined && widthUm !== undefined) expect(heightUm).to.be.at.least(widthUm);
    });

    it('keeps the limits for skin, and was tested if it is imitation made now', () => {
      const pierced = statement.kind === 'pair-of-earrings';
      const limits = { 'nickel-release': pierced ? 200 : 500, lead: 500, cadmium: 100 };
      for (const { substance, value } of statement.restrictedSubstances ?? []) {
        expect(value, substance).to.be.a('number').and.below(limits[substance]);
      }
      if (statement.recordedAs !== 'maker' || !(pierced || isImitation(piece))) return;
      const nickel = statement.restrictedSubstances?.find(({ substance }) => substance === 'nickel-release');
      expect(nickel?.date?.to, 'tested before it was made')
        .to.be.a('string')
        .and.match(/^202[56]-/);
      expect(String(nickel?.date?.to) <= madeTo()).to.equal(true);
    });

    it('is of 2025 or 2026, made by the workshop, or has its past told by whoever holds it', () => {
      const days = textsOf(statement).filter(([at]) => /\.(from|to)$/.test(at));
      for (const [at, day] of days) expect(day, at).to.match(/^(202[56]-\d\d-\d\d)$/);
      if (statement.recordedAs === 'maker') {
        expect(statement.maker).to.deep.equal({ name: 'Atelier Lune', qualifier: 'stated' });
        expect(statement.history).to.equal(undefined);
        for (const { date } of claimsOf(piece)) if (date) expect(String(date.to) <= madeTo(5)).to.equal(true);
      } else expect(statement.maker).to.equal('unknown');
    });

    it('speaks plainly, names no real laboratory and says that it is invented', () => {
      for (const [at, text] of textsOf(statement)) {
        expect(text, at).not.to.match(/!|\b(stunning|exquisite|luxur|timeless|unique)/i);
        expect(text, at).not.to.match(REAL_LABORATORIES);
      }
      expect(statement.descriptors?.some(({ type }) => ['sample', 'exemple', 'Muster'].includes(type))).to.equal(true);
    });
  });

  function madeFrom(): string {
    return statement.made.date === 'unknown' ? '' : String(statement.made.date.from);
  }

  /** The last day of making, and some days for the shop to look at it. */
  function madeTo(days = 0): string {
    const at = new Date(statement.made.date === 'unknown' ? '' : String(statement.made.date.to));
    at.setUTCDate(at.getUTCDate() + days);
    return at.toISOString().slice(0, 10);
  }
}

describe('what is certified of the sample', () => {
  const all = [...SAMPLE_CERTIFICATES, ...SAMPLE_HALLMARKS];
  const stonesWithReport = ({ statement }: SamplePiece) =>
    statement.materials.flatMap((one) => (one.type === 'stone' && one.report ? [one.report] : []));
  const numberOf = ({ said }: SampleCertificate) => said.report;

  it('is statements that lose nothing, by organisations whose handles there can be', () => {
    for (const { said } of all) {
      const statement = { schema: CERTIFICATE_SCHEMA, ...said, subject: { kind: 'batch', batchId: '1' } };
      expect(parseStatement(statement), said.title).to.deep.equal({ ok: true, statement });
    }
    for (const { handle } of Object.values(CERTIFIERS)) expect(isHandle(handle), handle).to.equal(true);
  });

  it('confirms every report that a record states, by a handle that reads like the name of the laboratory', () => {
    for (const piece of SAMPLE_PIECES) {
      for (const report of stonesWithReport(piece)) {
        expect(reportsAlike({ issuer: CERTIFIERS.laboratory.handle, number: report.number }, report)).to.equal(true);
        const naming = SAMPLE_CERTIFICATES.filter((one) => {
          const number = numberOf(one);
          return one.of === piece && one.by === 'laboratory' && number && reportsAlike(number, report);
        });
        expect(
          naming.filter(({ replaced }) => !replaced),
          report.number,
        ).to.have.length(1);
      }
    }
    expect(SAMPLE_PIECES.flatMap(stonesWithReport)).to.have.length(4);
  });

  it('hallmarks each piece that states a hallmark, and no other, with that fineness', () => {
    const marked = SAMPLE_PIECES.filter((piece) => metalsOf(piece).some(({ hallmarks }) => hallmarks));
    expect(SAMPLE_HALLMARKS.map(({ of }) => of)).to.have.members(marked);
    for (const { of, said } of SAMPLE_HALLMARKS) {
      const finenesses = metalsOf(of as SamplePiece).flatMap(({ hallmarks = [] }) =>
        hallmarks.map((one) => one.fineness),
      );
      expect(said.statement).to.match(new RegExp(`\\b(${finenesses.join('|')})\\b`));
    }
  });

  it('finds weights and qualities as the records state them, but where it is corrected', () => {
    for (const { of, said, replaced } of SAMPLE_CERTIFICATES) {
      const weight = said.findings?.find(({ name }) => ['Weight', 'Masse'].includes(name))?.value;
      if (weight === undefined || !of) continue;
      const carats = Number(weight.replace(',', '.').replace(' ct', '')) * 1000;
      expect(carats === stonesOf(of)[0]?.caratThousandths, said.title).to.equal(replaced === undefined);
    }
    expect(SAMPLE_CERTIFICATES.filter(({ replaced }) => replaced)).to.have.length(1);
  });

  it('was looked at before the piece was sold, speaks plainly and names no real laboratory', () => {
    for (const { said } of all) {
      if (said.examined) expect(String(said.examined.from)).to.match(/^202[56]-\d\d-\d\d$/);
      for (const [at, text] of textsOf(said)) {
        expect(text, at).not.to.match(/!/);
        expect(text, at).not.to.match(REAL_LABORATORIES);
      }
      if (said.report) expect(said.report.number).to.match(/SAMPLE|EXEMPLE/);
    }
  });

  it('comes with a paper of a few hundred bytes that a reader of PDF finds its way in, saying that it is invented', () => {
    const papers = SAMPLE_CERTIFICATES.filter((one) => one.paper !== undefined);
    expect(papers).to.have.length.at.least(1);
    for (const one of papers) {
      const file = Buffer.from(paper(paperLines(one, one.paper as string))).toString('latin1');
      expect(file.length).to.be.below(4096);
      expect(file)
        .to.match(/^%PDF-1\.4\n/)
        .and.match(/%%EOF\n$/);
      const xref = Number(/startxref\n(\d+)\n/.exec(file)?.[1]);
      expect(file.slice(xref, xref + 5)).to.equal('xref\n');
      const offsets = [...file.slice(xref).matchAll(/(\d{10}) 00000 n /g)].map(([, offset]) => Number(offset));
      for (const [i, offset] of offsets.entries())
        expect(file.slice(offset).startsWith(`${i + 1} 0 obj`)).to.equal(true);
      const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(file) ?? [];
      expect(stream).to.have.length(Number(length));
      expect(file).to.contain('Invented, for trying the ledger out');
    }
    expect(Buffer.from(paper(['a (b) \\ c', 'ü 漢'])).toString('latin1'))
      .to.contain('(a \\(b\\) \\\\ c)')
      .and.contain('(ü ?)');
  });
});
