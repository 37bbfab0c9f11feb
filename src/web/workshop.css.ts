// Owns how the workshop’s pages look. Colours and type are touchstone.css.ts’s.
export const WORKSHOP_CSS = `
`;
