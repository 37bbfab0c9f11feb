// Owns how every page looks, on a phone, a screen and paper; styles.ts puts it into them. A module, not a file beside one, so
// that a compiled package carries it. Fonts, pictures and anything else from elsewhere never enter.

const COLOURS = `
:root {
  color-scheme: light dark;
  --paper: #faf6ee; --card: #fffdf8; --ink: #26211b; --quiet: #6a6052; --line: #e4dccd;
  --gold: #a9812f; --genuine: #1f5c3d; --pending: #875200; --warning: #9c2a20; --focus: #1b4f8f; --slab: #26211b;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, "Book Antiqua", Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171410; --card: #1f1b16; --ink: #f0e8da; --quiet: #b0a490; --line: #3a3329;
    --gold: #cda657; --genuine: #8fcba5; --pending: #e6b566; --warning: #f29c90; --focus: #9cc3f5; --slab: #4a4135;
  }
}
`;

const GROUND = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 400 1.0625rem/1.6 var(--sans); overflow-wrap: anywhere; font-variant-numeric: lining-nums;
}
main, .top, .foot { width: 100%; max-width: 43rem; margin-inline: auto; padding-inline: 1.5rem; }
main { padding-block: 2.5rem; }
main:focus { outline: none; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure, blockquote { margin: 0; padding: 0; }
h1, h2, h3 { font-family: var(--serif); font-weight: 400; line-height: 1.25; text-wrap: balance; }
h1 { font-size: clamp(1.9rem, 1.45rem + 2.2vw, 2.6rem); line-height: 1.18; letter-spacing: -.008em; }
h2 { font-size: 1.5rem; }
h3 { font-size: 1.2rem; }
h4 { font-size: .9375rem; font-weight: 600; }
p { text-wrap: pretty; }
ul, ol { list-style: none; }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--gold); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 2px; }
code, .code { font-family: var(--mono); font-size: .875em; direction: ltr; unicode-bidi: isolate; }
img, svg { display: block; max-width: 100%; }
.quiet { color: var(--quiet); }
p.quiet { font-size: .9375rem; }
.said { white-space: pre-wrap; }
.together { white-space: nowrap; }
.beneath { display: block; color: var(--quiet); font-size: .9375rem; }
.skip { position: absolute; inset-inline-start: 1rem; top: -6rem; padding: .75rem 1rem; background: var(--card); }
:lang(ar) { letter-spacing: 0; }
.skip:focus { top: 1rem; z-index: 1; }
`;

const FRAME = `
.top { padding-block: 1.1rem 1rem; position: relative; }
.top::after { content: ""; position: absolute; inset-inline: 1.5rem; bottom: 0; border-bottom: 1px solid var(--gold); }
.wordmark { display: inline-flex; align-items: center; gap: .65rem; min-height: 44px; font-family: var(--serif); font-size: 1.2rem; letter-spacing: .03em; text-decoration: none; }
.stone-slab { fill: var(--slab); }
.stone-streak { fill: none; stroke: var(--gold); stroke-width: 3; stroke-linecap: round; }
.foot { padding-block: 1.75rem 3rem; color: var(--quiet); font-size: .9375rem; }
.foot::before { content: ""; display: block; border-top: 1px solid var(--line); margin-bottom: 1.75rem; }
.foot ul { display: flex; flex-wrap: wrap; column-gap: 1.75rem; margin-top: .25rem; }
.foot .languages { margin-top: .5rem; }
.foot [aria-current] { text-decoration: none; color: var(--ink); font-weight: 600; }
.wide main, .wide .top, .wide .foot { max-width: 72rem; }
.foot a { display: inline-flex; align-items: center; min-height: 44px; }
.part { margin-top: 4rem; scroll-margin-top: 1rem; }
.part > h2 { margin-bottom: .9rem; }
.part > h2:has(+ .lead) { margin-bottom: .5rem; }
.part > .lead { color: var(--quiet); margin-bottom: 1.5rem; }
.part > .sub { margin: 2.25rem 0 .75rem; }
.part > p + p { margin-top: .5rem; }
`;

const VERDICT = `
.shape { flex: none; fill: none; stroke: currentColor; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round; }
.shape-genuine .cut, .shape-warning .cut { stroke: var(--paper); stroke-width: 4.5; fill: none; }
.shape-pending { stroke-width: 2.6; }
.verdict-genuine-record { --tone: var(--genuine); }
.verdict-pending { --tone: var(--pending); }
.verdict-warning { --tone: var(--warning); }
.verdict-word { display: flex; align-items: center; gap: .9rem; color: var(--tone); font-size: 1.0625rem; }
.verdict-word strong { font-weight: 600; letter-spacing: .01em; }
.verdict-sentence { margin-top: 1rem; font: 400 clamp(1.4rem, 1.2rem + 1vw, 1.75rem)/1.32 var(--serif); letter-spacing: 0; text-wrap: pretty; }
.verdict-notes { margin-top: 1.1rem; }
.verdict-notes li { display: flex; gap: .6rem; }
.verdict-notes li + li { margin-top: .7rem; }
.verdict-notes .shape { margin-top: .2rem; }
.cause .shape { color: var(--warning); }
.beside .shape { color: var(--pending); }
.verdict-aside { margin-top: .9rem; }
.verdict .button { margin-top: 1.25rem; }
.verdict-state { margin-top: 1.25rem; font-size: .9375rem; color: var(--quiet); display: grid; gap: .3rem; }
.verdict-state p:first-child:not(:last-child) { display: flex; gap: .6rem; }
.verdict-state .shape { margin-top: .1rem; color: var(--genuine); }
.verdict-warning .verdict-state .shape { color: var(--quiet); }
.verdict-state .shape-hourglass { color: var(--pending); }
.verdict-state strong { color: var(--ink); font-weight: 600; }
.verdict-state .as-of { padding-inline-start: calc(20px + .6rem); }
.verdict-pending .as-of { padding-inline-start: 0; }
.typed { margin-top: 1.25rem; font-size: 1.125rem; }
.typed .code { display: inline-block; padding: .4rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
`;

const PIECE = `
.piece { margin-top: 3rem; }
.plate { background: var(--card); border: 1px solid var(--line); border-radius: 3px; margin-bottom: 1rem; }
.plate img { width: 100%; height: auto; border-radius: 3px 3px 0 0; }
.plate figcaption { padding: .75rem 1rem; font-size: .875rem; color: var(--quiet); }
.plate-drawn { padding: 1.75rem 1rem .25rem; text-align: center; }
.drawing { width: 15rem; margin-inline: auto; fill: none; stroke: var(--quiet); stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.drawing * { vector-effect: non-scaling-stroke; }
.drawing .gold { stroke: var(--gold); }
.drawing .beads { stroke-width: 3.4; stroke-dasharray: 0 6.6; }
.absent { margin-bottom: 1rem; font-size: .9375rem; }
.kind { margin-top: 2rem; color: var(--quiet); }
.piece h1 { margin-top: .15rem; text-align: match-parent; }
.by { margin-top: .6rem; font-size: 1.125rem; color: var(--ink); }
.piece .facts { margin-top: 1.75rem; }
.facts > div { display: grid; grid-template-columns: minmax(8.5rem, 30%) 1fr; gap: 0 1.25rem; padding-block: .6rem; border-top: 1px solid var(--line); }
.facts > div:last-child { border-bottom: 1px solid var(--line); }
.facts dt { color: var(--quiet); font-size: .9375rem; padding-top: .0625rem; }
.facts dd { min-width: 0; }
.plain li + li { margin-top: .35rem; }
`;

const STORY = `
.material { padding-block: 1.6rem; border-top: 1px solid var(--line); }
.material:last-child { padding-bottom: .5rem; }
.material-head { display: flex; justify-content: space-between; align-items: baseline; gap: 1.25rem; }
.material-head h3 { font-size: 1.3rem; min-width: 0; }
.material-head h3::first-letter, .facts dt::first-letter { text-transform: uppercase; }
.amount { flex: none; font-family: var(--serif); font-size: 1.2rem; font-variant-numeric: tabular-nums lining-nums; }
.material-line { margin-top: .15rem; }
.nature { font-weight: 600; }
.material .facts { margin-top: .85rem; font-size: 1rem; }
.material .facts > div { padding-block: .2rem; border: 0; }
.material .gaps { margin-top: .8rem; }
.material h4 { margin-top: 1.25rem; }
.quote { display: block; font-family: var(--serif); font-size: 1.125rem; line-height: 1.55; quotes: "\\201c" "\\201d"; }
.quote:lang(fr) { quotes: "\\ab\\a0" "\\a0\\bb"; }
.quote:lang(de) { quotes: "\\201e" "\\201c"; }
.quote:is(:lang(it), :lang(es), :lang(ar)) { quotes: "\\ab" "\\bb"; }
.quote:lang(ja) { quotes: "\\300c" "\\300d"; }
.quote::before { content: open-quote; }
.quote::after { content: close-quote; }
.material > .quote { margin-top: .7rem; color: var(--quiet); font-style: italic; font-size: 1.0625rem; }
.material > .quote:is(:lang(zh), :lang(ja), :lang(ar)) { font-style: normal; }
.claims > li { padding-block: 1rem; border-top: 1px solid var(--line); }
.material .claims > li { padding-block: .35rem; border-top: 0; }
.claims > li:first-child, .declared > li:first-child { padding-top: 0; border-top: 0; }
.claims > li:last-child { padding-bottom: 0; }
.evidence { color: var(--ink); }
.claims .beneath { margin-top: .2rem; }
.crafts li { position: relative; padding-inline-start: 1.4rem; }
.crafts li + li { margin-top: .6rem; }
.crafts li::before { content: ""; position: absolute; inset-inline-start: .15rem; top: .68em; width: .42rem; height: .42rem; background: var(--gold); transform: rotate(45deg); }
.story { font-family: var(--serif); font-size: 1.1875rem; line-height: 1.65; }
.declared > li { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0 1.25rem; padding-block: .9rem; border-top: 1px solid var(--line); }
.declared > li > * { min-width: 0; }
.step-kind { color: var(--quiet); font-size: .9375rem; padding-top: .15rem; }
.timeline { position: relative; }
.timeline > li { position: relative; padding-block: 0 1.5rem; padding-inline: 2rem 0; }
.timeline > li:last-child { padding-block-end: 0; }
.timeline > li::before { content: ""; position: absolute; inset-inline-start: .1rem; top: .42rem; width: .8rem; height: .8rem; border: 2px solid var(--ink); border-radius: 50%; background: var(--paper); }
.timeline > li:last-child::before { background: var(--ink); }
.timeline > li:not(:last-child)::after { content: ""; position: absolute; inset-inline-start: .45rem; top: 1.35rem; bottom: -.3rem; border-inline-start: 1px solid var(--quiet); }
.timeline .quote, .timeline .reason, .changes, .timeline .papers, .timeline .standing { margin-top: .5rem; }
.changes li + li { margin-top: .35rem; }
.changes li { padding-inline-start: .9rem; border-inline-start: 2px solid var(--gold); }
.changed { display: flex; gap: .6rem; margin-top: .3rem; font-size: .9375rem; color: var(--quiet); }
.changed .shape { margin-top: .1rem; }
.settling { display: inline-flex; align-items: center; gap: .25rem; margin-inline-start: .4rem; color: var(--pending); }
.papers > li + li, .papers + .papers { margin-top: .6rem; }
.papers a { display: inline-block; padding-block: .55rem; margin-block: -.55rem 0; }
.papers a + .beneath { margin-top: -.55rem; }
.papers + p { margin-top: .75rem; }
`;

const CERTIFICATES = `
.certificates { display: grid; gap: 1rem; }
.certificates > li { min-width: 0; }
.certificate { padding: 1.1rem 1.25rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: 3px; scroll-margin-top: 1rem; }
.certificate:target { border-color: var(--gold); }
.certificate-title { font: 400 1.2rem/1.3 var(--serif); text-wrap: balance; }
.certificate > p { margin-top: .35rem; }
.certificate .quote { margin-top: .6rem; }
.certificate del { text-decoration-color: var(--warning); text-decoration-thickness: 1px; }
.certificate-revoked .certificate-title, .certificate-revoked .quote { color: var(--quiet); }
.standing { display: flex; gap: .6rem; margin-top: .5rem; }
.standing .shape { margin-top: .2rem; color: var(--quiet); }
.standing-cross .shape { color: var(--warning); }
.standing-bar .shape, .standing-hourglass .shape { color: var(--pending); }
.certificate .facts { margin-top: .9rem; font-size: 1rem; }
.certificate .facts > div { padding-block: .3rem; }
.details .facts > div { border: 0; padding-block: .15rem; }
.details .facts dd { font-size: .9375rem; }
.details a { display: inline-block; padding-block: .7rem; margin-block: -.7rem; }
.certificate .quote + .beneath, .certificate del + .beneath { margin-top: .4rem; }
.known { margin-top: 1.25rem; }
.sub + .certificates, .part > .quiet + .certificates { margin-top: 1rem; }
.reports li { display: flex; gap: .7rem; }
.reports li + li { margin-top: .7rem; }
.reports .shape { margin-top: .2rem; color: var(--genuine); }
.reports .shape-open { color: var(--quiet); stroke-width: 3; }
.reports .shape-bar { color: var(--pending); }
.reports .shape-cross { color: var(--warning); }
.command + .papers { margin-top: 1.25rem; }
.proof h4 { margin: 1.25rem 0 .4rem; }
.command { padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
`;

const PROOF = `
.proves li, .checks li { display: flex; gap: .7rem; }
.proves li + li, .checks li + li { margin-top: .6rem; }
.proves .shape, .checks .shape { margin-top: .2rem; color: var(--genuine); }
.proves .shape-open, .checks .shape-open { color: var(--quiet); stroke-width: 3; }
.proves .shape-bar, .checks .shape-bar { color: var(--pending); }
.checks .shape-cross { color: var(--warning); }
.compare { counter-reset: look; margin-bottom: 1rem; }
.compare li { counter-increment: look; position: relative; padding-inline-start: 2rem; }
.compare li + li { margin-top: .5rem; }
.compare li::before { content: counter(look); position: absolute; inset-inline-start: 0; font-family: var(--serif); font-size: 1.15rem; line-height: 1.45; color: var(--gold); }
.proof { margin-top: 4rem; border-top: 1px solid var(--line); }
.proof > summary { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 4rem; cursor: pointer; list-style: none; }
.proof > summary::-webkit-details-marker { display: none; }
.proof > summary::after { content: ""; flex: none; width: .6rem; height: .6rem; margin-inline-end: .4rem; border: solid var(--gold); border-width: 0 2px 2px 0; transform: rotate(45deg) translate(-2px, -2px); }
.proof[open] > summary::after { transform: rotate(225deg) translate(-2px, -2px); }
.proof > p + p { margin-top: .75rem; }
.proof > h3 { margin: 2rem 0 .6rem; }
.proof > :last-child { margin-bottom: 1.75rem; }
.proof .facts { font-size: .9375rem; }
`;

const FRONT = `
.opening { margin-top: 1.25rem; font-size: 1.1875rem; line-height: 1.55; }
.opening + p { margin-top: .75rem; }
.find { margin-top: 2.25rem; }
.find label { font-family: var(--serif); font-size: 1.25rem; }
.find-row { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: .9rem; }
.find input { flex: 1 1 16rem; min-width: 0; min-height: 3.25rem; padding: .5rem 1rem; border: 1px solid var(--quiet); border-radius: 3px; background: var(--card); color: var(--ink); font: 1.0625rem var(--mono); }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 3.25rem; padding: .5rem 1.5rem; border: 1px solid var(--ink); border-radius: 3px; background: var(--ink); color: var(--paper); font: 600 1.0625rem var(--sans); text-decoration: none; cursor: pointer; }
button:hover, .button:hover { background: transparent; color: var(--ink); }
main > p > .button { margin-block: 1.75rem; }
main > .find + .quiet { margin-top: 1.5rem; }
.part .find { margin-block: 1rem 1.5rem; }
`;

const PLACES = `
@media (max-width: 30rem) {
  main, .top, .foot { padding-inline: 1.125rem; }
  .top::after { inset-inline: 1.125rem; }
  main { padding-block-start: 1.75rem; }
  .part, .proof { margin-top: 3.25rem; }
  .facts > div { grid-template-columns: minmax(6.25rem, 33%) 1fr; gap: 0 .9rem; }
  .declared > li { grid-template-columns: 1fr; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { scroll-behavior: auto; transition: none; animation: none; }
}
@media (forced-colors: active) {
  .shape-genuine .cut, .shape-warning .cut { stroke: Canvas; }
}
@media print {
  @page { margin: 18mm 16mm; }
  :root { --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --gold: #8a6a24; --genuine: #1f5c3d; --pending: #875200; --warning: #9c2a20; --slab: #26211b; font-size: 9.5pt; }
  body { line-height: 1.45; }
  main, .top, .foot { max-width: 40rem; padding-inline: 0; }
  .top::after { inset-inline: 0; }
  .skip, .foot nav, .button, .find { display: none; }
  .part, .proof { margin-top: 1.75rem; }
  .part > h2, .part > .lead, .material-head, .sub { break-after: avoid; }
  .material, .claims > li, .declared > li, .timeline > li, .certificate, .facts > div, .plate { break-inside: avoid; }
  .drawing { width: 9rem; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .proof > summary::after { display: none; }
}
`;

export const TOUCHSTONE_CSS: string = (
  COLOURS +
  GROUND +
  FRAME +
  VERDICT +
  PIECE +
  STORY +
  CERTIFICATES +
  PROOF +
  FRONT +
  PLACES
).trimStart();
