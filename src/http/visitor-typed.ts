// Owns reading what a visitor typed: by a schema, and what is wrong with it in the page's language. What was typed is given
// back as it came, so that nobody types it twice.
import type { z } from 'zod';
import type { Words } from '../web/language.ts';
import type { MessageKey } from '../web/messages.ts';
import type { Typed, Wrong } from '../web/visitor-forms.ts';
import type { Fields } from './workshop-form.ts';

export type ReadTyped<T> =
  | { readonly ok: true; readonly value: T; readonly typed: Typed }
  | { readonly ok: false; readonly typed: Typed; readonly wrong: Wrong };

/** @param own what is said of a field whatever is wrong with it */
export function typedBy<T extends z.ZodObject>(
  form: Fields,
  schema: T,
  words: Words,
  own: Readonly<Record<string, MessageKey>> = {},
): ReadTyped<z.output<T>> {
  const typed = form.filled(...Object.keys(schema.shape));
  const parsed = schema.safeParse(typed);
  if (parsed.success) return { ok: true, value: parsed.data, typed };
  const wrong: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? '');
    wrong[field] ??= reasonOf(issue, typed[field], own[field], words);
  }
  return { ok: false, typed, wrong };
}

function reasonOf(
  issue: z.core.$ZodIssue,
  typed: string | undefined,
  own: MessageKey | undefined,
  words: Words,
): string {
  if (own !== undefined) return words.text(own);
  if (typed === undefined) return words.text('visitor.required');
  if (issue.code === 'too_big') {
    return words.text('visitor.long', { length: typed.length, most: Number(issue.maximum) });
  }
  return words.text('visitor.characters');
}
