// Owns which languages pages speak, and how each is written. Its words stand in messages/.
export const LANGUAGES = ['en', 'fr', 'de', 'it', 'es', 'zh', 'ja', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's own name for itself: whoever looks for it reads it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  fr: 'Français',
  de: 'Deutsch',
  it: 'Italiano',
  es: 'Español',
  zh: '中文',
  ja: '日本語',
  ar: 'العربية',
};

/** What Intl is asked with. Arabic keeps the digits that stand on the piece and its label. */
export const LOCALES: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  fr: 'fr',
  de: 'de',
  it: 'it',
  es: 'es',
  zh: 'zh-Hans',
  ja: 'ja',
  ar: 'ar-u-nu-latn',
};

export function isLanguage(text: unknown): text is Language {
  return typeof text === 'string' && (LANGUAGES as readonly string[]).includes(text);
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
