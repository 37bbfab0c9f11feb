// Holds the flat column set: what each column fills, that decimals are exact, and that every fault names its column in
// words a goldsmith can act on.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { COLUMNS_PAGE, columnsPage } from '../../scripts/columns.ts';
import { ownCode } from '../../src/core/code.ts';
import { COLUMNS, type ColumnMapping, compileColumns, mappingSchema, statementOfRow } from '../../src/core/columns.ts';
import { parseRecord } from '../../src/core/record.ts';

const CODE = ownCode('atelier', new Uint8Array(10));
const PLAIN = { title: 'Garnet ring', kind: 'ring', metal_1: 'gold' };

function read(row: Record<string, string>) {
  return statementOfRow({ ...PLAIN, ...row });
}

function reasonOf(row: Record<string, string>): string {
  const { faults } = read(row);
  expect(faults, JSON.stringify(faults)).to.have.length(1);
  return `${faults[0]?.field}: ${faults[0]?.reason}`;
}

function material(row: Record<string, string>, index = 0): Record<string, unknown> {
  const { statement, faults } = read(row);
  expect(faults).to.deep.equal([]);
  return (statement['materials'] as Record<string, unknown>[])[index] ?? {};
}

function compiled(header: string[], mapping: ColumnMapping = {}) {
  const columns = compileColumns(header, mapping);
  if (!columns.ok) throw new Error(JSON.stringify(columns.faults));
  return columns;
}

function fileFaults(header: string[], mapping: ColumnMapping = {}): string[] {
  const columns = compileColumns(header, mapping);
  return columns.ok ? [] : columns.faults.map((fault) => `${fault.field}: ${fault.reason}`);
}

describe('columns of a workshop file', () => {
  describe('a row', () => {
    it('needs a title, a kind and a material, and nothing else', () => {
      const { statement, faults, code } = read({});
      expect(faults).to.deep.equal([]);
      expect(code).to.equal(undefined);
      const parsed = parseRecord({ ...statement, code: CODE });
      expect(parsed.ok, JSON.stringify(parsed)).to.equal(true);
      expect(statement).to.deep.include({ language: 'en', recordedAs: 'maker', maker: 'unknown', massMg: 'unknown' });
    });

    it('may fill every column with its example, and each arrives where the table says', () => {
      const examples = COLUMNS.filter(({ name }) => !['code'].includes(name)).map(({ name, example }) => {
        return [name.replace('#', '1'), example] as const;
      });
      const { statement, code, faults } = statementOfRow(Object.fromEntries(examples));
      expect(faults).to.deep.equal([]);
      const parsed = parseRecord({ ...statement, code });
      expect(parsed.ok, JSON.stringify(parsed)).to.equal(true);
      for (const { fills, example, reads, name } of COLUMNS) {
        if (!/^(line|prose)/.test(reads)) continue;
        const group = name.split('_')[0];
        const texts = JSON.stringify(group === 'stone' ? (statement['materials'] as unknown[])[1] : statement);
        expect(texts, fills).to.include(JSON.stringify(example));
      }
    });

    it('keeps groups in the order of their numbers, gaps or not, whatever the order of the columns', () => {
      const { statement } = statementOfRow({
        stone_10: 'ruby',
        stone_2: 'opal',
        other_1: 'enamel',
        metal_3: 'silver',
        metal_1: 'gold',
        kind: 'ring',
        title: 'Ring',
      });
      const materials = statement['materials'] as { metal?: string; species?: string; material?: string }[];
      const names = materials.map((entry) => entry.metal ?? entry.species ?? entry.material);
      expect(names).to.deep.equal(['gold', 'silver', 'opal', 'ruby', 'enamel']);
    });

    it('takes a blank cell and the word unknown for an answer where the trade asks, else for nothing', () => {
      const gold = material({ metal_1_fineness: 'unknown', metal_1_mass_g: '', metal_1_alloy: 'Unknown' });
      expect(gold).to.deep.equal({
        type: 'metal',
        metal: 'gold',
        fineness: 'unknown',
        massMg: 'unknown',
        recycledShare: 'unknown',
        origin: 'unknown',
        custody: 'unknown',
      });
      expect(material({ metal_1: 'unknown' })).to.deep.include({ metal: 'unknown' });
      expect(material({ stone_1: 'opal', stone_1_treatments: 'unknown' }, 1)).to.deep.include({
        treatments: 'unknown',
      });
      expect(material({ stone_1: 'opal', stone_1_treatments: '' }, 1)).to.not.have.property('treatments');
    });

    it('reads words in any case, with spaces or hyphens', () => {
      expect(read({ kind: 'Pair of earrings' }).statement).to.include({ kind: 'pair-of-earrings' });
      expect(material({ stone_1: 'x', stone_1_nature: 'Laboratory_Grown' }, 1)).to.include({
        nature: 'laboratory-grown',
      });
    });

    it('reads a hallmark, a plating, a report and treatments into their own places', () => {
      const gold = material({
        metal_1_hallmark_sponsor: 'AM',
        metal_1_hallmark_year: '2025',
        metal_1_plating: 'rhodium',
        metal_1_plating_um: '0.075',
        metal_1_origin_country: 'pe',
      });
      expect(gold['hallmarks']).to.deep.equal([
        { sponsor: 'AM', fineness: 'unknown', assayOffice: 'unknown', year: 2025 },
      ]);
      expect(gold['plating']).to.deep.equal([{ metal: 'rhodium', thicknessNm: 75 }]);
      expect(gold['origin']).to.deep.equal({ country: 'PE' });
      const stone = material(
        {
          stone_1: 'emerald',
          stone_1_treatments: 'oiled ; heated',
          stone_1_report_issuer: 'Lab',
          stone_1_report_number: '7',
        },
        1,
      );
      expect(stone['treatments']).to.deep.equal(['oiled', 'heated']);
      expect(stone['report']).to.deep.equal({ issuer: 'Lab', number: '7' });
    });

    it('reads dates and places as they are written, and as exactly as they can be read', () => {
      const made = (row: Record<string, string>) => read(row).statement['made'] as { place: unknown; date: unknown };
      expect(made({}).date).to.equal('unknown');
      expect(made({ made_date: 'spring 2025' }).date).to.deep.equal({
        text: 'spring 2025',
        from: 'unknown',
        to: 'unknown',
      });
      expect(made({ made_date: '2025' }).date).to.deep.equal({ text: '2025', from: 2025, to: 2025 });
      expect(made({ made_from: '-50', made_to: '14' }).date).to.deep.equal({ text: '-50 – 14', from: -50, to: 14 });
      expect(made({ made_to: '2024-02-29' }).date).to.deep.equal({
        text: '? – 2024-02-29',
        from: 'unknown',
        to: '2024-02-29',
      });
      expect(made({ made_country: 'PT' }).place).to.deep.equal({ text: 'PT', country: 'PT' });
    });

    it('reads test results, measured or below', () => {
      const { statement } = read({ nickel_ug_cm2_week: '<0.2', lead_mg_kg: '12', cadmium_mg_kg: 'unknown' });
      expect(statement['restrictedSubstances']).to.deep.equal([
        { substance: 'nickel-release', relation: 'below', value: 200 },
        { substance: 'lead', relation: 'equal', value: 12 },
        { substance: 'cadmium', relation: 'unknown', value: 'unknown' },
      ]);
    });
  });

  describe('codes', () => {
    it('gives a GTIN its leading zeros back', () => {
      expect(read({ gtin: '9506000134352', serial: 'A-1' }).code).to.deep.equal({
        gtin: '09506000134352',
        serial: 'A-1',
      });
      expect(read({ gtin: '09506000134352' }).code).to.deep.equal({ gtin: '09506000134352' });
    });

    it('reads an own code as people type it', () => {
      expect(read({ code: CODE.code.toLowerCase().replace(/0/g, 'o') }).code).to.deep.equal({ code: CODE.code });
    });

    it('refuses what a spreadsheet rounded, a wrong digit, half a code and two codes', () => {
      expect(reasonOf({ gtin: '9.50600E+12' })).to.match(/^gtin: was turned into a rounded number by a spreadsheet/);
      expect(reasonOf({ gtin: '09506000134351' })).to.match(/^gtin: has check digit 1 where 2 belongs/);
      expect(reasonOf({ serial: 'A1' })).to.equal('gtin: is blank, but serial needs it');
      expect(reasonOf({ gtin: '09506000134352', code: CODE.code })).to.equal(
        'code: and gtin are both filled: a piece has one code',
      );
    });
  });

  describe('numbers', () => {
    const mass = (text: string) => read({ mass_g: text }).statement['massMg'];

    it('are exact for every whole number of milligrams, however they are written', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 100_000_000 }), fc.nat(3), (milligrams, zeros) => {
          const [before, after] = [Math.floor(milligrams / 1000), String(milligrams % 1000).padStart(3, '0')];
          expect(mass(`${before}.${after}${'0'.repeat(zeros)}`)).to.equal(milligrams);
          if (milligrams % 10 === 0) expect(mass(`${before},${after.slice(0, 2)}`)).to.equal(milligrams);
        }),
      );
    });

    it('take one decimal comma, unless three digits after it could be thousands', () => {
      expect(mass('3,2')).to.equal(3200);
      expect(mass('0,250')).to.equal(250);
      expect(mass('1.250')).to.equal(1250);
      expect(reasonOf({ mass_g: '1,250' })).to.equal('mass_g: 1,250 can be read in two ways: write 1.250 or 1250');
    });

    const refused: [string, RegExp][] = [
      ['3.2 g', /^mass_g: must be a number alone; this column is in g: take out "g"$/],
      ['3.2ct', /take out "ct"/],
      ['1,234.5', /one decimal point at most and nothing between its thousands/],
      ['1.234.567', /one decimal point at most/],
      ['3.2005', /finer than is kept here \(g, 3 digits after the point\): round it yourself/],
      ['0', /is 0: leave the cell blank/],
      ['0.000', /is 0/],
      ['-3', /must not be negative/],
      ['.5', /is no number/],
      ['5.', /is no number/],
      ['3e2', /is no number|take out/],
      ['٣', /is no number/],
      ['100000.001', /is more than 100000 g/],
      ['99999999999999999999', /is no number/],
      ['about 3', /is no number/],
    ];
    for (const [text, reason] of refused) {
      it(`refuse ${text}`, () => expect(reasonOf({ mass_g: text })).to.match(reason));
    }

    it('in carat are told as thousandths', () => {
      expect(reasonOf({ metal_1_fineness: '18K' })).to.equal(
        'metal_1_fineness: must be in thousandths: 18 carat is 750',
      );
      expect(reasonOf({ metal_1_fineness: '999.9' })).to.match(
        /finer than is kept here \(thousandths, whole numbers only\)/,
      );
    });

    it('never throw, and give a whole number in range, a fault or nothing', () => {
      fc.assert(
        fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,<% g-]{0,18}$/)), (text) => {
          const { statement, faults } = read({ mass_g: text });
          const value = statement['massMg'];
          if (faults.length === 0) {
            expect(value === 'unknown' || (Number.isSafeInteger(value) && Number(value) > 0)).to.equal(true);
          }
        }),
      );
    });
  });

  describe('faults', () => {
    it('suggest the word that was meant', () => {
      expect(reasonOf({ kind: 'rnig' })).to.match(/^kind: "rnig": did you mean ring\?/);
      expect(reasonOf({ made_country: 'Portugal' })).to.match(/^made_country: must be the two letters/);
      expect(reasonOf({ made_from: '31.05.2025' })).to.match(/^made_from: must be a year such as 1925/);
      expect(reasonOf({ made_from: '0' })).to.match(/^made_from: there is no year 0/);
      expect(reasonOf({ made_from: '2025-02-30' })).to.match(/^made_from: must be a year/);
    });

    it('name the column that a group is nothing without', () => {
      expect(reasonOf({ stone_2: '', stone_2_carat: '1' })).to.equal('stone_2: is blank, but stone_2_carat needs it');
      expect(reasonOf({ stone_1: 'ruby', stone_1_report_number: '7' })).to.equal(
        'stone_1_report_issuer: is blank, but stone_1_report_number needs it',
      );
      expect(reasonOf({ metal_1: '' })).to.match(/names no material/);
      expect(reasonOf({ title: ' ' })).to.equal('title: is blank');
    });

    it('are all told at once', () => {
      const { faults } = read({ mass_g: 'x', kind: 'y', metal_1: 'z' });
      expect(faults.map((fault) => fault.field)).to.have.members(['mass_g', 'kind', 'metal_1']);
    });

    it('of the record itself come back by column', () => {
      const columns = compiled([
        'title',
        'kind',
        'metal_1',
        'stone_3',
        'stone_3_setting',
        'care_2',
        'made_from',
        'made_to',
      ]);
      const cells = ['Ring', 'ring', '', 'ruby', 'a\u0007b', 'x\u0007', '1900', '1800'];
      const { statement, faults } = columns.statementOf(cells);
      expect(faults).to.deep.equal([]);
      const parsed = parseRecord({ ...statement, code: CODE });
      if (parsed.ok) throw new Error('should be refused');
      const fields = columns.explain(cells, parsed.faults).map((fault) => fault.field);
      expect(fields).to.have.members(['stone_3_setting', 'care_2', 'made_to']);
    });

    it('say when a row has more or fewer cells than the header', () => {
      const [fault] = compiled(['title', 'kind', 'metal_1']).statementOf(['Ring', 'ring', 'gold', 'x']).faults;
      expect(fault?.reason).to.match(/has 4 cells where the header has 3/);
    });
  });

  describe('a header', () => {
    it('may be in any case and begin with a byte order mark', () => {
      expect(fileFaults(['\uFEFFTitle', 'KIND', ' metal_1 '])).to.deep.equal([]);
    });

    it('with a name that is not known, or twice, or none, is refused as a whole', () => {
      expect(fileFaults(['title', 'kind', 'metal_1', 'metal_1_color'])).to.deep.equal([
        'metal_1_color: is no column that is known here: did you mean metal_1_colour?',
      ]);
      expect(fileFaults(['title', 'kind', 'metal_1', 'metal_9'])[0]).to.match(/there may be 8 of them/);
      expect(fileFaults(['title', 'kind', 'metal_1', 'Verkaufspreis'])[0]).to.match(
        /name it in the mapping, or ignore it/,
      );
      expect(fileFaults(['title', 'kind', 'metal_1', 'title'])).to.deep.equal([
        'title: is there twice: keep one of them',
      ]);
      expect(fileFaults(['title', 'kind', 'metal_1', ''])).to.deep.equal([
        'column 4: has no name: name it or take it out',
      ]);
    });

    it('without a title, a kind or a material is refused', () => {
      expect(fileFaults([]).map((fault) => fault.split(':')[0])).to.deep.equal(['title', 'kind', 'metal_1']);
    });
  });

  describe('a mapping', () => {
    const mapping: ColumnMapping = {
      columns: { Gewicht: 'mass_g', x: 'stone_1_length_mm', y: 'stone_1_width_mm' },
      constants: { title: 'Stone', kind: 'gemstone', stone_1: 'ruby' },
      ignore: ['Preis'],
      zeroIsUnknown: ['stone_1_length_mm', 'stone_1_width_mm'],
      unknownValues: ['n/a'],
    };

    it('names columns, constants, what is left out, and what zero and other words say', () => {
      const columns = compiled(['Preis', 'Gewicht', 'x', 'y'], mapping);
      expect(columns.ignored).to.deep.equal(['Preis']);
      const { statement, faults, zeros } = columns.statementOf(['326', 'N/A', '0.00', '3.98']);
      expect(faults).to.deep.equal([]);
      expect(zeros).to.deep.equal(['stone_1_length_mm']);
      expect(statement).to.deep.include({ title: 'Stone', massMg: 'unknown' });
      const [stone] = statement['materials'] as Record<string, unknown>[];
      expect(stone?.['measuresUm']).to.deep.equal({ length: 'unknown', width: 3980, height: 'unknown' });
    });

    const wrong: [string, string[], ColumnMapping, RegExp][] = [
      [
        'two sources for one column',
        ['a', 'b'],
        { columns: { a: 'mass_g', b: 'mass_g' } },
        /^mass_g: is filled twice: by column a and by column b/,
      ],
      [
        'a source and a constant',
        ['a'],
        { columns: { a: 'title' } },
        /^title: is filled twice: by column a and by a constant/,
      ],
      [
        'a column the file has not',
        [],
        { columns: { a: 'mass_g' } },
        /^a: is named in the mapping, but the file has no such column/,
      ],
      [
        'a target that is no column',
        ['a'],
        { columns: { a: 'mass' } },
        /^mass: column a is read as mass, which is no column: did you mean mass_g/,
      ],
      ['zero in what is no measure', [], { zeroIsUnknown: ['title'] }, /^title: is no measure/],
      ['zero in what is not filled', [], { zeroIsUnknown: ['mass_g'] }, /^mass_g: zeroIsUnknown names mass_g/],
      [
        'a column mapped and ignored',
        ['a'],
        { columns: { a: 'mass_g' }, ignore: ['a'] },
        /^a: is both mapped and ignored/,
      ],
      ['a constant that cannot be read', [], { constants: { mass_g: '3 g' } }, /^mass_g: must be a number alone/],
    ];
    for (const [what, header, more, reason] of wrong) {
      it(`is refused for ${what}`, () => {
        const constants = { title: 'Stone', kind: 'gemstone', stone_1: 'ruby', ...more.constants };
        const faults = fileFaults(header, { ...more, constants });
        expect(faults.join('\n')).to.match(reason);
        expect(faults).to.have.length(1);
      });
    }

    it('is checked as JSON', () => {
      expect(mappingSchema.safeParse(mapping).success).to.equal(true);
      expect(mappingSchema.safeParse({ colums: {} }).success).to.equal(false);
    });
  });

  it('are described in docs/columns.md as they are', () => {
    expect(readFileSync(COLUMNS_PAGE, 'utf8')).to.equal(columnsPage());
  });
});
