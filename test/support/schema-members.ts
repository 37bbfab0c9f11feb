// Owns one question: which members does a zod schema have, at any depth? So that documents and generators can be held
// to the schema instead of to somebody's memory.

interface Definition {
  readonly type: string;
  readonly shape?: Record<string, Schema>;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
}
interface Schema {
  readonly _zod: { readonly def: unknown };
}

/** Dotted paths, each once; list positions are left out: `materials.hallmarks.year`. */
export function membersOf(schema: Schema): string[] {
  const found = new Set<string>();
  walk(schema, '', found);
  return [...found];
}

/** The same paths of a value. */
export function pathsOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => pathsOf(entry, prefix));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [path, ...pathsOf(inner, path)];
  });
}

function walk(schema: Schema, prefix: string, found: Set<string>): void {
  const def = schema._zod.def as Definition;
  for (const [name, member] of Object.entries(def.shape ?? {})) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    found.add(path);
    walk(member, path, found);
  }
  for (const inner of [def.innerType, def.element, ...(def.options ?? [])]) if (inner) walk(inner, prefix, found);
}
