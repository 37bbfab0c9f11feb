// Owns live proof (docs/format.md, "Live proof"): what somebody signs to show, before a buyer's eyes, that she has the owner's
// key or the claim card, and whether such a signature is one. It moves nothing and is good for nothing else: it has a
// domain of its own. Challenges come in; the buyer's browser draws them, and judges the answers by itself with this.
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { ActTypedData } from './act.ts';
import { fromHex, type Hex32, keccak, lower, toHex, utf8 } from './hash.ts';
import { isPasskeySignature } from './passkey.ts';
import { typedDigest } from './typed-digest.ts';

/** With which of the two it is shown. */
export type ProofBy = 'owner' | 'card';

const PRIMARY: Readonly<Record<ProofBy, string>> = { owner: 'OwnerProof', card: 'CardProof' };
const MEMBERS = [
  { name: 'tokenId', type: 'uint256' },
  { name: 'challenge', type: 'bytes32' },
  { name: 'deadline', type: 'uint48' },
];

/** How long a challenge is good, in seconds: to take the phone out, not to send the link around. */
export const PROOF_SECONDS = 120;

export interface ProofPlace {
  readonly chainId: number;
  /** Address of the registry of pieces. */
  readonly pieces: string;
}

export interface ProofAsked {
  readonly tokenId: string;
  /** 32 bytes from the buyer's own browser. */
  readonly challenge: Hex32;
  /** Seconds since 1970, by the clock of whoever carries the answer. */
  readonly deadline: number;
}

/** What is signed. */
export function liveProofData(
  place: ProofPlace,
  by: ProofBy,
  { tokenId, challenge, deadline }: ProofAsked,
): ActTypedData {
  return {
    domain: domainOf(place),
    types: { [PRIMARY[by]]: MEMBERS },
    primaryType: PRIMARY[by],
    message: { tokenId, challenge, deadline },
  };
}

const READS = [
  { name: 'tokenId', type: 'uint256' },
  { name: 'deadline', type: 'uint48' },
];

/**
 * What an owner signs to read what is asked of her about a piece. Of another type than a proof: who was shown one can not
 * read in her name.
 */
export function ownerReadsData(place: ProofPlace, tokenId: string, deadline: number): ActTypedData {
  return {
    domain: domainOf(place),
    types: { OwnerReads: READS },
    primaryType: 'OwnerReads',
    message: { tokenId, deadline },
  };
}

function domainOf({ chainId, pieces }: ProofPlace): ActTypedData['domain'] {
  return { name: 'Touchstone Live Proof', version: '1', chainId, verifyingContract: pieces };
}

/** The name a challenge goes by where its answer is fetched: who knows this can not answer it yet. */
export function proofId(challenge: Hex32): string {
  return toHex(keccak(utf8(`touchstone.live-proof.v1 ${challenge}`))).slice(2, 34);
}

/**
 * Whether `account` signed this: by ECDSA first, as the contracts do, then as a passkey. `unknown` where the account may be
 * a contract's or an organisation's, of which only the chain knows who may sign for it. Never throws, whatever the bytes.
 */
export function signedBy(account: string, data: ActTypedData, signature: string): 'yes' | 'no' | 'unknown' {
  if (!/^0x([0-9a-f]{2}){1,4096}$/i.test(signature)) return 'no';
  const digest = typedDigest(data);
  const bytes = fromHex(signature);
  if (recoveredAccount(digest, bytes) === lower(account)) return 'yes';
  return isPasskeySignature(account, digest, bytes) ? 'yes' : 'unknown';
}

/** The address that made an ECDSA signature of 65 bytes with s in the lower half; undefined for all others. */
export function recoveredAccount(digest: Hex32, signature: Uint8Array): Hex32 | undefined {
  const v = signature[64];
  if (signature.length !== 65 || (v !== 27 && v !== 28)) return undefined;
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact').addRecoveryBit(v - 27);
    if (parsed.hasHighS()) return undefined;
    const point = parsed.recoverPublicKey(fromHex(digest)).toBytes(false);
    return `0x${toHex(keccak(point.subarray(1))).slice(26)}`;
  } catch {
    return undefined;
  }
}

/** What a piece's keeper and card are, as of a block, for judging an answer. */
export interface ProofSubject {
  readonly owner: string;
  /** The key of the card that can claim the piece now; null where there is none. */
  readonly card: string | null;
}

export interface ProofAnswer {
  readonly by: ProofBy;
  readonly signature: string;
}

/**
 * What an answer shows. `unknown`: not by a signature alone; the chain has to be asked. `none`: nothing of this piece.
 */
export function judgeProof(
  place: ProofPlace,
  asked: ProofAsked,
  { owner, card }: ProofSubject,
  { by, signature }: ProofAnswer,
): 'owner' | 'card' | 'unknown' | 'none' {
  const account = by === 'owner' ? owner : card;
  if (account === null) return 'none';
  const signed = signedBy(account, liveProofData(place, by, asked), signature);
  if (signed === 'yes') return by;
  // A card is a key and no account: it signs by itself or not at all.
  return signed === 'no' || by === 'card' ? 'none' : 'unknown';
}

const TEXT = /^[A-Za-z0-9_-]{43}$/;

/** The challenge as a link carries it behind `#`. */
export function challengeText(challenge: Hex32): string {
  return btoa(Array.from(fromHex(challenge), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Undefined for what is no challenge. */
export function readChallenge(text: string): Hex32 | undefined {
  if (!TEXT.test(text)) return undefined;
  const bytes = atob(`${text.replaceAll('-', '+').replaceAll('_', '/')}=`);
  const challenge = toHex(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  return challengeText(challenge) === text ? challenge : undefined;
}
