// Owns making somebody the owner of a piece at once, by the acts that do it: with a passkey in her device or any account; and
// what her browser then remembers. How she would have come by it on a page is other journeys'.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { type Hex32, toHex } from '../../src/core/hash.ts';
import { passkeyAccountOf } from '../../src/core/passkey.ts';
import { done } from './acts.ts';
import { type Authenticator, expectAccessible, expectNoSideways, type Person } from './journey.ts';
import { type Admitted, anchored, register, statement, type TestLedger } from './ledger.ts';

/** A passkey made here, so that its account is known before any page has asked for it. */
export interface MadePasskey {
  readonly id: string;
  readonly qx: Hex32;
  readonly qy: Hex32;
  /** As authenticators are given it. */
  readonly credential: object;
}

export function madePasskey(rpId = 'localhost'): MadePasskey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  return {
    id: id.toString('base64url'),
    qx: toHex(Buffer.from(x, 'base64url')),
    qy: toHex(Buffer.from(y, 'base64url')),
    credential: {
      credentialId: id.toString('base64'),
      isResidentCredential: true,
      rpId,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      userHandle: randomBytes(16).toString('base64'),
      signCount: 0,
    },
  };
}

export interface Given {
  readonly path: string;
  readonly tokenId: string;
  readonly title: string;
  readonly account: string;
}

/** A piece registered and on the chain, still its maker's. */
export async function madePiece(ledger: TestLedger, maker: Admitted, title: string): Promise<Omit<Given, 'account'>> {
  const path = await register(maker.api, statement(title));
  const { tokenId } = await anchored(ledger.api, path);
  return { path, tokenId, title };
}

export async function givenTo(
  ledger: TestLedger,
  maker: Admitted,
  piece: Omit<Given, 'account'>,
  owner: MadePasskey | string,
): Promise<Given> {
  const salt: Hex32 = `0x${BigInt(piece.tokenId).toString(16).padStart(64, '0')}`;
  const account = typeof owner === 'string' ? owner : passkeyAccountOf(owner, salt);
  await done(ledger, { act: 'transfer', piece: piece.path, to: account }, {}, maker.api);
  return { ...piece, account };
}

/** Her device has the passkey, and remembers the pieces as hers. The page must be of the ledger's origin. */
export async function remembering(
  page: Page,
  pieces: readonly (Given & { readonly way: 'passkey' | 'wallet' | 'paper' })[],
  passkey?: MadePasskey,
): Promise<void> {
  const kept = {
    passkeys: passkey ? [{ id: passkey.id, qx: passkey.qx, qy: passkey.qy }] : [],
    pieces: pieces.map((piece) => ({
      ...piece,
      receipts: [],
      since: '2026-11-01T10:00:00.000Z',
      ...(piece.way === 'passkey' && passkey ? { passkey: passkey.id } : {}),
    })),
  };
  await page.evaluate((text) => localStorage.setItem('touchstone.v1', text), JSON.stringify(kept));
}

export const inDevice = (authenticator: Authenticator, passkey: MadePasskey) => authenticator.add([passkey.credential]);

/** Fails where a page as it is now has faults for whoever can't see, or is wider than its window. */
export async function expectUsable({ page, complaints }: Person): Promise<void> {
  const before = complaints.length;
  await expectAccessible(page);
  // The checker itself is what the page's policy complains of.
  complaints.splice(before);
  await expectNoSideways(page);
}
