// Finding a passkey's public key again from what it signed: over every answer recorded of a browser.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { passkeyVectors } from '../../scripts/vectors/passkeys.ts';
import { fromHex, type Hex32 } from '../../src/core/hash.ts';
import { keyOfAccount, keysBehind } from '../../src/core/passkey-again.ts';
import { assertionOf } from '../../src/core/passkey-answer.ts';

const { signatures } = JSON.parse(
  readFileSync(new URL('../vectors/passkeys.json', import.meta.url), 'utf8'),
) as ReturnType<typeof passkeyVectors>;
type Vector = (typeof signatures)[number];
const answerOf = ({ authenticatorData, clientDataJSON, der }: Vector) =>
  assertionOf({
    authenticatorData: fromHex(authenticatorData),
    clientDataJSON: fromHex(clientDataJSON),
    signature: fromHex(der),
  });

describe('a passkey that came to another device by itself', () => {
  it('is one of two keys by any of its answers, whichever half its s was in', () => {
    expect(new Set(signatures.map(({ half }) => half))).to.deep.equal(new Set(['lower', 'upper']));
    for (const vector of signatures) {
      const keys = keysBehind(answerOf(vector));
      expect(keys, vector.what).to.have.length(2);
      expect(keys).to.deep.include({ qx: vector.qx, qy: vector.qy });
    }
  });

  it('is found by its account, in any case of letters, under its salt', () => {
    for (const vector of signatures) {
      const { qx, qy, account, salt } = vector;
      const found = { qx, qy };
      expect(keyOfAccount(account, salt as Hex32, answerOf(vector))).to.deep.equal(found);
      expect(keyOfAccount(`0x${account.slice(2).toUpperCase()}`, salt as Hex32, answerOf(vector))).to.deep.equal(found);
    }
  });

  it('is none for another account, under another salt, or where its answer was changed', () => {
    const [one, other] = signatures as [Vector, Vector];
    expect(keyOfAccount(other.account, one.salt as Hex32, answerOf(one))).to.equal(undefined);
    expect(keyOfAccount(one.account, `0x${'11'.repeat(32)}`, answerOf(one))).to.equal(undefined);
    const changed = { ...answerOf(one), clientDataJSON: Uint8Array.of(1) };
    expect(keyOfAccount(one.account, one.salt as Hex32, changed)).to.equal(undefined);
    const noSignature = { ...answerOf(one), signature: new Uint8Array(64) };
    expect(keysBehind(noSignature)).to.deep.equal([]);
  });
});
