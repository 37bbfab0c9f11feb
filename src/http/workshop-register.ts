// Owns the console's form for one piece: filling it in, rows of materials, looking at it, registering it once.
import { randomUUID } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import { fieldsOfPiece, MATERIAL_SORTS, materialRows, readRow, withMaterial } from '../core/piece-form.ts';
import type { WishedCode } from '../ledger/accept.ts';
import { type ListedPhoto, photosOf, readPhoto } from '../ledger/photos.ts';
import { previewPiece, registerPiece, type Typed } from '../ledger/register-one.ts';
import { type PieceForm, pieceFormMain } from '../web/piece-form.ts';
import { previewMain } from '../web/piece-preview.ts';
import { keptPapers } from './kept-papers.ts';
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

type Explain = ReturnType<typeof readRow>['explain'];
type Filled = Omit<PieceForm, 'faults' | 'photos'>;

function filledIn({ fields, token }: Visit): Filled {
  const rows = materialRows(fields.all('row'));
  const names = [...fieldsOfPiece(rows), 'mode'];
  const values = Object.fromEntries(names.map((name) => [name, fields.get(name)]));
  return { rows, values, token, once: onceIn(fields) };
}

const OFFERED_PHOTOS = 50;

async function shown({ context, caller }: Visit, form: Filled, faults: Faults = {}): Promise<Shown> {
  const photos = await photosOf(context.ledger.db, caller.organisation, OFFERED_PHOTOS);
  const wrong = Object.keys(faults).length > 0;
  return {
    title: 'Register a piece',
    current: CURRENT,
    main: pieceFormMain({ ...form, faults, photos: photos.map(named) }),
    ...(wrong && { status: 422 }),
  };
}

const named = ({ sha256, mediaType, width, height, at }: ListedPhoto) => ({
  sha256,
  mediaType,
  name: `${at.slice(0, 16).replace('T', ' ')}, ${width} × ${height}, ${sha256.slice(2, 10)}`,
});

/** What the form says, as it would stand in a file: read by the rules for files. */
async function typedIn(visit: Visit, { values }: Filled): Promise<{ typed: Typed; explain: Explain }> {
  const { mode = '', ...row } = values;
  const { read, faults, explain } = readRow(await withTypes(visit, row));
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

/** The media type of each picture is what it is kept as, not what a form says. */
async function withTypes({ context }: Visit, row: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const types = await Promise.all(
    [1, 2, 3].map(async (n) => {
      const sha256 = row[`image_${n}_sha256`] ?? '';
      const kept = /^0x[0-9a-f]{64}$/.test(sha256) ? await readPhoto(context.ledger.db, sha256) : undefined;
      return [`image_${n}_type`, kept?.mediaType ?? ''] as const;
    }),
  );
  return { ...row, ...Object.fromEntries(types) };
}

async function preview(visit: Visit, form: Filled): Promise<Shown> {
  const { context, caller } = visit;
  const { ledger, publicUrl } = context;
  const { typed, explain } = await typedIn(visit, form);
  const passport = await explained(explain, () => previewPiece(ledger, caller, typed));
  const names = await namesOf(ledger);
  return {
    title: 'Look at it once more',
    current: CURRENT,
    main: previewMain({
      passport,
      context: {
        publicUrl,
        embedded: ledger.chain.embedded,
        displayName: (handle) => names.get(handle),
        ...(await keptPapers(ledger, passport)),
      },
      codeChosen: typed.code !== undefined,
      published: typed.besides.mode === undefined,
      form,
    }),
  };
}

async function register(visit: Visit, form: Filled): Promise<Elsewhere> {
  const { context, caller } = visit;
  const { typed, explain } = await typedIn(visit, form);
  const path = await explained(explain, () => registerPiece(context.ledger, caller, `console ${form.once}`, typed));
  return { to: `/workshop/piece${path}?done=registered` };
}

/** Faults of the record itself, told by the form's fields. */
async function explained<T>(explain: Explain, work: () => Promise<T>): Promise<T> {
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
  back: shown,
};

export const registerRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: CURRENT,
    scope: 'pieces:write',
    handle: (visit) => shown(visit, { rows: ['metal_1'], values: {}, token: visit.token, once: randomUUID() }),
  },
  {
    method: 'post',
    path: CURRENT,
    scope: 'pieces:write',
    async handle(visit) {
      const form = filledIn(visit);
      const [step = '', what = ''] = visit.fields.get('step').split(' ');
      const sort = MATERIAL_SORTS.find((one) => one === what);
      if (step === 'more' && sort) return shown(visit, { ...form, rows: withMaterial(form.rows, sort) });
      if (step === 'less') return shown(visit, { ...form, rows: form.rows.filter((row) => row !== what) });
      try {
        return await (STEPS[step] ?? preview)(visit, form);
      } catch (error) {
        if (!(error instanceof TouchstoneError) || error.faults.length === 0) throw error;
        return shown(
          visit,
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
