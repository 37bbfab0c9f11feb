// Owns what programs may take from a passport's page: the piece as a schema.org Product. Only what the record states, told
// as that, and only while the page calls the record genuine. No owner and nothing that the verdict doesn't say enters it.
import type { Html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { originOf } from './previews.ts';
import { bareNameOf, type Telling } from './telling.ts';
import { capital, kindWords, materialName, metalWords } from './words.ts';

type Data = Readonly<Record<string, unknown>>;

/** Grams, in the units of UN/CEFACT. */
const GRAM = 'GRM';

/** Nothing where the page warns, or where the ledger hasn't got the record yet. */
export function productData(telling: Telling): Html | null {
  if (telling.passport.headline !== 'genuine-record') return null;
  return dataBlock(productOf(telling), { type: 'application/ld+json' });
}

function productOf(telling: Telling): Data {
  const { passport, context, words } = telling;
  const { record, code } = passport;
  const url = originOf(context) + passport.path;
  const images = (record.images ?? []).flatMap(({ sha256 }) => context.imageUrl?.(sha256) ?? []);
  const byMaker = record.recordedAs === 'maker';
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    '@id': url,
    url,
    name: record.title,
    category: kindWords(words, record.kind),
    ...('gtin' in code
      ? { gtin: code.gtin, serialNumber: code.serial }
      : { serialNumber: code.code, productID: `${code.handle}/${code.code}` }),
    ...makerOf(telling),
    material: [...new Set(materialsOf(telling))],
    ...(record.massMg === 'unknown'
      ? {}
      : { weight: { '@type': 'QuantitativeValue', value: record.massMg / 1000, unitCode: GRAM } }),
    ...(images.length === 0 ? {} : { image: images.map((path) => originOf(context) + path) }),
    additionalProperty: [
      property(
        words.text(byMaker ? 'passport.piece.registered-by' : 'passport.piece.recorded-by'),
        bareNameOf(context, passport.registrant.handle),
      ),
    ],
  };
}

/** A custodian's word about who made a piece is no brand's own. */
function makerOf({ passport }: Telling): Data {
  const { maker, recordedAs } = passport.record;
  if (maker === 'unknown' || maker.qualifier !== 'stated' || recordedAs !== 'maker') return {};
  return {
    brand: { '@type': 'Brand', name: maker.name },
    manufacturer: { '@type': 'Organization', name: maker.name },
  };
}

function materialsOf({ passport, words }: Telling): string[] {
  const { materials } = passport.present?.record ?? passport.record;
  return materials.flatMap((material) => {
    if (material.type === 'metal') return [capital(metalWords(words, material.metal, material.fineness))];
    if (material.type === 'stone') return material.species === 'unknown' ? [] : [material.species];
    return [capital(materialName(words, material.material))];
  });
}

function property(name: string, value: string): Data {
  return { '@type': 'PropertyValue', name, value };
}
