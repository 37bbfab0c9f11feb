// Owns which language a request asks for: the switch of the pages (`?lang=`), else what the browser says its reader reads
// (RFC 9110, 12.5.4). No cookie and no address of anybody enters it.
import { type Words, wordsIn } from '../web/language.ts';
import { isLanguage, LANGUAGES, type Language } from '../web/languages.ts';

/** A chosen language, as the pages' own links ask for it. */
const SWITCH = new Map<string, Language>(LANGUAGES.map((language) => [`?lang=${language}`, language]));

/** @param chosen of the query: whatever is none of the languages counts as not asked */
export function wordsAsked(chosen: unknown, accepted: string | undefined): Words {
  return isLanguage(chosen) ? wordsIn(chosen, { chosen: true }) : wordsIn(languageLiked(accepted));
}

/** The address without the switch, and in which words; undefined where the query asks for anything else as well. */
export function readSwitch(url: string, accepted: string | undefined): { address: string; words: Words } | undefined {
  const at = url.indexOf('?');
  if (at < 0) return { address: url, words: wordsIn(languageLiked(accepted)) };
  const chosen = SWITCH.get(url.slice(at));
  return chosen && { address: url.slice(0, at), words: wordsIn(chosen, { chosen: true }) };
}

/** Readers of one place send much the same; whoever makes up others has them read each time. */
const REMEMBERED_HEADERS = 256;
const LONGEST_HEADER = 300;
const remembered = new Map<string, Language>();

/** The language that an Accept-Language header likes best of those spoken here; English if none. */
export function languageLiked(header: string | undefined): Language {
  if (header === undefined || header === '') return 'en';
  const known = remembered.get(header);
  if (known) return known;
  const liked = read(header.slice(0, LONGEST_HEADER));
  if (remembered.size < REMEMBERED_HEADERS && header.length <= LONGEST_HEADER) remembered.set(header, liked);
  return liked;
}

function read(header: string): Language {
  let best: Language = 'en';
  let most = 0;
  for (const part of header.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((word) => word.trim());
    const language = range === '*' ? 'en' : range.split('-')[0];
    const quality = qualityOf(parameters);
    // Of equals, the one that is named first.
    if (!isLanguage(language) || quality <= most) continue;
    best = language;
    most = quality;
  }
  return best;
}

function qualityOf(parameters: readonly string[]): number {
  const said = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = said === undefined ? 1 : Number(said.slice(2));
  return quality >= 0 && quality <= 1 ? quality : 0;
}
