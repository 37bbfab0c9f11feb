// Owns how the page for trade and the scanner look. Colours and type are touchstone.css.ts’s.
export const TRADE_CSS = `
`;
