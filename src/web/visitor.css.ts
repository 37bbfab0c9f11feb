// Owns how feedback, gift messages and what visitors tell look. Colours and type are touchstone.css.ts’s.
export const VISITOR_CSS = `
`;
