// Owns what a piece is made of, in the words of a counter: metals, stones, other materials, where they come from and
// what was tested. What anybody claims about the piece as a whole never enters it (vouching.ts).
import type { Material, Record1 } from '../core/record.ts';
import { CUSTODY_MODELS, RESTRICTED_SUBSTANCES, STONE_NATURES } from '../core/vocabulary.ts';
import { shape } from './drawings.ts';
import { type Html, html, joined } from './html.ts';
import { renderMaterialLot } from './material-lots.ts';
import {
  dateWords,
  dotted,
  type Fact,
  facts,
  gaps,
  notKnown,
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
  count,
  countryWords,
  decimal,
  grams,
  length,
  metalWords,
  NOT_KNOWN,
  percent,
  plain,
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
  const { record, registrant: by } = telling.passport;
  const who =
    by.recordedAs === 'maker'
      ? `The maker, ${telling.registrant}, states:`
      : `${telling.registrant}, who recorded the piece, states:`;
  return section(
    'materials',
    telling.passport.present ? 'What it was made of' : 'What it is made of',
    html`<p class="lead">${who}</p>`,
    html`<ul class="materials">${record.materials.map((material) => materialItem(telling, material))}</ul>`,
    record.restrictedSubstances && renderTests(telling, record.restrictedSubstances),
  );
}

/** @param note what else is to be known of it, such as that it isn't what the record says */
export function materialItem(telling: Telling, material: Material, note?: string): Html {
  const { name, amount, line, facts: own, gaps: missing } = describe(telling, material);
  const { origin, custody, part } = material;
  const known: Fact[] = [
    { name: 'Part', value: part && say(telling, part) },
    ...own,
    { name: 'Comes from', value: origin === 'unknown' ? null : originWords(telling, origin) },
    { name: 'On its way here', value: custody === 'unknown' ? null : capital(CUSTODY_MODELS[custody]) },
  ];
  return html`<li class="material"><div class="material-head"><h3>${name}</h3>${amount && html`<p class="amount">${amount}</p>`}</div>
${note !== undefined && html`<p class="changed">${shape('open')}<span>${note}</span></p>`}
${line.toString() && html`<p class="material-line">${line}</p>`}
${material.stated !== undefined && quote(telling, material.stated)}
${facts(known)}
${gaps([...missing, origin === 'unknown' && 'where it comes from', custody === 'unknown' && 'how it was kept on its way here'])}
${renderMaterialLot(telling, material)}
${material.claims && html`<h4>Claimed for this material</h4>${claimList(telling, material.claims)}`}</li>`;
}

function describe(telling: Telling, material: Material): Described {
  if (material.type === 'metal') return describeMetal(telling, material);
  return material.type === 'stone' ? describeStone(telling, material) : describeOther(telling, material);
}

function describeMetal(telling: Telling, metal: Metal): Described {
  const { fineness, massMg, recycledShare } = metal;
  return {
    name: capital(metalWords(metal.metal, fineness)),
    amount: massMg === 'unknown' ? undefined : grams(massMg),
    line: dotted([
      metal.colour && say(telling, metal.colour),
      metal.alloy && say(telling, metal.alloy),
      recycledShare !== 'unknown' && (recycledShare === 0 ? 'nothing recycled' : `recycled ${percent(recycledShare)}`),
    ]),
    facts: [
      { name: 'Plating', value: metal.plating && lines(metal.plating.map(platingWords)) },
      {
        name: 'Hallmarks',
        value: metal.hallmarks && lines(metal.hallmarks.map((mark) => hallmarkWords(telling, mark))),
      },
    ],
    gaps: [
      fineness === 'unknown' && !WITHOUT_FINENESS.has(metal.metal) && 'fineness',
      massMg === 'unknown' && 'weight',
      recycledShare === 'unknown' && 'recycled share',
    ],
  };
}

/** Metals of which nobody asks the fineness. */
const WITHOUT_FINENESS: ReadonlySet<string> = new Set(
  'titanium,tantalum,niobium,zirconium,tungsten,steel,iron,copper,bronze,brass,nickel,nickel-silver,pewter,tin,lead,zinc,aluminium,base-metal'.split(
    ',',
  ),
);

function platingWords({ metal, fineness, thicknessNm }: Plating): Html {
  const layer = capital(metalWords(metal, fineness));
  if (fineness !== 'unknown' && thicknessNm !== 'unknown')
    return html`${layer}, ${together(`${thickness(thicknessNm)} thick`)}`;
  const missing = [fineness === 'unknown' && 'fineness', thicknessNm === 'unknown' && 'thickness'].filter(Boolean);
  const known = thicknessNm === 'unknown' ? layer : `${layer}, ${thickness(thicknessNm)} thick`;
  return html`${known}, <span class="quiet">${missing.join(' and ')} ${NOT_KNOWN}</span>`;
}

function hallmarkWords(telling: Telling, { sponsor, fineness, assayOffice, year, stated }: Hallmark): Html {
  const known = joined(
    [
      sponsor !== 'unknown' && html`sponsor’s mark ${say(telling, sponsor)}`,
      fineness !== 'unknown' && `fineness ${fineness}`,
      assayOffice !== 'unknown' && html`stamped by ${say(telling, assayOffice)}`,
      year !== 'unknown' && `in ${year}`,
    ],
    ', ',
  );
  const missing = [
    sponsor === 'unknown' && 'sponsor’s mark',
    fineness === 'unknown' && 'fineness',
    assayOffice === 'unknown' && 'assay office',
    year === 'unknown' && 'year',
  ].filter(Boolean);
  const gap = missing.length > 0 && html`<span class="quiet">${missing.join(', ')} ${NOT_KNOWN}</span>`;
  return html`${joined([stated !== undefined && say(telling, stated), known.toString() && known, gap], '; ')}`;
}

function describeStone(telling: Telling, stone: Stone): Described {
  const {
    species,
    caratThousandths: weight,
    count: number,
    treatments,
    report,
    depthPerThousand: depth,
    tablePerThousand: table,
  } = stone;
  const spoken = (name: string, words: string | undefined): Fact => ({
    name,
    value: words !== undefined && words !== 'unknown' && say(telling, words),
  });
  const single = number === 1;
  return {
    name: species === 'unknown' ? 'Stone of unknown kind' : say(telling, species),
    amount: weight === 'unknown' ? undefined : carats(weight),
    line: dotted([
      html`<strong class="nature">${capital(STONE_NATURES[stone.nature])}</strong>`,
      stone.variety && say(telling, stone.variety),
      number !== 'unknown' &&
        count(number, 'stone', 'stones') + (weight !== 'unknown' && !single ? ', weighed together' : ''),
    ]),
    facts: [
      spoken('Shape', stone.shape),
      spoken('Cut', stone.cut),
      spoken('Colour', stone.colour),
      spoken('Clarity', stone.clarity),
      {
        name: 'Treatments',
        value:
          treatments !== undefined &&
          treatments !== 'unknown' &&
          joined(
            treatments.map((one) => say(telling, one)),
            ', ',
          ),
      },
      { name: 'Measures', value: stone.measuresUm && stoneMeasures(stone.measuresUm) },
      { name: 'Depth', value: depth !== undefined && depth !== 'unknown' && percent(depth) },
      { name: 'Table', value: table !== undefined && table !== 'unknown' && percent(table) },
      spoken('Setting', stone.setting),
      { name: 'Report', value: report && html`${say(telling, report.issuer)}, number ${say(telling, report.number)}` },
      spoken('Inscription', stone.inscription),
    ],
    gaps: [
      number === 'unknown' && 'how many',
      weight === 'unknown' && 'weight',
      stone.colour === 'unknown' && 'colour',
      stone.clarity === 'unknown' && 'clarity',
      treatments === 'unknown' && 'treatments',
      depth === 'unknown' && 'depth',
      table === 'unknown' && 'table',
    ],
  };
}

function stoneMeasures({ length: long, width, height }: NonNullable<Stone['measuresUm']>): Html {
  const side = (name: string, value: number | 'unknown') =>
    value === 'unknown' ? html`${name} ${notKnown}` : together(`${name} ${length(value)}`);
  return joined([side('length', long), side('width', width), side('height', height)], ', ');
}

function describeOther(telling: Telling, other: Other): Described {
  return {
    name: OTHER_NAMES[other.material] ?? capital(plain(other.material)),
    amount: other.massMg === 'unknown' ? undefined : grams(other.massMg),
    line: other.description === undefined ? html`` : say(telling, other.description),
    facts: [],
    gaps: [other.massMg === 'unknown' && 'weight'],
  };
}

const OTHER_NAMES: Readonly<Partial<Record<Other['material'], string>>> = {
  other: 'Other material',
  unknown: 'Material of unknown kind',
};

function originWords(telling: Telling, { text, country }: Exclude<Material['origin'], 'unknown'>): Html {
  return joined(
    [
      text !== undefined && say(telling, text),
      country === 'unknown' ? html`<span class="quiet">country ${NOT_KNOWN}</span>` : countryWords(country),
    ],
    ', ',
  );
}

function lines(items: readonly Html[]): Html {
  return items.length === 1
    ? html`${items[0]}`
    : html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Limits of EU REACH annex XVII, entries 27, 63 and 23, for pieces worn on the skin. */
const LIMITS: Readonly<Record<Tested['substance'], string>> = {
  'nickel-release': 'EU limit 0.5 on the skin, 0.2 in a piercing',
  lead: 'EU limit 500',
  cadmium: 'EU limit 100',
};

function renderTests(telling: Telling, tests: readonly Tested[]): Html {
  return html`<h3 class="sub">Tested for wearing on the skin</h3>
${facts(tests.map((test) => ({ name: capital(RESTRICTED_SUBSTANCES[test.substance]), value: testWords(telling, test) })))}`;
}

function testWords(telling: Telling, test: Tested): Html {
  const { substance, relation, value } = test;
  const unit = substance === 'nickel-release' ? 'µg/cm² a week' : 'mg/kg';
  const amount = value !== 'unknown' && `${decimal(value, substance === 'nickel-release' ? 3 : 0)} ${unit}`;
  const result =
    amount === false
      ? html`tested, result ${notKnown}`
      : html`${relation === 'below' && 'below '}${amount}${relation === 'unknown' && html`, <span class="quiet">whether measured or at most ${NOT_KNOWN}</span>`}`;
  const source = dotted([
    test.laboratory && say(telling, test.laboratory),
    test.method && say(telling, test.method),
    test.report && html`report ${say(telling, test.report)}`,
    test.date && dateWords(telling, test.date),
  ]);
  return html`${result} <span class="quiet">(${LIMITS[substance]})</span>${source.toString() && html`<span class="beneath">${source}</span>`}`;
}
