// Owns how feedback, gift messages and what visitors tell look: on a passport, and in the forms they have for themselves.
// Colours and type are touchstone.css.ts’s.
export const VISITOR_CSS = `
.ways li + li { margin-top: .35rem; }
.ways a { display: inline-flex; align-items: center; min-height: 44px; }
.ways .beneath { margin-top: -.35rem; }
.scan-note { display: flex; gap: .7rem; margin-bottom: 1.25rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
.scan-note .shape { margin-top: .2rem; color: var(--quiet); stroke-width: 3; }
.scan-note .quiet { margin-top: .4rem; }
.gift { padding: 1.1rem 1.25rem; border-inline-start: 2px solid var(--gold); background: var(--card); font-family: var(--serif); font-size: 1.125rem; line-height: 1.55; }
.gift p { min-height: 1.55em; }
.gift + .quiet { margin-top: .6rem; }
.gift + .quiet a { display: inline-block; padding-block: .7rem; margin-block: -.7rem; }
@media print {
  .ways, .gift + .quiet a { display: none; }
}
`;

export const VISIT_CSS = `
.visit { margin-top: 2rem; display: grid; gap: .6rem; }
.visit fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
.visit legend, .visit label[for] { padding: 0; font-family: var(--serif); font-size: 1.2rem; }
.visit label .quiet { font-family: var(--sans); font-size: .9375rem; }
.visit p:has(> label), .visit fieldset + fieldset { margin-top: 1.1rem; }
.visit .hint { display: block; font-size: .9375rem; }
.visit textarea, .visit input[type=text], .visit input[type=url], .visit select { width: 100%; min-height: 3.25rem; padding: .6rem 1rem; border: 1px solid var(--quiet); border-radius: 3px; background: var(--card); color: var(--ink); font: 1.0625rem/1.5 var(--sans); }
.visit textarea { resize: vertical; }
.visit [aria-invalid] { border: 2px solid var(--warning); }
.visit .code-entry { font-family: var(--mono); }
.visit button { margin-top: .9rem; }
.scores { display: grid; grid-template-columns: repeat(11, minmax(0, 1fr)); gap: .35rem; margin-top: .75rem; }
.scores label { position: relative; }
.scores input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.scores span { display: flex; align-items: center; justify-content: center; min-height: 3rem; border: 1px solid var(--quiet); border-radius: 3px; background: var(--card); font-variant-numeric: tabular-nums; }
.scores input:checked + span { background: var(--ink); border-color: var(--ink); color: var(--paper); font-weight: 600; }
.scores input:focus-visible + span { outline: 3px solid var(--focus); outline-offset: 3px; }
.honey { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.faults { margin-top: 1.5rem; padding: 1rem 1.25rem; border: 2px solid var(--warning); border-radius: 3px; }
.faults ul { margin-top: .35rem; }
.faults a { display: inline-flex; align-items: center; min-height: 44px; }
.fault { color: var(--warning); font-weight: 600; }
.choices { display: grid; gap: .25rem; margin-top: .5rem; }
.choices label { display: flex; align-items: center; gap: .75rem; min-height: 44px; }
.choices input { width: 1.3rem; height: 1.3rem; accent-color: var(--ink); flex: none; }
.two { display: flex; flex-wrap: wrap; gap: .75rem; }
button.other { background: transparent; color: var(--ink); }
button.other:hover { background: var(--ink); color: var(--paper); }
.gift-part + .gift-part { margin-top: 2rem; }
@media (max-width: 40rem) {
  .scores { grid-template-columns: repeat(6, minmax(0, 1fr)); }
}
@media (forced-colors: active) {
  .scores input:checked + span { outline: 3px solid Highlight; }
}
`;
