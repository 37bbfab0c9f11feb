// Owns how a piece is introduced: its picture or drawing, its name, maker, measures and code. Materials and history
// never enter it.
import type { Record1 } from '../core/record.ts';
import { MAKER_QUALIFIERS } from '../core/vocabulary.ts';
import { drawing } from './drawings.ts';
import { attr, type Html, html, joined } from './html.ts';
import { renderPhoto } from './photos.ts';
import { dateWords, type Fact, facts, notKnown, say, type Telling, together } from './telling.ts';
import { countryWords, grams, kindWords, length, ringSizeSystem } from './words.ts';

export function renderPiece(telling: Telling): Html {
  const { record } = telling.passport;
  return html`<section class="piece" aria-labelledby="piece-name">
${renderPictures(telling)}
<p class="kind">${kindWords(record.kind)}</p>
<h1 id="piece-name" class="said"${attr('lang', telling.language)} dir="auto">${record.title}</h1>
<p class="by">${byline(telling)}</p>
${facts(pieceFacts(telling))}
</section>`;
}

function renderPictures(telling: Telling): Html {
  const { record } = telling.passport;
  const images = (record.images ?? []).map((image) => ({ ...image, url: telling.context.imageUrl?.(image.sha256) }));
  const shown = images.filter((image) => image.url !== undefined);
  const absent = images.filter((image) => image.url === undefined);
  return html`${
    shown.length === 0 &&
    html`<figure class="plate plate-drawn">${drawing(record.kind)}<figcaption class="quiet">A drawing of the kind of piece, not of this one${absent.length === 0 ? '; the record has no photograph.' : '.'}</figcaption></figure>`
  }${shown.map(({ url, alt, sha256 }, i) =>
    renderPhoto(telling, { sha256, alt, url: url as string, size: telling.context.photo?.(sha256), first: i === 0 }),
  )}${
    absent.length > 0 &&
    html`<div class="absent"><p class="quiet">Photographs the record names, which aren’t kept here:</p><ul class="plain">${absent.map(({ alt }) => html`<li>${say(telling, alt)}</li>`)}</ul></div>`
  }`;
}

/** 'Made by Atelier Lune · Paris, France · 2026' */
function byline(telling: Telling): Html {
  const { maker, made } = telling.passport.record;
  const who =
    maker === 'unknown'
      ? html`Maker ${notKnown}`
      : html`${maker.qualifier === 'stated' ? 'Made by' : capitalQualifier(maker.qualifier)} ${say(telling, maker.name)}`;
  return joined(
    [
      who,
      made.place === 'unknown' ? html`place ${notKnown}` : placeWords(telling, made.place),
      made.date === 'unknown' ? html`date ${notKnown}` : dateWords(telling, made.date),
    ],
    '\u00a0· ',
  );
}

function capitalQualifier(qualifier: keyof typeof MAKER_QUALIFIERS): string {
  const words = MAKER_QUALIFIERS[qualifier];
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type Place = Exclude<Record1['made']['place'], 'unknown'>;

function placeWords(telling: Telling, { text, country }: Place): Html {
  const land = country === undefined ? undefined : countryWords(country);
  const said = land === undefined || text.toLowerCase().includes(land.toLowerCase());
  return html`${say(telling, text)}${!said && html`, ${land}`}`;
}

function pieceFacts(telling: Telling): Fact[] {
  const { record, code } = telling.passport;
  const { maker } = record;
  return [
    { name: 'Weight', value: record.massMg === 'unknown' ? notKnown : grams(record.massMg) },
    { name: 'Measures', value: measureWords(telling) },
    { name: 'Ring size', value: ringSizeWords(telling) },
    { name: 'On the maker', value: maker !== 'unknown' && maker.stated !== undefined && say(telling, maker.stated) },
    {
      name: record.recordedAs === 'maker' ? 'Registered by' : 'Recorded by',
      value:
        record.recordedAs === 'maker'
          ? `${telling.registrant}, as its maker`
          : `${telling.registrant}, who held it and did not make it`,
    },
    {
      name: 'Its code',
      value:
        'gtin' in code
          ? html`<span class="code">${code.gtin}</span> serial <span class="code">${code.serial}</span>`
          : html`<span class="code">${code.handle}</span> <span class="code">${code.code}</span>`,
    },
  ];
}

function measureWords(telling: Telling): Html | null {
  const { dimensions } = telling.passport.record;
  if (!dimensions) return null;
  const known = measureList(dimensions);
  if (dimensions.stated === undefined) return known;
  return html`${say(telling, dimensions.stated)}${known && html`<span class="beneath">${known}</span>`}`;
}

/** 'height 21 mm, width 18.5 mm'. */
export function measureList(dimensions: NonNullable<Record1['dimensions']>): Html | null {
  const { heightUm, widthUm, depthUm, lengthUm, diameterUm } = dimensions;
  const sides: readonly (readonly [string, number | undefined])[] = [
    ['height', heightUm],
    ['width', widthUm],
    ['depth', depthUm],
    ['length', lengthUm],
    ['diameter', diameterUm],
  ];
  const known = sides.flatMap(([name, value]) => (value === undefined ? [] : [together(`${name} ${length(value)}`)]));
  return known.length > 0 ? joined(known, ', ') : null;
}

function ringSizeWords(telling: Telling): Html | null {
  const size = telling.passport.record.dimensions?.ringSize;
  return size ? html`${say(telling, size.value)} (${ringSizeSystem(size.system)})` : null;
}
