// Owns what a page's head says to whoever shows it elsewhere: previews in messages and networks, and the same page in other
// languages for search engines. What the page itself doesn't say never enters it.
import { attr, type Html, html } from './html.ts';
import { inLanguageOf, type Words } from './language.ts';
import { LANGUAGES, type Language } from './languages.ts';
import type { PassportContext, Telling } from './telling.ts';

/** As Open Graph writes a language: with a country. */
const TERRITORIES: Readonly<Record<Language, string>> = {
  en: 'en_GB',
  fr: 'fr_FR',
  de: 'de_DE',
  it: 'it_IT',
  es: 'es_ES',
  zh: 'zh_CN',
  ja: 'ja_JP',
  ar: 'ar_AR',
};

export function originOf({ publicUrl }: Pick<PassportContext, 'publicUrl'>): string {
  return publicUrl.replace(/\/+$/, '');
}

/** The same page in every language, and under the address that answers in the reader's own. */
export function alternates(origin: string, path: string): Html {
  return html`${LANGUAGES.map(
    (language) => html`<link rel="alternate" hreflang="${language}" href="${origin}${inLanguageOf(path, language)}">
`,
  )}<link rel="alternate" hreflang="x-default" href="${origin}${path}">`;
}

export interface Preview {
  readonly title: string;
  readonly description: string;
  /** Where the page stands. */
  readonly url: string;
  readonly image?: { readonly url: string; readonly alt: string } | undefined;
}

export function previewTags(words: Words, { title, description, url, image }: Preview): Html {
  const tag = (property: string, content: string | undefined) =>
    content !== undefined &&
    html`<meta property="${property}"${attr('content', content)}>
`;
  const others = LANGUAGES.filter((language) => language !== words.language);
  return html`${tag('og:type', 'website')}${tag('og:site_name', 'Touchstone')}${tag('og:title', title)}${tag('og:description', description)}${tag('og:url', url)}${tag('og:image', image?.url)}${tag('og:image:alt', image?.alt)}${tag('og:locale', TERRITORIES[words.language])}${others.map((language) => tag('og:locale:alternate', TERRITORIES[language]))}<meta name="twitter:card" content="${image ? 'summary_large_image' : 'summary'}">`;
}

/** The first photograph of the record that is kept here, as others can fetch it. */
export function firstPhotograph({ passport, context }: Telling): Preview['image'] {
  for (const { sha256, alt } of passport.record.images ?? []) {
    const path = context.imageUrl?.(sha256);
    if (path !== undefined) return { url: originOf(context) + path, alt };
  }
  return undefined;
}
