// Owns the reading of a museum's dimensions: only what can be read in one way becomes a measure; the museum's words are
// kept beside it in any case. Values that would have to be rounded are not read.

export type Measures = Partial<Record<'heightUm' | 'widthUm' | 'depthUm' | 'lengthUm' | 'diameterUm', number>>;

const LABELS: Readonly<Record<string, keyof Measures>> = {
  h: 'heightUm',
  height: 'heightUm',
  w: 'widthUm',
  width: 'widthUm',
  d: 'depthUm',
  depth: 'depthUm',
  l: 'lengthUm',
  length: 'lengthUm',
  diam: 'diameterUm',
  diameter: 'diameterUm',
};

/** Micrometres a unit. An inch is 25,400 exactly. */
const UNITS: Readonly<Record<string, number>> = { cm: 10_000, mm: 1000, in: 25_400 };
const MOST_UM = 10_000_000;

export function readDimensions(text: string): Measures {
  const line = text.replace(/\s+/g, ' ').replaceAll('×', 'x').trim();
  return readLabelled(line) ?? readTrailing(line) ?? readWords(line) ?? {};
}

/** "H: 7/8 x W: 1/4 in. (2.22 x 0.71 cm)": as many plain labels as values. */
function readLabelled(line: string): Measures | undefined {
  const [, before = '', values = '', unit = ''] =
    /^((?:[A-Za-z]+\.?: [^()]*))\(([\d. x]+) (cm|mm)\)\.?$/.exec(line) ?? [];
  if (unit === '') return undefined;
  const labels = before.split(/ x /).map((part) => /^([A-Za-z]+)\.?: [\d ./]+(?:in\.?)?\s*$/.exec(part)?.[1]);
  return assign(labels, values.split(' x '), unit);
}

/** "3/4 x 1/2 in. (1.9 x 1.3 cm) (h. x w.)": the labels after the values. */
function readTrailing(line: string): Measures | undefined {
  const [, values = '', unit = '', names = ''] =
    /^[\d ./x]+(?:in\.?)? ?\(([\d. x]+) (cm|mm)\) \(([a-z. x]+)\)$/.exec(line) ?? [];
  if (unit === '') return undefined;
  return assign(
    names.split(' x ').map((name) => name.replace('.', '')),
    values.split(' x '),
    unit,
  );
}

/** "width 0.625 in.; height 7.0 in.": every part a label, a value and a unit. */
function readWords(line: string): Measures | undefined {
  const parts = line.split('; ').map((part) => /^([a-z]+) ([\d.]+) (in|cm|mm)\.?$/.exec(part));
  if (parts.some((part) => part === null)) return undefined;
  const read: Measures = {};
  for (const part of parts) {
    const one = assign([part?.[1]], [part?.[2] as string], part?.[3] as string);
    for (const [key, value] of Object.entries(one ?? {}) as [keyof Measures, number][]) {
      if (read[key] !== undefined) return undefined;
      read[key] = value;
    }
  }
  return read;
}

function assign(
  labels: readonly (string | undefined)[],
  values: readonly string[],
  unit: string,
): Measures | undefined {
  if (labels.length !== values.length) return undefined;
  const read: Measures = {};
  for (const [i, label] of labels.entries()) {
    const key = LABELS[(label ?? '').toLowerCase()];
    if (key === undefined || read[key] !== undefined) return undefined;
    const value = micrometres(values[i] as string, unit);
    if (value !== undefined) read[key] = value;
  }
  return read;
}

/** Exactly, or not at all. */
function micrometres(text: string, unit: string): number | undefined {
  const [, whole = '', part = ''] = /^(\d{1,5})(?:\.(\d{1,4}))?$/.exec(text.trim()) ?? [];
  if (whole === '') return undefined;
  const scaled = Number(whole + part) * (UNITS[unit] as number);
  const divisor = 10 ** part.length;
  const value = scaled / divisor;
  return scaled % divisor === 0 && value >= 1 && value <= MOST_UM ? value : undefined;
}
