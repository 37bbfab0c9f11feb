// Owns changing the page's language without leaving it, where leaving would lose what the page has in memory alone: the same
// page is fetched in the other language and put in place. Read as a document by the browser, not made out of text here.
import { rereadWords } from './words.ts';

/** @param again sets the new page up, and shows the state it is in */
export function switchInPlace(again: () => void): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a')) {
    link.addEventListener('click', async (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const address = new URL(link.href);
      try {
        replaceWith(await pageAt(address));
      } catch {
        // Without the network there is no other language now; the page stays as it is.
        return;
      }
      history.replaceState(null, '', address.pathname + address.search);
      rereadWords();
      again();
    });
  }
}

function pageAt(address: URL): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', address.pathname + address.search);
    request.responseType = 'document';
    request.onload = () => (request.response ? resolve(request.response as Document) : reject(new Error('no page')));
    request.onerror = () => reject(new Error('no network'));
    request.send();
  });
}

function replaceWith(page: Document): void {
  const { lang, dir } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
}
