// Owns how a piece is introduced: its picture or drawing, its name, maker, measures and code. Materials and history
// never enter it.
import type { Record1 } from '../core/record.ts';
import { drawing } from './drawings.ts';
import { attr, type Html, html, joined } from './html.ts';
import type { Words } from './language.ts';
import { renderPhoto } from './photos.ts';
import { dateWords, type Fact, facts, listOf, notKnown, say, type Telling, together } from './telling.ts';
import { grams, kindWords, length, ringSizeSystem } from './words.ts';

export function renderPiece(telling: Telling): Html {
  const { record } = telling.passport;
  return html`<section class="piece" aria-labelledby="piece-name">
${renderPictures(telling)}
<p class="kind">${kindWords(telling.words, record.kind)}</p>
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
    html`<figure class="plate plate-drawn">${drawing(record.kind)}<figcaption class="quiet">${telling.words.text(absent.length === 0 ? 'passport.piece.drawing-only' : 'passport.piece.drawing')}</figcaption></figure>`
  }${shown.map(({ url, alt, sha256 }, i) =>
    renderPhoto(telling, { sha256, alt, url: url as string, size: telling.context.photo?.(sha256), first: i === 0 }),
  )}${
    absent.length > 0 &&
    html`<div class="absent"><p class="quiet">${telling.words.text('passport.piece.photographs-elsewhere')}</p><ul class="plain">${absent.map(({ alt }) => html`<li>${say(telling, alt)}</li>`)}</ul></div>`
  }`;
}

/** 'Made by Atelier Lune · Paris, France · 2026' */
function byline(telling: Telling): Html {
  const { words, passport } = telling;
  const { maker, made } = passport.record;
  const unknown = (what: 'maker' | 'place' | 'date') =>
    html`<span class="quiet">${words.text(`passport.piece.${what}-unknown`)}</span>`;
  return joined(
    [
      maker === 'unknown'
        ? unknown('maker')
        : words.tell(`vocabulary.qualifier.${maker.qualifier}`, { name: say(telling, maker.name) }),
      made.place === 'unknown' ? unknown('place') : placeWords(telling, made.place),
      made.date === 'unknown' ? unknown('date') : dateWords(telling, made.date),
    ],
    '\u00a0· ',
  );
}

type Place = Exclude<Record1['made']['place'], 'unknown'>;

function placeWords(telling: Telling, { text, country }: Place): Html {
  const land = country === undefined ? undefined : telling.words.country(country);
  const said = land === undefined || text.toLowerCase().includes(land.toLowerCase());
  return listOf(telling.words, [say(telling, text), !said && land]);
}

function pieceFacts(telling: Telling): Fact[] {
  const { passport, words, registrant: who } = telling;
  const { record } = passport;
  const { maker } = record;
  const byMaker = record.recordedAs === 'maker';
  const named = words.text(byMaker ? 'passport.piece.as-maker' : 'passport.piece.as-custodian', { who });
  const handle = html`<span class="code">${passport.registrant.handle}</span>`;
  return [
    {
      name: words.text('passport.piece.weight'),
      value: record.massMg === 'unknown' ? notKnown(telling) : grams(words, record.massMg),
    },
    { name: words.text('passport.piece.measures'), value: measureWords(telling) },
    { name: words.text('passport.piece.ring-size'), value: ringSizeWords(telling) },
    {
      name: words.text('passport.piece.on-maker'),
      value: maker !== 'unknown' && maker.stated !== undefined && say(telling, maker.stated),
    },
    {
      name: words.text(byMaker ? 'passport.piece.registered-by' : 'passport.piece.recorded-by'),
      value: html`${named} <span class="beneath">${words.tell('passport.piece.admitted-as', { handle })}</span>`,
    },
    { name: words.text('passport.piece.code'), value: codeWords(telling) },
  ];
}

function codeWords({ passport: { code }, words }: Telling): Html {
  const coded = (text: string) => html`<span class="code">${text}</span>`;
  if (!('gtin' in code)) return html`${coded(code.handle)} ${coded(code.code)}`;
  return words.tell('passport.piece.gtin-serial', { gtin: coded(code.gtin), serial: coded(code.serial) });
}

function measureWords(telling: Telling): Html | null {
  const { dimensions } = telling.passport.record;
  if (!dimensions) return null;
  const known = measureList(telling.words, dimensions);
  if (dimensions.stated === undefined) return known;
  return html`${say(telling, dimensions.stated)}${known && html`<span class="beneath">${known}</span>`}`;
}

const SIDES = [
  ['height', 'heightUm'],
  ['width', 'widthUm'],
  ['depth', 'depthUm'],
  ['length', 'lengthUm'],
  ['diameter', 'diameterUm'],
] as const;

/** 'height 21 mm, width 18.5 mm'. */
export function measureList(words: Words, dimensions: NonNullable<Record1['dimensions']>): Html | null {
  const known = SIDES.flatMap(([side, member]) => {
    const value = dimensions[member];
    return value === undefined ? [] : [together(words.text(`passport.side.${side}`, { length: length(words, value) }))];
  });
  return known.length > 0 ? listOf(words, known) : null;
}

function ringSizeWords(telling: Telling): Html | null {
  const size = telling.passport.record.dimensions?.ringSize;
  return size ? ringSize(telling, size) : null;
}

/** '52 (ISO 8653)' */
export function ringSize(
  telling: Telling,
  { system, value }: NonNullable<NonNullable<Record1['dimensions']>['ringSize']>,
): Html {
  const { words } = telling;
  const scale = words.text('vocabulary.bracketed', { words: ringSizeSystem(words, system) });
  return html`${say(telling, value)} ${scale}`;
}
