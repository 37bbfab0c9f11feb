// Owns how papers look that the console prints by itself: claim cards on their sheet, at the size of a bank card. Colours
// and type are touchstone.css.ts’s.

export const PAPER_CSS = `
.cards-sheet { margin-top: 2.5rem; overflow-x: auto; }
.card-page { display: grid; grid-template-columns: 85.6mm 85.6mm; width: 171.2mm; margin-bottom: 2rem; background: #fff; color: #1c1814; }
.claim-card { box-sizing: border-box; width: 85.6mm; height: 54mm; padding: 4mm; display: grid; grid-template-columns: 32mm 1fr; gap: 3.5mm; overflow: hidden; break-inside: avoid;
  --mark: linear-gradient(#8a8175, #8a8175);
  background: var(--mark) 0 0/3mm .15mm, var(--mark) 0 0/.15mm 3mm, var(--mark) 100% 0/3mm .15mm, var(--mark) 100% 0/.15mm 3mm,
    var(--mark) 0 100%/3mm .15mm, var(--mark) 0 100%/.15mm 3mm, var(--mark) 100% 100%/3mm .15mm, var(--mark) 100% 100%/.15mm 3mm;
  background-repeat: no-repeat; print-color-adjust: exact; }
.card-code .qr { display: block; width: 32mm; height: 32mm; background: #fff; }
.card-words { min-width: 0; font: 2.35mm/1.32 var(--sans); }
.card-words p, .card-words h2 { margin: 0 0 .9mm; max-width: none; }
.card-words h2 { font: 400 4.2mm/1.15 var(--serif); }
.card-maker { letter-spacing: .05em; }
.card-piece { font: italic 2.9mm/1.2 var(--serif); display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.card-secret { font: 600 2.5mm/1.35 var(--mono); overflow-wrap: anywhere; }
.card-keep { font-size: 2.1mm; }
.card-path { font: 1.8mm/1.2 var(--mono); overflow-wrap: anywhere; }
.photo-list { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 1.25rem; margin-top: 1.5rem; padding: 0; list-style: none; }
.photo-list img { display: block; width: 100%; height: 11rem; object-fit: contain; background: var(--card); border: 1px solid var(--line); border-radius: 3px; }
.photo-list code { display: block; overflow-wrap: anywhere; font-size: .75rem; margin-top: .35rem; }
@media print {
  body:has(#cards-sheet:not([hidden])) :is(.top, .foot, .skip), .console-main:has(> #cards-sheet:not([hidden])) > :not(#cards-sheet) { display: none; }
  body:has(#cards-sheet:not([hidden])) :is(main, .console, .console-main) { margin: 0; padding: 0; max-width: none; width: auto; }
  .cards-sheet { margin: 0; overflow: visible; }
  .card-page { margin: 0 auto; break-after: page; }
  .card-page:last-child { break-after: auto; }
}
`;
