// Owns the pieces and certificates a crash is survived with: they differ by their title, which says what was asked for.
// So a piece registered twice shows, also when it got two codes.

export const IMPORT_COLUMNS = 'title,kind,metal_1';

export function statementOf(title: string): object {
  return {
    schema: 'touchstone/record/1',
    recordedAs: 'maker',
    language: 'en',
    title,
    kind: 'ring',
    maker: 'unknown',
    made: { place: 'unknown', date: 'unknown' },
    materials: [
      {
        type: 'metal',
        metal: 'silver',
        fineness: 925,
        massMg: 'unknown',
        recycledShare: 'unknown',
        origin: 'unknown',
        custody: 'unknown',
      },
    ],
    massMg: 3200,
  };
}

export function attestationOf(title: string, path: string): object {
  return {
    schema: 'touchstone/certificate/1',
    language: 'en',
    type: 'assay',
    subject: { kind: 'piece', path },
    title,
    statement: 'Silver, 925 parts in a thousand.',
    evidence: 'third-party',
  };
}
