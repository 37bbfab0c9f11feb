// Owns touching the page: finding what the server rendered, showing and hiding it, putting text in. Pages are rendered whole
// by the service and scripts only fill them in, so no markup is ever made of text here.

/** @throws Error if the page lacks it: a mistake of the page's author */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as E;
}

export function show(id: string, visible = true): void {
  byId(id).hidden = !visible;
}

/** Shows one of several parts and hides the others; the shown one gets the focus, so that readers hear of it. */
export function showOnly(ids: readonly string[], shown: string): void {
  for (const id of ids) show(id, id === shown);
  const part = byId(shown);
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: 'nearest' });
}

export function setText(id: string, text: string): void {
  byId(id).textContent = text;
}

/** A new element with attributes and children; strings become text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Data the server put into the page (html-script.ts, dataBlock). */
export function dataOf<T>(id: string): T {
  return JSON.parse(byId(id).textContent ?? 'null') as T;
}

/** Runs on a click, once at a time: the button is out of use until it is done, so a second click does nothing. */
export function onClick(id: string, run: () => Promise<void> | void): void {
  const button = byId<HTMLButtonElement>(id);
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    try {
      await run();
    } finally {
      button.removeAttribute('aria-disabled');
    }
  });
}

/** Gives a file to whoever uses the page. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
