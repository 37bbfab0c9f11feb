// Owns which messages rightly read the same in another language as in English, each with its reason.
import type { Language } from '../../src/web/languages.ts';

/** Words that languages share, as they share the thing: by the whole message. */
const SHARED: Readonly<Record<string, readonly Language[]>> = {
  // Metals and stuffs by their Latin names, or by the trade's.
  palladium: ['fr'],
  rhodium: ['fr'],
  iridium: ['fr'],
  niobium: ['fr'],
  zirconium: ['fr'],
  bronze: ['fr'],
  nickel: ['fr'],
  zinc: ['fr'],
  aluminium: ['fr'],
  textile: ['fr'],
  faience: ['it'],
  niello: ['it'],
  metal: ['es'],
  material: ['es'],
  Material: ['de', 'es'],
  // Kinds of jewellery that go by the same name.
  Ring: ['de'],
  Bracelet: ['fr'],
  Charm: ['de', 'it'],
  Piercing: ['de', 'it', 'es'],
  Tiara: ['es'],
  // Words of Latin descent that are spelled alike.
  Audit: ['fr', 'de', 'it'],
  Document: ['fr'],
  document: ['fr'],
  Inscription: ['fr'],
  inscription: ['fr'],
  Table: ['fr'],
  table: ['fr'],
  date: ['fr'],
  nature: ['fr'],
  Verdict: ['fr'],
  no: ['it', 'es'],
  // Terms of the trade of chains.
  Token: ['de', 'it', 'es'],
  Wallet: ['de', 'it'],
  Block: ['de'],
  // Others.
  Japan: ['de'],
  Post: ['de'],
  'Codes: {count}.': ['de'],
};

/** Nothing in it but what is put in, signs, numbers and units or codes that are written alike. */
function hasNoWords(message: string): boolean {
  const bare = message
    .replace(/\{\w+\}|µm/g, '')
    .replace(/\b(?:kg|g|ct|mm|cm|mg|ISO|PDF|QR|CSV|JSON|GTIN|API|US|UK|EU)\b/g, '');
  return !/\p{L}{2,}/u.test(bare);
}

export function sameInEnglish(message: string, language: Language): boolean {
  return hasNoWords(message) || (SHARED[message]?.includes(language) ?? false);
}
