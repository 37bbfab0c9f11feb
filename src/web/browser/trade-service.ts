// Owns what the page for trade asks the service: many codes in portions, and shipments with an API key. The key is in this
// module's memory while the page is open, and nowhere else.
import type { Glance } from '../../core/glance.ts';
import { type Answer, Failure } from './service.ts';

export type Checked =
  | { readonly given: string; readonly found: 'piece'; readonly yours: boolean; readonly piece: Glance }
  | { readonly given: string; readonly found: 'unknown-code' | 'product' | 'no-code' };

export interface Shipment {
  readonly id: string;
  readonly state: 'offered' | 'accepted' | 'declined' | 'withdrawn' | 'delivered' | 'failed';
  readonly from: { readonly address: string; readonly handle: string | null };
  readonly to: { readonly address: string; readonly handle: string | null };
  readonly count: number;
  readonly note: string | null;
  readonly returnedBy: string | null;
  readonly offeredAt: string;
  readonly pieces?: readonly { readonly path: string | null }[];
}

let key: string | undefined;

export function useKey(given: string | undefined): void {
  key = given;
}

export const hasKey = (): boolean => key !== undefined;

/** Portions that are under way at the same time. */
const AT_ONCE = 2;

/**
 * Asks about all codes, so many at a time; tells every portion as it comes.
 * @throws Failure where the service can't be asked any more; what was told before stands
 */
export async function checkAll(
  codes: readonly string[],
  atOnce: number,
  told: (items: readonly Checked[]) => void,
): Promise<void> {
  const portions = Array.from({ length: Math.ceil(codes.length / atOnce) }, (_, i) =>
    codes.slice(i * atOnce, (i + 1) * atOnce),
  );
  const worker = async () => {
    for (let portion = portions.shift(); portion; portion = portions.shift()) {
      const { items } = await ask('/api/v1/checks', { codes: portion });
      told(items);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** JSON out (a POST where there is a body) and in, with her key where she gave one. */
export async function ask(path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
  };
  let response: Response;
  try {
    response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
    });
  } catch {
    throw new Failure('offline', 'The service could not be reached.');
  }
  const answer: Answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw new Failure(String(answer?.code ?? 'internal'), String(answer?.detail ?? response.statusText), answer ?? {});
}
