// Owns finding a passkey's public key again where it was not kept: on the owner's other device, where her passkey came by
// itself, a signature alone says which two keys may have made it, and her piece's account says which of them did.
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { lower } from './hash.ts';
import { type Assertion, type PasskeyKey, passkeyAccountOf, passkeyKeyOf } from './passkey.ts';

const RECOVERIES = [0, 1, 2, 3];

/** Every key whose signature this may be: two, and hardly ever up to four. @param answer as assertionOf gives it */
export function keysBehind({ authenticatorData, clientDataJSON, signature }: Assertion): PasskeyKey[] {
  const message = new Uint8Array(authenticatorData.length + 32);
  message.set(authenticatorData);
  message.set(sha256(clientDataJSON), authenticatorData.length);
  const digest = sha256(message);
  return RECOVERIES.flatMap((recovery) => {
    try {
      const point = p256.Signature.fromBytes(signature, 'compact').addRecoveryBit(recovery).recoverPublicKey(digest);
      return [passkeyKeyOf(point.toBytes(false).subarray(1))];
    } catch {
      // No point of the curve has this number.
      return [];
    }
  });
}

/** The key of an account, by what its passkey answered to any challenge; undefined where another passkey answered. */
export function keyOfAccount(account: string, salt: `0x${string}`, answer: Assertion): PasskeyKey | undefined {
  return keysBehind(answer).find((key) => passkeyAccountOf(key, salt) === lower(account));
}
