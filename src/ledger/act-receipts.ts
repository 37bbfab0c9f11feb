// Owns what is told of a stored act: how far it is, and for what is only kept, what became of it.
import type { ActState, Outcome, SignedBy } from '../core/act.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Ledger, Sql } from '../ports.ts';
import { movesOf } from './find.ts';
import { type Cursor, readCursor } from './indexer.ts';

export interface Receipt {
  readonly id: string;
  readonly act: string;
  readonly state: ActState;
  readonly organisation: string | null;
  readonly path: string | null;
  readonly subjects: readonly string[];
  /** What was asked for, and how what it is about stood then. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly standing: Readonly<Record<string, unknown>>;
  readonly transaction: string | null;
  readonly block: number | null;
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null;
  readonly acceptedAt: string;
  /** For what is kept: the signatures, to be given to whoever shall use them. */
  readonly signatures?: SignedBy;
  /** Where the piece went since. */
  readonly to?: string;
  /** Whose consent it waits for. */
  readonly asked?: string;
  readonly declined?: Declined;
}

export interface Declined {
  readonly by: 'asked' | 'asking';
  readonly words: string | null;
  readonly at: string;
}

interface Row {
  readonly id: string;
  readonly act: string;
  readonly organisation: string | null;
  readonly path: string | null;
  readonly subjects: string[];
  readonly fields: Record<string, unknown>;
  readonly standing: Record<string, unknown>;
  readonly signatures: SignedBy;
  readonly calls: readonly unknown[];
  readonly outcome: Outcome | null;
  readonly refs: string[];
  readonly error: string | null;
  readonly error_code: ErrorCode | null;
  readonly elsewhere: string | null;
  readonly done: boolean;
  readonly asked: string | null;
  readonly declined: Declined | null;
  readonly created_at: string;
  readonly enlisted: number;
  readonly mined: number;
  readonly block: number | null;
  readonly hash: string | null;
}

const ROWS = `
  SELECT a.*, t.* FROM acts a LEFT JOIN LATERAL (
    SELECT count(*) AS enlisted, count(block) AS mined, max(block) AS block, (array_agg(hash ORDER BY nonce))[1] AS hash
    FROM transactions WHERE purpose = 'act' AND ref = ANY(a.refs)) t ON true`;

export async function readAct(ledger: Ledger, id: string): Promise<Receipt | undefined> {
  const [row] = await ledger.db.query<Row>(`${ROWS} WHERE a.id = $1`, [id]);
  return row && receiptOf(ledger, row, await readCursor(ledger.db));
}

/** The acts of a shipment, in the order they were made. */
export async function actsOfShipment(ledger: Ledger, shipment: string): Promise<Receipt[]> {
  const rows = await ledger.db.query<Row>(`${ROWS} WHERE a.shipment = $1 ORDER BY a.created_at, a.id`, [shipment]);
  const cursor = await readCursor(ledger.db);
  return Promise.all(rows.map((row) => receiptOf(ledger, row, cursor)));
}

const LISTED = 50;

/** What waits, or waited, for somebody's consent: asked by an organisation, or of it; newest first. */
export async function requestsOf(ledger: Ledger, organisation: string): Promise<Receipt[]> {
  const rows = await ledger.db.query<Row>(
    `${ROWS} WHERE a.asked IS NOT NULL AND (a.organisation = $1 OR a.asked = $1)
     ORDER BY a.created_at DESC, a.id LIMIT ${LISTED}`,
    [organisation],
  );
  const cursor = await readCursor(ledger.db);
  return Promise.all(rows.map((row) => receiptOf(ledger, row, cursor)));
}

/** What waits, or waited, for anybody's consent about a subject; newest first. */
export async function requestsAbout(ledger: Ledger, subject: string): Promise<Receipt[]> {
  const rows = await ledger.db.query<Row>(
    `${ROWS} WHERE a.asked IS NOT NULL AND a.subjects @> ARRAY[$1] ORDER BY a.created_at DESC, a.id LIMIT ${LISTED}`,
    [subject],
  );
  const cursor = await readCursor(ledger.db);
  return Promise.all(rows.map((row) => receiptOf(ledger, row, cursor)));
}

async function receiptOf(ledger: Ledger, row: Row, cursor: Cursor): Promise<Receipt> {
  const told = {
    id: row.id,
    act: row.act,
    organisation: row.organisation,
    path: row.path,
    subjects: row.subjects,
    fields: row.fields,
    standing: row.standing,
    acceptedAt: row.created_at,
    ...(row.asked === null ? {} : { asked: row.asked }),
  };
  if (row.calls.length === 0) return { ...told, ...(await keptState(ledger, row)) };
  return {
    ...told,
    state: stateOf(row, cursor),
    transaction: row.elsewhere ?? row.hash,
    block: row.block,
    error: row.error === null ? null : { code: row.error_code ?? 'internal', detail: row.error },
  };
}

/** Anchored only once the index has it, so that whoever sees the state sees it in the passport too. */
function stateOf(row: Row, cursor: Cursor): ActState {
  if (row.error !== null) return 'failed';
  if (row.enlisted === 0) return 'accepted';
  if (row.mined < row.refs.length || !row.done || (row.block ?? 0) > cursor.number) return 'sealed';
  return (row.block ?? 0) <= cursor.finalBlock ? 'final' : 'anchored';
}

/** Where on the chain stands what was asked for, whoever brought it there. */
async function agreedTo(db: Sql, { args }: Outcome): Promise<{ transaction: string; block: number } | undefined> {
  const [row] = await db.query<{ transaction: string; block: number }>(
    `SELECT transaction, block FROM life_events
     WHERE token_id = $1 AND number = $2 AND kind = $3 AND organisation = $4 AND content_hash = $5`,
    [args['tokenId'], args['number'], args['kind'], args['organisation'], args['contentHash']],
  );
  return row;
}

/** What was kept binds the piece's moves and events: any change uses it up or makes it worthless. */
async function keptState({ db, chain, now }: Ledger, { standing, signatures, declined, outcome }: Row) {
  const open = { state: 'kept' as const, transaction: null, block: null, error: null, signatures };
  if (declined) return { ...open, state: 'declined' as const, declined };
  const done = outcome && (await agreedTo(db, outcome));
  if (done) return { ...open, state: 'agreed' as const, ...done };
  const { tokenId, moves, events } = standing as { tokenId: string; moves: number; events: number };
  const move = (await movesOf(db, tokenId as never))[moves];
  if (move) {
    return { ...open, state: 'moved' as const, transaction: move.transaction, block: move.block, to: move.to };
  }
  const expired = Object.values(signatures).some(({ deadline }) => deadline * 1000 < now());
  // While the node is away, what the index knows has to do.
  const piece = expired ? undefined : await chain.pieceOf(tokenId).catch(() => ({ events }));
  return expired || piece?.events !== events ? { ...open, state: 'void' as const } : open;
}
