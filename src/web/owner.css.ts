// Owns how owners’ pages look: claiming, my pieces, handing over, live proof. Colours and type are touchstone.css.ts’s.
export const OWNER_CSS = `
`;
