// Owns how choosing a key looks, typing one in, and the sheet a paper key is printed on. Part of owner.css.ts.
export const KEYS_CSS = `
.keys { margin: 1.75rem 0 0; padding: 0; border: 0; min-width: 0; }
.keys legend { padding: 0; font: 400 1.25rem/1.3 var(--serif); }
.key { margin-top: .75rem; padding: .35rem 1rem .9rem; background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
.key:has(> label > input:checked) { border-color: var(--gold); }
.key > label { display: flex; align-items: center; gap: .75rem; min-height: 44px; cursor: pointer; }
.key:has(> label > input:disabled) { color: var(--quiet); }
.key input[type="radio"], .agree input { flex: none; width: 1.35rem; height: 1.35rem; margin: 0; accent-color: var(--ink); }
.key-about { padding-inline-start: 2.1rem; color: var(--quiet); font-size: .9375rem; }
.key-more { margin-top: .9rem; padding-inline-start: 2.1rem; }
.key-more > p + p, .key-more > .groups + p { margin-top: .9rem; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: .5rem; counter-reset: group; margin-top: .9rem; }
.groups li { counter-increment: group; padding: .45rem .5rem; border: 1px solid var(--line); border-radius: 3px; background: var(--paper); font: 600 1.1rem var(--mono); text-align: center; white-space: nowrap; }
.groups li::before { content: counter(group); display: block; font: 400 .8125rem var(--sans); color: var(--quiet); }
input.group, input.secret, select { display: block; margin-top: .35rem; min-height: 3rem; padding: .4rem .9rem; border: 1px solid var(--quiet); border-radius: 3px; background: var(--card); color: var(--ink); font: 1.0625rem var(--mono); }
select { font-family: var(--sans); max-width: 100%; }
input.group { width: 9rem; text-transform: uppercase; }
input.secret { width: 100%; text-transform: uppercase; }
button.second, .button.second { background: transparent; color: var(--ink); }
button.second:hover, .button.second:hover { background: var(--ink); color: var(--paper); }
button[aria-disabled="true"] { opacity: .55; cursor: progress; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
.fault { margin-top: .9rem; padding: .6rem .9rem; border-inline-start: 3px solid var(--warning); color: var(--warning); background: var(--card); }
.paper-entry { max-width: 32rem; width: calc(100% - 2rem); padding: 1.5rem; border: 1px solid var(--line); border-radius: 3px; background: var(--paper); color: var(--ink); }
.paper-entry::backdrop { background: rgb(0 0 0 / .45); }
.paper-entry label { font: 400 1.25rem/1.3 var(--serif); }
.sheet { display: none; }
@media print {
  .prints-sheet .top, .prints-sheet .foot, .prints-sheet main > :not(.sheet) { display: none; }
  .prints-sheet .sheet { display: block; }
  .sheet > * + * { margin-top: .8rem; }
  .sheet-key { display: flex; align-items: center; gap: 8mm; break-inside: avoid; }
  .sheet-key .qr { width: 62mm; flex: none; }
  .sheet .groups { grid-template-columns: 1fr 1fr; margin: 0; flex: 1; }
  .sheet .groups li { font-size: 13pt; }
  .sheet-code { font: 7pt/1.35 var(--mono); }
}
`;
