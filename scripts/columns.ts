// Owns docs/columns.md: the table of src/core/column-table.ts as a page for whoever prepares a file. `node
// scripts/columns.ts` writes it; a test holds that it is up to date. No column is described anywhere else.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { COLUMNS, type Column, LIMITS, MEASURES, WORDS } from '../src/core/column-table.ts';

export const COLUMNS_PAGE = new URL('../docs/columns.md', import.meta.url);

const INTRODUCTION = `# Columns of a workshop's file

A CSV file in UTF-8 with a header row becomes one piece a row. The names below are the ones that are known. Only
\`title\`, \`kind\` and one material (\`metal_1\`, \`stone_1\` or \`other_1\`) are needed; the order of the columns is free.
This page is made from the code by \`node scripts/columns.ts\`.

## How cells are read

- A blank cell, or the word \`unknown\`, says that you don't know. Where the trade asks (mass, fineness, nature of a
  stone, origin), the record then says "unknown"; elsewhere it says nothing.
- Numbers are kept exactly, never rounded. \`3.2\`, \`3.20\` and \`3,2\` are the same. With a comma and three digits after
  it (\`1,250\`) a number can be read in two ways and is refused; \`0,250\` and \`1.250\` can't, and are taken. A number
  finer than the column keeps is refused, and so are a unit in the cell (\`3.2 g\`) and a thousands separator.
- 0 is refused where a thing can't weigh or measure nothing: leave the cell blank.
- Words from a list are found in any case and with spaces or hyphens: \`Pair of earrings\` is \`pair-of-earrings\`.
- A GTIN that lost its leading zeros in a spreadsheet gets them back; one that became \`4.01E+12\` is refused.
- A fault in a row rejects that row and names the column. A column that isn't known rejects the whole file before
  anything is registered, so that nothing of yours is left out unseen.
- Repeated groups are numbered from 1: \`stone_1\`, \`stone_1_carat\`, \`stone_2\` and so on. Gaps don't matter.

## Files with names of their own

A mapping, as JSON, says what a file's columns are:

| member | meaning | example |
|---|---|---|
| \`columns\` | the file's column → the column it is | \`{"Gewicht": "mass_g"}\` |
| \`constants\` | a column → what it is for every row | \`{"kind": "ring", "metal_1": "gold"}\` |
| \`ignore\` | the file's columns that are left out; the import says which | \`["Price"]\` |
| \`zeroIsUnknown\` | columns in which 0 says that nobody measured; the import says how often | \`["stone_1_length_mm"]\` |
| \`unknownValues\` | what the file writes for unknown | \`["n/a", "-"]\` |

A column of the file that is neither known nor named in the mapping rejects the file. So do two sources for one column.

## The columns

\`#\` stands for the number of a group. **Bold**: its group is nothing without it.
`;

/** The whole page. */
export function columnsPage(): string {
  const rows = COLUMNS.map(
    (column) => `| ${nameOf(column)} | ${column.meaning} | ${unitOf(column)} | ${exampleOf(column)} |`,
  );
  const words = Object.entries(WORDS).map(
    ([name, list]) => `- **${LISTS[name as keyof typeof WORDS]}**: ${list.map((word) => `\`${word}\``).join(', ')}`,
  );
  const table = ['| column | meaning | in | example |', '|---|---|---|---|', ...rows].join('\n');
  return `${INTRODUCTION}\n${table}\n\n## The words\n\n${words.join('\n')}\n`;
}

const LISTS: Record<keyof typeof WORDS, string> = {
  kind: 'kind',
  'recorded-as': 'recorded_as',
  qualifier: 'maker_qualifier',
  'ring-size': 'ring_size_system',
  metal: 'metal_#, metal_#_plating',
  custody: '…_custody',
  nature: 'stone_#_nature',
  other: 'other_#',
  evidence: 'claim_#_evidence',
  history: 'history_#_kind',
};

function nameOf({ name, upTo, required }: Column): string {
  const shown = required ? `**\`${name}\`**` : `\`${name}\``;
  return upTo > 1 && required ? `${shown} to ${upTo}` : shown;
}

function unitOf({ reads }: Column): string {
  const [how = '', what = '', most] = reads.split(' ');
  const measure = how === 'measure' ? MEASURES[what as keyof typeof MEASURES] : LIMITS[what as keyof typeof LIMITS];
  if (measure) {
    const digits = measure.digits === 0 ? 'whole' : `${measure.digits} decimal${measure.digits === 1 ? '' : 's'}`;
    return measure.unit === '' ? digits : `${measure.unit}, ${digits}`;
  }
  if (how === 'line' || how === 'prose') return `up to ${what} characters`;
  if (how === 'list') return `up to ${most} of ${what} characters`;
  return how === 'word' ? 'a word' : (FORMS[how] ?? '');
}

const FORMS: Readonly<Record<string, string>> = {
  country: 'ISO 3166-1',
  point: 'year or ISO day',
  language: 'BCP 47',
  gtin: 'digits',
  serial: 'up to 20 characters',
  'own-code': '17 characters',
  'claim-key': '0x and 40 digits',
  sha256: '0x and 64 digits',
  lot: '0x and 64 digits',
  'media-type': 'media type',
  url: 'link',
};

function exampleOf({ example }: Column): string {
  return `\`${example}\``;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(COLUMNS_PAGE, columnsPage());
}
