// Owns signing with a passkey this device was never told of: one that came here by itself, as synchronised passkeys do, or
// whose memory was cleared. Its public key follows from its signature and the account of the piece it owns.
import { fromHex, type Hex32 } from '../../core/hash.ts';
import { type Assertion, packPasskeySignature } from '../../core/passkey.ts';
import { keyOfAccount } from '../../core/passkey-again.ts';
import { assertionOf } from '../../core/passkey-answer.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import { assertionOver, KeyRefused, type Passkey, type Signer } from './keyring.ts';

/** Asks for any passkey of this site, once. @throws KeyRefused `other-account` if the one she chose is not the account's */
export async function passkeyOfAccount(account: string, salt: Hex32): Promise<Passkey> {
  return (await answered(crypto.getRandomValues(new Uint8Array(32)), account, salt)).passkey;
}

/** Asks once as well: what is signed shows whose passkey it is. @param found hears of it, to remember it */
export function passkeySignerAgain(account: string, salt: Hex32, found: (passkey: Passkey) => void): Signer {
  return {
    way: 'passkey',
    account,
    async sign(data) {
      const digest = typedDigest(data);
      const { passkey, answer } = await answered(fromHex(digest), account, salt);
      found(passkey);
      return packPasskeySignature(passkey, salt, digest, answer);
    },
  };
}

async function answered(
  challenge: Uint8Array,
  account: string,
  salt: Hex32,
): Promise<{ passkey: Passkey; answer: Assertion }> {
  const raw = await assertionOver(challenge, '');
  const answer = assertionOf(raw);
  const key = keyOfAccount(account, salt, answer);
  if (!key) throw new KeyRefused('other-account');
  return { passkey: { id: raw.id, ...key }, answer };
}
