// Owns a visitor of the console without a browser: her cookie, the token of the form she fills in, and what came back.
import type { TestLedger } from './ledger.ts';

export interface Answered {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly text: string;
}

export interface Visitor {
  /** The cookie as the browser would send it; empty once it is over. */
  cookie: string;
  get(path: string): Promise<Answered>;
  /** As a form of this console is sent, with the token of its page, unless something else is said. */
  send(path: string, fields: Record<string, string | readonly string[]>, differing?: Differing): Promise<Answered>;
}

export interface Differing {
  readonly headers?: Record<string, string | undefined>;
  /** Null for a form without one. */
  readonly token?: string | null;
  readonly body?: string;
}

export function visitor({ url }: Pick<TestLedger, 'url'>): Visitor {
  const state = { cookie: '', token: '' };
  const fetched = async (path: string, init: RequestInit): Promise<Answered> => {
    const headers = { accept: 'text/html', ...(state.cookie && { cookie: state.cookie }), ...init.headers };
    const response = await fetch(url + path, { redirect: 'manual', ...init, headers });
    const set = response.headers.get('set-cookie');
    if (set !== null) state.cookie = /^\S+?=;/.test(set) ? '' : (set.split(';')[0] as string);
    const text = await response.text();
    state.token = /name="token" value="([\w-]+)"/.exec(text)?.[1] ?? state.token;
    return { status: response.status, location: response.headers.get('location'), headers: response.headers, text };
  };
  return {
    get cookie() {
      return state.cookie;
    },
    set cookie(cookie: string) {
      state.cookie = cookie;
    },
    get: (path) => fetched(path, {}),
    send(path, fields, { headers = {}, token = state.token, body } = {}) {
      const said = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) said.append(name, one);
      if (token) said.set('token', token);
      const all = {
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      };
      const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return fetched(path, { method: 'POST', headers: Object.fromEntries(present), body: body ?? said.toString() });
    },
  };
}

/** Somebody who signed in with this API key. */
export async function signedInWith(ledger: Pick<TestLedger, 'url'>, key: string): Promise<Visitor> {
  const one = visitor(ledger);
  const answer = await one.send('/workshop/sign-in', { key });
  if (answer.status !== 303) throw new Error(`not signed in: ${answer.status} ${answer.text}`);
  await one.get('/workshop');
  return one;
}

/** As a browser sends a file, its fields before it. */
export async function uploadAs(
  ledger: Pick<TestLedger, 'url'>,
  who: Visitor,
  file: string | Buffer,
  differing: { token?: string; name?: string } = {},
) {
  const page = await who.get('/workshop/imports');
  const token = differing.token ?? /name="token" value="([\w-]+)"/.exec(page.text)?.[1] ?? '';
  const form = new FormData();
  form.append('token', token);
  form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), differing.name ?? 'file.csv');
  const answer = await fetch(`${ledger.url}/workshop/imports`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: who.cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' },
    body: form,
  });
  return { status: answer.status, location: answer.headers.get('location') ?? '', text: await answer.text() };
}

/** What a page says, for a failing test's message. */
export const saidIn = (text: string) =>
  text
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 1_500);
