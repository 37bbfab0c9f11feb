// Owns the sample's lot of material, as its refiner states it. All of it is made up.
import { LOT_SCHEMA, type LotStatement } from '../core/lot.ts';
import { dated, INVENTED } from './workshop.ts';

export const SAMPLE_LOT: LotStatement = {
  schema: LOT_SCHEMA,
  language: 'en',
  title: 'Fine gold, 999.9, refined from old jewellery in a melt of its own',
  material: { type: 'metal', metal: 'gold' },
  finenessPerMillion: 999_900,
  unit: 'mg',
  quantity: 250_000,
  origin: { text: 'Old jewellery bought back over the counter in Valcendre', country: 'FR' },
  custody: 'segregated',
  statement: `Electrolytically refined; the bar was assayed by sparks at both ends. ${INVENTED.en.value}`,
  reference: 'AT-SAMPLE-301',
  date: dated('18 May 2026', '2026-05-18'),
};
