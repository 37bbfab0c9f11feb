// Owns the drawn marks: the word-mark's stone, the shapes of verdicts, and a quiet line drawing for each kind of piece
// that has no photograph. Words never enter it: every shape has its word beside it on the page, so all are hidden from
// readers that don't see.
import { type Html, html } from './html.ts';

/** The favicon: a slab of touchstone with one streak of gold. */
export const ICON_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M7 5.5 23.5 3 29 11l-3 15.5L10 29 3 20z" ' +
  'fill="#2a2621"/><path d="m10.5 21.5 11-11" stroke="#d3ab5e" stroke-width="3.2" stroke-linecap="round"/></svg>\n';

export const stoneMark: Html = html`<svg class="stone" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false"><path class="stone-slab" d="M7 5.5 23.5 3 29 11l-3 15.5L10 29 3 20z"/><path class="stone-streak" d="m10.5 21.5 11-11"/></svg>`;

export type Shape = 'genuine' | 'pending' | 'warning' | 'tick' | 'hourglass' | 'bar' | 'cross' | 'open';

/** A seal, an hourglass and a triangle for the verdicts; small signs for single checks. Each differs in outline. */
export function shape(which: Shape): Html {
  const size = which === 'genuine' || which === 'pending' || which === 'warning' ? 48 : 20;
  return html`<svg class="shape shape-${which}" viewBox="0 0 48 48" width="${size}" height="${size}" aria-hidden="true" focusable="false">${SHAPES[which]}</svg>`;
}

const glass = html`<path d="M15 9h18M15 39h18M17.5 9c0 8 3.5 10.5 6.5 15-3 4.5-6.5 7-6.5 15M30.5 9c0 8-3.5 10.5-6.5 15 3 4.5 6.5 7 6.5 15"/><path d="M21 35.5c1-2 2-3 3-4.5 1 1.5 2 2.5 3 4.5z" fill="currentColor"/>`;

const SHAPES: Readonly<Record<Shape, Html>> = {
  genuine: html`<path d="${scallop(12, 22, 1.9)}" fill="currentColor" stroke="none"/><path class="cut" d="m15 24.5 6.2 6.2L33.5 18"/>`,
  pending: html`<circle cx="24" cy="24" r="22.5"/><g transform="translate(6.2 6.2) scale(.74)">${glass}</g>`,
  warning: html`<path d="M24 4.5 45.5 42h-43z" fill="currentColor"/><path class="cut" d="M24 18v11.5M24 35.5v.1"/>`,
  tick: html`<path d="m7 26 11 11L41 13"/>`,
  hourglass: glass,
  bar: html`<path d="M24 6 44 41H4zM24 19v10M24 35v.1"/>`,
  cross: html`<path d="m11 11 26 26M37 11 11 37"/>`,
  open: html`<circle cx="24" cy="24" r="15"/>`,
};

/** What is drawn for a kind of piece when there is no photograph. */
export function drawing(kind: string): Html {
  return html`<svg class="drawing" viewBox="0 0 240 180" aria-hidden="true" focusable="false">${(DRAWINGS[kind] ?? casket)()}</svg>`;
}

const line = (d: string): Html => html`<path d="${d}"/>`;
const gold = (d: string): Html => html`<path class="gold" d="${d}"/>`;
const beads = (d: string): Html => html`<path class="beads" d="${d}"/>`;

function ring(): Html {
  return html`<circle cx="120" cy="116" r="54"/><circle cx="120" cy="116" r="46.5"/>
    ${line('M96 36c0 12 4 20 11 27.5M144 36c0 12-4 20-11 27.5M106 62.5c8 4 20 4 28 0')}
    ${gold('M92 33h56l-28 29zM92 33l11-14h34l11 14M103 19l7.5 14L120 19l9.5 14L137 19M110.5 33 120 62l9.5-29')}`;
}

function drop(x: number): Html {
  return html`${line(`M${x} 66V46c0-17-20-19-20-3v13`)}<circle cx="${x}" cy="70" r="4"/>${line(`M${x} 74v7`)}
    ${gold(`M${x} 81c-9 15-20 26-20 41a20 20 0 0 0 40 0c0-15-11-26-20-41z`)}
    ${gold(`M${x} 98 ${x - 9} 118l9 13 9-13zM${x} 81v17M${x - 9} 118l-11 3M${x + 9} 118l11 3M${x} 131v11`)}`;
}

const earring = (): Html => html`<g transform="translate(-33 -29) scale(1.25)">${drop(130)}</g>`;
const earrings = (): Html => html`<g transform="translate(-30 -29) scale(1.25)">${drop(96)}${drop(156)}</g>`;

const COLLAR = 'M52 18c4 62 30 92 68 92s64-30 68-92';

function necklace(): Html {
  return html`${beads(COLLAR)}${line('M120 112v9')}<circle cx="120" cy="116" r="4"/>
    ${gold('M120 121l17 14-17 28-17-28zM103 135h34M120 121l-7 14 7 28 7-28z')}`;
}

function chain(): Html {
  return html`${beads('M40 36c6 72 36 108 80 108s74-36 80-108')}${beads('M58 36c6 58 30 88 62 88s56-30 62-88')}`;
}

function bracelet(): Html {
  return html`<ellipse cx="120" cy="80" rx="74" ry="38"/><ellipse cx="120" cy="80" rx="66" ry="31"/>
    ${line('M46 80v18c0 21 33 38 74 38s74-17 74-38V80')}
    ${gold('M120 117l8 9.5-8 9.5-8-9.5zM96 115l7 9-7 9-7-9zM144 115l7 9-7 9-7-9zM75 109l5 8-5 8-5-8zM165 109l5 8-5 8-5-8z')}`;
}

/** A flower of eight petals around a stone, on its pin. */
function brooch(): Html {
  const petals = Array.from({ length: 8 }, (_, i) => {
    const turn = `rotate(${i * 45} 120 90)`;
    return html`<g transform="${turn}"><path d="M113.5 71C101 54 104 27 120 18c16 9 19 36 6.5 53"/><path d="M120 63V36"/></g>`;
  });
  return html`${petals}${beads(ellipse(120, 90, 20, 20))}<circle class="gold" cx="120" cy="90" r="14"/>
    ${gold('M114.5 84.5h11v11h-11zM120 76l5.5 8.5M120 76l-5.5 8.5M134 90l-8.5-5.5M134 90l-8.5 5.5M120 104l5.5-8.5M120 104l-5.5-8.5M106 90l8.5-5.5M106 90l8.5 5.5')}`;
}

function watch(): Html {
  const ticks = Array.from({ length: 12 }, (_, i) => {
    const [x, y] = [Math.sin((i * Math.PI) / 6), -Math.cos((i * Math.PI) / 6)];
    return `M${round(120 + 35 * x)} ${round(90 + 35 * y)}L${round(120 + 31 * x)} ${round(90 + 31 * y)}`;
  });
  return html`${line('M100 52l4-44h32l4 44M100 128l4 44h32l4-44M106 20h28M107 32h26M106 160h28M107 148h26')}
    <circle cx="120" cy="90" r="43"/>${line('M163 85h5v10h-5')}<circle cx="120" cy="90" r="38"/>${line(ticks.join(''))}
    ${gold('M120 90 106 73M120 90l19-12M120 90l-4 5')}`;
}

function gemstone(): Html {
  const [cx, cy] = [120, 90];
  const at = (n: number, radius: number, of: number): string => {
    const turn = (n / of) * 2 * Math.PI;
    return `${round(cx + radius * Math.sin(turn))} ${round(cy - radius * Math.cos(turn))}`;
  };
  const polygon = (of: number, radius: number, from = 0): string =>
    `M${Array.from({ length: of }, (_, i) => at(i + from, radius, of)).join('L')}z`;
  const facets = Array.from({ length: 8 }, (_, i) => {
    const tip = at(i, 53, 8);
    const table = `M${at(i - 0.5, 36, 8)}L${tip}L${at(i + 0.5, 36, 8)}`;
    return `${table}M${at(i - 0.5, 68, 8)}L${tip}L${at(i + 0.5, 68, 8)}M${tip}L${at(i, 68, 8)}`;
  });
  return html`${line(polygon(16, 68))}${line(facets.join(''))}${gold(polygon(8, 36, 0.5))}`;
}

function casket(): Html {
  return html`${line('M58 92h124v50a6 6 0 0 1-6 6H64a6 6 0 0 1-6-6zM58 92l14-52a6 6 0 0 1 6-4h84a6 6 0 0 1 6 4l14 52M78 80l9-32h66l9 32z')}
    ${line('M70 104h100')}<circle class="gold" cx="120" cy="122" r="9"/>${gold('M120 113l6 9-6 9-6-9z')}`;
}

function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 1 ${2 * rx} 0a${rx} ${ry} 0 1 1 ${-2 * rx} 0`;
}

/** A circle with `lobes` soft lobes, as a jeweller's seal has. */
function scallop(lobes: number, radius: number, swell: number): string {
  const at = (turn: number, r: number): string => `${round(24 + r * Math.sin(turn))} ${round(24 - r * Math.cos(turn))}`;
  const step = (2 * Math.PI) / lobes;
  const arcs = Array.from(
    { length: lobes },
    (_, i) => `Q${at((i + 0.5) * step, radius + swell)} ${at((i + 1) * step, radius - swell)}`,
  );
  return `M${at(0, radius - swell)}${arcs.join('')}z`;
}

function round(number: number): string {
  return String(Math.round(number * 10) / 10);
}

const DRAWINGS: Readonly<Record<string, () => Html>> = {
  ring,
  earring,
  'pair-of-earrings': earrings,
  necklace,
  pendant: necklace,
  amulet: necklace,
  locket: necklace,
  charm: necklace,
  chain,
  bead: chain,
  bracelet,
  bangle: bracelet,
  anklet: bracelet,
  brooch,
  pin: brooch,
  medal: brooch,
  watch,
  timepiece: watch,
  gemstone,
};
