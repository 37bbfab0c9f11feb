// Owns JSON Patch (RFC 6902) as far as the vectors need it: what turns one JSON value into another, and doing it. So a
// vector says what was changed, and nothing else.
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

/** Lists of different lengths are replaced whole. */
export function patchOf(from: unknown, to: unknown, path = ''): Operation[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((entry, i) => patchOf(entry, to[i], `${path}/${i}`));
  }
  if (!isObject(from) || !isObject(to)) return [{ op: 'replace', path, value: to }];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(to, name)) return [{ op: 'remove', path: at }];
    if (!Object.hasOwn(from, name)) return [{ op: 'add', path: at, value: to[name] }];
    return patchOf(from[name], to[name], at);
  });
}

/** A changed copy. @throws if a path leads nowhere */
export function patched<T>(value: T, operations: readonly Operation[]): T {
  let whole: unknown = structuredClone(value);
  for (const { op, path, value: put } of operations) {
    const names = path
      .split('/')
      .slice(1)
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = names.pop();
    if (last === undefined) {
      whole = put;
      continue;
    }
    const at = names.reduce((inner, name) => (inner as Record<string, unknown>)[name], whole) as Record<
      string,
      unknown
    >;
    if (op === 'remove') delete at[last];
    // Not by assignment: `__proto__` is a name like any other here.
    else Object.defineProperty(at, last, { value: put, enumerable: true, configurable: true, writable: true });
  }
  return whole as T;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
