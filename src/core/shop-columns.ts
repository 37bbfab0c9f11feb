// Owns product exports of shops (Shopify, WooCommerce) as column plans: which of their columns becomes which of ours, rows of
// variants with what their product says, and only what the shop states of the piece itself. Prices, stock, shipping weights
// and everything else of trade never enter a record.
import { textOfHtml } from './html-text.ts';
import { KINDS } from './vocabulary.ts';

/** A table as we read it: our columns, and the rows in the file's order. */
export interface ShopTable {
  readonly shop: 'Shopify' | 'WooCommerce';
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The file's columns that nothing is taken from. */
  readonly left: readonly string[];
}

/** Our columns that a shop's export can fill, in this order. */
export const SHOP_HEADER = [
  'title',
  'kind',
  'gtin',
  'maker',
  'story',
  'metal_1',
  'metal_1_fineness',
  'metal_1_colour',
  'metal_1_stated',
  'stone_1',
  'stone_1_stated',
  'ring_size',
  'ring_size_system',
  'descriptor_1_type',
  'descriptor_1_value',
  'descriptor_2_type',
  'descriptor_2_value',
  'descriptor_3_type',
  'descriptor_3_value',
] as const;
type Ours = Partial<Record<(typeof SHOP_HEADER)[number], string>>;

/** One row of the file by the names of its columns, in lower case. */
type Row = (...names: readonly string[]) => string;

/** Undefined for a file that is no export of a shop known here. */
export function shopTable(header: readonly string[], rows: readonly (readonly string[])[]): ShopTable | undefined {
  const places = new Map(
    header.map((name, at) => [
      name
        .replace(/^\uFEFF/, '')
        .trim()
        .toLowerCase(),
      at,
    ]),
  );
  const has = (...names: string[]) => names.every((name) => places.has(name));
  const shopify = (has('handle', 'title') || has('url handle', 'title')) && (has('option1 name') || has('variant sku'));
  const woo = has('type', 'sku', 'name', 'parent') && has('published');
  if (!shopify && !woo) return undefined;
  const used = new Set<string>();
  const read = (cells: readonly string[]): Row => {
    return (...names) => {
      const name = names.find((one) => places.has(one));
      if (name === undefined) return '';
      used.add(name);
      return (cells[places.get(name) as number] ?? '').trim();
    };
  };
  const all = rows.map(read);
  const pieces = shopify ? shopifyPieces(all, [...places.keys()]) : wooPieces(all, [...places.keys()]);
  return {
    shop: shopify ? 'Shopify' : 'WooCommerce',
    header: SHOP_HEADER,
    rows: pieces.map((piece) => SHOP_HEADER.map((name) => piece[name] ?? '')),
    left: header.filter(
      (name) =>
        !used.has(
          name
            .replace(/^\uFEFF/, '')
            .trim()
            .toLowerCase(),
        ),
    ),
  };
}

/** Rows of one product stand together under its handle; only the first says what is the same for all of them. */
function shopifyPieces(rows: readonly Row[], names: readonly string[]): Ours[] {
  const products = new Map<string, Row>();
  return rows.flatMap((row) => {
    const handle = row('handle', 'url handle');
    if (row('title') !== '' || !products.has(handle)) products.set(handle, row);
    const product = products.get(handle) as Row;
    const options = [1, 2, 3].flatMap((n) => {
      const value = row(`option${n} value`);
      return value === '' || value === 'Default Title' ? [] : [[product(`option${n} name`), value] as const];
    });
    // A row with a picture alone is no variant.
    const isVariant = ['variant sku', 'sku', 'option1 value'].some((name) => row(name) !== '');
    if (!isVariant && product !== row) return [];
    const stated = names.flatMap((name) => {
      const what = /\(product\.metafields\.\S+\.([\w-]+)\)$/.exec(name)?.[1];
      return what === undefined ? [] : [[what, product(name)] as const];
    });
    return [
      pieceOf({
        name: product('title'),
        options,
        stated,
        kinds: [product('type'), product('product category')],
        maker: product('vendor'),
        story: product('body (html)', 'description'),
        gtin: row('variant barcode', 'barcode'),
        sku: row('variant sku', 'sku'),
        tags: product('tags'),
        model: handle,
      }),
    ];
  });
}

/** A variation names its parent by id or SKU; a product that has variations is none of its own. */
function wooPieces(rows: readonly Row[], names: readonly string[]): Ours[] {
  const parents = new Map<string, Row>();
  for (const row of rows) {
    if (row('id') !== '') parents.set(`id:${row('id')}`, row);
    if (row('sku') !== '') parents.set(row('sku'), row);
  }
  const numbers = [...new Set(names.flatMap((name) => /^attribute (\d{1,3}) name$/.exec(name)?.[1] ?? []))];
  const attributesOf = (row: Row) =>
    numbers.flatMap((n) => {
      const [name, value] = [row(`attribute ${n} name`), row(`attribute ${n} value(s)`)];
      return name === '' || value === '' ? [] : [[name, value] as const];
    });
  return rows.flatMap((row) => {
    const type = row('type').toLowerCase();
    if (/variable|grouped|external|downloadable/.test(type)) return [];
    const variation = type.includes('variation');
    const parent = variation ? parents.get(row('parent')) : undefined;
    const of = (...name: string[]) => row(...name) || (parent?.(...name) ?? '');
    const name = parent?.('name') || row('name');
    return [
      pieceOf({
        name,
        options: variation ? attributesOf(row) : [],
        // What a parent lists are all its variations' values, except where there is one alone.
        stated:
          variation && parent ? attributesOf(parent).filter(([, value]) => !value.includes(',')) : attributesOf(row),
        kinds: [of('categories')],
        maker: of('brands'),
        story: of('description') || of('short description'),
        gtin: row('gtin, upc, ean, or isbn', 'gtin'),
        sku: row('sku'),
        tags: of('tags'),
        model: parent?.('sku') ?? '',
      }),
    ];
  });
}

interface ShopPiece {
  readonly name: string;
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly stated: readonly (readonly [name: string, value: string])[];
  readonly kinds: readonly string[];
  readonly maker: string;
  readonly story: string;
  readonly gtin: string;
  readonly sku: string;
  readonly tags: string;
  readonly model: string;
}

const METAL_NAME = /metal|material|alloy|gold/i;
const STONE_NAME = /stone|gem/i;
const SIZE_NAME = /size|grösse|größe|taille|talla|misura/i;

function pieceOf(piece: ShopPiece): Ours {
  const said = [...piece.options, ...piece.stated];
  const saidOf = (pattern: RegExp, but?: RegExp) =>
    said.find(([name]) => pattern.test(name) && !but?.test(name))?.[1] ?? '';
  const kind = kindOf(piece.kinds);
  const stone = saidOf(STONE_NAME);
  const metal = saidOf(METAL_NAME, STONE_NAME);
  const size = kind === 'ring' ? saidOf(SIZE_NAME) : '';
  const variant = piece.options.map(([, value]) => value).join(', ');
  const own = [
    ['SKU', piece.sku],
    ['Model', piece.model],
    ['Tags', piece.tags],
  ].filter(([, value]) => value !== '');
  return {
    title: variant === '' || piece.name.endsWith(variant) ? piece.name : `${piece.name} – ${variant}`,
    // A piece of jewellery it is, whatever the shop calls it.
    kind: kind || 'jewel',
    gtin: /^[\d\s-]{8,18}$/.test(piece.gtin) ? piece.gtin : '',
    maker: piece.maker,
    story: textOfHtml(piece.story),
    ...(metal === '' && stone === '' ? { metal_1: 'unknown' } : metalOf(metal)),
    ...(stone === '' ? {} : { stone_1: stone.split(/[,;|]/)[0]?.trim() ?? '', stone_1_stated: stone }),
    ...(size === '' ? {} : { ring_size: size, ring_size_system: 'other' }),
    ...Object.fromEntries(
      own.flatMap(([type = '', value = ''], i) => [
        [`descriptor_${i + 1}_type`, type],
        [`descriptor_${i + 1}_value`, value],
      ]),
    ),
  };
}

const METAL_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bplatin/i, 'platinum'],
  [/\bpalladium/i, 'palladium'],
  [/sterling|\bsilver|\bsilber|\bargent|\bplata\b|\bargento/i, 'silver'],
  [/\bgold|\boro\b|(?<![a-z])or (jaune|blanc|rose)/i, 'gold'],
  [/\btitan/i, 'titanium'],
  [/\bsteel|edelstahl|\bacier|\bacero|\bacciaio/i, 'steel'],
  [/\bbrass|messing|laiton/i, 'brass'],
  [/\bbronze/i, 'bronze'],
  [/\bcopper|kupfer|cuivre/i, 'copper'],
];
const CARATS: Readonly<Record<string, string>> = {
  9: '375',
  10: '416',
  14: '585',
  18: '750',
  21: '875',
  22: '916',
  24: '999',
};
const PLATED = /plat(?:ed|ing)|vermeil|vergoldet|plaqu|filled|gold[- ]?tone|chapado|placcat/i;

/** Only what is said of a metal in words that leave no choice; anything else stays as it was said, of an unknown metal. */
function metalOf(stated: string): Ours {
  if (stated === '') return {};
  const words = { metal_1_stated: stated };
  const found = METAL_WORDS.filter(([pattern]) => pattern.test(stated));
  if (found.length !== 1 || PLATED.test(stated)) return { metal_1: 'unknown', ...words };
  const metal = found[0]?.[1] as string;
  const carat = /\b(\d{1,2})\s*(?:k|kt|ct|carat|karat)s?\b/i.exec(stated)?.[1];
  const thousandths = /\b(333|375|417|500|585|750|800|835|850|875|900|916|925|950|999)\b/.exec(stated)?.[1];
  const sterling = metal === 'silver' && /sterling/i.test(stated) ? '925' : undefined;
  const fineness = thousandths ?? (metal === 'gold' && carat ? CARATS[carat] : undefined) ?? sterling;
  const colour = /\b(yellow|white|rose|red)\b/i.exec(stated)?.[1]?.toLowerCase();
  return {
    metal_1: metal,
    ...(fineness === undefined ? {} : { metal_1_fineness: fineness }),
    ...(colour === undefined ? {} : { metal_1_colour: colour }),
    ...words,
  };
}

const PLURALS: Readonly<Record<string, string>> = {
  earrings: 'pair-of-earrings',
  'stud earrings': 'pair-of-earrings',
  hoops: 'pair-of-earrings',
  brooches: 'brooch',
  watches: 'watch',
  pins: 'pin',
  'charms & pendants': 'pendant',
  'brooches & lapel pins': 'brooch',
  'body jewelry': 'piercing',
  sets: 'set',
  'jewelry sets': 'set',
};

/** From a shop's own type, or the last step of its category; blank where neither is a kind known here. */
export function kindOf(said: readonly string[]): string {
  for (const one of said) {
    for (const step of one.split(/[,|]/).flatMap((path) => path.split('>').reverse())) {
      const word = step.trim().toLowerCase();
      const single = PLURALS[word] ?? word.replace(/\s+/g, '-').replace(/ies$/, 'y').replace(/s$/, '');
      const kind = (KINDS as readonly string[]).find((known) => known === word || known === single);
      if (kind !== undefined) return kind;
    }
  }
  return '';
}
