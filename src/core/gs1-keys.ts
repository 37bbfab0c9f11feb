// Owns which AIs make the path of a Digital Link: primary keys, and the qualifiers that may follow each. Their contents are
// gs1-content.ts's.

/** Primary keys of a Digital Link's path, each with the rows of qualifiers that may follow, in this order. */
export const PRIMARY_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '00': [],
  '01': [['22', '10', '21'], ['235']],
  '253': [],
  '255': [],
  '401': [],
  '402': [],
  '414': [['254'], ['7040']],
  '415': [['8020']],
  '417': [['7040']],
  '8003': [],
  '8004': [['7040']],
  '8006': [['22', '10', '21']],
  '8010': [['8011']],
  '8013': [],
  '8017': [['8019']],
  '8018': [['8019']],
};

/** Words that stood for AIs in the path until release 1.2 of the URI syntax. */
export const OLD_WORDS: Readonly<Record<string, string>> = {
  cpid: '8010',
  cpsn: '8011',
  cpv: '22',
  gcn: '255',
  gdti: '253',
  giai: '8004',
  ginc: '401',
  gln: '414',
  glnx: '254',
  gmn: '8013',
  grai: '8003',
  gsin: '402',
  gsrn: '8018',
  gsrnp: '8017',
  gtin: '01',
  itip: '8006',
  lot: '10',
  party: '417',
  refno: '8020',
  ser: '21',
  srin: '8019',
  sscc: '00',
};

/** A primary key, and of one row of its qualifiers some, in that row's order. */
export function isSequence([key = '', ...qualifiers]: readonly string[]): boolean {
  const rows = PRIMARY_KEYS[key] ?? [];
  return qualifiers.length === 0 || rows.some((row) => isPartInOrder(qualifiers, row));
}

function isPartInOrder(some: readonly string[], row: readonly string[]): boolean {
  const places = some.map((ai) => row.indexOf(ai));
  return places.every((place, i) => place >= 0 && (i === 0 || place > (places[i - 1] as number)));
}

/** Whether an AI could stand behind any of a path's. */
export function fitsIn(keys: readonly string[], ai: string): boolean {
  return keys.some((_, at) => isSequence([...keys.slice(0, at + 1), ai, ...keys.slice(at + 1)]));
}
