// Owns the console's form for one piece: filling it in, rows of materials, looking at it, registering it once.
import { randomUUID } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import { fieldsOfPiece, MATERIAL_SORTS, materialRows, readRow, withMaterial } from '../core/piece-form.ts';
import type { WishedCode } from '../ledger/accept.ts';
import { previewPiece, registerPiece, type Typed } from '../ledger/register-one.ts';
import { type PieceForm, pieceFormMain } from '../web/piece-form.ts';
import { previewMain } from '../web/piece-preview.ts';
import { namesOf } from './names.ts';
import { modeOf } from './piece-routes.ts';
import { besides, type Faults, type Fields } from './workshop-form.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

const CURRENT = '/workshop/register';
/** An unguessable name of one filled-in form, under which it is done once. */
const ONCE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const onceIn = (fields: Fields): string => {
  const once = fields.get('once');
  return ONCE.test(once) ? once : randomUUID();
};

type Filled = Omit<PieceForm, 'faults' | 'photos'>;

function filledIn({ fields, token }: Visit): Filled {
  const rows = materialRows(fields.all('row'));
  const names = [...fieldsOfPiece(rows), 'mode'];
  const values = Object.fromEntries(names.map((name) => [name, fields.get(name)]));
  return { rows, values, token, once: onceIn(fields) };
}

async function shown(form: Filled, faults: Faults = {}): Promise<Shown> {
  const wrong = Object.keys(faults).length > 0;
  return {
    title: 'Register a piece',
    current: CURRENT,
    main: pieceFormMain({ ...form, faults, photos: [] }),
    ...(wrong && { status: 422 }),
  };
}

/** What the form says, as it would stand in a file: read by the rules for files. */
function typedIn({ values }: Filled): { typed: Typed; explain: ReturnType<typeof readRow>['explain'] } {
  const { mode = '', ...row } = values;
  const { read, faults, explain } = readRow(withTypes(row));
  if (!read || faults.length > 0) {
    throw new TouchstoneError('invalid-record', 'The form was not accepted; nothing was registered.', { faults });
  }
  const chosen = modeOf(mode === 'root-only' ? mode : undefined);
  const { claimKey } = read;
  return {
    typed: { statement: read.statement, code: read.code as WishedCode, besides: { mode: chosen, claimKey } },
    explain,
  };
}

/** Every picture here is kept in one form. */
function withTypes(row: Readonly<Record<string, string>>): Record<string, string> {
  const types = [1, 2, 3].map((n) => [`image_${n}_type`, row[`image_${n}_sha256`] ? 'image/jpeg' : ''] as const);
  return { ...row, ...Object.fromEntries(types) };
}

async function preview({ context, caller }: Visit, form: Filled): Promise<Shown> {
  const { ledger, publicUrl } = context;
  const { typed, explain } = typedIn(form);
  const passport = await explained(explain, () => previewPiece(ledger, caller, typed));
  const names = await namesOf(ledger);
  return {
    title: 'Look at it once more',
    current: CURRENT,
    main: previewMain({
      passport,
      context: { publicUrl, embedded: ledger.chain.embedded, displayName: (handle) => names.get(handle) },
      codeChosen: typed.code !== undefined,
      published: typed.besides.mode === undefined,
      form,
    }),
  };
}

async function register({ context, caller }: Visit, form: Filled): Promise<Elsewhere> {
  const { typed, explain } = typedIn(form);
  const path = await explained(explain, () => registerPiece(context.ledger, caller, `console ${form.once}`, typed));
  return { to: `/workshop/piece${path}?done=registered` };
}

/** Faults of the record itself, told by the form's fields. */
async function explained<T>(explain: ReturnType<typeof readRow>['explain'], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TouchstoneError) || error.faults.length === 0) throw error;
    throw new TouchstoneError(error.code, error.message, { faults: explain(error.faults) });
  }
}

const STEPS: Readonly<Record<string, (visit: Visit, form: Filled) => Promise<Shown | Elsewhere>>> = {
  preview,
  register,
  back: (_, form) => shown(form),
};

export const registerRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: CURRENT,
    scope: 'pieces:write',
    handle: ({ token }) => shown({ rows: ['metal_1'], values: {}, token, once: randomUUID() }),
  },
  {
    method: 'post',
    path: CURRENT,
    scope: 'pieces:write',
    async handle(visit) {
      const form = filledIn(visit);
      const [step = '', what = ''] = visit.fields.get('step').split(' ');
      const sort = MATERIAL_SORTS.find((one) => one === what);
      if (step === 'more' && sort) return shown({ ...form, rows: withMaterial(form.rows, sort) });
      if (step === 'less') return shown({ ...form, rows: form.rows.filter((row) => row !== what) });
      try {
        return await (STEPS[step] ?? preview)(visit, form);
      } catch (error) {
        if (!(error instanceof TouchstoneError) || error.faults.length === 0) throw error;
        return shown(
          form,
          besides(error.faults, (field) => FIELD_OF[field] ?? field),
        );
      }
    },
  },
];

/** Faults about the code as a whole. */
const FIELD_OF: Readonly<Record<string, string>> = {
  'code.gtin': 'gtin',
  'code.serial': 'serial',
  'code.code': 'code',
  claimKey: 'claim_key',
};
