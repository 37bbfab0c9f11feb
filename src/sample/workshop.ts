// Owns what all sample pieces have in common: their shape, the workshop that made them, its place, its refiner, and
// that they are made up. Every firm, office, laboratory and number named in a sample is invented; pieces never enter it.
import type { LifeStatement } from '../core/life-statement.ts';
import { RECORD_SCHEMA, type Record1 } from '../core/record.ts';

/** GS1's prefix for examples; the sample workshop alone is admitted with it, on an empty ledger. */
export const SAMPLE_PREFIX = '9506000';

export type Statement = Omit<Record1, 'code'>;

export interface SamplePiece {
  readonly statement: Statement;
  /** 14 digits, for what is made as an article again and again; a piece without it gets a code of the workshop's own. */
  readonly gtin?: string;
  /** Who owned it after the workshop, in order. */
  readonly sold?: readonly ('shop' | 'private')[];
  /** What the goldsmith did on it afterwards, with the consent of the last owner, who is a private one. */
  readonly work?: LifeStatement;
  /** It has a claim card, to be tried out; one only, and it is still the workshop's. */
  readonly card?: true;
  /** Its first material is drawn from the sample's lot. */
  readonly fromLot?: true;
  /** The piece to show first; one only. */
  readonly featured?: true;
}

/** The beginning of every record of a piece the workshop made. */
export const OURS = {
  schema: RECORD_SCHEMA,
  recordedAs: 'maker',
  maker: { name: 'Atelier Lune', qualifier: 'stated' },
} satisfies Partial<Statement>;

/** The beginning of every record of a piece the workshop holds and did not make. */
export const HELD = { schema: RECORD_SCHEMA, recordedAs: 'custodian' } satisfies Partial<Statement>;

export const IN_VALCENDRE = { text: 'Valcendre', country: 'FR' } satisfies Statement['made']['place'];

/** @param iso the days of a span, or one day twice; @param text the same as the record's language writes it */
export function dated(text: string, from: string, to = from): Exclude<Statement['made']['date'], 'unknown'> {
  return { text, from, to };
}

/** Organisations that put their names to something. The laboratory's handle reads like the name its reports go by. */
export const CERTIFIERS = {
  office: { handle: 'bureau-de-garantie-valcendre', name: 'Bureau de garantie, Valcendre' },
  laboratory: { handle: 'valcendre-gem-laboratory', name: 'Valcendre Gem Laboratory' },
} as const;

/** Who works on what others made, and who supplies them. */
export const TRADE = {
  goldsmith: { handle: 'forge-du-pont', name: 'Forge du Pont', roles: ['service'] },
  refiner: { handle: 'affinerie-du-torrent', name: 'Affinerie du Torrent', roles: ['custodian'] },
} as const;

export const SPONSOR = 'AL and a crescent in a lozenge';
export const ASSAY_OFFICE = CERTIFIERS.office.name;
export const REFINER = TRADE.refiner.name;
export const GEM_LABORATORY = CERTIFIERS.laboratory.name;
export const TEST_HOUSE = 'Prüfhaus Lindental';

/** Said in every sample's record, because it is shown like anybody's. */
export const INVENTED = {
  en: { type: 'sample', value: 'Invented, for trying the ledger out. No firm, office or report named here exists.' },
  fr: {
    type: 'exemple',
    value: 'Pièce inventée, pour essayer le registre. Ni les maisons ni les rapports cités n’existent.',
  },
  de: {
    type: 'Muster',
    value: 'Erfunden, zum Ausprobieren. Firmen, Ämter und Berichte, die hier stehen, gibt es nicht.',
  },
} as const;
