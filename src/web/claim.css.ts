// Owns how claiming a piece looks. Part of owner.css.ts.
export const CLAIM_CSS = `
.claim-piece { display: grid; grid-template-columns: 8.5rem 1fr; gap: 1.25rem; align-items: center; margin-top: 2rem; }
.claim-piece .plate { margin: 0; }
.claim-piece .plate-drawn { padding: .75rem; }
.claim-piece .drawing { width: 100%; }
.claim-piece .plate img { aspect-ratio: 1; object-fit: cover; border-radius: 3px; }
.claim-piece h1 { font-size: 1.6rem; }
.claim-piece a { display: inline-flex; align-items: center; min-height: 44px; }
.claim { margin-top: 2.75rem; }
.claim > div:focus { outline: none; }
.claim h2 + p, .claim h2 + form { margin-top: .75rem; }
.agree { margin: 1.75rem 0 0; padding: 0; border: 0; min-width: 0; }
.agree legend { padding: 0; font: 400 1.25rem/1.3 var(--serif); }
.agree label { display: flex; align-items: center; gap: .75rem; min-height: 44px; margin-top: .35rem; cursor: pointer; }
.agree .quiet { padding-inline-start: 2.1rem; }
.claim .buttons { margin-top: 1.5rem; }
.claim .buttons + .quiet { margin-top: .75rem; }
.steps { margin-block: 1.25rem; }
.steps li { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 44px; border-top: 1px solid var(--line); }
.steps li:last-child { border-bottom: 1px solid var(--line); }
.steps .shape { color: var(--genuine); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.exact > summary { min-height: 44px; padding-block: .6rem; cursor: pointer; color: var(--quiet); }
.exact dd { font: .875rem/1.5 var(--mono); }
#second-made { margin-top: 1.25rem; }
.next a { display: inline-flex; align-items: center; min-height: 44px; }
@media (max-width: 24rem) { .claim-piece { grid-template-columns: 6.5rem 1fr; gap: 1rem; } }
@media print { .claim button, .claim .button { display: none; } }
`;
