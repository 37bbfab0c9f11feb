// Owns the one way to write markup: the `html` tag, which escapes whatever is put into it and knows from the template
// where each value goes. Inline script, inline style and event attributes never enter it: they throw.

/** Markup made by `html`; nothing else can be one, and no string is taken for it. */
export class Html {
  readonly #markup: string;
  private constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
  /** @internal for `html` and `attr` alone */
  static readonly made = (markup: string): Html => new Html(markup);
}

/** One attribute, or none: for a place inside a tag. */
export class Attribute {
  readonly #markup: string;
  private constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
  /** @internal */
  static readonly made = (markup: string): Attribute => new Attribute(markup);
}

/** What may stand in a template: nothing renders for null, undefined and false; arrays are joined. */
export type Slot = Html | Attribute | string | number | null | undefined | false | readonly Slot[];

type Place = 'text' | 'tag' | 'value';

const FORBIDDEN = /<(?:script|style)[\s>]|\s(?:style|on[a-z]+)\s*=/i;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/**
 * Markup with every value escaped for its place: text, a quoted attribute value, or (attr(…) only) inside a tag.
 * @throws Error when the template itself is unsafe: a mistake of the page's author, found by its first rendering
 */
export function html(strings: TemplateStringsArray, ...slots: readonly Slot[]): Html {
  const places = placesOf(strings);
  let out = strings[0] as string;
  for (let i = 0; i < slots.length; i++) out += render(slots[i], places[i] as Place) + strings[i + 1];
  return Html.made(out);
}

/** `name="value"`, escaped; the bare name for true; nothing for null, undefined and false. */
export function attr(name: string, value: string | number | boolean | null | undefined): Attribute {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || /^(?:style|on.*)$/.test(name)) throw new Error(`attribute ${name}`);
  if (value === null || value === undefined || value === false) return Attribute.made('');
  return Attribute.made(value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`);
}

/** The pieces that render something, with `between` them. */
export function joined(items: readonly (Html | string | null | undefined | false)[], between: string): Html {
  const shown = items.filter((item) => item !== null && item !== undefined && item !== false && item !== '');
  return html`${shown.map((item, i) => [i > 0 && between, item])}`;
}

function render(slot: Slot, place: Place): string {
  if (slot === null || slot === undefined || slot === false) return '';
  if (Array.isArray(slot)) return slot.map((inner: Slot) => render(inner, place)).join('');
  if (slot instanceof Attribute) return only(place === 'tag', 'an attribute', place, slot.toString());
  if (slot instanceof Html) return only(place === 'text', 'markup', place, slot.toString());
  return only(place !== 'tag', 'a bare value', place, escapeHtml(String(slot)));
}

function only(allowed: boolean, what: string, place: Place, markup: string): string {
  if (!allowed) throw new Error(`${what} can't stand in the place "${place}" of a template`);
  return markup;
}

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

function placesOf(strings: TemplateStringsArray): readonly Place[] {
  const before = known.get(strings);
  if (before) return before;
  const whole = strings.join('');
  const forbidden = FORBIDDEN.exec(whole);
  if (forbidden) throw new Error(`a template holds ${forbidden[0].trim()}`);
  const places: Place[] = [];
  let quote = '';
  let inTag = false;
  for (const part of strings) {
    for (let i = 0; i < part.length; i++) {
      const character = part[i] as string;
      if (quote) quote = character === quote ? '' : quote;
      else if (inTag && (character === '"' || character === "'")) quote = character;
      else if (inTag) inTag = character !== '>';
      else inTag = character === '<' && /[a-z/!]/i.test(part[i + 1] ?? '');
    }
    if (inTag && !quote && part.endsWith('=')) throw new Error('an attribute of a template has no quotes');
    places.push(quote ? 'value' : inTag ? 'tag' : 'text');
  }
  if (inTag) throw new Error('a template ends inside a tag');
  known.set(strings, places);
  return places;
}
