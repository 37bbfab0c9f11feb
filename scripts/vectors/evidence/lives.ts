// Owns what happens, in the vectors of evidence files, to pieces besides changing hands: each life told as a story, from
// which the happenings of each block follow.
import { canonicalise } from '../../../src/core/canonical.ts';
import type { Happening } from '../../../src/core/events.ts';
import { type Hex32, keccak, toHex, utf8 } from '../../../src/core/hash.ts';
import { LIFE_KINDS, type LifeKind } from '../../../src/core/life.ts';
import { ZERO_32, ZERO_ADDRESS } from '../../../src/core/merkle.ts';
import { addressOf, hashOf } from '../../../test/support/made-chain.ts';
import { at, BATCHES, type BatchName, CUSTOMERS, type Handle, keyOf, tokenOf } from './stock.ts';

const [anna, ben, carla] = CUSTOMERS as [string, string, string];

/** Places of the pieces in the batch of lives. */
export const LIVED = {
  long: 0,
  stolen: 1,
  recovered: 2,
  recovering: 3,
  melted: 4,
  earlier: 5,
  locked: 6,
  withdrawn: 7,
  kept: 8,
  dismissed: 9,
  quiet: 10,
  news: 11,
  forbidden: 12,
  scarred: 13,
} as const;

export const WORK = canonicalise({ done: 'Two prongs tipped', language: 'en' });
export const CORRECTION = canonicalise({ corrects: 'fineness', language: 'en' });
const hashOfText = (text: string): Hex32 => toHex(keccak(utf8(text)));
export const STATEMENTS = new Map([WORK, CORRECTION].map((text) => [hashOfText(text), text]));
const padded = (address: string): Hex32 => `0x${address.slice(2).padStart(64, '0')}`;

interface Said {
  readonly by?: Handle;
  /** The owner's, or operator's, where no organisation says so. */
  readonly key?: string;
  readonly contentHash?: Hex32;
  readonly words?: string;
}

interface Teller {
  readonly moved: (block: number, to: string) => Teller;
  readonly claimed: (block: number, to: string, recoverable: boolean, card?: string) => Teller;
  readonly approved: (block: number, to: string) => Teller;
  readonly said: (block: number, kind: LifeKind, by: Said) => Teller;
  readonly recovered: (block: number, to: string) => Teller;
}

type Story = readonly (readonly [block: number, happening: Happening])[];

function storyOf(name: BatchName, index: number, tell: (teller: Teller) => unknown): Story {
  const tokenId = tokenOf(name, index);
  const { header, entries } = BATCHES[name];
  const story: [number, Happening][] = [];
  let [owner, number]: [string, number] = [header.organisation, 0];
  const add = (block: number, ...happenings: Happening[]) => {
    story.push(...happenings.map((one): [number, Happening] => [block, one]));
    return teller;
  };
  const move = (to: string): Happening => {
    const from = owner;
    owner = to;
    return { kind: 'move', tokenId, from, to };
  };
  const life = (kind: LifeKind, { by, key, contentHash = ZERO_32, words = '' }: Said): Happening => {
    number += 1;
    const organisation = by ? at(by) : ZERO_ADDRESS;
    const signer = key ?? (by ? keyOf(by) : owner);
    return { kind: 'life', tokenId, number, event: LIFE_KINDS[kind], organisation, key: signer, contentHash, words };
  };
  const teller: Teller = {
    moved: (block, to) => add(block, move(to)),
    claimed: (block, to, recoverable, claimKey = entries[index]?.claimKey ?? '') =>
      add(block, move(to), { kind: 'claim', tokenId, to, claimKey, recoverable }),
    approved: (block, to) => add(block, { kind: 'approval', tokenId, owner, to }),
    said: (block, kind, by) => add(block, life(kind, by)),
    recovered: (block, to) => add(block, move(to), life('recovered', { key: ZERO_ADDRESS, contentHash: padded(to) })),
  };
  tell(teller);
  return story;
}

function batchStory(name: BatchName, ...told: readonly (readonly [number, LifeKind, string])[]): Story {
  const { id: batchId, header } = BATCHES[name];
  return told.map(([block, kind, words], i) => [
    block,
    {
      kind: 'batch-life',
      batchId,
      number: i + 1,
      event: LIFE_KINDS[kind],
      organisation: header.organisation,
      key: keyOf('maison-aube'),
      words,
    },
  ]);
}

const maker = keyOf('maison-aube');
const court = { by: 'court-ouest', words: 'Order 12 of this court' } as const;
const begun = (to: string): Said => ({ ...court, contentHash: padded(to) });
const FRESH_CARD = addressOf('a fresh card');

const STORIES: readonly Story[] = [
  storyOf('lived', LIVED.long, (it) =>
    it
      .said(14, 'card-set', { key: maker, contentHash: padded(FRESH_CARD) })
      .moved(14, at('boutique-nord'))
      .said(14, 'handovers-withdrawn', { key: keyOf('boutique-nord') })
      .claimed(15, anna, true, FRESH_CARD)
      .said(16, 'service', { by: 'bench-sud', contentHash: hashOfText(WORK) })
      .said(17, 'reported-lost', {})
      .said(17, 'report-withdrawn', {})
      .said(18, 'recalled', { by: 'maison-aube', words: 'The clasp may open' })
      .said(20, 'repair', { by: 'bench-sud', contentHash: hashOf('a statement that nobody filed') })
      .said(20, 'recall-lifted', { by: 'maison-zenith', words: 'Repaired' })
      .said(21, 'corrected', { by: 'maison-zenith', contentHash: hashOfText(CORRECTION), words: 'Gold 750, not 585' }),
  ),
  storyOf('lived', LIVED.stolen, (it) => it.moved(14, anna).said(18, 'reported-stolen', {})),
  storyOf('lived', LIVED.recovered, (it) =>
    it.claimed(14, anna, true).said(16, 'recovery-begun', begun(carla)).recovered(19, carla),
  ),
  storyOf('lived', LIVED.recovering, (it) => it.claimed(14, anna, true).said(19, 'recovery-begun', begun(carla))),
  storyOf('lived', LIVED.melted, (it) => it.moved(14, ben).said(19, 'melted', {})),
  storyOf('lived', LIVED.earlier, (it) =>
    it.moved(14, anna).said(15, 'reported-lost', {}).said(17, 'report-lapsed', { key: ZERO_ADDRESS }).moved(18, ben),
  ),
  storyOf('lived', LIVED.locked, (it) => it.moved(14, anna).said(19, 'locked', court)),
  storyOf('lived', LIVED.withdrawn, (it) =>
    it.moved(14, anna).said(18, 'registration-withdrawn', { by: 'maison-aube', words: 'Never made by us' }),
  ),
  storyOf('lived', LIVED.kept, (it) =>
    it.claimed(14, anna, true).said(16, 'recovery-begun', begun(carla)).approved(17, ben).approved(18, ZERO_ADDRESS),
  ),
  storyOf('lived', LIVED.dismissed, (it) =>
    it
      .moved(14, anna)
      .said(15, 'reported-stolen', {})
      .said(16, 'report-lapsed', { key: ZERO_ADDRESS })
      .moved(17, ben)
      .said(18, 'locked', court)
      .said(19, 'reports-dismissed', court)
      .said(20, 'unlocked', court),
  ),
  storyOf('lived', LIVED.news, (it) => it.moved(14, anna).said(23, 'reported-stolen', {})),
  storyOf('lived', LIVED.forbidden, (it) =>
    it
      .moved(14, anna)
      .said(15, 'recovery-allowed', {})
      .said(16, 'recovery-begun', begun(carla))
      .said(17, 'recovery-cancelled', court)
      .said(18, 'recovery-forbidden', {}),
  ),
  storyOf('lived', LIVED.scarred, (it) =>
    it.moved(14, anna).said(19, 'stone-replaced', { by: 'bench-sud' }).said(20, 'consigned', { by: 'boutique-nord' }),
  ),
  storyOf('scrapped', 1, (it) => it.approved(15, ben)),
  storyOf('scrapped', 2, (it) => it.moved(15, ben)),
  batchStory('recalled', [18, 'recalled', 'The clasp may open']),
  batchStory('lifted', [16, 'recalled', 'The clasp may open'], [18, 'recall-lifted', 'It does not']),
  batchStory('disowned', [18, 'registration-withdrawn', 'Not ours']),
  batchStory('scrapped', [19, 'melted', 'Unsold']),
];

/** What happens to pieces in a block, one after the other. */
export function livedIn(block: number): Happening[] {
  return STORIES.flatMap((story) => story.flatMap(([number, happening]) => (number === block ? [happening] : [])));
}
