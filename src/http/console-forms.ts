// Owns the console's forms that are described and not drawn: a few fields, words that say what will happen, a code to type
// where it can't be undone. One description answers both the form and its sending; faults come back beside their fields.
import { randomUUID } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import type { Scope } from '../ledger/accounts.ts';
import type { Html } from '../web/html.ts';
import { type ActionField, type ActionWords, actionMain } from '../web/piece-actions.ts';
import { besides, type Faults } from './workshop-form.ts';
import { onceIn } from './workshop-register.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

/** What a form is about, found anew for each request: so that nobody acts on what isn't hers, or isn't so any more. */
export interface Prepared {
  readonly words: ActionWords;
  readonly subject: Html;
  /** What has to be typed, where the words ask for it. */
  readonly code?: string;
  readonly back: string;
  /** What stands in the fields before anything was typed. */
  readonly values?: Readonly<Record<string, string>>;
  readonly choices?: (field: ActionField) => readonly (readonly [string, string])[];
  /** Does it, once under this key. @returns where to go then */
  run(visit: Visit, key: string): Promise<string>;
}

export interface DescribedForm {
  readonly path: string;
  readonly current: string;
  readonly scope: Scope;
  prepare(visit: Visit): Promise<Prepared>;
  /** Which field of the form a fault's path belongs to; its last step, if not given. */
  readonly fieldOf?: (path: string) => string;
}

/** Members of a statement stand in forms by their own names. */
export const lastStep = (path: string): string => {
  if (path.includes('date')) return 'date';
  return (
    path
      .split('.')
      .filter((step) => !/^\d+$/.test(step))
      .at(-1) ?? path
  );
};

export function describedForm({
  path,
  current,
  scope,
  prepare,
  fieldOf = lastStep,
}: DescribedForm): readonly ConsoleRoute[] {
  const shown = (visit: Visit, prepared: Prepared, faults: Faults = {}, once: string = randomUUID()): Shown => {
    const { words, subject, code = '', back, values = {}, choices } = prepared;
    const typed = visit.request.method === 'POST';
    const names = ['confirm', ...words.fields.map(({ name }) => name)];
    return {
      title: words.title,
      current,
      ...(Object.keys(faults).length > 0 && { status: 422 }),
      main: actionMain({
        action: words,
        to: visit.request.originalUrl.split('?')[0] as string,
        back,
        subject,
        code,
        values: Object.fromEntries(names.map((name) => [name, typed ? visit.fields.get(name) : (values[name] ?? '')])),
        faults,
        choices: (field) =>
          field.choices?.map((one) => [one, one.replaceAll('-', ' ')] as const) ?? choices?.(field) ?? [],
        token: visit.token,
        once,
      }),
    };
  };
  const send = async (visit: Visit): Promise<Shown | Elsewhere> => {
    const prepared = await prepare(visit);
    const once = onceIn(visit.fields);
    const { words, code = '' } = prepared;
    const missing = words.fields.filter(({ name, required }) => required && visit.fields.get(name) === '');
    const confirmed = !words.typed || visit.fields.get('confirm').toUpperCase() === code.toUpperCase();
    const faults = {
      ...Object.fromEntries(missing.map(({ name }) => [name, 'is missing'])),
      ...(confirmed ? {} : { confirm: `must be ${code}` }),
    };
    if (Object.keys(faults).length > 0) return shown(visit, prepared, faults, once);
    try {
      return { to: await prepared.run(visit, once) };
    } catch (error) {
      if (!(error instanceof TouchstoneError) || error.faults.length === 0) throw error;
      return shown(visit, prepared, besides(error.faults, fieldOf), once);
    }
  };
  return [
    { method: 'get', path, scope, handle: async (visit) => shown(visit, await prepare(visit)) },
    { method: 'post', path, scope, handle: send },
  ];
}
