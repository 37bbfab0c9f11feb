// Owns where a scanned or typed code leads: to a piece of this ledger, to a claim card's page, to another place, or nowhere.
// A claim card's secret stands behind #: it stays in the address that the browser opens, and no request carries it.
import { codePath } from '../../core/code.ts';
import { codeTyped } from '../../core/typed-code.ts';

export type Lead =
  /** Within this service; `to` may end with a fragment. */
  | { readonly kind: 'here'; readonly to: string }
  /** Another host; `path` is where this service would look the code up. */
  | {
      readonly kind: 'elsewhere';
      readonly to: string;
      readonly host: string;
      readonly card: boolean;
      readonly path?: string;
    }
  | { readonly kind: 'product' }
  | { readonly kind: 'none' };

const CARD = /^\/claim\//;

/** @param origins that are this ledger's: where the page is, and what its codes carry */
export function leadOf(text: string, origins: readonly string[]): Lead {
  const typed = text.trim();
  const url = addressIn(typed);
  const known = url === undefined || origins.includes(url.origin);
  if (url && known && CARD.test(url.pathname)) return { kind: 'here', to: url.pathname + url.hash };
  // What is behind # is nobody's but the card's page's: it is not even read here.
  const read = codeTyped(url ? (typed.split('#')[0] as string) : typed);
  const path = read.kind === 'code' ? codePath(read.code) : undefined;
  if (url && !known) {
    const card = CARD.test(url.pathname) && url.hash.length > 1;
    return { kind: 'elsewhere', to: url.href, host: url.host, card, ...(path === undefined ? {} : { path }) };
  }
  if (path !== undefined) return { kind: 'here', to: path };
  return { kind: read.kind === 'product' ? 'product' : 'none' };
}

/** Only addresses of the web ever become one: no code may lead to a script or a file. */
function addressIn(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
