// Owns one question: which members does a zod schema have, at any depth? So that documents and generators can be held
// to the schema instead of to somebody's memory.
import type { z } from 'zod';

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
  return [...requirementsOf(schema).keys()];
}

/** The schemas of one member, one for each branch of a union that has it. */
export function schemasAt(schema: Schema, path: string): z.ZodType[] {
  const found: z.ZodType[] = [];
  walk(schema, '', (at, member) => at === path && found.push(member as z.ZodType));
  return found;
}

/** The same with whether the member is required: `yes`, `no`, or both where the branches of a union differ. */
export function requirementsOf(schema: Schema): Map<string, Set<'yes' | 'no'>> {
  const found = new Map<string, Set<'yes' | 'no'>>();
  walk(schema, '', (path, member) => {
    const optional = (member._zod.def as Definition).type === 'optional';
    found.set(path, (found.get(path) ?? new Set()).add(optional ? 'no' : 'yes'));
  });
  return found;
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

function walk(schema: Schema, prefix: string, visit: (path: string, member: Schema) => void): void {
  const def = schema._zod.def as Definition;
  for (const [name, member] of Object.entries(def.shape ?? {})) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    visit(path, member);
    walk(member, path, visit);
  }
  for (const inner of [def.innerType, def.element, ...(def.options ?? [])]) if (inner) walk(inner, prefix, visit);
}
