// Owns the closed word lists of a record and what they mean to a person, in English. Schemas and pages read from here;
// nothing else does. Nature of stones: CIBJO Blue Books; custody models: ISO 22095:2020.

export const KINDS = [
  'ring',
  'earring',
  'pair-of-earrings',
  'necklace',
  'pendant',
  'bracelet',
  'bangle',
  'anklet',
  'brooch',
  'pin',
  'tiara',
  'cufflinks',
  'watch',
  'timepiece',
  'charm',
  'bead',
  'amulet',
  'locket',
  'chain',
  'piercing',
  'medal',
  'gemstone',
  'set',
  'jewel',
  'other',
] as const;

/** What a jeweller calls a metal before its fineness. */
export const METALS = [
  'gold',
  'silver',
  'platinum',
  'palladium',
  'rhodium',
  'ruthenium',
  'iridium',
  'electrum',
  'titanium',
  'tantalum',
  'niobium',
  'zirconium',
  'tungsten',
  'steel',
  'iron',
  'copper',
  'bronze',
  'brass',
  'nickel',
  'nickel-silver',
  'pewter',
  'tin',
  'lead',
  'zinc',
  'aluminium',
  'base-metal',
  'other',
  'unknown',
] as const;

export const STONE_NATURES = {
  natural: 'natural, untreated as far as stated',
  'natural-treated': 'natural, treated',
  'laboratory-grown': 'laboratory-grown (synthetic)',
  cultured: 'cultured',
  composite: 'composite (assembled)',
  reconstructed: 'reconstructed',
  imitation: 'imitation (simulant)',
  unknown: 'not known whether natural',
} as const;

export const OTHER_MATERIALS = [
  'glass',
  'faience',
  'enamel',
  'ceramic',
  'porcelain',
  'resin',
  'plastic',
  'textile',
  'leather',
  'wood',
  'paper',
  'bone',
  'horn',
  'ivory',
  'tortoiseshell',
  'shell',
  'feather',
  'hair',
  'lacquer',
  'wax',
  'stone',
  'niello',
  'other',
  'unknown',
] as const;

export const CUSTODY_MODELS = {
  'identity-preserved': 'kept apart from its source on, and traceable to it',
  segregated: 'kept apart from material of other origin',
  'controlled-blending': 'blended with other material in a known share',
  'mass-balance': 'accounted for by mass balance',
  'book-and-claim': 'claimed by certificate, not by the material itself',
  none: 'not tracked',
  unknown: 'not known',
} as const;

export const EVIDENCE_LEVELS = {
  'self-declared': 'the maker says so',
  supplier: 'a supplier says so',
  'second-party': 'checked by a business partner',
  'third-party': 'checked by an independent party',
  accredited: 'checked by an accredited independent body',
} as const;

export const MAKER_QUALIFIERS = {
  stated: 'by',
  attributed: 'attributed to',
  possibly: 'possibly by',
  workshop: 'workshop of',
  circle: 'circle of',
  school: 'school of',
  style: 'in the style of',
  after: 'after',
} as const;

/** What was measured on a piece that touches skin. EU REACH annex XVII entries 27 (nickel), 63 (lead), 23 (cadmium). */
export const RESTRICTED_SUBSTANCES = {
  'nickel-release': 'nickel release',
  lead: 'lead content',
  cadmium: 'cadmium content',
} as const;

export const HISTORY_KINDS = ['holder', 'sale', 'findspot', 'exhibition', 'restoration', 'other'] as const;

export const RING_SIZE_SYSTEMS = ['iso-8653', 'us', 'uk', 'eu', 'jp', 'other'] as const;

/** ISO 3166-1 alpha-2 shape; `XX` is no country. Whether a code is assigned is not checked. */
export const COUNTRY = /^[A-Z]{2}$/;

/** What certificates are for. */
export const CERTIFICATE_TYPES = {
  hallmark: 'Hallmark',
  assay: 'Assay',
  grading: 'Grading report',
  identification: 'Identification',
  origin: 'Origin',
  authenticity: 'Authenticity',
  appraisal: 'Appraisal',
  'restricted-substances': 'Test for restricted substances',
  'chain-of-custody': 'Chain of custody',
  'mass-balance': 'Mass balance',
  audit: 'Audit',
  membership: 'Membership',
  other: 'Certificate',
} as const;

/** Types that speak of the present: their end is worth a warning, while an old assay was simply right when made. */
export const PRESENT_TYPES: readonly string[] = ['chain-of-custody', 'audit', 'membership'];
