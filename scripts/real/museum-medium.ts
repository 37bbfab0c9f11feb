// Owns the reading of a museum's medium line: where one material ends and the next begins, and what each is. Each keeps
// the museum's words for it; a word that isn't known here becomes a material of its own, never nothing.

export interface ReadMaterial {
  readonly stated: string;
  readonly material: Readonly<Record<string, unknown>>;
}

const UNKNOWN = 'unknown';

/** Ends a material, unless what stands on one side of it only describes the other. */
const HARD = /(\s*[,;]\s*(?:and\s+)?)/;
/** Ends a material only between two of them. */
const SOFT = /(\s+(?:and|with|on|over|under|in|(?:set|mounted) in|(?:in|over)laid with|set with|inlaid in)\s+)/;

const GILDING =
  /\b(?:formerly )?(?:gilt|gilded|gilding|(?:gold|silver|tin|rhodium|nickel)[- ]plat(?:e|ed|ing)|silvered|silvering)\b/gi;
const NOT_ANY_MORE = /\b(?:formerly|traces?|remains|residue|originally)\b/i;

const COLOURS =
  'white|black|gr[ae]y|greyish|greenish|brownish|bluish|beige|brown|red|orange|orange-red|yellow|green|olive-green|blue|' +
  'blue-green|green-blue|violet|purple|pink|canary|colou?red|colou?rless|mottled|banded|polychrome|variously';
const COLOUR = new RegExp(
  `\\b((?:(?:light|dark|pale|deep|bright|intensive|variously)[ -])?(?:(?:${COLOURS})(?:(?: and |, |-| )(?=(?:${COLOURS})\\b))?)+)\\s`,
  'i',
);
const ATTRIBUTES = new Set(
  (
    `${COLOURS}|light|dark|pale|deep|a|an|the|of|and|with|on|in|over|or|to|was|is|formerly|originally|` +
    'possibly|probably|modern|partly|traces|trace|remains|residue|glaze|glazed|glazes|underglaze|ash|patina|inclusions|' +
    'cast|carved|polished|incised|chiselled|chased|engraved|hammered|beaten|embossed|moulded|molded|repoussé|' +
    'filigree|granulated|granulation|pleated|dyed|crazed|anodized|burnished|painted|table-cut|cut|hollow|sheet|' +
    'enameled|enamelled|translucent|opaque|gilt|gilded|gilding|intaglio|relief'
  ).split('|'),
);

type Reading = (piece: string, found: string) => Record<string, unknown>;

const metal =
  (name: string): Reading =>
  (piece) => ({
    type: 'metal',
    metal: name,
    ...(/\balloys?\b/i.test(piece) ? { alloy: piece.slice(0, 200) } : {}),
    fineness: finenessOf(piece),
    massMg: UNKNOWN,
    recycledShare: UNKNOWN,
    ...platingOf(piece),
  });

const other =
  (name: string): Reading =>
  (piece) => ({ type: 'other', material: name, description: piece.slice(0, 500), massMg: UNKNOWN });

const stone =
  (species: string | undefined, variety?: string): Reading =>
  (piece, found) => ({
    type: 'stone',
    species: species === undefined ? UNKNOWN : species + (isDoubted(piece, found) ? ' (?)' : ''),
    ...(variety === undefined ? {} : { variety }),
    nature: UNKNOWN,
    count: UNKNOWN,
    caratThousandths: UNKNOWN,
    colour: colourOf(piece, found),
    clarity: UNKNOWN,
  });

const words = (list: string) => new RegExp(`\\b(?:${list})\\b`, 'i');

/** Species as one entry each: `name` or `name|how it is also written`, found with a plural s. */
const SPECIES = (
  'diamond emerald sapphire ruby|rub(?:y|ies) pearl|(?:half-)?pearl garnet amethyst carnelian sardonyx sard onyx nicolo ' +
  'agate jasper plasma chalcedony|chalc?h?edony bloodstone chrysoprase opal peridot topaz|topaz(?:es)? tourmaline beryl ' +
  'aquamarine zircon spinel turquoise|turquoises? malachite hematite|ha?ematite obsidian quartz quartzite nephrite ' +
  'jadeite jade amazonite albite omphacite serpentine|serpentin(?:e|ite) steatite basalt slate greywacke|gr[ae]ywacke ' +
  'honestone marcasite amber coral jet marble limestone alabaster granite diorite soapstone moonstone citrine ' +
  'feldspar fluorite rhodonite|rhodonite lava porphyry breccia sandstone schist travertine chert flint'
)
  .split(' ')
  .map((entry) => entry.split('|'))
  .map(([name = '', ...how]) => [words(`${how.join('|') || name}s?`), stone(name)] as const);

/** What a word stands for, the more special before the more general. */
const LEXICON: readonly (readonly [RegExp, Reading])[] = [
  [words('gold and copper alloy|gold-copper alloy|tumbaga'), metal('other')],
  [words('nickel[- ]silver|german silver'), metal('nickel-silver')],
  [words('mother[- ]of[- ]pearl|nacre|(?:sea )?shells?|spondylus|conch shell'), other('shell')],
  [words('egyptian faience|faience'), other('faience')],
  [words('painted enamels?|enamels?|cloisonné|champlevé|basse-taille|plique-à-jour'), other('enamel')],
  [words('porcelain|jasperware'), other('porcelain')],
  [words('glass|(?:glass )?pastes?'), other('glass')],
  [words('ceramics?|earthenware|stoneware|terracotta|buffware|plaster|clay|pottery|sulphide'), other('ceramic')],
  [words('celluloid|plastic|acrylic|nylon|lucite|bakelite'), other('plastic')],
  [words('resins?|pitch|bitumen'), other('resin')],
  [words('lacquer|japanning'), other('lacquer')],
  [words('niello'), other('niello')],
  [words('wax'), other('wax')],
  [words('ivory'), other('ivory')],
  [words('bones?|antlers?'), other('bone')],
  [words('tooth|teeth|tusks?|hoofs?|hooves|talons?|claws?'), other('other')],
  [words('tortoise ?shell'), other('tortoiseshell')],
  [words('horn'), other('horn')],
  [words('hair'), other('hair')],
  [words('feathers?'), other('feather')],
  [words('leather|vellum|skin|hide'), other('leather')],
  [words('(?:box|sandal|rose|pear|cherry)?wood|ebony|oak|walnut'), other('wood')],
  [
    words('linen|silk|velvet|cotton|wool|textiles?|fabric|fib(?:er|re)s?|cords?|thread|ribbon|raffia'),
    other('textile'),
  ],
  [words('papers?|parchment|cardboard|photographs?'), other('paper')],
  [words('watercolou?rs?|paints?|painting|pigments?|gouache|tempera|ink|oil|mercury'), other('other')],
  [words('(?:rock[- ]crystal)s?'), stone('quartz', 'rock crystal')],
  [words('lapis[- ]lazuli'), stone('lapis lazuli')],
  [words('demantoid garnets?|demantoids?'), stone('garnet', 'demantoid')],
  [words('seed pearls?'), stone('pearl', 'seed pearl')],
  [words('baroque pearls?'), stone('pearl', 'baroque pearl')],
  [words('conch pearls?'), stone('pearl', 'conch pearl')],
  [words('moss agates?'), stone('agate', 'moss agate')],
  ...SPECIES,
  [words('ormolu'), (piece, found) => ({ ...metal('bronze')(piece, found), plating: [layer('gold')] })],
  [words('bell metal'), metal('bronze')],
  ...'platinum palladium electrum silver gold bronze brass copper steel iron pewter tin lead zinc titanium'
    .split(' ')
    .map((name) => [words(name), metal(name)] as const),
  [words('alumini?um'), metal('aluminium')],
];

/** What is said when nothing more special is. */
const GENERAL: readonly (readonly [RegExp, Reading])[] = [
  [words('crystals?|brilliants|cameos?|gems?|gemstones?|jewels?|(?:semi)?precious stones?|stones?'), stone(undefined)],
  [words('metals?|wire|foil'), metal(UNKNOWN)],
];

/** The pieces of a medium line, each with its words and its reading. */
export function readMedium(medium: string): ReadMaterial[] {
  return splitMedium(medium).map((stated) => {
    const part = partOf(stated);
    const reading = readingOf(stated);
    const rest = { stated, ...(part === undefined ? {} : { part }), origin: UNKNOWN, custody: UNKNOWN };
    return { stated, material: { ...reading, ...rest } };
  });
}

/** Where one material ends and the next begins; every word of the line is in one of the pieces, but separators. */
export function splitMedium(medium: string): string[] {
  return joined(shielded(medium).split(HARD), (before, _, after) => !isAttribute(before) && !isAttribute(after))
    .flatMap((segment) => joined(segment.split(SOFT), endsBetween))
    .map((piece) => unshielded(piece).trim())
    .filter((piece) => piece !== '');
}

type EndsBetween = (before: string, separator: string, after: string) => boolean;

/** Text and separators in turn, put together again wherever nothing ends. */
function joined(tokens: readonly string[], ends: EndsBetween): string[] {
  const pieces: string[] = [];
  let current = tokens[0] ?? '';
  for (let i = 1; i < tokens.length; i += 2) {
    const [separator = '', next = ''] = [tokens[i], tokens[i + 1]];
    if (ends(current, separator, next)) {
      pieces.push(current);
      current = next;
    } else current += separator + next;
  }
  return [...pieces, current];
}

function endsBetween(before: string, separator: string, after: string): boolean {
  if (/gold$/i.test(before) && /^copper alloy/i.test(after) && /and/.test(separator)) return false;
  return namesMaterial(before) && namesMaterial(after);
}

/** What stands in brackets, and gilding and what it lies on, is never split: their separators are put out of reach. */
function shielded(text: string): string {
  return text.replace(/\([^()]*\)|\[[^[\]]*\]|(?<![-\w])gilt on /gi, (inner) =>
    inner.replace(/ /g, '\u0001').replace(/,/g, '\u0002'),
  );
}

function unshielded(text: string): string {
  return text.replaceAll('\u0001', ' ').replaceAll('\u0002', ',');
}

function namesMaterial(text: string): boolean {
  const bare = text.replace(GILDING, ' ');
  return LEXICON.some(([pattern]) => pattern.test(bare)) || GENERAL.some(([pattern]) => pattern.test(bare));
}

/** Only colours, techniques and the like: belongs to the material next to it. */
function isAttribute(text: string): boolean {
  if (/^(?:probably|possibly|perhaps)\b/i.test(text)) return true;
  if (namesMaterial(text)) return false;
  const bare = unshielded(text)
    .replace(GILDING, ' ')
    .replace(/\(\?\)|[?.()"]/g, ' ');
  return bare
    .toLowerCase()
    .split(/[\s/]+/)
    .every((word) => word === '' || ATTRIBUTES.has(word) || word.split('-').every((half) => ATTRIBUTES.has(half)));
}

function readingOf(piece: string): Record<string, unknown> {
  const bare = piece.replace(GILDING, ' ');
  const outside = bare.replace(/\([^()]*\)/g, ' ');
  const alternatives = outside.split(/\bor\b/).filter((side) => namesMaterial(side));
  if (alternatives.length > 1) return other(UNKNOWN)(piece, '');
  for (const lexicon of [LEXICON, GENERAL]) {
    for (const text of [outside, bare]) {
      for (const [pattern, reading] of lexicon) {
        const found = pattern.exec(text)?.[0];
        if (found !== undefined) return reading(piece, found);
      }
    }
  }
  return other('other')(piece, '');
}

/** The museum's own doubt about this word: "(?)" after it, "probably" before it. */
function isDoubted(piece: string, found: string): boolean {
  const at = piece.toLowerCase().indexOf(found.toLowerCase());
  const after = piece.slice(at + found.length);
  return /^\)?\s*\(\?\)/.test(after) || /\b(?:probably|possibly|perhaps)\b/i.test(piece.slice(0, at));
}

function layer(name: string) {
  return { metal: name, thicknessNm: UNKNOWN };
}

function platingOf(piece: string): { plating?: unknown[] } {
  const found = piece.match(GILDING)?.[0];
  if (found === undefined || NOT_ANY_MORE.test(piece)) return {};
  const named = /(gold|silver|tin|rhodium|nickel)[- ]plat/i.exec(found)?.[1]?.toLowerCase();
  return { plating: [layer(named ?? (/silver/i.test(found) ? 'silver' : 'gold'))] };
}

const CARAT: Readonly<Record<string, number>> = { '9': 375, '12': 500, '15': 625, '18': 750, '21': 875 };

/** Only what is exact: a carat number that is a whole number of thousandths, sterling, a three-figure fineness. */
function finenessOf(piece: string): number | 'unknown' {
  const carat = /\b(\d{1,2})[- ]?(?:k|kt|ct|karat|carat)\b/i.exec(piece)?.[1];
  if (carat !== undefined) return CARAT[carat] ?? UNKNOWN;
  if (/\bsterling\b/i.test(piece)) return 925;
  const thousandths = /\b(\d{3})\s+(?:gold|silver|platinum)\b/i.exec(piece)?.[1];
  return thousandths === undefined || Number(thousandths) === 0 ? UNKNOWN : Number(thousandths);
}

function colourOf(piece: string, found: string): string {
  const before = piece.slice(0, Math.max(0, piece.toLowerCase().indexOf(found.toLowerCase())));
  return COLOUR.exec(before)?.[1]?.trim() ?? UNKNOWN;
}

const PART =
  /\s((?:carrying |watch)?cases?|dials?|movements?|mount(?:s|ing)?|settings?|ring|frame|body|tips|lining|chain|clasp|shank|bezel|cover)\.?$/i;

function partOf(piece: string): string | undefined {
  return PART.exec(piece)?.[1];
}
