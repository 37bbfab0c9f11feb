// Owns the sample workshop's rings of precious metal, as its records state them. All of it is made up.
import { LIFE_STATEMENT_SCHEMA } from '../core/life-statement.ts';
import {
  ASSAY_OFFICE,
  dated,
  GEM_LABORATORY,
  IN_VALCENDRE,
  INVENTED,
  OURS,
  REFINER,
  type SamplePiece,
  SPONSOR,
} from './workshop.ts';

export const SOLITAIRE: SamplePiece = {
  featured: true,
  sold: ['shop', 'private', 'private'],
  statement: {
    ...OURS,
    language: 'en',
    title: 'Solitaire ring, 18 carat gold, with a natural diamond of 0.71 ct',
    kind: 'ring',
    made: { place: IN_VALCENDRE, date: dated('February 2026', '2026-02-01', '2026-02-28') },
    massMg: 3622,
    dimensions: {
      stated: 'Band 2.2 mm wide and 1.7 mm thick',
      heightUm: 25_800,
      widthUm: 20_300,
      ringSize: { system: 'iso-8653', value: '53' },
    },
    materials: [
      {
        type: 'metal',
        part: 'band',
        metal: 'gold',
        colour: 'yellow',
        alloy: 'with silver and copper',
        fineness: 750,
        massMg: 2870,
        recycledShare: 1000,
        hallmarks: [
          { sponsor: SPONSOR, fineness: 750, assayOffice: ASSAY_OFFICE, year: 2026, stated: 'Eagle’s head, for 750' },
        ],
        origin: { text: 'Old jewellery bought back over the counter, refined apart', country: 'FR' },
        custody: 'segregated',
        claims: [
          {
            statement: 'Refined from old jewellery only, in a melt of its own.',
            evidence: 'supplier',
            by: REFINER,
            reference: 'Delivery note AT-SAMPLE-218',
            date: dated('12 January 2026', '2026-01-12'),
          },
        ],
      },
      {
        type: 'metal',
        part: 'head',
        metal: 'gold',
        colour: 'white',
        alloy: 'with palladium, without nickel',
        fineness: 750,
        massMg: 610,
        recycledShare: 'unknown',
        origin: 'unknown',
        custody: 'none',
      },
      {
        type: 'stone',
        species: 'diamond',
        nature: 'natural',
        count: 1,
        caratThousandths: 710,
        shape: 'round',
        cut: 'brilliant, excellent',
        colour: 'F',
        clarity: 'VS1',
        depthPerThousand: 614,
        tablePerThousand: 570,
        measuresUm: { length: 5750, width: 5720, height: 3520 },
        setting: 'six claws',
        report: { issuer: GEM_LABORATORY, number: 'SAMPLE-0417' },
        inscription: 'VGL SAMPLE-0417',
        origin: { country: 'BW' },
        custody: 'identity-preserved',
        claims: [
          {
            statement:
              'Rough mined in Botswana and cut in Antwerp; sold with a written warranty that it came under the Kimberley Process.',
            evidence: 'supplier',
            by: 'the diamond dealer',
            reference: 'Invoice SAMPLE-3308',
            date: dated('20 January 2026', '2026-01-20'),
          },
          {
            statement: 'Natural diamond, no treatment found. The stone was looked at loose, before it was set.',
            evidence: 'third-party',
            by: GEM_LABORATORY,
            reference: 'SAMPLE-0417',
            date: dated('16 January 2026', '2026-01-16'),
          },
        ],
      },
    ],
    inscriptions: [{ text: 'Lune 2026/014', type: 'engraved by hand', place: 'inside the band' }],
    claims: [
      {
        statement: 'Made from sheet and wire to the finished ring in our own workshop; nothing was cast elsewhere.',
        evidence: 'self-declared',
      },
      {
        statement: 'The stone’s number was read under the loupe after setting and is that of the report.',
        evidence: 'second-party',
        by: 'Maison Verre',
        date: dated('27 February 2026', '2026-02-27'),
      },
    ],
    craftsmanship: [
      'Band forged from a cast ingot, rolled and soldered; head built from wire and soldered on.',
      'Stone set, claws rounded and band polished by hand.',
    ],
    story:
      'The band comes from old rings and chains that customers brought us over two years. We had them refined in a melt of their own, so that we can say what is in it. Of the white gold of the head we can’t: it was in the drawer before we kept such notes.',
    descriptors: [{ type: 'model', value: 'Quartier, size 53' }, INVENTED.en],
    care: [
      'Lukewarm water, a drop of washing-up liquid and a soft brush.',
      'Have the claws looked at once a year, and at once if the stone catches on cloth.',
    ],
  },
};

export const WEDDING_BAND: SamplePiece = {
  sold: ['shop', 'private'],
  statement: {
    ...OURS,
    language: 'de',
    title: 'Trauring, Platin 950, mit Gravur',
    kind: 'ring',
    made: { place: IN_VALCENDRE, date: dated('März 2026', '2026-03-01', '2026-03-31') },
    massMg: 7320,
    dimensions: {
      stated: '4 mm breit, 1,6 mm stark, innen und außen gewölbt',
      diameterUm: 22_300,
      depthUm: 4000,
      ringSize: { system: 'iso-8653', value: '60' },
    },
    materials: [
      {
        type: 'metal',
        metal: 'platinum',
        alloy: 'mit 5 % Ruthenium',
        fineness: 950,
        massMg: 7320,
        recycledShare: 400,
        hallmarks: [
          { sponsor: SPONSOR, fineness: 950, assayOffice: ASSAY_OFFICE, year: 2026, stated: 'Hundekopf, für Platin' },
        ],
        origin: { text: 'Teils Altmetall, teils neu gefördert', country: 'unknown' },
        custody: 'controlled-blending',
        claims: [
          {
            statement: 'Vierzig Prozent des Platins der Schmelze stammen aus Altmetall.',
            evidence: 'supplier',
            by: REFINER,
            reference: 'Lieferschein AT-MUSTER-244',
            date: dated('3. Februar 2026', '2026-02-03'),
          },
        ],
      },
    ],
    inscriptions: [{ text: 'Jeden Tag', type: 'Handgravur', place: 'innen' }],
    craftsmanship: ['Nahtlos aus dem Rohr gedreht, innen gewölbt, außen strichmatt.', 'Gravur mit dem Stichel.'],
    descriptors: [{ type: 'Modell', value: 'Halbrund 4 mm' }, INVENTED.de],
    care: [
      'Mit lauwarmem Seifenwasser reinigen.',
      'Kratzer gehören dazu. Mattieren dauert eine Viertelstunde und nimmt kaum Metall ab.',
    ],
  },
};

export const SAPPHIRE_RING: SamplePiece = {
  card: true,
  statement: {
    ...OURS,
    language: 'en',
    title: 'Ring with a heated sapphire of 1.87 ct and two diamonds',
    kind: 'ring',
    made: { place: IN_VALCENDRE, date: dated('November 2025', '2025-11-01', '2025-11-30') },
    massMg: 4494,
    dimensions: { heightUm: 24_600, widthUm: 20_900, ringSize: { system: 'iso-8653', value: '54' } },
    materials: [
      {
        type: 'metal',
        metal: 'gold',
        colour: 'yellow',
        fineness: 750,
        massMg: 4100,
        recycledShare: 1000,
        hallmarks: [
          { sponsor: SPONSOR, fineness: 750, assayOffice: ASSAY_OFFICE, year: 2025, stated: 'Eagle’s head, for 750' },
        ],
        origin: { text: 'Old gold of many sources', country: 'unknown' },
        custody: 'mass-balance',
      },
      {
        type: 'stone',
        part: 'centre',
        species: 'corundum',
        variety: 'sapphire',
        nature: 'natural-treated',
        treatments: ['heated, no residues found'],
        count: 1,
        caratThousandths: 1870,
        shape: 'oval',
        cut: 'mixed: brilliant above, step below',
        colour: 'medium blue',
        clarity: 'fine silk under the loupe, clean to the eye',
        measuresUm: { length: 8100, width: 6300, height: 4500 },
        setting: 'four double claws',
        report: { issuer: GEM_LABORATORY, number: 'SAMPLE-0388' },
        origin: { text: 'Ratnapura, in the seller’s words', country: 'LK' },
        custody: 'unknown',
        claims: [
          {
            statement: 'Natural sapphire, heated. An opinion on the country of origin was not asked for.',
            evidence: 'third-party',
            by: GEM_LABORATORY,
            reference: 'SAMPLE-0388',
            date: dated('9 October 2025', '2025-10-09'),
          },
          { statement: 'Comes from Ratnapura.', evidence: 'supplier', by: 'the dealer it was bought from' },
        ],
      },
      {
        type: 'stone',
        part: 'shoulders',
        species: 'diamond',
        nature: 'natural',
        count: 2,
        caratThousandths: 100,
        shape: 'round',
        cut: 'brilliant',
        colour: 'G',
        clarity: 'VS',
        measuresUm: { length: 2400, width: 2400, height: 1460 },
        setting: 'rubbed over',
        origin: 'unknown',
        custody: 'unknown',
      },
    ],
    claims: [
      {
        statement: 'Stones and marks were compared with the order and agreed.',
        evidence: 'second-party',
        by: 'Maison Verre',
        date: dated('2 December 2025', '2025-12-02'),
      },
    ],
    craftsmanship: ['Cast in our workshop from a carved wax, mounted and set by hand.'],
    story:
      'Most sapphires are heated, and the colour lasts. We say so because an unheated one like it would cost far more.',
    descriptors: [{ type: 'model', value: 'Trois pierres' }, INVENTED.en],
    care: ['Soft brush and soapy water.', 'Take it off for heavy work.'],
  },
};

export const SIGNET: SamplePiece = {
  sold: ['private'],
  work: {
    schema: LIFE_STATEMENT_SCHEMA,
    kind: 'resizing',
    language: 'en',
    words:
      'Widened by two sizes: band cut at the back, a piece of rose gold of 585 soldered in, filed and polished. Face and seal were not touched.',
    date: dated('11 June 2026', '2026-06-11'),
    place: { text: 'Valcendre', country: 'FR' },
    changes: {
      massMg: 12_950,
      dimensions: {
        stated: 'Face 13 × 11 mm, 3.2 mm thick; back of the band 4 mm wide',
        heightUm: 23_800,
        widthUm: 23_100,
        depthUm: 13_000,
        ringSize: { system: 'iso-8653', value: '60' },
      },
      materials: [{ action: 'altered', material: 0, members: { massMg: 12_950 } }],
    },
  },
  statement: {
    ...OURS,
    language: 'en',
    title: 'Signet ring, 14 carat rose gold, with a crescent over waves',
    kind: 'ring',
    made: { place: IN_VALCENDRE, date: dated('September 2025', '2025-09-01', '2025-09-30') },
    massMg: 12_700,
    dimensions: {
      stated: 'Face 13 × 11 mm, 3.2 mm thick; back of the band 4 mm wide',
      heightUm: 23_200,
      widthUm: 22_500,
      depthUm: 13_000,
      ringSize: { system: 'iso-8653', value: '58' },
    },
    materials: [
      {
        type: 'metal',
        metal: 'gold',
        colour: 'rose',
        alloy: 'with copper and silver',
        fineness: 585,
        massMg: 12_700,
        recycledShare: 'unknown',
        hallmarks: [
          { sponsor: SPONSOR, fineness: 585, assayOffice: ASSAY_OFFICE, year: 2025, stated: 'Scallop shell, for 585' },
        ],
        origin: 'unknown',
        custody: 'none',
      },
    ],
    inscriptions: [
      {
        text: 'A crescent over three waves',
        type: 'seal, cut in reverse so that it prints the right way round',
        place: 'on the face',
      },
    ],
    craftsmanship: ['Forged from one bar, filed to shape.', 'Seal cut with gravers; an impression in wax was kept.'],
    story: 'Ordered by a customer who drew the sign herself. It is nobody’s coat of arms.',
    descriptors: [INVENTED.en],
    care: ['The seal wears in about a lifetime and can be cut deeper once.'],
  },
};

/** Below three grams, so that it needs no mark of the state. */
export const BAND_FROM_LOT: SamplePiece = {
  fromLot: true,
  statement: {
    ...OURS,
    language: 'en',
    title: 'Plain band, 18 carat gold, from one lot of refined gold',
    kind: 'ring',
    made: { place: IN_VALCENDRE, date: dated('June 2026', '2026-06-01', '2026-06-30') },
    massMg: 2430,
    dimensions: {
      stated: '2 mm wide, 1.4 mm thick',
      diameterUm: 19_350,
      depthUm: 2000,
      ringSize: { system: 'iso-8653', value: '52' },
    },
    materials: [
      {
        type: 'metal',
        metal: 'gold',
        colour: 'yellow',
        alloy: 'with silver and copper, alloyed in our workshop',
        fineness: 750,
        massMg: 2430,
        recycledShare: 1000,
        origin: { text: 'Old jewellery bought back over the counter in Valcendre', country: 'FR' },
        custody: 'segregated',
      },
    ],
    craftsmanship: ['Drawn, bent, soldered and polished by hand.'],
    story:
      'The fine gold came as one lot from the refiner, who put its weight on the ledger. So it can be seen that no more pieces say they are made of it than it was enough for.',
    descriptors: [{ type: 'model', value: 'Jonc, size 52' }, INVENTED.en],
    care: ['Lukewarm water and a soft brush.'],
  },
};
