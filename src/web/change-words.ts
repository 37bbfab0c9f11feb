// Owns what changed about a piece, in the words of a counter: what it was before and what it is after. Words of the record
// or a statement stand as theirs. Why it changed is told by who changed it.
import type { Dimensions, Step } from '../core/present-state.ts';
import type { Material } from '../core/record.ts';
import { type Html, html, joined } from './html.ts';
import type { Words } from './language.ts';
import { type MessageKey, messagesIn } from './messages.ts';
import { measureList, ringSize } from './piece.ts';
import { listOf, quoted, say, type Telling } from './telling.ts';
import {
  capital,
  carats,
  commas,
  grams,
  materialName,
  metalWords,
  natureWords,
  notKnownWords,
  thickness,
} from './words.ts';

export function stepWords(telling: Telling, step: Step): Html {
  const { words } = telling;
  switch (step.what) {
    case 'material':
      return materialStep(telling, step);
    case 'inscription':
      return step.after
        ? words.tell('passport.change.inscribed', { words: quoted(telling, step.after.text) })
        : words.tell('passport.change.no-longer-inscribed', { words: quoted(telling, step.before?.text ?? '') });
    case 'weight':
      return words.tell('passport.change.weight', {
        after: weight(words, step.after),
        before: weight(words, step.before),
      });
    case 'dimensions': {
      const after = measures(telling, step.after);
      return step.before
        ? words.tell('passport.change.measures-before', { after, before: measures(telling, step.before) })
        : words.tell('passport.change.measures', { after });
    }
    case 'record':
      return words.tell('passport.change.record', {
        field: pathWords(words, step.path),
        after: valueWords(telling, step.after),
        before: valueWords(telling, step.before),
        why: quoted(telling, step.why),
      });
  }
}

function materialStep(telling: Telling, { action, before, after }: Extract<Step, { what: 'material' }>): Html {
  const was = before ? materialWords(telling, before) : '';
  const is = after ? materialWords(telling, after) : '';
  return telling.words.tell(`passport.change.${action}`, { is, was });
}

/** 'diamond, natural, 1 stone, 0.52 ct, four claws', in one line. */
export function materialWords(telling: Telling, material: Material): Html {
  const { words } = telling;
  const said = (spoken: string | undefined) => spoken !== undefined && spoken !== 'unknown' && say(telling, spoken);
  if (material.type === 'metal') {
    const { metal, fineness, massMg, plating } = material;
    return listOf(words, [
      metalWords(words, metal, fineness),
      massMg !== 'unknown' && grams(words, massMg),
      ...(plating ?? []).map((layer) => platedWords(words, layer)),
    ]);
  }
  if (material.type === 'stone') {
    const { species, nature, count, caratThousandths, setting, cut } = material;
    return listOf(words, [
      species === 'unknown' ? words.text('passport.stone.unknown') : say(telling, species),
      natureWords(words, nature),
      count !== 'unknown' && words.text('vocabulary.stones', { count }),
      caratThousandths !== 'unknown' && carats(words, caratThousandths),
      said(cut),
      said(setting),
    ]);
  }
  const { massMg, description } = material;
  return listOf(words, [
    materialName(words, material.material),
    said(description),
    massMg !== 'unknown' && grams(words, massMg),
  ]);
}

type Plating = NonNullable<Extract<Material, { type: 'metal' }>['plating']>[number];

function platedWords(words: Words, { metal, fineness, thicknessNm }: Plating): string {
  const layer = metalWords(words, metal, fineness);
  if (thicknessNm === 'unknown') return words.text('passport.change.plated', { metal: layer });
  return words.text('passport.change.plated-thick', { metal: layer, thickness: thickness(words, thicknessNm) });
}

function weight(words: Words, massMg: number | 'unknown'): string {
  return massMg === 'unknown' ? notKnownWords(words) : grams(words, massMg);
}

export function measures(telling: Telling, dimensions: Dimensions): Html {
  const { words } = telling;
  const { stated } = dimensions;
  const size = dimensions.ringSize && ringSize(telling, dimensions.ringSize);
  const known = listOf(words, [
    size && words.tell('passport.change.ring-size', { size }),
    measureList(words, dimensions),
    stated !== undefined && say(telling, stated),
  ]);
  return known.toString() === '' ? html`${notKnownWords(words)}` : known;
}

/** '/materials/0/fineness' is 'Material 1, fineness'; '/made/place' is 'Made, place'. */
function pathWords(words: Words, path: string): string {
  const segments = path.split('/').slice(1);
  const names = segments.flatMap((segment, i) =>
    /^\d+$|^-$/.test(segment) ? [] : [fieldWords(words, segment, segments[i + 1] ?? '')],
  );
  return capital(commas(words, names));
}

function fieldWords(words: Words, member: string, next: string): string {
  const name = memberName(words, member);
  if (/^\d+$/.test(next)) {
    return words.text('passport.field-numbered', { name, number: words.decimal(Number(next) + 1) });
  }
  return next === '-' ? words.text('passport.field-added', { name }) : name;
}

/** In words; a member that is rarely corrected goes by the name that the format gives it. */
function memberName(words: Words, member: string): string {
  const key = `passport.field.${member}`;
  return key in messagesIn('en') ? words.text(key as MessageKey) : words.apart(member);
}

/** A value of the record as people write it; of an object, what it has. */
function valueWords(telling: Telling, value: unknown): Html {
  const { words } = telling;
  if (value === null || value === undefined) return html`${words.text('passport.change.nothing')}`;
  if (typeof value === 'string') return value === 'unknown' ? html`${notKnownWords(words)}` : quoted(telling, value);
  if (Array.isArray(value)) {
    return joined(
      value.map((item) => valueWords(telling, item)),
      words.text('vocabulary.semicolon'),
    );
  }
  if (typeof value === 'number') return html`${words.decimal(value)}`;
  if (typeof value !== 'object') return html`${String(value)}`;
  return listOf(
    words,
    Object.entries(value).map(([name, member]) => html`${memberName(words, name)} ${valueWords(telling, member)}`),
  );
}
