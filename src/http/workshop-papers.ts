// Owns the console's pages of labels, claim cards, photographs and the organisation's profile: what their forms mean.
import type { PieceCode } from '../core/code.ts';
import { domainStatement } from '../core/domain-statement.ts';
import { TouchstoneError } from '../core/errors.ts';
import { faultsOf } from '../core/faults.ts';
import { labelFormat } from '../core/label-formats.ts';
import { MAX_PHOTO_BYTES } from '../core/photo.ts';
import { type Profile, type ProfileWords, profileSchema } from '../core/profile.ts';
import { codeTyped } from '../core/typed-code.ts';
import { listImports } from '../ledger/import-report.ts';
import type { LabelsOf } from '../ledger/labels.ts';
import { keepPhoto, photosOf } from '../ledger/photos.ts';
import { checkDomain, keepProfile, profileOf } from '../ledger/profiles.ts';
import { isLanguage } from '../web/languages.ts';
import { cardsMain } from '../web/workshop-cards.ts';
import { labelsMain, photosMain, profileMain, profileValues, rowsOf } from '../web/workshop-papers.ts';
import { type LabelWish, planLabels, sendLabels } from './labels.ts';
import { bytesOfPart, uploadOf } from './multipart.ts';
import { labelWish } from './paper-routes.ts';
import { besides, type Faults, type Fields } from './workshop-form.ts';
import type { ConsoleRoute, Shown, Visit } from './workshop-route.ts';

const PHOTOS_SHOWN = 60;
const MOST_AT_ONCE = 10;
const LABELS = '/workshop/labels';
const LABEL_FIELDS = ['of', 'codes', 'importId', 'batchId', 'format', 'start', 'mostMm', 'level', 'title'];

async function labelsPage(
  { context, caller, token, fields }: Visit,
  more: Partial<Parameters<typeof labelsMain>[0]> = {},
): Promise<Shown> {
  const imports = await listImports(context.ledger.db, caller.organisation);
  const values = fields.filled(...LABEL_FIELDS);
  const main = labelsMain({ token, values, faults: {}, imports, ...more });
  return { title: 'Labels', current: LABELS, main, ...(more.faults && { status: 422 }) };
}

/** @throws TouchstoneError invalid-request with faults by the form's fields */
function wishIn(fields: Fields): LabelWish {
  const of = ofIn(fields);
  const number = (name: string) => (fields.get(name) === '' ? undefined : Number(fields.get(name)));
  const mostMm = number('mostMm');
  const input = {
    format: fields.get('format'),
    of: { importId: 1 },
    level: fields.get('level') || 'M',
    start: number('start') ?? 1,
    title: fields.get('title') === 'yes',
    ...(mostMm !== undefined && { mostMm }),
  };
  const read = labelWish.safeParse(input);
  if (!read.success)
    throw new TouchstoneError('invalid-request', 'No label was made.', { faults: faultsOf(read.error, input) });
  return { ...read.data, of };
}

function ofIn(fields: Fields): LabelsOf {
  const fault = (field: string, reason: string) =>
    new TouchstoneError('invalid-request', 'No label was made.', { faults: [{ field, reason }] });
  if (fields.get('of') === 'import') {
    const importId = Number(fields.get('importId'));
    if (!Number.isSafeInteger(importId) || importId < 1) throw fault('importId', 'must be chosen');
    return { importId };
  }
  if (fields.get('of') === 'batch') {
    if (fields.get('batchId') === '') throw fault('batchId', 'must be the id of a batch');
    return { batchId: fields.get('batchId') };
  }
  const lines = fields
    .get('codes')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) throw fault('codes', 'must name a piece');
  return {
    codes: lines.map((line, i): PieceCode => {
      const read = codeTyped(line.slice(0, 500));
      if (read.kind !== 'code') throw fault('codes', `has no code in line ${i + 1}`);
      return read.code;
    }),
  };
}

const labelRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: LABELS, handle: (visit) => labelsPage(visit) },
  {
    method: 'post',
    path: LABELS,
    costly: true,
    maxBytes: 1024 * 1024,
    async handle(visit) {
      const { context, caller, fields, response } = visit;
      try {
        const wish = wishIn(fields);
        const planned = await planLabels(context, caller.organisation, wish);
        const { wanted, moduleMm, note } = planned;
        const format = labelFormat(wish.format);
        if (fields.get('do') === 'look' && format) {
          return labelsPage(visit, { looked: { count: wanted.count, format, moduleMm, note } });
        }
        await sendLabels(context, response, planned, wish);
        return undefined;
      } catch (error) {
        if (!(error instanceof TouchstoneError) || response.headersSent) throw error;
        const faults = error.faults.length > 0 ? besides(error.faults, nameOf) : { '': error.message };
        return labelsPage(visit, { faults });
      }
    },
  },
];

const nameOf = (path: string) => (path.startsWith('of.codes') ? 'codes' : path);

const cardRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/workshop/cards',
    async handle({ context, caller }) {
      const { handle, displayName: maker } = caller;
      const main = cardsMain({ publicUrl: context.publicUrl, handle, maker });
      return { title: 'Claim cards', current: '/workshop/cards', main, scripts: ['cards'] };
    },
  },
];

async function photosPage(
  { context, caller, token }: Visit,
  more: { fault?: string; done?: string } = {},
): Promise<Shown> {
  const photos = await photosOf(context.ledger.db, caller.organisation, PHOTOS_SHOWN);
  const main = photosMain({ token, photos, ...(more.fault !== undefined && { fault: more.fault }) });
  const { done } = more;
  return {
    title: 'Photographs',
    current: '/workshop/photos',
    main,
    ...(done !== undefined && { done }),
    ...(more.fault !== undefined && { status: 422 }),
  };
}

const photoRoutesOfConsole: readonly ConsoleRoute[] = [
  { method: 'get', path: '/workshop/photos', handle: (visit) => photosPage(visit) },
  {
    method: 'post',
    path: '/workshop/photos',
    scope: 'pieces:write',
    costly: true,
    upload: true,
    async handle(visit) {
      const { context, caller } = visit;
      const { files } = await uploadOf(visit, MOST_AT_ONCE * MAX_PHOTO_BYTES);
      let kept = 0;
      for await (const file of files) {
        const name = (file.filename ?? '').slice(0, 80);
        const bytes = await bytesOfPart(file, MAX_PHOTO_BYTES);
        try {
          const made = await context.press.photo(file.type, bytes);
          await context.ledger.db.transaction((sql) => keepPhoto(sql, caller.organisation, made));
          kept += 1;
        } catch (error) {
          if (!(error instanceof TouchstoneError) || error.code === 'internal') throw error;
          return photosPage(visit, {
            fault: `“${name}”: ${error.message} ${kept > 0 ? `${kept} before it were kept.` : ''}`.trim(),
          });
        }
      }
      if (kept === 0) return photosPage(visit, { fault: 'Choose a photograph first.' });
      return photosPage(visit, { done: kept === 1 ? 'The photograph is kept.' : `${kept} photographs are kept.` });
    },
  },
];

const PROFILE = '/workshop/profile';

async function profilePage(
  visit: Visit,
  language: string,
  more: { values?: Record<string, string>; faults?: Faults; done?: string } = {},
): Promise<Shown> {
  const { context, caller, token } = visit;
  const { ledger } = context;
  const shown = await profileOf(ledger.db, caller.organisation);
  const words = shown?.profile.words?.find((one) => one.language === language);
  const { chainId, pieces: registry } = ledger.chain;
  const main = profileMain({
    token,
    shown,
    language,
    values: more.values ?? (shown ? profileValues(shown.profile, words) : {}),
    faults: more.faults ?? {},
    photos: await photosOf(ledger.db, caller.organisation, PHOTOS_SHOWN),
    statement: JSON.stringify(domainStatement({ chainId, registry, organisation: caller.organisation })),
  });
  const { done } = more;
  return {
    title: 'Your organisation',
    current: PROFILE,
    main,
    ...(done !== undefined && { done }),
    ...(more.faults && { status: 422 }),
  };
}

/** What the form says, beside what stands there in other languages. */
function profileIn(values: Readonly<Record<string, string>>, language: string, before: Profile | undefined): object {
  const list = (text: string | undefined) =>
    text
      ?.split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const care = rowsOf(values, 'care').flatMap((n) => {
    const text = values[`care_${n}_text`];
    const [kinds, materials] = [list(values[`care_${n}_kinds`]), list(values[`care_${n}_materials`])];
    return text === undefined ? [] : [{ ...(kinds && { kinds }), ...(materials && { materials }), text }];
  });
  const services = rowsOf(values, 'service').flatMap((n) => {
    const [kind, text, where, link] = ['kind', 'text', 'where', 'link'].map((name) => values[`service_${n}_${name}`]);
    return kind === undefined ? [] : [{ kind, text: text ?? '', ...(where && { where }), ...(link && { link }) }];
  });
  const { email, phone, postal, website, domain, logo, story } = values;
  const mine = {
    language,
    ...(story && { story }),
    ...(care.length > 0 && { care }),
    ...(services.length > 0 && { services }),
  };
  const others: readonly ProfileWords[] = (before?.words ?? []).filter((one) => one.language !== language);
  const words = Object.keys(mine).length > 1 ? [...others, mine] : others;
  const contact = { ...(email && { email }), ...(phone && { phone }), ...(postal && { postal }) };
  return {
    ...(Object.keys(contact).length > 0 && { contact }),
    ...(website && { website }),
    ...(domain && { domain }),
    ...(logo && { logo }),
    ...(words.length > 0 && { words }),
  };
}

const profileRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: PROFILE,
    handle: (visit) =>
      profilePage(visit, isLanguage(visit.request.query['language']) ? visit.request.query['language'] : 'en'),
  },
  {
    method: 'post',
    path: PROFILE,
    scope: 'pieces:write',
    async handle(visit) {
      const { fields, context, caller } = visit;
      const { db } = context.ledger;
      const language = isLanguage(fields.get('language')) ? fields.get('language') : 'en';
      const values = fields.filled(...fields.names());
      const before = (await profileOf(db, caller.organisation))?.profile;
      const input = profileIn(values, language, before);
      const read = profileSchema.safeParse(input);
      if (!read.success)
        return profilePage(visit, language, { values, faults: besides(faultsOf(read.error, input), fieldOf) });
      await db.transaction((sql) => keepProfile(sql, caller.organisation, read.data));
      return profilePage(visit, language, { done: 'Kept. It stands on your pieces’ pages from now on.' });
    },
  },
  {
    method: 'post',
    path: `${PROFILE}/domain`,
    scope: 'pieces:write',
    costly: true,
    async handle({ context, caller }) {
      await checkDomain(context.ledger, context.press.wellKnown, caller.organisation);
      return { to: PROFILE };
    },
  },
];

/** contact.email is the field email, words.0.care.1.text about care_2_text. */
function fieldOf(path: string): string {
  const row = /^words\.\d+\.(care|service)s?\.(\d+)\.(\w+)/.exec(path);
  if (row) return `${row[1]}_${Number(row[2]) + 1}_${row[3]}`;
  return path.split('.').at(-1) ?? path;
}

export const paperRoutesOfConsole: readonly ConsoleRoute[] = [
  ...labelRoutes,
  ...cardRoutes,
  ...photoRoutesOfConsole,
  ...profileRoutes,
];
