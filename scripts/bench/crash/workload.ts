// Owns a client that never gives up: it registers pieces, sends files, passes pieces on and certifies them without a
// pause, asks again under the same Idempotency-Key until it is answered, and writes down what was acknowledged.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client, ImportState, Reply } from '../client.ts';
import { attestationOf, IMPORT_COLUMNS, statementOf } from './pieces.ts';

const ASK_AGAIN_MS = 50;
const BETWEEN_PIECES_MS = 15;
const BETWEEN_TRANSFERS_MS = 25;
const BETWEEN_CERTIFICATES_MS = 25;
const BETWEEN_IMPORTS_MS = 100;
/** Longer than the service takes to come back from anything. */
const GIVE_UP_MS = 120_000;

export interface AcknowledgedPiece {
  readonly title: string;
  readonly path: string;
  readonly recordHash: string;
}

export interface AcknowledgedImport {
  readonly id: number;
  readonly name: string;
  readonly rows: number;
  /** What was told last. */
  accepted: number;
}

export interface AcknowledgedTransfer {
  readonly id: string;
  readonly path: string;
  readonly to: string;
}

export interface AcknowledgedCertificate {
  readonly id: string;
  readonly title: string;
  /** Whether its revocation was acknowledged, too. */
  revoked: boolean;
}

export class Workload {
  readonly pieces: AcknowledgedPiece[] = [];
  readonly imports: AcknowledgedImport[] = [];
  readonly transfers: AcknowledgedTransfer[] = [];
  readonly certificates: AcknowledgedCertificate[] = [];
  /** Answers that no crash explains. */
  readonly surprises: string[] = [];
  readonly #client: Client;
  readonly #next: () => number;
  #stopped = false;
  #running: Promise<unknown> = Promise.resolve();
  #count = 0;
  #moved = 0;
  #certified = 0;

  /** @param next numbers from 0 to 1, the same in every run */
  constructor(client: Client, next: () => number) {
    this.#client = client;
    this.#next = next;
  }

  start(): void {
    const loops = [this.#register(), this.#register(), this.#import(), this.#transfer(), this.#certify()];
    this.#running = Promise.all(loops);
    this.#running.catch(() => {});
  }

  /** Waits until there was something of each kind, a revocation last: it needs all that comes before it. */
  async eachKind(): Promise<void> {
    const met = () => this.imports.length > 0 && this.certificates.some(({ revoked }) => revoked);
    for (const until = performance.now() + GIVE_UP_MS; !met() && performance.now() < until; ) await wait(ASK_AGAIN_MS);
  }

  /** Begins nothing new and waits until everything begun was answered. */
  async finish(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #register(): Promise<void> {
    while (!this.#stopped) {
      const title = `single ${++this.#count}`;
      const body = { record: statementOf(title), mode: 'published' };
      const reply = await this.#answered(title, (key) =>
        this.#client.post<{ path: string; recordHash: string }>('/api/v1/pieces', key, body),
      );
      if (reply) this.pieces.push({ title, path: reply.path, recordHash: reply.recordHash });
      await wait(BETWEEN_PIECES_MS);
    }
  }

  async #import(): Promise<void> {
    while (!this.#stopped) {
      const name = `import ${this.imports.length + 1}`;
      const rows = 100 + Math.floor(this.#next() * 2_400);
      const lines = Array.from({ length: rows }, (_, i) => `${name} row ${i + 1},ring,silver\n`);
      const text = `${IMPORT_COLUMNS}\n${lines.join('')}`;
      const path = '/api/v1/imports?format=csv&mode=published';
      const reply = await this.#answered(name, (key) => this.#client.sendText<ImportState>(path, key, text));
      if (reply) await this.#watch({ id: reply.id, name, rows, accepted: reply.accepted });
      await wait(BETWEEN_IMPORTS_MS);
    }
  }

  /** Follows an import to its end, so that files are cut off in the middle as often as pieces are. */
  async #watch(file: AcknowledgedImport): Promise<void> {
    this.imports.push(file);
    for (const until = performance.now() + GIVE_UP_MS; performance.now() < until; await wait(ASK_AGAIN_MS)) {
      const { status, body } = await this.#client.get<ImportState>(`/api/v1/imports/${file.id}`);
      if (status !== 200) continue;
      if (body.accepted < file.accepted) {
        this.surprises.push(`${file.name} told ${file.accepted} rows accepted, then ${body.accepted}`);
      }
      file.accepted = body.accepted;
      if (body.state === 'done') return;
      if (body.state === 'failed') {
        this.surprises.push(`${file.name} failed: ${body.failure}`);
        return;
      }
    }
    this.surprises.push(`${file.name} was not done after ${GIVE_UP_MS / 1000} s`);
  }

  /** Passes on the oldest piece that still is the organisation's, as soon as it can be. */
  async #transfer(): Promise<void> {
    while (!this.#stopped) {
      await wait(BETWEEN_TRANSFERS_MS);
      const piece = this.pieces[this.#moved];
      if (!piece) continue;
      if (!(await this.#isOnChain(`/api/v1/pieces${piece.path}`))) continue;
      this.#moved += 1;
      const to = `0x${randomBytes(20).toString('hex')}`;
      const reply = await this.#answered(`passing on ${piece.title}`, (key) =>
        this.#client.post<{ id: string }>('/api/v1/transfers', key, { path: piece.path, to }),
      );
      if (reply) this.transfers.push({ id: reply.id, path: piece.path, to });
    }
  }

  /** Certifies the oldest piece that has no certificate yet, and takes back every other one as soon as it is there. */
  async #certify(): Promise<void> {
    while (!this.#stopped) {
      await wait(BETWEEN_CERTIFICATES_MS);
      const piece = this.pieces[this.#certified];
      if (!piece || !(await this.#isOnChain(`/api/v1/pieces${piece.path}`))) continue;
      this.#certified += 1;
      const title = `certificate of ${piece.title}`;
      const reply = await this.#answered(title, (key) =>
        this.#client.post<{ id: string }>('/api/v1/certificates', key, { statement: attestationOf(title, piece.path) }),
      );
      if (!reply) continue;
      const certificate = { id: reply.id, title, revoked: false };
      this.certificates.push(certificate);
      if (this.#certified % 2 === 0) await this.#takeBack(certificate);
    }
  }

  async #takeBack(certificate: AcknowledgedCertificate): Promise<void> {
    const at = `/api/v1/certificates/${certificate.id}`;
    for (const until = performance.now() + GIVE_UP_MS; !(await this.#isOnChain(at)); await wait(ASK_AGAIN_MS)) {
      if (performance.now() < until) continue;
      this.surprises.push(`${certificate.title} was not on the chain after ${GIVE_UP_MS / 1000} s`);
      return;
    }
    const reply = await this.#answered(`revoking the ${certificate.title}`, (key) =>
      this.#client.post(`${at}/revoke`, key, { reason: 'mistake' }),
    );
    certificate.revoked = reply !== undefined;
  }

  async #isOnChain(path: string): Promise<boolean> {
    const { status, body } = await this.#client.get<{ state: string }>(path);
    return status === 200 && (body.state === 'anchored' || body.state === 'final');
  }

  /** The body of a 202; asked again, under the same key, after no answer or one that says to come back. */
  async #answered<T>(what: string, send: (key: string) => Promise<Reply<T>>): Promise<T | undefined> {
    const key = randomBytes(12).toString('hex');
    for (const until = performance.now() + GIVE_UP_MS; performance.now() < until; await wait(ASK_AGAIN_MS)) {
      const { status, body } = await send(key);
      if (status === 202) return body;
      if (status === 0 || status === 503) continue;
      this.surprises.push(`${what}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
      return undefined;
    }
    this.surprises.push(`${what}: no answer for ${GIVE_UP_MS / 1000} s`);
    return undefined;
  }
}
