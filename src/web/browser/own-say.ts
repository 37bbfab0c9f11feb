// Owns saying what goes on, on an owner's page: one line that is read out as it changes, one for what went wrong. And waiting
// for a lost network where asking again does nothing twice.
import { element, setText, show } from './dom.ts';
import { Failure } from './service.ts';
import { told } from './told.ts';
import { word } from './words.ts';

export function said(words: string): void {
  setText('said', words);
}

/** In the page's words; an empty one takes it away. */
export function fault(words: string): void {
  setText('fault', words);
  show('fault', words !== '');
}

/** Runs what a button asks for, and tells what came in its way. */
export async function attempt(run: () => Promise<void>): Promise<void> {
  fault('');
  try {
    await run();
  } catch (error) {
    said('');
    fault(told(error));
  }
}

const AGAIN_MS = 1_500;

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Asks again until there is an answer: for questions, and for what has one name however often it is brought. */
export async function surely<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'offline') throw error;
      said(word('owner.offline'));
      await pause(AGAIN_MS);
    }
  }
}

/** Of an act, to be looked up by whoever has its id. */
export function receiptLink(id: string): HTMLAnchorElement {
  return element('a', { href: `/api/v1/acts/${id}` }, word('owner.receipt', { id: id.slice(0, 8) }));
}

/** How far an act is, in words. */
export function stateWords(state: string): string {
  const key = `owner.state.${state}`;
  return ['accepted', 'sealed', 'anchored', 'final'].includes(state) ? word(key) : '';
}

/** A path in the language she chose for this page, if she did; otherwise the browser asks for its own. */
export function inLanguage(path: string): string {
  const chosen = new URLSearchParams(location.search).get('lang');
  const [address = '', ...fragment] = path.split('#');
  return chosen === null ? path : [`${address}?lang=${encodeURIComponent(chosen)}`, ...fragment].join('#');
}
