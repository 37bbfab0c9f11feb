// Owns what changed about a piece, in the words of a counter: what it was before and what it is after. Words of the record
// or a statement stand as theirs. Why it changed is told by who changed it.
import type { Dimensions, Step } from '../core/present-state.ts';
import type { Material } from '../core/record.ts';
import { STONE_NATURES } from '../core/vocabulary.ts';
import { type Html, html, joined } from './html.ts';
import { measureList } from './piece.ts';
import { say, type Telling } from './telling.ts';
import { capital, carats, count, grams, metalWords, NOT_KNOWN, plain, ringSizeSystem, thickness } from './words.ts';

export function stepWords(telling: Telling, step: Step): Html {
  switch (step.what) {
    case 'material':
      return materialStep(telling, step);
    case 'inscription':
      return step.after
        ? html`Inscribed: “${say(telling, step.after.text)}”`
        : html`No longer inscribed: “${say(telling, step.before?.text ?? '')}”`;
    case 'weight':
      return html`Weight: ${weight(step.after)}, before that ${weight(step.before)}`;
    case 'dimensions':
      return html`Measures: ${measures(telling, step.after)}${step.before && html`, before that ${measures(telling, step.before)}`}`;
    case 'record':
      return html`${pathWords(step.path)}: ${valueWords(telling, step.after)}; the record says ${valueWords(telling, step.before)}. The reason: “${say(telling, step.why)}”`;
  }
}

function materialStep(telling: Telling, { action, before, after }: Extract<Step, { what: 'material' }>): Html {
  const [was, is] = [before && materialWords(telling, before), after && materialWords(telling, after)];
  switch (action) {
    case 'added':
      return html`Added: ${is}`;
    case 'removed':
      return html`Taken out: ${was}`;
    case 'replaced':
      return html`New: ${is}, instead of ${was}`;
    case 'altered':
      return html`Now: ${is}, before that ${was}`;
  }
}

/** 'diamond, natural, 1 stone, 0.52 ct, four claws', in one line. */
export function materialWords(telling: Telling, material: Material): Html {
  const said = (words: string | undefined) => words !== undefined && words !== 'unknown' && say(telling, words);
  if (material.type === 'metal') {
    const { metal, fineness, massMg, plating } = material;
    const layers = plating?.map((layer) => {
      const thick = layer.thicknessNm === 'unknown' ? '' : `, ${thickness(layer.thicknessNm)} thick`;
      return `plated with ${metalWords(layer.metal, layer.fineness)}${thick}`;
    });
    return joined([metalWords(metal, fineness), massMg !== 'unknown' && grams(massMg), ...(layers ?? [])], ', ');
  }
  if (material.type === 'stone') {
    const { species, nature, count: number, caratThousandths, setting, cut } = material;
    return joined(
      [
        species === 'unknown' ? 'stone of unknown kind' : say(telling, species),
        STONE_NATURES[nature],
        number !== 'unknown' && count(number, 'stone', 'stones'),
        caratThousandths !== 'unknown' && carats(caratThousandths),
        said(cut),
        said(setting),
      ],
      ', ',
    );
  }
  const { massMg, description } = material;
  return joined([plain(material.material), said(description), massMg !== 'unknown' && grams(massMg)], ', ');
}

function weight(massMg: number | 'unknown'): string {
  return massMg === 'unknown' ? NOT_KNOWN : grams(massMg);
}

export function measures(telling: Telling, dimensions: Dimensions): Html {
  const { ringSize, stated } = dimensions;
  const known = joined(
    [
      ringSize && html`ring size ${say(telling, ringSize.value)} (${ringSizeSystem(ringSize.system)})`,
      measureList(dimensions),
      stated !== undefined && say(telling, stated),
    ],
    ', ',
  );
  return known.toString() === '' ? html`${NOT_KNOWN}` : known;
}

/** '/materials/0/fineness' is 'Material 1, fineness'; '/made/place' is 'Made, place'. */
function pathWords(path: string): string {
  const words: string[] = [];
  for (const segment of path.split('/').slice(1)) {
    const last = words.at(-1);
    if (/^\d+$/.test(segment) && last !== undefined) words[words.length - 1] = `${single(last)} ${Number(segment) + 1}`;
    else if (segment === '-' && last !== undefined) words[words.length - 1] = `one more of ${last}`;
    else words.push(segment.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  }
  return capital(words.join(', '));
}

function single(word: string): string {
  return word.replace(/s$/, '');
}

/** A value of the record as people write it; of an object, what it has. */
function valueWords(telling: Telling, value: unknown): Html {
  if (value === null || value === undefined) return html`nothing`;
  if (typeof value === 'string') return value === 'unknown' ? html`${NOT_KNOWN}` : html`“${say(telling, value)}”`;
  if (Array.isArray(value)) {
    return joined(
      value.map((item) => valueWords(telling, item)),
      '; ',
    );
  }
  if (typeof value !== 'object') return html`${String(value)}`;
  return joined(
    Object.entries(value).map(
      ([name, member]) => html`${pathWords(`/${name}`).toLowerCase()} ${valueWords(telling, member)}`,
    ),
    ', ',
  );
}
