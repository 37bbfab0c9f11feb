// Owns signing with a passkey this device was never told of: one that came here by itself, as synchronised passkeys do, or
// whose memory was cleared. Its public key follows from its signature and the account of the piece it owns.
import { fromHex, type Hex32 } from '../../core/hash.ts';
import { type Assertion, packPasskeySignature } from '../../core/passkey.ts';
import { keyOfAccount } from '../../core/passkey-again.ts';
import { assertionOf } from '../../core/passkey-answer.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import { assertionOver, KeyRefused, type Passkey, passkeySigner, type Signer } from './keyring.ts';
import { passkeys, rememberPasskey } from './memory.ts';

/** Asks for any passkey of this site, once. @throws KeyRefused `other-account` if the one she chose is not the account's */
export async function passkeyOfAccount(account: string, salt: Hex32): Promise<Passkey> {
  return (await answered(crypto.getRandomValues(new Uint8Array(32)), account, salt)).passkey;
}

/** Signs as an account by the passkey this device remembers for it, else by whichever turns out to be its own. */
export function ownPasskey(account: string, salt: Hex32, id?: string): Signer {
  const kept = passkeys().find(
    (one) => (id === undefined || one.id === id) && passkeySigner(one, salt).account === account,
  );
  return kept ? passkeySigner(kept, salt) : passkeySignerAgain(account, salt);
}

/** Asks once as well: what is signed shows whose passkey it is. It is remembered. */
function passkeySignerAgain(account: string, salt: Hex32): Signer {
  return {
    way: 'passkey',
    account,
    async sign(data) {
      const digest = typedDigest(data);
      const { passkey, answer } = await answered(fromHex(digest), account, salt);
      rememberPasskey(passkey);
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
