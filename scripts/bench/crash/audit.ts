// Owns the reckoning after the crashes: what was acknowledged against what the API shows and what the chain holds.
import type { Rpc } from '../../../src/adapters/rpc.ts';
import { inParallel } from '../../real/tally.ts';
import type { Client, ImportedPiece, ImportState } from '../client.ts';
import { type BornPiece, type ChainContent, type Contracts, goneOf, readChain, type SeenBlock } from './chain.ts';
import type {
  AcknowledgedCertificate,
  AcknowledgedImport,
  AcknowledgedPiece,
  AcknowledgedTransfer,
  Workload,
} from './workload.ts';

const READS_AT_ONCE = 8;
const SETTLE_MS = 60_000;

export interface Counts {
  readonly acknowledged: number;
  readonly found: number;
  readonly doubled: number;
}

export interface Audit extends Counts {
  readonly pieces: number;
  readonly rows: number;
  readonly transfers: number;
  /** Acknowledged transfers that ended with a reason instead of a move. */
  readonly refused: number;
  readonly certificates: number;
  readonly revocations: number;
  readonly born: number;
  readonly blocks: number;
  /** Everything that is not as it was told, in words. */
  readonly faults: readonly string[];
}

export async function audit(client: Client, rpc: Rpc, workload: Workload, seen: readonly SeenBlock[]): Promise<Audit> {
  const faults = [...workload.surprises];
  const rows = await settled(client, workload, faults);
  const chain = await readChain(rpc, await client.must<Contracts>('/api/v1/chain'));
  const born = new Map(chain.born.map((piece) => [piece.title, piece]));
  const doubled = doublesOf(chain, faults);
  const pieces = [...workload.pieces, ...rows];
  const shown = await shownOf(client, workload.pieces, faults);
  const found = pieces.filter((piece) => isBorn(piece, born, faults) && shown.get(piece.path) !== false).length;
  const moved = await movedOf(client, workload.transfers, chain, faults);
  const certified = await certifiedOf(client, workload.certificates, chain, faults);
  const revocations = workload.certificates.filter(({ revoked }) => revoked).length;
  if (chain.born.length !== chain.counted)
    faults.push(`${chain.counted} pieces counted, ${chain.born.length} published`);
  if (chain.born.length !== pieces.length) {
    faults.push(`${chain.born.length} pieces on the chain, ${pieces.length} acknowledged`);
  }
  for (const block of await goneOf(rpc, seen)) faults.push(`block ${block.number} is not ${block.hash} any more`);
  return {
    acknowledged: pieces.length + workload.transfers.length + workload.certificates.length + revocations,
    found: found + moved.found + certified.found,
    doubled: doubled + moved.doubled + certified.doubled,
    pieces: workload.pieces.length,
    rows: rows.length,
    transfers: workload.transfers.length,
    refused: moved.refused,
    certificates: workload.certificates.length,
    revocations,
    born: chain.born.length,
    blocks: seen.length,
    faults,
  };
}

/** Waits until everything is on the chain. Every row of every import, told by its title. */
async function settled(client: Client, workload: Workload, faults: string[]): Promise<AcknowledgedPiece[]> {
  const { imports, pieces, certificates } = workload;
  const last = pieces.at(-1);
  const passport = (path: string) => client.must<{ state: string }>(`/api/v1/pieces${path}`);
  if (last) await until(`${last.title} is on the chain`, faults, async () => isOnChain(await passport(last.path)));
  for (const { id, title, revoked } of certificates) {
    await until(`the ${title} is done`, faults, async () => {
      const told = await client.must<Attested>(`/api/v1/certificates/${id}`);
      return isOnChain(told) && (!revoked || (told.revocation !== null && isOnChain(told.revocation)));
    });
  }
  const rows: AcknowledgedPiece[] = [];
  for (const file of imports) {
    const read = () => client.must<ImportState>(`/api/v1/imports/${file.id}`);
    await until(`${file.name} is on the chain`, faults, async () => {
      const state = await read();
      return state.state === 'done' && state.anchored === state.accepted;
    });
    rows.push(...rowsOf(file, await read(), await client.importedPieces(file.id), faults));
  }
  return rows;
}

function rowsOf(
  file: AcknowledgedImport,
  state: ImportState,
  listed: readonly ImportedPiece[],
  faults: string[],
): AcknowledgedPiece[] {
  const numbers = new Set(listed.map(({ row }) => row));
  if (state.accepted !== file.rows || listed.length !== file.rows || numbers.size !== file.rows) {
    faults.push(
      `${file.name} of ${file.rows} rows: ${state.accepted} accepted, ${listed.length} listed, ${numbers.size} different`,
    );
  }
  return listed.map(({ row, path, recordHash }) => ({ title: `${file.name} row ${row}`, path, recordHash }));
}

async function until(what: string, faults: string[], holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + SETTLE_MS; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  faults.push(`not after ${SETTLE_MS / 1000} s: ${what}`);
}

const isOnChain = ({ state }: { state: string }) => state === 'anchored' || state === 'final';

/** Titles and codes that more than one token has. */
function doublesOf({ born }: ChainContent, faults: string[]): number {
  const titles = repeated(born.map(({ title }) => title));
  const paths = repeated(born.map(({ path }) => path));
  for (const text of [...titles, ...paths]) faults.push(`on the chain more than once: ${text}`);
  return Math.max(titles.length, paths.length);
}

/** Every entry beyond the first of its kind. */
function repeated(texts: readonly string[]): string[] {
  const once = new Set<string>();
  return texts.filter((text) => once.size === once.add(text).size);
}

function isBorn(piece: AcknowledgedPiece, born: ReadonlyMap<string, BornPiece>, faults: string[]): boolean {
  const found = born.get(piece.title);
  if (found?.path === piece.path && found.recordHash === piece.recordHash) return true;
  faults.push(`${piece.title} was acknowledged as ${piece.path}; the chain has ${found?.path ?? 'nothing'}`);
  return false;
}

/** Whether the API shows each piece with the record that was acknowledged, on the chain. */
async function shownOf(client: Client, pieces: readonly AcknowledgedPiece[], faults: string[]) {
  const shown = new Map<string, boolean>();
  await inParallel(pieces, READS_AT_ONCE, async (piece) => {
    const { status, body } = await client.get<{ recordHash: string; state: string }>(`/api/v1/pieces${piece.path}`);
    const same = status === 200 && body.recordHash === piece.recordHash && isOnChain(body);
    if (!same) faults.push(`${piece.title}, ${piece.path}: ${status} ${body.state} ${body.recordHash}`);
    shown.set(piece.path, same);
  });
  return shown;
}

interface Told {
  readonly state: string;
  readonly tokenId: string;
  readonly error: { readonly code: string } | null;
}

/** A transfer is found if its piece went to the new owner once, or if it says why it didn't. */
async function movedOf(
  client: Client,
  transfers: readonly AcknowledgedTransfer[],
  { moves }: ChainContent,
  faults: string[],
) {
  const result = { found: 0, doubled: 0, refused: 0 };
  const movesOf = new Map<string, string[]>();
  for (const { tokenId, to } of moves) movesOf.set(tokenId, [...(movesOf.get(tokenId) ?? []), to]);
  await inParallel(transfers, READS_AT_ONCE, async ({ id, path, to }) => {
    let told: Told | undefined;
    await until(`transfer ${id} of ${path} is done`, faults, async () => {
      told = await client.must<Told>(`/api/v1/transfers/${id}`);
      return told.state === 'failed' || isOnChain(told);
    });
    const times = (movesOf.get(told?.tokenId ?? '') ?? []).filter((owner) => owner === to).length;
    if (times > 1) result.doubled += 1;
    if (told?.state === 'failed' && told.error && times === 0) result.refused += 1;
    if (times === 1 || (told?.state === 'failed' && told.error)) result.found += 1;
    else faults.push(`transfer ${id} of ${path} is ${told?.state} and moved the piece ${times} times`);
  });
  const strangers = moves.length - transfers.length + result.refused;
  if (strangers !== 0) faults.push(`${moves.length} moves on the chain for ${transfers.length} transfers`);
  return result;
}

interface Attested {
  readonly state: string;
  readonly revocation: { readonly state: string } | null;
}

/** A certificate is found if it was issued once, and its revocation if it was taken back once. */
async function certifiedOf(
  client: Client,
  certificates: readonly AcknowledgedCertificate[],
  { issued, revoked }: ChainContent,
  faults: string[],
): Promise<{ found: number; doubled: number }> {
  const times = (ids: readonly string[], id: string) => ids.filter((other) => other === id).length;
  const result = { found: 0, doubled: 0 };
  await inParallel(certificates, READS_AT_ONCE, async ({ id, title, revoked: takenBack }) => {
    const told = await client.must<Attested>(`/api/v1/certificates/${id}`);
    const shown = isOnChain(told) && (told.revocation === null) !== takenBack;
    const [wasIssued, wasRevoked] = [times(issued, id), times(revoked, id)];
    if (shown && wasIssued === 1) result.found += 1;
    if (shown && takenBack && wasRevoked === 1) result.found += 1;
    if (wasIssued > 1 || wasRevoked > 1) result.doubled += 1;
    if (shown && wasIssued === 1 && wasRevoked === Number(takenBack)) return;
    faults.push(
      `${title} is ${JSON.stringify(told).slice(0, 100)}, issued ${wasIssued} and revoked ${wasRevoked} times`,
    );
  });
  if (issued.length !== certificates.length)
    faults.push(`${issued.length} certificates on the chain, ${certificates.length} acknowledged`);
  return result;
}
