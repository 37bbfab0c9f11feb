// Owns which pieces an empty ledger is shown with, in the order they are registered. What each states is its own file's.
import { EMERALD_PENDANT, GOLD_CHAIN, LOOSE_SPINEL, PEARL_STUDS, TENNIS_BRACELET } from './fine-others.ts';
import { BAND_FROM_LOT, SAPPHIRE_RING, SIGNET, SOLITAIRE, WEDDING_BAND } from './fine-rings.ts';
import { COTTON_NECKLACE, GLASS_EARRINGS, OLD_BROOCH, RESIN_PENDANT } from './imitation.ts';
import type { SamplePiece } from './workshop.ts';

export { SAMPLE_PREFIX, type SamplePiece } from './workshop.ts';

export const SAMPLE_PIECES: readonly SamplePiece[] = [
  SOLITAIRE,
  WEDDING_BAND,
  PEARL_STUDS,
  TENNIS_BRACELET,
  SAPPHIRE_RING,
  GLASS_EARRINGS,
  RESIN_PENDANT,
  COTTON_NECKLACE,
  OLD_BROOCH,
  GOLD_CHAIN,
  EMERALD_PENDANT,
  SIGNET,
  LOOSE_SPINEL,
  BAND_FROM_LOT,
];
