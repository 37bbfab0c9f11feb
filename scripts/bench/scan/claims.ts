// Owns claims by the hundred: pieces with cards, released by their maker, claimed by keys made here as a buyer's phone would,
// from asking what has to be signed to the answer that it is on the chain.
import { randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import { bringAct } from '../../../src/act-client.ts';
import { privateOwner } from '../../../src/adapters/keys.ts';
import { type CardSecret, cardKey, cardSecret } from '../../../src/core/card.ts';
import { toHex } from '../../../src/core/hash.ts';
import { SECRET_BYTES } from '../../../src/core/secret-text.ts';
import { goldRing } from '../../../test/support/records.ts';
import type { Api } from '../../real/service.ts';
import { inParallel } from '../../real/tally.ts';

const BUYERS_AT_ONCE = 32;
const IMPORT_PATH = '/api/v1/imports?format=ndjson&mode=published';
const IMPORT_MINUTES = 5;

export interface Carded {
  readonly path: string;
  readonly card: CardSecret;
}

export async function cardedPieces(maker: Api, count: number): Promise<Carded[]> {
  const cards = Array.from({ length: count }, () => cardSecret(randomBytes(SECRET_BYTES)));
  const lines = cards.map((card, i) =>
    JSON.stringify({ record: { ...goldRing(), title: `Ring ${i}` }, claimKey: cardKey(card).address }),
  );
  const { id } = await maker.sendFile(IMPORT_PATH, 'application/x-ndjson', `${lines.join('\n')}\n`);
  const done = await maker.importDone(id, IMPORT_MINUTES);
  if (done.final !== count) throw new Error(`of ${count} pieces ${done.final} are final`);
  const pieces = await maker.importedPieces(id);
  return pieces.map(({ row, path }) => ({ path, card: cards[row - 1] as CardSecret }));
}

export async function released(maker: Api, pieces: readonly Carded[]): Promise<void> {
  await inParallel(pieces, BUYERS_AT_ONCE, async ({ path }) => {
    await bringAct(clientOf(maker), { act: 'release', piece: path });
  });
}

/** Seconds until all of them are claimed and on the chain. */
export async function claimed(maker: Api, pieces: readonly Carded[]): Promise<number> {
  const anybody = clientOf(maker.asAnybody());
  const since = performance.now();
  await inParallel(pieces, BUYERS_AT_ONCE, async ({ path, card }) => {
    const signer = privateOwner(toHex(cardKey(card).privateKey));
    const to = Wallet.createRandom().address;
    await bringAct(anybody, { act: 'claim', piece: path, to, recoverable: false }, { card: signer });
  });
  return (performance.now() - since) / 1000;
}

function clientOf(api: Api) {
  return {
    get: (path: string) => api.get<Record<string, unknown>>(path),
    post: (path: string, body: unknown) => api.post<Record<string, unknown>>(path, body),
  };
}
