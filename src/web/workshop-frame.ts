// Owns the frame of the workshop's console: where one can go from every page, who is signed in, what was just done. It
// speaks English only. What stands on its pages is theirs.
import { attr, type Html, html } from './html.ts';
import { page } from './layout.ts';

export interface WorkshopPage {
  readonly path: string;
  readonly name: string;
  /** Under which heading it stands. */
  readonly group: 'Pieces' | 'Trade' | 'Customers' | 'Workshop';
}

/** The console's pages, in the order they are offered. A page that isn't for everybody tells whom it is for. */
export const WORKSHOP_PAGES: readonly WorkshopPage[] = [
  { path: '/workshop', name: 'Today', group: 'Pieces' },
  { path: '/workshop/register', name: 'Register a piece', group: 'Pieces' },
  { path: '/workshop/imports', name: 'Register from a file', group: 'Pieces' },
  { path: '/workshop/pieces', name: 'Pieces', group: 'Pieces' },
  { path: '/workshop/batches', name: 'Batches', group: 'Pieces' },
  { path: '/workshop/shipments', name: 'Shipments', group: 'Trade' },
  { path: '/workshop/requests', name: 'Requests for consent', group: 'Trade' },
  { path: '/workshop/certificates', name: 'Certificates', group: 'Trade' },
  { path: '/workshop/lots', name: 'Lots', group: 'Trade' },
  { path: '/workshop/labels', name: 'Labels', group: 'Pieces' },
  { path: '/workshop/cards', name: 'Claim cards', group: 'Pieces' },
  { path: '/workshop/photos', name: 'Photographs', group: 'Pieces' },
  { path: '/workshop/profile', name: 'Your organisation', group: 'Workshop' },
  { path: '/workshop/feedback', name: 'Feedback', group: 'Customers' },
  { path: '/workshop/suspicions', name: 'Suspicions', group: 'Customers' },
  { path: '/workshop/scans', name: 'Scans', group: 'Customers' },
  { path: '/workshop/gifts', name: 'Gift messages', group: 'Customers' },
  { path: '/workshop/keys', name: 'Keys and passkeys', group: 'Workshop' },
];

/** Who looks at the page. */
export interface Viewer {
  readonly displayName: string;
  readonly handle: string;
  /** Of the forms of her session. */
  readonly token: string;
}

export interface WorkshopContent {
  readonly title: string;
  readonly main: Html;
  /** Path of the page in WORKSHOP_PAGES it belongs to. */
  readonly current: string;
  readonly scripts?: readonly string[];
  /** More of the head: a page that follows something under way asks to be fetched again. */
  readonly head?: Html;
  /** What was just done, told above everything else. */
  readonly done?: string;
}

/** A page of somebody signed in. Its heading is its title. */
export function workshopPage({ title, main, current, scripts, head, done }: WorkshopContent, viewer: Viewer): string {
  return page({
    title,
    description: 'The workshop’s console.',
    unlisted: true,
    wide: true,
    tellsOrigin: true,
    sheets: ['workshop'],
    ...(scripts && { scripts }),
    ...(head && { head }),
    main: html`<div class="console">
${navigation(current, viewer)}
<div class="console-main">
${done !== undefined && html`<p class="done" role="status">${done}</p>`}
<h1>${title}</h1>
${main}
</div>
</div>`,
  });
}

/** A page of the console for somebody who isn't signed in. */
export function workshopDoor(title: string, main: Html, scripts: readonly string[] = []): string {
  return page({
    title,
    description: 'The workshop’s console.',
    unlisted: true,
    tellsOrigin: true,
    sheets: ['workshop'],
    scripts,
    main: html`<h1>${title}</h1>
${main}`,
  });
}

function navigation(current: string, { displayName, handle, token }: Viewer): Html {
  const groups = Map.groupBy(WORKSHOP_PAGES, ({ group }) => group);
  const here = WORKSHOP_PAGES.find(({ path }) => path === current)?.name;
  return html`<div class="console-side">
<p class="console-who"><strong>${displayName}</strong> <span class="quiet">${handle}</span></p>
<form method="post" action="/workshop/sign-out">${hidden('token', token)}<button class="plain-button" type="submit">Sign out</button></form>
<details class="console-menu"><summary>Menu${here !== undefined && html`<span class="quiet">: ${here}</span>`}</summary>
<nav aria-label="Console">${[...groups].map(
    ([group, pages]) => html`<p class="console-group">${group}</p>
<ul>${pages.map(({ path, name }) => html`<li><a href="${path}"${attr('aria-current', path === current ? 'page' : undefined)}>${name}</a></li>`)}</ul>`,
  )}</nav></details>
</div>`;
}

export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}
