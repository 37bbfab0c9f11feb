// Owns what is known of each of GS1's Application Identifiers (AIs): its format, whether it may be an attribute of a Digital
// Link, whether a separator has to follow. Facts only, from the GS1 Barcode Syntax Dictionary; nothing is judged here.

/**
 * Format → AIs. A part of a format is N (digits), X (character set 82), Y (character set 39) or Z (base64url), its length
 * or lengths, and after a colon the checks of its content (gs1-content.ts); `?` before it: the part may be missing.
 */
const FORMATS: Readonly<Record<string, string>> = {
  'N18:digit': '00 8017 8018',
  'N14:digit': '01 02 03',
  'N17:digit': '402',
  'N13:digit': '410-417',
  'N13:digit ?X1-17': '253',
  'N13:digit ?N1-12': '255',
  'N1:zero N13:digit ?X1-16': '8003',
  'N14:digit N4:piece': '8006 8026',
  'X1-30:prefix': '401 7023 8004',
  'Y1-30:prefix': '8010',
  'X1-25:pair,prefix': '8013',
  'X1-25:pair,prefix,mixed': '8014',
  'N1-12:nozero': '8011',
  'N1-10': '8019',
  'N1 X1 X1 X1:index': '7040',
  'X1-2': '7010',
  'X1-3': '427 7008',
  'X1-4': '7041',
  'X1-10': '7009 7255',
  'X1-12': '7005',
  'X1-20': '10 21 22 243 254 420 4318 7020-7022 710-717 7240 8002 8012',
  'X1-25': '7242 8020',
  'X1-28': '235',
  'X1-30': '240 241 250 251 400 403 4308 4319 7002 90',
  'X1-50': '8009',
  'X1-70': '8200',
  'X1-70:coupon': '8110',
  'X1-70:offer': '8112',
  'X1-90': '91-99',
  'Z1-90': '8030',
  N2: '20',
  'N1-4': '7004',
  N4: '3940-3943 8111',
  'N1-6': '242',
  N6: `${measures(310, 316)} ${measures(320, 337)} ${measures(340, 357)} ${measures(360, 369)} 3950-3955 8005`,
  'N1-8': '30 37',
  N13: '7001',
  'N1-15': '3900-3909 3920-3929',
  N15: '8040 8041',
  'N18 ?N1-2': '8043',
  N32: '8042',
  'N3:currency N1-15': '3910-3919 3930-3939',
  'N3:country': '422 424 426',
  'N3:country ?N3:country ?N3:country ?N3:country ?N3:country': '423 425',
  'N3:country X1-9': '421',
  'N3:processor X1-27': '7030-7039',
  'X2:alpha2': '4307 4317',
  'X2 X1-28': '7230-7239',
  'X1-35:percent': '4300 4301 4310 4311 4320',
  'X1-40:percent': '7253 7254 7259',
  'X1-70:percent': '4302-4306 4312-4316 7257',
  'X1-90:percent': '7256',
  'X1-34:iban': '8007',
  'X3:sequence': '7258',
  'N1:flag': '4321-4323',
  'N1:sex': '7252',
  'N2:media': '7241',
  'N6 ?X1:hyphen': '4330-4333',
  'N10:latitude N10:longitude': '4309',
  'N4:nonzero N5:nonzero N3:nonzero N1:winding N1': '8001',
  'N6:month': '11-13 15-17',
  'N6:day': '4326 7006',
  'N6:day ?N6:day': '7007',
  'N6:month N4:time': '4324 4325',
  'N6:day N4:time': '7003',
  'N6:day ?N4:time': '7011',
  'N6:day N2:hour ?N2:minute ?N2:minute': '8008',
  'N8:date': '7250',
  'N8:date N4:time': '7251',
};

/** What may not stand in a Digital Link's query: qualifiers, and what GS1 keeps to barcodes. Of these, the content of 7041
 * (a package type) is judged by its length only. */
const NO_ATTRIBUTES = new Set('03 21 22 235 254 7040 7041 8011 8014 8019 8020 8040 8041 8042 8043 8200'.split(' '));

/** First two digits of AIs whose length is fixed for good (GS1 General Specifications, predefined lengths). */
const PREDEFINED = /^(?:0[0-4]|1[1-9]|20|3[1-6]|41)/;

export interface Part {
  readonly set: 'N' | 'X' | 'Y' | 'Z';
  readonly least: number;
  readonly most: number;
  readonly optional: boolean;
  readonly checks: readonly string[];
}

export interface Identifier {
  readonly ai: string;
  readonly parts: readonly Part[];
  /** The format as written above, for words about it. */
  readonly format: string;
  /** Whether a separator (FNC1) has to follow if anything does. */
  readonly separated: boolean;
  /** Whether it may stand in a Digital Link's query. */
  readonly attribute: boolean;
}

export const IDENTIFIERS: ReadonlyMap<string, Identifier> = new Map(
  Object.entries(FORMATS).flatMap(([format, ais]) =>
    expanded(ais).map((ai) => [ai, identifier(ai, format, !NO_ATTRIBUTES.has(ai))]),
  ),
);

/** Digits of an AI by its first two; all that begin alike are of one length. */
const LENGTHS: ReadonlyMap<string, number> = new Map([...IDENTIFIERS.keys()].map((ai) => [ai.slice(0, 2), ai.length]));

/** The AI an element string goes on with. */
export function identifierAtStart(text: string): Identifier | undefined {
  return IDENTIFIERS.get(text.slice(0, LENGTHS.get(text.slice(0, 2)) ?? 0));
}

/** An AI that GS1 has not given out, as far as what stands above tells; undefined where it couldn't be one. */
export function unassigned(ai: string): Identifier | undefined {
  const length = LENGTHS.get(ai.slice(0, 2));
  if (!/^\d{2,4}$/.test(ai) || IDENTIFIERS.has(ai) || (length !== undefined && length !== ai.length)) return undefined;
  if (!PREDEFINED.test(ai) || length === undefined) return identifier(ai, 'X1-90', true, true);
  return identifier(ai, ai.length === 4 ? 'X6' : 'X13', true);
}

function identifier(ai: string, format: string, attribute: boolean, separated = !PREDEFINED.test(ai)): Identifier {
  return { ai, format, parts: format.split(' ').map(partOf), separated, attribute };
}

function partOf(text: string): Part {
  const [, optional, set, least, most, checks] = /^(\??)([NXYZ])(\d+)(?:-(\d+))?(?::(.+))?$/.exec(text) as string[];
  return {
    set: set as Part['set'],
    least: Number(least),
    most: Number(most ?? least),
    optional: optional !== '',
    checks: checks?.split(',') ?? [],
  };
}

/** The six-digit measures: each row of AIs has a fourth digit of 0 to 5, the places after the decimal point. */
function measures(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i}0-${from + i}5`).join(' ');
}

function expanded(ais: string): string[] {
  return ais.split(' ').flatMap((range) => {
    const [from = '', to = from] = range.split('-');
    const count = Number(to) - Number(from) + 1;
    return Array.from({ length: count }, (_, i) => String(Number(from) + i).padStart(from.length, '0'));
  });
}
