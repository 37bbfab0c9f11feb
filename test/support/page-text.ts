// Owns what a reader sees of a page: its text without markup, and without what is folded away. Small on purpose: it
// reads only what `html` writes, and the browser journeys check the same with a real parser.
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

export function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => ENTITIES[name] as string);
}

/** The text of the main part. */
export function mainText(page: string): string {
  const main = /<main[^>]*>([\s\S]*)<\/main>/.exec(page)?.[1];
  if (main === undefined) throw new Error('the page has no main part');
  return decoded(main.replace(/<[^>]*>/g, ''));
}

/** The page without its folded section. */
export function withoutFold(page: string): string {
  return page.replace(/<details[\s\S]*<\/details>/, '');
}

/** The main part's text as it reads: what stands in blocks of its own is apart. */
export function readText(page: string): string {
  return flat(
    mainText(page.replace(/<\/?(?:p|li|h\d|d[ltd]|div|figcaption|blockquote|section|ul|ol)(?:\s[^>]*)?>/g, ' ')),
  );
}

/** Text as it reads on one line. */
export function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
