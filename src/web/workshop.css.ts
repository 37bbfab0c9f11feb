// Owns how the workshop’s pages look. Colours and type are touchstone.css.ts’s.
import { PAPER_CSS } from './paper.css.ts';

const FRAME = `
.console { display: grid; gap: 1.5rem 3rem; }
.console-main { min-width: 0; }
.console-main > h1 { font-size: clamp(1.7rem, 1.4rem + 1.4vw, 2.2rem); }
.console-side { font-size: .9375rem; display: grid; grid-template-columns: 1fr auto; align-items: center; gap: .25rem 1rem; }
.console-menu { grid-column: 1 / -1; border: 1px solid var(--line); border-radius: 3px; background: var(--card); padding-inline: 1rem; }
.console-menu summary { display: flex; align-items: center; gap: .3rem; min-height: 44px; cursor: pointer; font-weight: 600; }
.console-menu summary .quiet { font-weight: 400; }
.console-menu nav { padding-bottom: .75rem; }
.console-group { margin-top: .75rem; color: var(--quiet); font-size: .8125rem; letter-spacing: .04em; }
.console-menu nav a { display: flex; align-items: center; min-height: 44px; text-decoration: none; }
.console-menu nav a:hover { text-decoration: underline; text-decoration-color: var(--gold); }
.console-menu [aria-current] { font-weight: 600; box-shadow: inset 3px 0 0 var(--gold); padding-inline-start: .75rem; }
.plain-button { min-height: 44px; padding: .25rem .9rem; background: transparent; color: var(--ink); border-color: var(--line); font-weight: 400; font-size: .9375rem; }
.plain-button:hover { border-color: var(--ink); }
@media (min-width: 62rem) {
  .console { grid-template-columns: 13.5rem minmax(0, 1fr); align-items: start; }
  .console-side { grid-template-columns: 1fr; }
  .console-side form { justify-self: start; order: 3; margin-top: 1rem; }
}
@supports selector(::details-content) {
  @media (min-width: 62rem) {
    .console-menu { border: 0; background: transparent; padding: 0; }
    .console-menu summary { display: none; }
    .console-menu::details-content { content-visibility: visible; block-size: auto; }
  }
}
@media print { .console { display: block; } .console-side, .form-send, .actions { display: none; } }
`;

const FORMS = `
[hidden] { display: none !important; }
.form { margin-top: 1.5rem; max-width: 40rem; }
.form .form { margin-top: 0; }
.field { margin-top: 1.25rem; border: 0; padding: 0; min-width: 0; }
.field label, .field legend { font-weight: 600; padding: 0; }
.field label .quiet { font-weight: 400; }
.field input:not([type="radio"], [type="checkbox"]), .field select, .field textarea, .cell {
  display: block; width: 100%; min-height: 44px; margin-top: .3rem; padding: .5rem .75rem; border: 1px solid var(--quiet);
  border-radius: 3px; background: var(--card); color: var(--ink); font: 1rem/1.4 var(--sans);
}
.field input.code, .field textarea.code { font-family: var(--mono); font-size: .9375rem; }
.field-wrong input, .field-wrong select, .field-wrong textarea, .cell-wrong .cell { border-color: var(--warning); border-width: 2px; }
.hint { color: var(--quiet); font-size: .9375rem; }
.fault { color: var(--warning); font-weight: 600; font-size: .9375rem; }
.field .tick, .tick { display: flex; align-items: center; gap: .6rem; min-height: 44px; font-weight: 400; }
.tick input { flex: none; width: 1.25rem; height: 1.25rem; accent-color: var(--ink); }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); gap: 0 1.25rem; align-items: end; }
.group { margin-top: 2rem; padding: 1rem 1.25rem 1.25rem; border: 1px solid var(--line); border-radius: 3px; background: var(--card); min-width: 0; }
.group > legend { font: 400 1.2rem var(--serif); padding-inline: .4rem; margin-inline-start: -.4rem; }
.group .field:first-of-type { margin-top: .25rem; }
.group .field input:not([type="radio"], [type="checkbox"]), .group .field select, .group .field textarea { background: var(--paper); }
.form-send { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: center; margin-top: 1.75rem; }
button.grave { background: var(--warning); border-color: var(--warning); }
button.grave:hover { background: transparent; color: var(--warning); }
button.beside, .button.beside { background: transparent; color: var(--ink); }
button.beside:hover, .button.beside:hover { background: var(--ink); color: var(--paper); }
.faults { margin-top: 1.25rem; padding: 1rem 1.25rem; border: 1px solid var(--warning); border-inline-start-width: 5px; border-radius: 3px; background: var(--card); }
.faults li { margin-top: .35rem; }
.done { margin-bottom: 1.25rem; padding: .75rem 1.25rem; border: 1px solid var(--genuine); border-inline-start-width: 5px; border-radius: 3px; background: var(--card); }
.shown-once { display: block; padding: .75rem 1rem; margin-top: .75rem; background: var(--card); border: 1px solid var(--gold); border-radius: 3px; font-family: var(--mono); overflow-wrap: anywhere; user-select: all; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
.actions .button, .actions button { min-height: 44px; padding: .4rem 1.1rem; font-size: .9375rem; }
.console-main .part { margin-top: 2.75rem; }
.console-main .first-part { margin-top: 1.5rem; }
.attention a { display: inline-flex; min-height: 44px; align-items: center; }
.attention li + li { margin-top: 0; }
.attention li::before { top: 1.3rem; }
.console-main .opening { font-size: 1.0625rem; margin-top: .75rem; max-width: 44rem; }
.console-main p, .console-main .faults, .console-main .done { max-width: 44rem; }
`;

const LISTS = `
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9rem, 100%), 1fr)); gap: .75rem; margin-top: 1.5rem; }
.tiles + p, .form-send + p, .console-main .facts, .table.stack { margin-top: 1.25rem; }
.console-main > h1 + p, .console-main .opening + p { margin-top: .75rem; }
.tiles a { display: block; height: 100%; padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: 3px; background: var(--card); text-decoration: none; }
.tiles a:hover { border-color: var(--gold); }
.tiles strong { display: block; font: 400 1.9rem/1.2 var(--serif); font-variant-numeric: lining-nums tabular-nums; }
.tiles span { color: var(--quiet); font-size: .9375rem; }
.tile-none strong { color: var(--quiet); }
.wide-table { overflow-x: auto; margin-top: 1.25rem; }
.wide-table:focus-visible { outline-offset: 0; }
.table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.table caption { text-align: start; color: var(--quiet); padding-bottom: .5rem; }
.table th, .table td { text-align: start; vertical-align: top; padding: .6rem .9rem .6rem 0; border-bottom: 1px solid var(--line); }
.table thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
.table .number { text-align: end; font-variant-numeric: tabular-nums; }
.table a { display: inline-block; padding-block: .5rem; margin-block: -.5rem; }
.table .cell { min-width: 9rem; margin: 0; }
.mapping .cell { max-width: 20rem; }
.preview { margin-top: 2.5rem; padding: .5rem 1.5rem 1.5rem; border: 1px dashed var(--quiet); border-radius: 3px; max-width: 46rem; }
.preview .part { margin-top: 2.25rem; }
.more > summary { min-height: 44px; display: flex; align-items: center; gap: .5rem; cursor: pointer; color: var(--quiet); }
.more > summary::before { content: "+"; width: 1rem; font-family: var(--mono); }
.more[open] > summary::before { content: "–"; }
.tile { height: 100%; padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: 3px; background: var(--card); }
.mend { padding: 1.1rem 1.25rem; border: 1px solid var(--line); border-radius: 3px; background: var(--card); margin-top: 1rem; }
.filter { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin-top: 1.25rem; }
.filter .field { margin-top: 0; flex: 1 1 12rem; max-width: 22rem; }
.filter button { min-height: 44px; padding: .4rem 1.25rem; }
.pager { display: flex; gap: 1rem; margin-top: 1.25rem; }
.state { white-space: nowrap; }
.progress { width: 100%; max-width: 40rem; height: .9rem; margin-top: 1rem; accent-color: var(--genuine); }
@media (max-width: 40rem) {
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { display: block; padding-block: .75rem; border-bottom: 1px solid var(--line); }
  .stack th, .stack td { display: flex; gap: .25rem .75rem; padding: .15rem 0; border: 0; flex-wrap: wrap; }
  .stack .number { text-align: start; }
  .stack td[data-label]::before { content: attr(data-label); flex: none; min-width: 6.5rem; color: var(--quiet); }
}
`;

const VISITORS = `
.bar { width: 100%; min-width: 5rem; max-width: 18rem; height: .7rem; margin-block: .45rem; fill: var(--gold); background: var(--line); border-radius: 2px; }
.told > li { padding-block: 1.25rem; border-top: 1px solid var(--line); }
.told-head { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
.told-head a { display: inline-block; padding-block: .5rem; margin-block: -.5rem; }
.told-score { font: 400 1.6rem/1 var(--serif); min-width: 2.2rem; }
.told-title { font-size: 1.2rem; }
.told-closed .told-title, .told-closed .facts { color: var(--quiet); }
.told blockquote { margin-top: .5rem; padding-inline-start: 1rem; border-inline-start: 2px solid var(--gold); max-width: 44rem; }
.told .facts { margin-top: .75rem; max-width: 44rem; }
.told .form { margin-top: .5rem; }
.told .form-send { margin-top: .9rem; }
.told .form button { min-height: 44px; padding: .4rem 1.1rem; font-size: .9375rem; }
.told-more summary { display: inline-flex; align-items: center; min-height: 44px; cursor: pointer; text-decoration: underline; text-decoration-color: var(--gold); }
.told .crafts { margin-block: .5rem .75rem; }
`;

export const WORKSHOP_CSS = FRAME + FORMS + LISTS + VISITORS + PAPER_CSS;
