// Owns which strings of a record somebody wrote: those a page must show as they are.

/** Members whose value is a word of a closed list or a fingerprint: the page gives them in words or folded away. */
const CODED = new Set(
  'schema recordedAs language kind qualifier metal custody evidence nature relation substance system country material sha256 mediaType annexRoot from to'.split(
    ' ',
  ),
);

export function written(value: unknown, member = '', above = ''): string[] {
  if (typeof value === 'string')
    return value === 'unknown' || CODED.has(member) || (member === 'type' && above === 'materials') ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((item) => written(item, member, member));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => written(inner, name, above));
}
