// Owns pieces with claim cards for journeys, the act of their maker about them, what is printed for their owners, and
// listening to what the service logs.
import fs from 'node:fs';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type CardSecret, cardKey, cardSecret } from '../../src/core/card.ts';
import { type Admitted, anchored, type Json, statement, type TestLedger } from './ledger.ts';
import { readPng } from './qr-reader.ts';

export interface Carded {
  readonly path: string;
  readonly secret: CardSecret;
}

/** On the ledger, named Ring 0 and on; the last one has no card, though there is a secret for it. */
export async function cardedPieces({ api }: TestLedger, maker: Admitted, count: number): Promise<Carded[]> {
  const cards = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const secret = cardSecret(Uint8Array.from({ length: 16 }, (_, n) => 17 * i + n + 1));
      const claimKey = i === count - 1 ? {} : { claimKey: cardKey(secret).address };
      const { body } = await maker.api.post('/api/v1/pieces', { record: statement(`Ring ${i}`), ...claimKey });
      return { path: body.path as string, secret };
    }),
  );
  await Promise.all(cards.map(({ path }) => anchored(api, path)));
  return cards;
}

export async function doneBy({ api }: Admitted, act: object): Promise<Json> {
  const reply = await api.post('/api/v1/acts', act);
  expect(reply.status, reply.text).to.equal(202);
  return reply.body;
}

export interface Heard {
  text(): string;
  stop(): void;
}

/** Keeps what the service of this process logs, which goes to standard error by itself. */
export function hearLog(): Heard {
  const { writeSync } = fs;
  let log = '';
  fs.writeSync = ((fd: number, ...rest: [never]) => {
    if (fd !== 2) return writeSync(fd, ...rest);
    log += String(rest[0]);
    return Buffer.byteLength(String(rest[0]));
  }) as typeof fs.writeSync;
  return {
    text: () => log,
    stop: () => {
      fs.writeSync = writeSync;
    },
  };
}

/** Has a sheet made, and answers what the code on the paper says; nothing of it is left in the page afterwards. */
export async function printedCode(page: Page, button: string): Promise<string> {
  await page.evaluate(() => {
    window.print = () => {};
  });
  await page.getByRole('button', { name: button }).click();
  await page.locator('html.prints-sheet').waitFor();
  await page.emulateMedia({ media: 'print' });
  const code = await readPng(await page.locator('#sheet-qr').screenshot());
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  expect(await page.locator('#sheet-qr').innerHTML()).to.equal('');
  return code ?? '';
}
