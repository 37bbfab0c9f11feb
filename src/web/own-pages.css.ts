// Owns how my pieces, handovers and live proofs look. Colours and type are touchstone.css.ts's, keys keys.css.ts's.
export const OWN_PAGES_CSS = `
.own-head { margin-top: 2rem; }
.own-head h1 + p { margin-top: .35rem; }
.own-head a, .own-back a, .own-acts summary, .own-more > summary { display: inline-flex; align-items: center; min-height: 44px; }
.own-part { margin-top: 1.75rem; }
.own-part:focus { outline: none; }
.own-part > h2 { margin-bottom: .6rem; }
.own-part > * + p, .own-part > * + ul, .own-part > * + form { margin-top: .9rem; }
.own-said { margin-top: 1.25rem; min-height: 1.6em; }
.own-said:empty { display: none; }
.own-careful { margin-top: .9rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--gold); }
.own-cautions { margin-top: 1rem; }
.own-clock { font-variant-numeric: tabular-nums; color: var(--quiet); }
.own-clock + div, #proof-again-part, #prove-known { margin-top: 1.25rem; }
.own-file, .find + p, .find ~ p { margin-top: 1rem; }
.own-proven { color: var(--genuine); }
.own-link { margin-top: 1.25rem; }
.own-link .qr { width: min(100%, 22rem); height: auto; margin-inline: auto; background: #fff; border-radius: 3px; }
.own-link-text { margin-top: 1rem; }
.own-link-text label, .own-file label, .own-acts label, .own-more label { display: block; color: var(--quiet); font-size: .9375rem; margin-bottom: .3rem; }
.own-link-text input, .own-acts input, .own-more input { width: 100%; min-height: 44px; padding: .4rem .75rem; border: 1px solid var(--quiet); border-radius: 3px; background: var(--card); color: var(--ink); font: .9375rem var(--mono); text-overflow: ellipsis; }
.own-file { margin-top: 1.25rem; }
.own-file input { max-width: 100%; min-height: 44px; font: inherit; color: inherit; }
.own-until { border: 0; padding: 0; margin: 1rem 0 0; }
.own-until label { display: flex; align-items: center; gap: .6rem; min-height: 44px; }
.own-until input { width: 1.25rem; height: 1.25rem; accent-color: var(--gold); }
.own-pieces { margin-top: 2rem; border-bottom: 1px solid var(--line); }
.own-pieces li { padding-block: .6rem 1rem; border-top: 1px solid var(--line); }
.own-pieces a { display: flex; align-items: center; min-height: 44px; font: 400 1.25rem/1.3 var(--serif); }
.own-state { display: block; color: var(--quiet); }
.own-state[data-tone="genuine-record"] { color: var(--genuine); }
.own-state[data-tone="pending"] { color: var(--pending); }
.own-state[data-tone="warning"] { color: var(--warning); font-weight: 600; }
#my-empty { margin-top: 2rem; }
#my-empty p { margin-top: .5rem; }
.own-acts > li + li { border-top: 1px solid var(--line); }
.own-acts > li:first-child { padding-bottom: 1.25rem; }
.own-acts .button { width: 100%; }
.own-acts > li > button { justify-content: flex-start; width: 100%; min-height: 3.25rem; padding: .5rem 0; border: 0; font-weight: 400; text-align: start; }
.own-acts > li > button:hover { background: transparent; color: var(--ink); text-decoration: underline; text-decoration-color: var(--gold); text-underline-offset: .2em; }
.own-acts details[open] { padding-bottom: 1.25rem; }
.own-acts summary { min-height: 3.25rem; }
.own-acts summary, .own-more > summary { cursor: pointer; width: 100%; justify-content: space-between; gap: 1rem; list-style: none; }
.own-acts summary::-webkit-details-marker, .own-more > summary::-webkit-details-marker { display: none; }
.own-acts summary::after, .own-more > summary::after { content: ""; flex: none; width: .5rem; height: .5rem; margin-inline-end: .4rem; border: solid var(--gold); border-width: 0 2px 2px 0; transform: rotate(45deg) translate(-2px, -2px); }
.own-acts details[open] > summary::after, .own-more[open] > summary::after { transform: rotate(225deg) translate(-2px, -2px); }
.own-acts details p + p, .own-acts form p + p { margin-top: .75rem; }
.own-more { margin-top: 1.25rem; }
.own-more pre { margin: .5rem 0; padding: .75rem 1rem; overflow-x: auto; white-space: pre-wrap; font: .8125rem/1.5 var(--mono); background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
.own-request { padding-block: 1rem; border-top: 1px solid var(--line); }
.own-request .quote { margin-top: .5rem; }
.own-back { margin-top: 2.5rem; }
@media print { .own-acts, .own-link, .own-said { display: none; } }
`;
