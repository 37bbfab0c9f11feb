// Owns what a piece is made of, in the words of a counter: metals, stones, other materials, where they come from and
// what was tested. What anybody claims about the piece as a whole never enters it (vouching.ts).
import type { Material, Record1 } from '../core/record.ts';
import { shape } from './drawings.ts';
import { type Html, html, joined } from './html.ts';
import type { Words } from './language.ts';
import { renderMaterialLot } from './material-lots.ts';
import {
  dateWords,
  dotted,
  type Fact,
  facts,
  gaps,
  listOf,
  quote,
  say,
  section,
  type Telling,
  together,
} from './telling.ts';
import { claimList } from './vouching.ts';
import {
  capital,
  carats,
  commas,
  custodyWords,
  grams,
  length,
  materialName,
  metalWords,
  natureWords,
  percent,
  thickness,
} from './words.ts';

type Metal = Extract<Material, { type: 'metal' }>;
type Stone = Extract<Material, { type: 'stone' }>;
type Other = Extract<Material, { type: 'other' }>;
type Hallmark = NonNullable<Metal['hallmarks']>[number];
type Plating = NonNullable<Metal['plating']>[number];
type Tested = NonNullable<Record1['restrictedSubstances']>[number];

/** One material: what it is, how much of it, a line beneath, the rest as facts, and what isn't known. */
interface Described {
  readonly name: Html | string;
  readonly amount: string | undefined;
  readonly line: Html;
  readonly facts: readonly Fact[];
  readonly gaps: readonly (string | false)[];
}

export function renderMaterials(telling: Telling): Html {
  const { passport, words, registrant: who } = telling;
  const { record } = passport;
  return section(
    'materials',
    words.text(passport.present ? 'passport.materials.then' : 'passport.materials'),
    html`<p class="lead">${words.text(`passport.states.${passport.registrant.recordedAs}`, { who })}</p>`,
    html`<ul class="materials">${record.materials.map((material) => materialItem(telling, material))}</ul>`,
    record.restrictedSubstances && renderTests(telling, record.restrictedSubstances),
  );
}

/** @param note what else is to be known of it, such as that it isn't what the record says */
export function materialItem(telling: Telling, material: Material, note?: string): Html {
  const { words } = telling;
  const { name, amount, line, facts: own, gaps: missing } = describe(telling, material);
  const { origin, custody, part } = material;
  const known: Fact[] = [
    { name: words.text('passport.material.part'), value: part && say(telling, part) },
    ...own,
    {
      name: words.text('passport.material.comes-from'),
      value: origin === 'unknown' ? null : originWords(telling, origin),
    },
    {
      name: words.text('passport.material.custody'),
      value: custody === 'unknown' ? null : capital(custodyWords(words, custody)),
    },
  ];
  const unknown = [
    origin === 'unknown' && words.text('passport.gap.origin'),
    custody === 'unknown' && words.text('passport.gap.custody'),
  ];
  return html`<li class="material"><div class="material-head"><h3>${name}</h3>${amount && html`<p class="amount">${amount}</p>`}</div>
${note !== undefined && html`<p class="changed">${shape('open')}<span>${note}</span></p>`}
${line.toString() && html`<p class="material-line">${line}</p>`}
${material.stated !== undefined && quote(telling, material.stated)}
${facts(known)}
${gaps(telling, [...missing, ...unknown])}
${renderMaterialLot(telling, material)}
${material.claims && html`<h4>${words.text('passport.material.claimed')}</h4>${claimList(telling, material.claims)}`}</li>`;
}

function describe(telling: Telling, material: Material): Described {
  if (material.type === 'metal') return describeMetal(telling, material);
  return material.type === 'stone' ? describeStone(telling, material) : describeOther(telling, material);
}

function describeMetal(telling: Telling, metal: Metal): Described {
  const { words } = telling;
  const { fineness, massMg, recycledShare } = metal;
  return {
    name: capital(metalWords(words, metal.metal, fineness)),
    amount: massMg === 'unknown' ? undefined : grams(words, massMg),
    line: dotted([
      metal.colour && say(telling, metal.colour),
      metal.alloy && say(telling, metal.alloy),
      recycledShare !== 'unknown' && recycledWords(words, recycledShare),
    ]),
    facts: [
      {
        name: words.text('passport.material.plating'),
        value: metal.plating && lines(metal.plating.map((layer) => platingWords(words, layer))),
      },
      {
        name: words.text('passport.material.hallmarks'),
        value: metal.hallmarks && lines(metal.hallmarks.map((mark) => hallmarkWords(telling, mark))),
      },
    ],
    gaps: [
      fineness === 'unknown' && !WITHOUT_FINENESS.has(metal.metal) && words.text('passport.gap.fineness'),
      massMg === 'unknown' && words.text('passport.gap.weight'),
      recycledShare === 'unknown' && words.text('passport.gap.recycled'),
    ],
  };
}

function recycledWords(words: Words, share: number): string {
  if (share === 0) return words.text('passport.material.nothing-recycled');
  return words.text('passport.material.recycled', { share: percent(words, share) });
}

/** Metals of which nobody asks the fineness. */
const WITHOUT_FINENESS: ReadonlySet<string> = new Set(
  'titanium,tantalum,niobium,zirconium,tungsten,steel,iron,copper,bronze,brass,nickel,nickel-silver,pewter,tin,lead,zinc,aluminium,base-metal'.split(
    ',',
  ),
);

function platingWords(words: Words, { metal, fineness, thicknessNm }: Plating): Html {
  const layer = capital(metalWords(words, metal, fineness));
  const thick =
    thicknessNm !== 'unknown' &&
    together(words.text('passport.material.thick', { thickness: thickness(words, thicknessNm) }));
  const missing = [
    fineness === 'unknown' && words.text('passport.gap.fineness'),
    thicknessNm === 'unknown' && words.text('passport.gap.thickness'),
  ].filter((name) => name !== false);
  return listOf(words, [layer, thick, missing.length > 0 && unknownWords(words, words.list(missing))]);
}

function unknownWords(words: Words, names: string): Html {
  return html`<span class="quiet">${words.text('passport.gap.not-known', { names })}</span>`;
}

function hallmarkWords(telling: Telling, { sponsor, fineness, assayOffice, year, stated }: Hallmark): Html {
  const { words } = telling;
  const known = listOf(words, [
    sponsor !== 'unknown' && words.tell('passport.hallmark.sponsor', { mark: say(telling, sponsor) }),
    fineness !== 'unknown' && words.text('passport.hallmark.fineness', { fineness }),
    assayOffice !== 'unknown' && words.tell('passport.hallmark.office', { office: say(telling, assayOffice) }),
    year !== 'unknown' && words.text('passport.hallmark.year', { year }),
  ]);
  const missing = [
    sponsor === 'unknown' && words.text('passport.gap.sponsor'),
    fineness === 'unknown' && words.text('passport.gap.fineness'),
    assayOffice === 'unknown' && words.text('passport.gap.office'),
    year === 'unknown' && words.text('passport.gap.year'),
  ].filter((name) => name !== false);
  return joined(
    [
      stated !== undefined && say(telling, stated),
      known.toString() && known,
      missing.length > 0 && unknownWords(words, commas(words, missing)),
    ],
    words.text('vocabulary.semicolon'),
  );
}

function describeStone(telling: Telling, stone: Stone): Described {
  const { words } = telling;
  const { species, caratThousandths: weight, count: number } = stone;
  return {
    name: species === 'unknown' ? capital(words.text('passport.stone.unknown')) : say(telling, species),
    amount: weight === 'unknown' ? undefined : carats(words, weight),
    line: dotted([
      html`<strong class="nature">${capital(natureWords(words, stone.nature))}</strong>`,
      stone.variety && say(telling, stone.variety),
      number !== 'unknown' && stoneCount(words, number, weight !== 'unknown'),
    ]),
    facts: stoneFacts(telling, stone),
    gaps: [
      number === 'unknown' && words.text('passport.gap.count'),
      weight === 'unknown' && words.text('passport.gap.weight'),
      ...(['colour', 'clarity', 'treatments'] as const).map(
        (name) => stone[name] === 'unknown' && words.text(`passport.gap.${name}`),
      ),
      stone.depthPerThousand === 'unknown' && words.text('passport.gap.depth'),
      stone.tablePerThousand === 'unknown' && words.text('passport.gap.table'),
    ],
  };
}

function stoneCount(words: Words, count: number, weighed: boolean): string {
  const stones = words.text('vocabulary.stones', { count });
  return weighed && count !== 1 ? words.text('passport.stone.weighed-together', { stones }) : stones;
}

function stoneFacts(telling: Telling, stone: Stone): Fact[] {
  const { words } = telling;
  const { treatments, report, depthPerThousand: depth, tablePerThousand: table } = stone;
  const spoken = (name: 'shape' | 'cut' | 'colour' | 'clarity' | 'setting' | 'inscription'): Fact => {
    const said = stone[name];
    return {
      name: words.text(`passport.stone.${name}`),
      value: said !== undefined && said !== 'unknown' && say(telling, said),
    };
  };
  return [
    ...(['shape', 'cut', 'colour', 'clarity'] as const).map(spoken),
    {
      name: words.text('passport.stone.treatments'),
      value:
        treatments !== undefined &&
        treatments !== 'unknown' &&
        listOf(
          words,
          treatments.map((one) => say(telling, one)),
        ),
    },
    { name: words.text('passport.piece.measures'), value: stone.measuresUm && stoneMeasures(words, stone.measuresUm) },
    {
      name: words.text('passport.stone.depth'),
      value: depth !== undefined && depth !== 'unknown' && percent(words, depth),
    },
    {
      name: words.text('passport.stone.table'),
      value: table !== undefined && table !== 'unknown' && percent(words, table),
    },
    spoken('setting'),
    {
      name: words.text('passport.stone.report'),
      value:
        report &&
        words.tell('passport.stone.report-number', {
          issuer: say(telling, report.issuer),
          number: say(telling, report.number),
        }),
    },
    spoken('inscription'),
  ];
}

function stoneMeasures(words: Words, measures: NonNullable<Stone['measuresUm']>): Html {
  const side = (name: 'length' | 'width' | 'height') => {
    const value = measures[name];
    return value === 'unknown'
      ? html`<span class="quiet">${words.text(`passport.side.${name}.unknown`)}</span>`
      : together(words.text(`passport.side.${name}`, { length: length(words, value) }));
  };
  return listOf(words, (['length', 'width', 'height'] as const).map(side));
}

function describeOther(telling: Telling, other: Other): Described {
  const { words } = telling;
  return {
    name: capital(materialName(words, other.material)),
    amount: other.massMg === 'unknown' ? undefined : grams(words, other.massMg),
    line: other.description === undefined ? html`` : say(telling, other.description),
    facts: [],
    gaps: [other.massMg === 'unknown' && words.text('passport.gap.weight')],
  };
}

function originWords(telling: Telling, { text, country }: Exclude<Material['origin'], 'unknown'>): Html {
  const { words } = telling;
  return listOf(words, [
    text !== undefined && say(telling, text),
    country === 'unknown'
      ? html`<span class="quiet">${words.text('passport.material.country-unknown')}</span>`
      : words.country(country),
  ]);
}

function lines(items: readonly Html[]): Html {
  return items.length === 1
    ? html`${items[0]}`
    : html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Limits of EU REACH annex XVII, entries 27, 63 and 23, for pieces worn on the skin. */
const LIMITS = { 'nickel-release': [0.5, 0.2], lead: [500], cadmium: [100] } as const;

function limitWords(words: Words, substance: Tested['substance']): string {
  const [limit, pierced] = LIMITS[substance];
  if (pierced === undefined) return words.text('passport.test.limit', { limit: words.number(limit) });
  return words.text('passport.test.limit-nickel', { skin: words.number(limit), piercing: words.number(pierced) });
}

function renderTests(telling: Telling, tests: readonly Tested[]): Html {
  const { words } = telling;
  const list = tests.map((test) => ({
    name: words.text(`vocabulary.substance.${test.substance}`),
    value: testWords(telling, test),
  }));
  return html`<h3 class="sub">${words.text('passport.tests')}</h3>
${facts(list)}`;
}

function testWords(telling: Telling, test: Tested): Html {
  const { words } = telling;
  const limit = words.text('vocabulary.bracketed', { words: limitWords(words, test.substance) });
  const source = dotted([
    test.laboratory && say(telling, test.laboratory),
    test.method && say(telling, test.method),
    test.report && words.tell('passport.test.report', { number: say(telling, test.report) }),
    test.date && dateWords(telling, test.date),
  ]);
  return html`${resultWords(words, test)} <span class="quiet">${limit}</span>${source.toString() && html`<span class="beneath">${source}</span>`}`;
}

function resultWords(words: Words, { substance, relation, value }: Tested): Html {
  if (value === 'unknown') return html`<span class="quiet">${words.text('passport.test.result-unknown')}</span>`;
  const amount =
    substance === 'nickel-release'
      ? words.text('vocabulary.unit.nickel', { amount: words.decimal(value, 3) })
      : words.text('vocabulary.unit.mg-kg', { amount: words.decimal(value) });
  if (relation === 'below') return html`${words.text('passport.test.below', { amount })}`;
  const unsure =
    relation === 'unknown' && html`<span class="quiet">${words.text('passport.test.relation-unknown')}</span>`;
  return listOf(words, [amount, unsure]);
}
