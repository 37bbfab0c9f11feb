// Owns the HTTP API as a client sees it who writes down what was acknowledged: every answer is a value, also none.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

export interface Reply<T> {
  /** 0: no answer came, so what became of the request isn't known. */
  readonly status: number;
  readonly body: T;
}

export interface ImportState {
  readonly id: number;
  readonly state: 'receiving' | 'running' | 'done' | 'failed';
  readonly rows: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly anchored: number;
  readonly final: number;
  readonly failure: string | null;
}

export interface ImportedPiece {
  readonly row: number;
  readonly path: string;
  readonly recordHash: string;
  readonly tokenId: string | null;
  readonly state: string;
}

export class Client {
  readonly #url: () => string;
  readonly #key: string;

  /** @param url asked anew for every request: a service started again keeps its port, but need not */
  constructor(url: () => string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  get<T>(path: string): Promise<Reply<T>> {
    return this.#ask(path, {});
  }

  /** A read that has to be answered: asked again until it is. */
  async must<T>(path: string, within = 60_000): Promise<T> {
    for (const until = performance.now() + within; ; ) {
      const { status, body } = await this.get<T>(path);
      if (status === 200) return body;
      if (performance.now() > until) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
      await wait(100);
    }
  }

  post<T>(path: string, key: string, body: unknown): Promise<Reply<T>> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Sends a file as it is read from disk. */
  sendFile<T>(path: string, key: string, file: string): Promise<Reply<T>> {
    const headers = { 'content-type': 'text/csv', 'idempotency-key': key };
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
    return this.#ask(path, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
  }

  sendText<T>(path: string, key: string, text: string): Promise<Reply<T>> {
    const headers = { 'content-type': 'text/csv', 'idempotency-key': key };
    return this.#ask(path, { method: 'POST', headers, body: text });
  }

  /** Every piece of an import, in the order of its rows. */
  async importedPieces(id: number): Promise<ImportedPiece[]> {
    const pieces: ImportedPiece[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: { items: ImportedPiece[]; next: number | null } = await this.must(
        `/api/v1/imports/${id}/pieces?after=${after}&limit=1000`,
      );
      pieces.push(...page.items);
      after = page.next;
    }
    return pieces;
  }

  async #ask<T>(path: string, init: RequestInit): Promise<Reply<T>> {
    const headers = { authorization: `Bearer ${this.#key}`, ...init.headers };
    try {
      const response = await fetch(this.#url() + path, { ...init, headers, signal: AbortSignal.timeout(60_000) });
      const body = (await response.json()) as T;
      return { status: response.status, body };
    } catch (error) {
      const { message, cause } = error as Error;
      return { status: 0, body: { error: message, cause: (cause as Error | undefined)?.message } as T };
    }
  }
}
