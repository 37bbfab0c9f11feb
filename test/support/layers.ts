// Owns the checker of the project's own shape: which file may import which, what may not be in one, how long it may be.
// It reads text only, so it can be tried on files that don't exist (test/layers.test.ts).

/** Path from the project's root, with forward slashes, to text. */
export type Sources = ReadonlyMap<string, string>;

/** Layer of a file by its path; the first that fits. */
const LAYERS: readonly (readonly [RegExp, string])[] = [
  [/^src\/core\//, 'core'],
  [/^src\/ports\.ts$/, 'ports'],
  [/^src\/ledger\//, 'ledger'],
  [/^src\/adapters\//, 'adapters'],
  // What browsers run: bundled by itself, it sees what the pages are made of, and no file of the service.
  [/^src\/web\/browser\//, 'browser'],
  [/^src\/web\//, 'web'],
  [/^src\/http\//, 'http'],
  [/^src\/sample\//, 'sample'],
  // What puts the parts together: it sees everything, and nothing but it sees any of it.
  [/^src\/[a-z-]+\.ts$/, 'entry'],
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  ports: ['core'],
  ledger: ['core', 'ports', 'ledger'],
  adapters: ['core', 'ports', 'adapters'],
  web: ['core', 'web'],
  browser: ['core', 'web', 'browser'],
  http: ['core', 'ports', 'ledger', 'web', 'http'],
  sample: ['core', 'sample'],
  entry: ['core', 'ports', 'ledger', 'adapters', 'web', 'http', 'sample', 'entry'],
};

/**
 * What one file may borrow from a layer it doesn't see. Asking a node about an evidence file is the same code on the command
 * line and in a browser: written twice, the two would come to differ. It needs neither disk nor process.
 */
const BORROWED: Readonly<Record<string, readonly string[]>> = {
  'src/web/browser/ask-node.ts': ['src/adapters/witness.ts', 'src/adapters/json-rpc.ts'],
};

/** Where a package may be imported and, where that is said, in how many files at most. */
const VENDORS: Readonly<Record<string, { readonly files: RegExp; readonly most?: number }>> = {
  zod: { files: /^src\/(core|http)\/|^src\/config\.ts$/ },
  '@noble/hashes': { files: /^src\/core\// },
  '@noble/curves': { files: /^src\/core\// },
  pg: { files: /^src\/adapters\/(embedded-)?postgres/ },
  ethers: { files: /^src\/adapters\// },
  esbuild: { files: /^src\/adapters\//, most: 1 },
  'intl-messageformat': { files: /^src\/web\/language\.ts$/, most: 1 },
  '@simplewebauthn/server': { files: /^src\/(adapters|http)\//, most: 1 },
  sharp: { files: /^src\/adapters\//, most: 1 },
  pdfkit: { files: /^src\/adapters\//, most: 2 },
  'bidi-js': { files: /^src\/adapters\//, most: 1 },
  jsqr: { files: /^src\/web\/browser\//, most: 1 },
  hardhat: { files: /^src\/adapters\/embedded-node\// },
  '@nomicfoundation/edr': { files: /^src\/adapters\/embedded-node\// },
  'hash-wasm': { files: /^src\/adapters\//, most: 1 },
  express: { files: /^src\/http\/|^src\/service\.ts$/ },
  helmet: { files: /^src\/http\/|^src\/service\.ts$/, most: 1 },
  'express-rate-limit': { files: /^src\/http\//, most: 1 },
  // Secrets are drawn in the browser: their codes are made where nobody else sees them.
  qrcode: { files: /^src\/(adapters|http|web\/browser)\//, most: 2 },
  pino: { files: /^src\/(adapters\/|service\.ts$)/, most: 1 },
  'prom-client': { files: /^src\/(adapters|http)\//, most: 1 },
  'csv-parse': { files: /^src\/(adapters|http)\/|^src\/cli\.ts$/, most: 2 },
  'csv-stringify': { files: /^src\/(adapters|http)\/|^src\/cli\.ts$/, most: 2 },
  commander: { files: /^src\/cli(-acts|-life|-lots)?\.ts$/, most: 4 },
};

/** What would make the core depend on when, where or by whom it is run. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\./, 'reads the clock'],
  [/\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/, 'draws randomness'],
  [/\bprocess\s*[.[]|\bglobalThis\b|\bimport\.meta\b/, 'reads its surroundings'],
  [/\bfetch\(|\bsetTimeout\(|\bsetInterval\(|\bconsole\./, 'acts on the outside'],
];

const MOST_LINES = 400;
const MOST_FUNCTION_LINES = 70;
const MEDIAN_LINES = 120;
const BANNED_NAME =
  /((^|[-./])(utils?|helpers?|managers?|common|misc|index)|Utils?|Helpers?|Manager)\.(ts|cjs|js|sol)$/;
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);

/** Everything that breaks a rule, as `file: what`. Empty for a project in order. */
export function violations(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, text] of sources) {
    for (const what of [...ofImports(file, text), ...ofPurity(file, text), ...ofShape(file, text)]) {
      found.push(`${file}: ${what}`);
    }
  }
  return [...found, ...ofCounts(sources)];
}

export function layerOf(file: string): string | undefined {
  return LAYERS.find(([pattern]) => pattern.test(file))?.[1];
}

/** Module names a file imports: static, type-only, dynamic, re-exported or resolved. */
export function importsOf(text: string): string[] {
  const pattern =
    /(?:^\s*(?:import|export)\b[^'"`;=]*\bfrom|^\s*import|\bimport\(|\brequire\(|\.resolve\()\s*(['"])([\w@./:-]+)\1/gm;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[2] as string);
}

function ofImports(file: string, text: string): string[] {
  if (!file.startsWith('src/')) return [];
  const layer = layerOf(file);
  if (!layer) return ['belongs to no layer'];
  return importsOf(text).flatMap((name) => {
    if (name.startsWith('node:')) {
      return layer === 'core' || layer === 'browser' ? [`imports ${name}: it runs in browsers`] : [];
    }
    if (name.startsWith('.')) return ofOwnImport(file, layer, name);
    const vendor = packageOf(name);
    const rule = VENDORS[vendor];
    if (!rule) return [`imports ${vendor}, which no file is named for in test/support/layers.ts`];
    return rule.files.test(file) ? [] : [`imports ${vendor}, which belongs in ${rule.files.source}`];
  });
}

function ofOwnImport(file: string, layer: string, name: string): string[] {
  const target = new URL(name, `https://root/${file}`).pathname.slice(1);
  if (!target.startsWith('src/')) return [`imports ${target} from outside src`];
  if (BORROWED[file]?.includes(target)) return [];
  const other = layerOf(target);
  return other && MAY_IMPORT[layer]?.includes(other) ? [] : [`is ${layer} and imports ${target}`];
}

function ofPurity(file: string, text: string): string[] {
  if (layerOf(file) !== 'core') return [];
  const code = withoutComments(text);
  return IMPURE.filter(([pattern]) => pattern.test(code)).map(([, what]) => what);
}

function ofShape(file: string, text: string): string[] {
  const found: string[] = [];
  const lines = text.trimEnd().split('\n');
  if (lines.length > MOST_LINES) found.push(`has ${lines.length} lines, ${MOST_LINES} at most`);
  if (BANNED_NAME.test(file)) found.push('has a name that says nothing');
  if (UNFINISHED.test(text)) found.push(`has a note of unfinished work: ${UNFINISHED.exec(text)?.[1]}`);
  if (isBarrel(text)) found.push('only passes on what others export');
  for (const { line, length } of functionsOf(lines)) {
    if (length > MOST_FUNCTION_LINES) found.push(`line ${line}: a function of ${length} lines`);
  }
  return found;
}

function ofCounts(sources: Sources): string[] {
  const found: string[] = [];
  for (const [vendor, { most }] of Object.entries(VENDORS)) {
    const files = [...sources].filter(
      ([file, text]) => file.startsWith('src/') && importsOf(text).some((name) => packageOf(name) === vendor),
    );
    if (most !== undefined && files.length > most) {
      found.push(`${files.map(([file]) => file).join(', ')}: import ${vendor}, ${most} file at most`);
    }
  }
  const lengths = [...sources]
    .filter(([file]) => file.startsWith('src/'))
    .map(([, text]) => text.split('\n').length - 1);
  const median = lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
  if (median > MEDIAN_LINES) found.push(`src: the median file has ${median} lines, ${MEDIAN_LINES} at most`);
  return found;
}

/** By layout, which the formatter keeps: from a line that opens a function to the brace under its beginning. */
function functionsOf(lines: readonly string[]): { line: number; length: number }[] {
  const method =
    /^\s*(?:(?:async|static|private|public|get|set|override)\s+)*[\w#$]+\s*(?:<[^>]*>)?\(.*\)(?::.*)?\s*\{$/;
  return lines.flatMap((text, at) => {
    const opens = /=>\s*\{$|\bfunction\b.*\{$/.test(text) || /^\s*\).*\{$/.test(text) || method.test(text);
    if (!opens || /^\s*(?:if|else|for|while|switch|catch|do|describe)\b|\belse\b/.test(text)) return [];
    const indent = /^\s*/.exec(text)?.[0] ?? '';
    const end = lines.findIndex((other, i) => i > at && other.startsWith(`${indent}}`));
    return end < 0 ? [] : [{ line: at + 1, length: end - at + 1 }];
  });
}

function isBarrel(text: string): boolean {
  const code = withoutComments(text).trim();
  return (
    code !== '' && code.replace(/export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;]*from\s*['"][^'"]+['"];?/g, '').trim() === ''
  );
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Whole-line and block comments; enough, because the formatter puts no code behind them. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
