// Owns the words of a shop's HTML description: what a reader would see, without markup. What it makes is text and is
// escaped like any other where it is shown; nothing is ever taken for markup again.

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ouml: 'ö',
  auml: 'ä',
  uuml: 'ü',
  szlig: 'ß',
  deg: '°',
  times: '×',
  frac12: '½',
};
const LINE = /<\/?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|blockquote)\b[^<>]*>/gi;
/** Whole elements whose content nobody reads. An unclosed one reaches to the end. */
const UNREAD = /<(script|style|template|head|noscript)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;

export function textOfHtml(html: string): string {
  const words = html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(UNREAD, '')
    .replace(/\s+/g, ' ')
    .replace(/<li\b[^<>]*>/gi, '\n– ')
    .replace(LINE, '\n')
    .replace(/<\/?[a-z][^<>]*>/gi, '');
  return decoded(words)
    .split('\n')
    .map((line) => line.replace(/[^\S\n]+/g, ' ').trim())
    .filter((line) => line !== '' && line !== '–')
    .join('\n');
}

/** Once: `&amp;lt;` is the text `&lt;`. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,31}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return isCharacter(code) ? String.fromCodePoint(code) : '';
  });
}

function isCharacter(code: number): boolean {
  const control = code < 32 ? code !== 9 && code !== 10 && code !== 13 : code >= 127 && code < 160;
  return code <= 0x10_ffff && !control && !(code >= 0xd800 && code <= 0xdfff);
}
