// Owns test/vectors/live-proofs.json: what is signed to show a key or a card, and offers as they travel in links.
import { cardKey, cardSecret, signAsCard } from '../../src/core/card.ts';
import { offerText, oneTimeAddress, oneTimeKey, signOnce } from '../../src/core/handover-offer.ts';
import { type Hex32, keccak, toHex, utf8 } from '../../src/core/hash.ts';
import { challengeText, liveProofData, ownerReadsData, type ProofBy, proofId } from '../../src/core/live-proof.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';

const drawn = (name: string) => keccak(utf8(name));
const place = { chainId: 31337, pieces: `0x${toHex(drawn('pieces')).slice(26)}` };
const owner = oneTimeKey(drawn('owner'));
const secret = cardSecret(drawn('card').subarray(0, 16));

export function liveProofVectors() {
  return {
    place,
    owner: oneTimeAddress(owner),
    card: cardKey(secret).address,
    proofs: [1, 2, 3].flatMap((number) => (['owner', 'card'] as const).map((by) => proof(number, by))),
    reads: [1, 2].map((number) => {
      const tokenId = tokenOf(number);
      const digest = typedDigest(ownerReadsData(place, tokenId, 1_800_000_000 + number));
      return { tokenId, deadline: 1_800_000_000 + number, digest, signature: signOnce(owner, digest) };
    }),
    offers: [1, 2].map(offer),
  };
}

const tokenOf = (number: number) => BigInt(toHex(drawn(`token ${number}`))).toString();

function proof(number: number, by: ProofBy) {
  const challenge = toHex(drawn(`challenge ${number}`)) as Hex32;
  const asked = { tokenId: tokenOf(number), challenge, deadline: 1_800_000_000 + number };
  const digest = typedDigest(liveProofData(place, by, asked));
  const signature = by === 'owner' ? signOnce(owner, digest) : signAsCard(secret, digest);
  return { by, ...asked, id: proofId(challenge), text: challengeText(challenge), digest, signature };
}

function offer(number: number) {
  const key = oneTimeKey(drawn(`one-time ${number}`));
  const signature = signOnce(owner, toHex(drawn(`offer ${number}`)));
  const said = { deadline: 1_800_000_000 + number, moves: number, events: 300 * number, key: oneTimeAddress(owner) };
  return {
    secret: toHex(key),
    handoverKey: oneTimeAddress(key),
    ...said,
    signature,
    text: offerText({ secret: key, ...said, signature }),
  };
}
