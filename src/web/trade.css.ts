// Owns how the check, the scanner and the page for trade look. Colours and type are touchstone.css.ts’s.
export const TRADE_CSS = `
[hidden] { display: none !important; }
h2[tabindex="-1"]:focus { outline: none; }
.fields { display: grid; gap: 1.75rem; margin-top: 2rem; }
.field label, .field legend { font: 400 1.2rem/1.3 var(--serif); padding: 0; }
.field .quiet { margin-bottom: .6rem; }
.field input, .field select, .field textarea { width: 100%; min-height: 3rem; padding: .5rem .9rem; border: 1px solid var(--quiet); border-radius: 3px; background: var(--card); color: var(--ink); font: 1.0625rem/1.5 var(--mono); }
.field select { font-family: var(--sans); }
.field textarea { min-height: 9rem; resize: vertical; }
.field input[type="file"] { padding: .6rem; border-style: dashed; font-family: var(--sans); }
.drop.over input[type="file"] { border: 2px solid var(--gold); }
.wrong { color: var(--warning); font-weight: 600; }
.wrong:empty { display: none; }
.notice { margin-top: 1.5rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
.plain-button { background: transparent; color: var(--ink); }
.plain-button:hover { background: var(--ink); color: var(--paper); }
button[aria-disabled="true"] { opacity: .55; cursor: default; }
#headline { display: flex; gap: .9rem; align-items: flex-start; min-height: 3.5rem; color: var(--tone); }
#headline .verdict-sentence { margin: 0; color: var(--ink); }
#took { margin: .75rem 0 1.25rem; }
.ticking li { animation: tick .18s ease-out; }
@keyframes tick { from { opacity: 0; transform: translateY(.3rem); } }
.checks + .quiet { margin-top: 1rem; }
#record, .folded { margin-top: 1.5rem; border-top: 1px solid var(--line); }
#record > summary, .folded > summary { min-height: 3rem; display: flex; align-items: center; cursor: pointer; font-family: var(--serif); font-size: 1.2rem; }
#record pre { max-height: 24rem; overflow: auto; margin: 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); font-size: .8125rem; white-space: pre-wrap; }
.part > .command { margin-block: .75rem; }
.viewer { position: relative; margin-top: 1.75rem; background: #000; border-radius: 3px; overflow: hidden; max-width: 32rem; }
.viewer video { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: cover; }
.viewer::after { content: ""; position: absolute; inset: 14% 22%; border: 2px solid #fff; border-radius: 8px; opacity: .8; pointer-events: none; }
.unseen { position: absolute; width: 1px; height: 1px; opacity: 0; }
.unseen:focus-visible { outline: none; }
.actions:has(+ .unseen:focus-visible) label { outline: 3px solid var(--focus); outline-offset: 3px; }
.code-shown { display: block; padding: .6rem .9rem; background: var(--card); border: 1px solid var(--line); font-family: var(--mono); }
.table { margin-top: 1.5rem; overflow-x: auto; }
.table table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.table th, .table td { padding: .65rem .75rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
.table th { overflow-wrap: normal; color: var(--quiet); font-weight: 600; }
.table td .shape { width: 22px; height: 22px; }
.table .standing-cell { display: flex; gap: .5rem; color: var(--tone); }
.tone-genuine { --tone: var(--genuine); }
.tone-pending { --tone: var(--pending); }
.tone-warning { --tone: var(--warning); }
.table input[type="checkbox"] { width: 24px; height: 24px; margin: 10px; accent-color: var(--gold); }
.table td a, .table td button { display: inline-flex; align-items: center; min-height: 44px; }
.table td button { padding: .25rem .75rem; font-size: .9375rem; }
.look-list li { padding-inline-start: 1rem; border-inline-start: 2px solid var(--gold); }
.look-list li + li { margin-top: .4rem; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin-top: 1rem; border: 0; padding: 0; }
.filters label { display: inline-flex; align-items: center; min-height: 44px; gap: .5rem; font: inherit; }
.filters input { width: 22px; height: 22px; min-height: 0; accent-color: var(--gold); }
.shipment { padding-block: 1rem; border-top: 1px solid var(--line); }
@media (max-width: 46rem) {
  .table table, .table tbody, .table tr, .table td { display: block; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { padding-block: .75rem; border-bottom: 1px solid var(--line); }
  .table td { padding: .25rem 0; border: 0; }
  .table td[data-name]::before { content: attr(data-name); display: block; color: var(--quiet); font-size: .8125rem; }
  .table td:empty { display: none; }
}
@media print { .fields, .actions, .filters { display: none; } }
`;
