// Owns the messages a script says: the server puts those of its areas into the page (#words), in the page's language. They
// hold nothing but `{name}`s.
import { isLanguage, LOCALES } from '../languages.ts';
import { dataOf } from './dom.ts';

let messages: Readonly<Record<string, string>> | undefined;

/** The page has its words in another language now. */
export function rereadWords(): void {
  messages = undefined;
}

/** @throws Error if the page lacks the message: a mistake of the page's author */
export function word(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  messages ??= dataOf<Readonly<Record<string, string>>>('words');
  const message = messages[key];
  if (message === undefined) throw new Error(`the page has no message ${key}`);
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)).replaceAll("''", '’');
}

export function hasWord(key: string): boolean {
  messages ??= dataOf<Readonly<Record<string, string>>>('words');
  return messages[key] !== undefined;
}

/** As the service writes the page: with its digits and its order of day and month. */
function locale(): string {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? LOCALES[lang] : lang;
}

/** A day as the page's language writes it, on this device's own calendar day. */
export function dayWords(time: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(time);
}

export function momentWords(time: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}
