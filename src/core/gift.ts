// Owns a gift message (docs/format.md, "Gift messages"): what the giver may write, what the giver's key or the piece's card
// signs, and how long it stands. It is the giver's word: it enters neither record nor chain nor evidence. No node imports:
// givers sign in their browser.
import { z } from 'zod';
import type { ActTypedData } from './act.ts';
import { account, deadline, signature } from './act-fields.ts';
import { language, prose } from './fields.ts';
import { type Hex32, keccak, toHex, utf8 } from './hash.ts';
import { ZERO_32 } from './merkle.ts';

/** In characters as people count them, which prose's own bound of UTF-16 units only approaches. */
export const MOST_GIFT_CHARACTERS = 300;
/** Whoever signs says until when it may be brought. Signatures for later would keep a next owner from signing a newer one. */
export const GIFT_GOOD_FOR = 60 * 60;

const words = prose(4 * MOST_GIFT_CHARACTERS)
  .refine((text) => lengthOf(text) <= MOST_GIFT_CHARACTERS, `must have at most ${MOST_GIFT_CHARACTERS} characters`)
  .refine((text) => text.split('\n').length <= 12, 'must have at most 12 lines');

/** As it is written. Signing and storing begin with the same reading, so that both mean the same bytes. */
export const giftMessage = z.strictObject({ words, language });
export type GiftMessage = z.output<typeof giftMessage>;

const signed = { signature: signature.shape.signature, deadline, key: account.optional() };

/** What is brought: a message to be shown, or that none is. */
export const giftWish = z.discriminatedUnion('shown', [
  z.strictObject({ shown: z.literal(true), words, language, ...signed }),
  z.strictObject({ shown: z.literal(false), ...signed }),
]);
export type GiftWish = z.output<typeof giftWish>;

export function lengthOf(text: string): number {
  return [...text].length;
}

/** Binds the words and the language they are marked with; zero where there is no message. */
export function giftHash(message: GiftMessage | undefined): Hex32 {
  return message ? toHex(keccak(utf8(`${message.language}\n${message.words}`))) : ZERO_32;
}

export interface GiftPlace {
  readonly chainId: number;
  /** Address of the contract that holds the pieces: it names the ledger, and never sees a gift. */
  readonly pieces: string;
}

/** What is signed. Its own domain: no signature over a move or a claim is ever one of these, nor the other way round. */
export function giftTypedData(
  { chainId, pieces }: GiftPlace,
  gift: { readonly tokenId: string; readonly message: GiftMessage | undefined; readonly deadline: number },
): ActTypedData {
  return {
    domain: { name: 'Touchstone Gift', version: '1', chainId, verifyingContract: pieces },
    types: {
      Gift: [
        { name: 'tokenId', type: 'uint256' },
        { name: 'wordsHash', type: 'bytes32' },
        { name: 'shown', type: 'bool' },
        { name: 'deadline', type: 'uint48' },
      ],
    },
    primaryType: 'Gift',
    message: {
      tokenId: gift.tokenId,
      wordsHash: giftHash(gift.message),
      shown: gift.message !== undefined,
      deadline: gift.deadline,
    },
  };
}

/**
 * A message is for who was given the piece. Once it goes back into trade, the next buyer is somebody else, and the message
 * stands no more. @param moves how often the piece had moved when it was written
 * @param keepers whether each keeper is an organisation, from the first, who registered it, to the present one
 */
export function giftStands(moves: number, keepers: readonly boolean[]): boolean {
  return !keepers.slice(moves + 1).includes(true);
}
