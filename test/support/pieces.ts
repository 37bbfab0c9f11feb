// Owns what the records of three made-up pieces state: a fine ring, imitation earrings, an old brooch with a long past.
// Nobody and nothing in them exists. How they fare on a ledger never enters it (passports.ts).
import type { PieceCode } from '../../src/core/code.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import type { Record1 } from '../../src/core/record.ts';

export function hex32(digit: string): Hex32 {
  return `0x${digit.repeat(64).slice(0, 64)}`;
}

export const GTIN_CODE: PieceCode = { gtin: '09506000134352', serial: '7K3QW9ZD0M4T' };
/** A code of the atelier's own, with its check character. */
export const OWN_CODE: PieceCode = { handle: 'atelier-lune', code: '420GMGMC3T87FM9VG' };

export const FINE_RING: Partial<Record1> = {
  title: 'Half-moon ring with a brilliant-cut diamond',
  maker: { name: 'Atelier Lune', qualifier: 'stated' },
  made: { place: { text: 'Lyon', country: 'FR' }, date: { text: 'April 2026', from: '2026-04-01', to: '2026-04-30' } },
  massMg: 3304,
  dimensions: {
    heightUm: 24_500,
    widthUm: 19_200,
    diameterUm: 17_200,
    ringSize: { system: 'iso-8653', value: '54' },
  },
  materials: [
    {
      type: 'metal',
      metal: 'gold',
      colour: 'yellow',
      fineness: 750,
      massMg: 3200,
      recycledShare: 1000,
      part: 'band and setting',
      plating: [{ metal: 'rhodium', thicknessNm: 250 }],
      hallmarks: [
        { sponsor: 'AL', fineness: 750, assayOffice: 'Bureau de garantie, Lyon', year: 2026, stated: 'Eagle’s head' },
      ],
      origin: { text: 'Refiner’s pool of old gold', country: 'FR' },
      custody: 'segregated',
      claims: [
        {
          statement: 'Gold recycled from jewellery and industry, none newly mined.',
          evidence: 'third-party',
          by: 'Example Assurance Ltd',
          reference: 'EA-2026-118',
          date: { text: '2026-02-11', from: '2026-02-11', to: '2026-02-11' },
        },
      ],
    },
    {
      type: 'stone',
      species: 'diamond',
      nature: 'natural',
      count: 1,
      caratThousandths: 520,
      shape: 'round',
      cut: 'excellent',
      colour: 'F',
      clarity: 'VS1',
      depthPerThousand: 618,
      tablePerThousand: 570,
      measuresUm: { length: 5130, width: 5150, height: 3180 },
      setting: 'four claws',
      report: { issuer: 'Example Gemmological Laboratory', number: '2201 4477 10' },
      inscription: 'EGL 2201447710',
      origin: { text: 'Orapa', country: 'BW' },
      custody: 'identity-preserved',
    },
    {
      type: 'stone',
      species: 'sapphire',
      variety: 'blue',
      nature: 'natural-treated',
      treatments: ['heated'],
      count: 12,
      caratThousandths: 96,
      cut: 'brilliant',
      colour: 'blue',
      clarity: 'unknown',
      setting: 'pavé along both shoulders',
      origin: { country: 'LK' },
      custody: 'unknown',
    },
  ],
  restrictedSubstances: [
    {
      substance: 'nickel-release',
      relation: 'below',
      value: 100,
      method: 'EN 1811:2023',
      laboratory: 'Example Testing SA',
      report: 'N-7741',
      date: { text: '12 March 2026', from: '2026-03-12', to: '2026-03-12' },
    },
    { substance: 'lead', relation: 'below', value: 10 },
    { substance: 'cadmium', relation: 'below', value: 5 },
  ],
  inscriptions: [{ text: 'À la lune, 2026', type: 'engraved', place: 'inside the band' }],
  claims: [
    {
      statement: 'Made from wax to polish in our own workshop in Lyon.',
      evidence: 'self-declared',
    },
    {
      statement: 'The diamond is natural and of the quality stated.',
      evidence: 'accredited',
      by: 'Example Gemmological Laboratory',
      reference: '2201 4477 10',
      date: { text: '4 March 2026', from: '2026-03-04', to: '2026-03-04' },
    },
  ],
  craftsmanship: [
    'Cast by the lost-wax process and finished by hand.',
    'Stones set under the microscope by one setter.',
  ],
  story: 'The first of a small series drawn after a winter of clear nights above the Saône.',
  documents: [{ sha256: hex32('d0c'), mediaType: 'application/pdf', title: 'Laboratory report 2201 4477 10' }],
  links: [{ url: 'https://atelier-lune.example/half-moon', title: 'The Half-moon series' }],
  descriptors: [
    { type: 'Model', value: 'HM-54' },
    { type: 'Collection', value: 'Clair de lune' },
  ],
  care: ['Warm water, mild soap and a soft brush.', 'Have the claws looked at once a year.'],
};

export const IMITATION_EARRINGS: Partial<Record1> = {
  code: OWN_CODE,
  title: 'Drop earrings “Soirée”',
  kind: 'pair-of-earrings',
  maker: { name: 'Atelier Lune', qualifier: 'stated' },
  made: { place: { text: 'Pforzheim, Germany', country: 'DE' }, date: { text: '2026', from: 2026, to: 2026 } },
  massMg: 9450,
  dimensions: { lengthUm: 41_000, widthUm: 12_500 },
  materials: [
    {
      type: 'metal',
      metal: 'brass',
      fineness: 'unknown',
      massMg: 'unknown',
      recycledShare: 'unknown',
      plating: [{ metal: 'gold', fineness: 999, thicknessNm: 80 }],
      origin: 'unknown',
      custody: 'unknown',
    },
    {
      type: 'metal',
      metal: 'steel',
      alloy: '316L',
      part: 'ear hooks',
      fineness: 'unknown',
      massMg: 'unknown',
      recycledShare: 'unknown',
      origin: { country: 'DE' },
      custody: 'none',
    },
    {
      type: 'stone',
      species: 'cubic zirconia',
      nature: 'imitation',
      count: 14,
      caratThousandths: 'unknown',
      shape: 'pear and round',
      colour: 'colourless',
      clarity: 'unknown',
      setting: 'glued',
      origin: { country: 'AT' },
      custody: 'unknown',
    },
    {
      type: 'other',
      material: 'glass',
      description: 'pressed beads with a pearl lustre',
      massMg: 2100,
      origin: { text: 'Jablonec', country: 'CZ' },
      custody: 'unknown',
    },
  ],
  restrictedSubstances: [
    { substance: 'nickel-release', relation: 'below', value: 200, method: 'EN 1811', laboratory: 'Example Testing SA' },
    { substance: 'lead', relation: 'equal', value: 38 },
    { substance: 'cadmium', relation: 'unknown', value: 'unknown' },
  ],
  care: ['Keep away from perfume and water: the plating is thin.'],
};

export const VINTAGE_BROOCH: Partial<Record1> = {
  recordedAs: 'custodian',
  title: 'Brooch with a winged beetle',
  kind: 'brooch',
  maker: {
    name: 'Firmin Delorme',
    qualifier: 'attributed',
    stated: 'attributed to Firmin Delorme (French, active 1890–1912)',
  },
  made: {
    place: { text: 'Paris', country: 'FR' },
    date: { text: 'c. 1900 (scarab: Late Period, Dynasty 26)', from: -664, to: 1905 },
  },
  materials: [
    {
      type: 'metal',
      metal: 'gold',
      fineness: 'unknown',
      massMg: 'unknown',
      recycledShare: 'unknown',
      stated: 'gold, plique-à-jour enamel, faience scarab, rose-cut diamonds',
      hallmarks: [
        {
          sponsor: 'unknown',
          fineness: 750,
          assayOffice: 'unknown',
          year: 'unknown',
          stated: 'indistinct mark on the pin',
        },
      ],
      origin: 'unknown',
      custody: 'unknown',
    },
    { type: 'other', material: 'enamel', massMg: 'unknown', origin: 'unknown', custody: 'unknown' },
    {
      type: 'other',
      material: 'faience',
      description: 'scarab, blue-green glaze',
      massMg: 'unknown',
      origin: { text: 'said to be from Memphis', country: 'EG' },
      custody: 'unknown',
    },
    {
      type: 'stone',
      species: 'diamond',
      nature: 'unknown',
      count: 'unknown',
      caratThousandths: 'unknown',
      cut: 'rose',
      colour: 'unknown',
      clarity: 'unknown',
      origin: 'unknown',
      custody: 'unknown',
    },
  ],
  dimensions: {
    stated: '3 1/8 × 4 5/16 × 5/8 in. (7.9 × 11 × 1.6 cm)',
    heightUm: 79_000,
    widthUm: 110_000,
    depthUm: 16_000,
  },
  inscriptions: [
    { text: 'DELORME PARIS', type: 'maker’s mark', place: 'on the reverse, lower left wing' },
    { text: 'à ma chère M.\nNoël 1901', type: 'engraved' },
  ],
  claims: [
    {
      statement: 'Exported with a licence of the Ministry of Culture.',
      evidence: 'second-party',
      reference: '1954/332',
    },
  ],
  history: [
    { kind: 'findspot', text: 'Scarab: Egypt, Saqqara(?), 664-332 BCE; excavated before 1890.', uncertain: true },
    {
      kind: 'holder',
      text: 'Firmin Delorme, Paris, until 1901, by manufacture.',
      holder: 'Firmin Delorme',
      mode: 'by manufacture',
      dates: ['1901'],
    },
    {
      kind: 'holder',
      text: 'Mme M. V. [née R.], Paris, 1901-1932, by gift.',
      mode: 'by gift',
      dates: ['1901', '1932'],
    },
    { kind: 'other', text: 'Whereabouts not known, 1932 to 1947.', unknown: true },
    {
      kind: 'sale',
      text: 'Sale, Hôtel Example, Paris, 14 June 1947, lot 212 (as “broche scarabée, signée”); purchased by a dealer, who had the pin replaced and one diamond reset before he showed the piece in his window in the rue de la Paix for eleven years, always declining to name a price.',
      dates: ['14 June 1947'],
      mode: 'auction',
    },
    { kind: 'exhibition', text: 'Example Museum, “Wings”, spring 1973, no. 88.' },
    { kind: 'restoration', text: 'Enamel of the left wing consolidated, 1988.' },
    { kind: 'holder', text: 'Galerie Bleue, by bequest, 2011.', holder: 'Galerie Bleue', dates: ['2011'] },
  ],
  descriptors: [
    { type: 'Accession number', value: '57.1901' },
    { type: 'Period', value: 'Art Nouveau' },
    { type: 'Credit line', value: 'Bequest of a friend of the gallery, 2011' },
  ],
  links: [{ url: 'https://galerie-bleue.example/57-1901' }],
};
