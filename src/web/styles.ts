// Owns putting the one stylesheet together and how pages carry it: within themselves, so that one answer is enough to paint
// the first time. The policy names each part by its hash instead of allowing inline styles. The words of the sheets stand
// in touchstone.css.ts (every page) and *.css.ts (what only some pages have).
import { createHash } from 'node:crypto';
import { Html } from './html.ts';
import { OWNER_CSS } from './owner.css.ts';
import { TOUCHSTONE_CSS } from './touchstone.css.ts';
import { TRADE_CSS } from './trade.css.ts';
import { VISIT_CSS, VISITOR_CSS } from './visitor.css.ts';
import { WORKSHOP_CSS } from './workshop.css.ts';

const SHEETS = {
  everywhere: TOUCHSTONE_CSS,
  visitor: VISITOR_CSS,
  visit: VISIT_CSS,
  owner: OWNER_CSS,
  trade: TRADE_CSS,
  workshop: WORKSHOP_CSS,
} as const;
export type Sheet = Exclude<keyof typeof SHEETS, 'everywhere'>;

/** Without the comments and line breaks that only its authors need. */
const texts = Object.fromEntries(
  Object.entries(SHEETS).map(([name, css]) => [
    name,
    css
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\s*\n\s*/g, ' ')
      .trim(),
  ]),
) as Record<keyof typeof SHEETS, string>;

/** As style-src takes them. */
export const STYLE_HASHES: readonly string[] = Object.values(texts).map(
  (css) => `'sha256-${createHash('sha256').update(css).digest('base64')}'`,
);

export function styleElements(sheets: readonly Sheet[]): Html {
  return Html.made((['everywhere', ...sheets] as const).map((name) => `<style>${texts[name]}</style>`).join(''));
}
