// Owns asking the service: JSON in and out, its problems as errors with their code, and a lost network as one of them. Never
// sends a secret: whoever calls it has signatures and public keys alone.

/** What went wrong, by the service's code; `offline` where it could not be asked or its answer was lost. */
export class Failure extends Error {
  readonly code: string;
  readonly answer: Readonly<Record<string, unknown>>;
  constructor(code: string, detail: string, answer: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.answer = answer;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers differ by route; each caller knows its own
export type Answer = any;

export function get(path: string): Promise<Answer> {
  return ask(path, { method: 'GET' });
}

/** @param key the Idempotency-Key: the same for the same wish, so that asking again after a lost answer does nothing twice */
export function post(path: string, body: unknown, key: string = crypto.randomUUID()): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      ...init,
      cache: 'no-store',
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
    });
    text = await response.text();
  } catch {
    throw new Failure('offline', 'The service could not be reached.');
  }
  const answer = parsed(text);
  if (response.ok) return answer;
  throw new Failure(String(answer?.code ?? 'internal'), String(answer?.detail ?? response.statusText), answer ?? {});
}

function parsed(text: string): Answer {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
