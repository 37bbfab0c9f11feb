// Owns the console's pages about pieces: the list, one piece, and the forms of what can be done with it.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TouchstoneError } from '../core/errors.ts';
import type { Passport } from '../core/passport.ts';
import { readAct } from '../ledger/act-receipts.ts';
import { found, passportOf, searchPieces } from '../ledger/find.ts';
import { organisationAt } from '../ledger/organisations.ts';
import { actsAbout } from '../ledger/workshop-lists.ts';
import { html } from '../web/html.ts';
import { actionMain, pieceMain, receiptMain, type ShownAct } from '../web/piece-actions.ts';
import { type ListedState, piecesMain, STATES } from '../web/workshop-lists.ts';
import { doAct } from './console-acts.ts';
import { namesOf } from './names.ts';
import { choicesFor, PIECE_ACTIONS, type PieceAction, typedCode } from './piece-actions.ts';
import { codeIn } from './piece-routes.ts';
import type { Context } from './route.ts';
import { besides, type Faults } from './workshop-form.ts';
import { onceIn } from './workshop-register.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

const PIECES = '/workshop/pieces';
const A_PAGE = 50;

/** A number of a list's address; undefined for anything else. */
export const cursorIn = (value: unknown): number | undefined =>
  z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).safeParse(value).data;

async function listPage({ request, context, caller }: Visit): Promise<Shown> {
  const said = String(request.query['search'] ?? '')
    .trim()
    .slice(0, 200);
  const state = STATES.find((one) => one === request.query['state']) as ListedState | undefined;
  const before = cursorIn(request.query['after']);
  const page = await searchPieces(context.ledger.db, {
    organisation: caller.organisation,
    text: said === '' ? undefined : said.replace(/^https?:\/\/[^/]+/, ''),
    before,
    limit: A_PAGE,
    state,
  });
  return {
    title: 'Pieces',
    current: PIECES,
    main: piecesMain({ ...page, search: said, state: state ?? '', later: before !== undefined }),
  };
}

async function passportAt({ request, context }: Visit): Promise<Passport> {
  const { db, chain } = context.ledger;
  return found(await passportOf(db, chain, codeIn(request.params['path'])), 'This piece');
}

async function actionsFor({ caller, context }: Visit, passport: Passport): Promise<PieceAction[]> {
  if (passport.tokenId === null) return [];
  const standing = await organisationAt(context.ledger.db, caller.organisation);
  const is = {
    keeper: passport.keeper.address === caller.organisation,
    registrant: passport.registrant.address === caller.organisation,
    service: standing?.roles.includes('service') === true && passport.keeper.address !== caller.organisation,
  };
  return PIECE_ACTIONS.filter((one) => is[one.who] && !one.unless?.(passport));
}

function warningsOf({ standing }: Passport): string[] {
  return [
    standing.reported.length > 0 && 'Its owner reported it.',
    standing.locked && 'An arbiter has locked it.',
    standing.recalled.length > 0 && 'It is recalled.',
    standing.withdrawn.length > 0 && 'Its registration is withdrawn.',
    standing.ended && 'It is at its end.',
    standing.recovery.underWay && 'A recovery is under way.',
  ].filter((warning) => typeof warning === 'string');
}

const DONE: Readonly<Record<string, string>> = { registered: 'The piece is registered. Its code is below.' };

async function piecePage(visit: Visit): Promise<Shown> {
  const { request, context, caller } = visit;
  const { db } = context.ledger;
  const passport = await passportAt(visit);
  const { tokenId, keeper, registrant, batch, record, recordHash, path, state } = passport;
  const [actions, rows, names] = await Promise.all([
    actionsFor(visit, passport),
    tokenId === null ? [] : actsAbout(db, caller.organisation, `piece ${tokenId}`),
    namesOf(context.ledger),
  ]);
  const acts = await Promise.all(rows.map((row) => withState(context, row)));
  const [known] = batch ? await db.query<{ no: number }>('SELECT no FROM batches WHERE batch_id = $1', [batch.id]) : [];
  const named = (handle: string | undefined) => (handle === undefined ? undefined : (names.get(handle) ?? handle));
  const done = DONE[String(request.query['done'])];
  return {
    title: record.title,
    current: PIECES,
    ...(done !== undefined && { done }),
    ...(tokenId === null && { head: html`<meta http-equiv="refresh" content="3">` }),
    main: pieceMain({
      path,
      title: record.title,
      state,
      tokenId,
      recordHash,
      keeper: keeper.address === caller.organisation ? 'you' : (named(keeper.organisation) ?? 'a private owner'),
      registrant: registrant.address === caller.organisation ? 'you' : (named(registrant.handle) as string),
      batch: batch && known && registrant.address === caller.organisation ? { no: known.no, id: batch.id } : null,
      warnings: warningsOf(passport),
      actions: actions.map(({ name, title, grave }) => ({ name, title, grave: grave === true })),
      acts,
    }),
  };
}

async function withState(context: Context, row: Omit<ShownAct, 'state'>): Promise<ShownAct> {
  const receipt = await readAct(context.ledger, row.id);
  return { ...row, state: receipt?.state ?? 'accepted' };
}

/** @throws TouchstoneError not-applicable, for what this organisation isn't offered with the piece as it stands */
async function chosen(visit: Visit, passport: Passport): Promise<PieceAction> {
  const action = (await actionsFor(visit, passport)).find(({ name }) => name === visit.request.params['action']);
  if (action) return action;
  throw new TouchstoneError(
    'not-applicable',
    'This can not be done with the piece now, or not by you. Nothing was done.',
  );
}

async function actionForm(visit: Visit, faults: Faults = {}, once: string = randomUUID()): Promise<Shown> {
  const passport = await passportAt(visit);
  const action = await chosen(visit, passport);
  const { path, record } = passport;
  const names = ['confirm', ...action.fields.map(({ name }) => name)];
  return {
    title: action.title,
    current: PIECES,
    ...(Object.keys(faults).length > 0 && { status: 422 }),
    main: actionMain({
      action,
      to: `/workshop/do/${action.name}${path}`,
      back: `/workshop/piece${path}`,
      subject: html`<strong>${record.title}</strong> <span class="code">${path}</span>`,
      code: typedCode(passport),
      values: Object.fromEntries(names.map((name) => [name, visit.fields.get(name)])),
      faults,
      choices: (field) => choicesFor(field, passport),
      token: visit.token,
      once,
    }),
  };
}

async function act(visit: Visit): Promise<Shown | Elsewhere> {
  const { fields } = visit;
  const passport = await passportAt(visit);
  const action = await chosen(visit, passport);
  const once = onceIn(fields);
  const confirmed = !action.typed || fields.get('confirm').toUpperCase() === typedCode(passport).toUpperCase();
  if (!confirmed) return actionForm(visit, { confirm: `must be ${typedCode(passport)}` }, once);
  try {
    const body = { act: action.name, piece: passport.path, ...action.body(fields, passport) };
    return { to: `/workshop/acts/${await doAct(visit, once, body)}` };
  } catch (error) {
    if (!(error instanceof TouchstoneError) || error.faults.length === 0) throw error;
    return actionForm(visit, besides(error.faults, fieldOf), once);
  }
}

/** Members of a statement stand in the form by their own names. */
export const fieldOf = (path: string): string =>
  (path.split('.').at(-1) ?? path).replace(/^(text|from|to)$/, (name) => (path.includes('date') ? 'date' : name));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UNDER_WAY = ['accepted', 'sealed'];

async function receiptPage({ request, context, caller }: Visit): Promise<Shown> {
  const id = String(request.params['id']).toLowerCase();
  const receipt = UUID.test(id) ? await readAct(context.ledger, id) : undefined;
  const mine = receipt?.organisation === caller.organisation || receipt?.asked === caller.organisation;
  const { act: name, ...told } = found(mine ? receipt : undefined, 'This act');
  const underWay = UNDER_WAY.includes(told.state);
  return {
    title: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' '),
    current: PIECES,
    ...(underWay && { head: html`<meta http-equiv="refresh" content="2">` }),
    main: receiptMain({ ...told, act: name, underWay }),
  };
}

export const pieceRoutesOfConsole: readonly ConsoleRoute[] = [
  { method: 'get', path: PIECES, costly: true, handle: listPage },
  { method: 'get', path: '/workshop/piece/*path', handle: piecePage },
  { method: 'get', path: '/workshop/do/:action/*path', scope: 'transfers:write', handle: (visit) => actionForm(visit) },
  { method: 'post', path: '/workshop/do/:action/*path', scope: 'transfers:write', handle: act },
  { method: 'get', path: '/workshop/acts/:id', handle: receiptPage },
];
