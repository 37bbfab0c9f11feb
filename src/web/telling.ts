// Owns how the parts of a passport's page speak: whose words are whose, and what isn't known. Each part gets one
// Telling; what the parts say never enters it.
import type { Passport } from '../core/passport.ts';
import type { PhotoSize } from '../core/photo.ts';
import type { ShownProfile } from '../core/profile.ts';
import type { HistoricalDate } from '../core/record.ts';
import { attr, type Html, html, joined } from './html.ts';
import { ENGLISH, type Words } from './language.ts';
import { commas, handleWords, notKnownWords, reading } from './words.ts';

/** What stands on the page besides the passport. */
export interface VisitorNotes {
  readonly gift?: { readonly words: string; readonly language: string; readonly day: string } | undefined;
  /** Its code was scanned unusually; the maker may have said that it is on display. */
  readonly scans?: { readonly displayUntil: string | null };
}

export interface PassportContext {
  /** Origin under which pieces are known, as in their codes: https://ledger.example */
  readonly publicUrl: string;
  /** This operator alone keeps the chain. */
  readonly embedded: boolean;
  /** Address of a block explorer, without a slash at its end. */
  readonly explorer?: string;
  /** Where this service serves a file of the record, by SHA-256; undefined if it hasn't got it. Same origin. */
  readonly imageUrl?: (sha256: string) => string | undefined;
  /** How large a photograph that is kept here is. */
  readonly photo?: (sha256: string) => PhotoSize | undefined;
  /** What the registrant says of itself now. */
  readonly profile?: ShownProfile | undefined;
  readonly documentUrl?: (sha256: string) => string | undefined;
  /** An organisation's name as admitted; its handle in words otherwise. */
  readonly displayName?: (handle: string) => string | undefined;
  /** Where the page of another record under the same code stands. */
  readonly recordUrl?: (tokenId: string) => string;
  /** The page's language; English unless given. */
  readonly words?: Words;
  /** Path of this page, where it isn't the piece's own. */
  readonly path?: string;
  /** Where the whole passport stands, from a page that shows a part of it. */
  readonly passportAt?: string;
  /** What visitors left, and how the code was scanned. */
  readonly visitors?: VisitorNotes;
  /** Pages never read a clock: the passport says as of when it is. */
  readonly now?: never;
}

export interface Telling {
  readonly passport: Passport;
  readonly context: PassportContext;
  /** The registrant's name. */
  readonly registrant: string;
  /** The page's language. */
  readonly words: Words;
  /** Language of the record's own words, where it isn't the page's. */
  readonly language: string | undefined;
}

export function tellingOf(passport: Passport, context: PassportContext): Telling {
  const { language } = passport.record;
  const { words = ENGLISH } = context;
  return {
    passport,
    context,
    words,
    registrant: nameOf(context, passport.registrant.handle),
    language: language === words.language ? undefined : language,
  };
}

/** An organisation's name as sentences have it. */
export function nameOf(context: PassportContext, handle: string): string {
  return (context.words ?? ENGLISH).apart(bareNameOf(context, handle));
}

export function bareNameOf(context: PassportContext, handle: string): string {
  return context.displayName?.(handle) ?? handleWords(handle);
}

/** The same telling for words of somebody else, in their own language. */
export function inLanguage(telling: Telling, language: string | undefined): Telling {
  return { ...telling, language: language === telling.words.language ? undefined : language };
}

/** Words of the record, verbatim, in their language and their own direction of writing. */
export function say(telling: Telling, words: string): Html {
  return html`<span class="said"${attr('lang', telling.language)} dir="auto">${words}</span>`;
}

/** Several lines or a sentence of the record, on their own. */
export function quote(telling: Telling, words: string): Html {
  return html`<blockquote class="said quote"${attr('lang', telling.language)} dir="auto">${words}</blockquote>`;
}

/** The date's own words, and beneath them how they were read. */
export function dateWords(telling: Telling, date: HistoricalDate): Html {
  const read = reading(telling.words, date);
  const bracketed = read !== undefined && telling.words.text('vocabulary.bracketed', { words: read });
  return html`${say(telling, date.text)}${bracketed && html` <span class="quiet">${bracketed}</span>`}`;
}

/** Somebody's words within a sentence, in the quotation marks of the page's language. */
export function quoted(telling: Telling, words: string): Html {
  return telling.words.tell('vocabulary.quoted', { words: say(telling, words) });
}

export function notKnown({ words }: Pick<Telling, 'words'>): Html {
  return html`<span class="quiet">${notKnownWords(words)}</span>`;
}

/** The pieces that render something, as a list of the language. */
export function listOf(words: Words, items: readonly (Html | string | null | undefined | false)[]): Html {
  return joined(items, words.text('vocabulary.comma'));
}

export interface Fact {
  readonly name: string;
  readonly value: Html | string | null | undefined | false;
}

/** A definition list of those facts that have a value. */
export function facts(list: readonly Fact[]): Html | null {
  const shown = list.filter(({ value }) => value !== undefined && value !== null && value !== false && value !== '');
  if (shown.length === 0) return null;
  return html`<dl class="facts">${shown.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** 'Not known: weight, origin, custody.' in one quiet line, so that gaps are said without drowning what is known. */
export function gaps({ words }: Telling, missing: readonly (string | false)[]): Html | null {
  const names = missing.filter((name) => name !== false);
  if (names.length === 0) return null;
  return html`<p class="quiet gaps">${words.text('vocabulary.not-known-of', { names: commas(words, names) })}</p>`;
}

/** Parts with a middle dot between them. */
export function dotted(parts: readonly (Html | string | null | undefined | false)[]): Html {
  return joined(parts, '\u00a0· ');
}

/** Words that stay on one line together, such as a number and its unit. */
export function together(words: string): Html {
  return html`<span class="together">${words}</span>`;
}

export function section(id: string, heading: string, ...content: readonly (Html | null | undefined | false)[]): Html {
  return html`<section class="part" id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>
${content}</section>`;
}

/** A day or a moment, as it is told. */
export function timeOf(iso: string, told: string): Html {
  return html`<time datetime="${iso}">${told}</time>`;
}

/** A link out of the record: only http and https ever become one. */
export function outward(url: string, words: Html | string): Html {
  if (!/^https?:\/\//i.test(url)) return html`${words}`;
  return html`<a href="${url}" rel="noopener noreferrer nofollow ugc">${words}</a>`;
}

/** Where on the chain something stands. */
export function blockWords(
  context: PassportContext,
  words: Words,
  { block, transaction }: { readonly block: number; readonly transaction: string },
): Html {
  return words.tell('passport.fact.block', {
    block: words.decimal(block),
    transaction: transactionLink(context, transaction),
  });
}

/** A transaction by its hash, and the way to it where a block explorer is known. */
export function transactionLink({ explorer }: PassportContext, hash: string): Html {
  const code = html`<code>${hash}</code>`;
  return explorer ? outward(`${explorer.replace(/\/+$/, '')}/tx/${hash}`, code) : code;
}
