// Owns the verdict on the lots that an evidence file tells: that they are those its record names and what these were made
// of, that the chain has them and the same was drawn, and whether the batch's records state more than was drawn. Pieces
// whose records name no lots never enter it.
import { type BatchHeader, batchIdOf } from './batch.ts';
import { readStatement } from './certificate.ts';
import { isBefore } from './events.ts';
import type { Evidence } from './evidence.ts';
import { denied, footingOf, isAt, unknown } from './footing.ts';
import { type Hex32, keccak, toHex, utf8 } from './hash.ts';
import { ascending, type LotHeader, type LotId, lotIdOf, parentsOf, parentsOfPiece } from './lot.ts';
import { balanceOf, commits, misfit, type StatedMass, statedIn } from './lot-balance.ts';
import type { Balance } from './lot-view.ts';
import { ZERO_32 } from './merkle.ts';
import type { PieceRecord } from './record.ts';
import type { JudgedCertificate, JudgedCheck, Witness, WitnessedLot, WitnessedMass } from './verdict.ts';

type EvidenceLot = NonNullable<Evidence['lots']>[number];
export interface ToldLot extends EvidenceLot {
  readonly lotId: LotId;
}

const FROM_LOTS = 'materials-from-lots';
const BALANCE = 'mass-balance';
const AWAY = 'no node was asked, or it could not be reached';
const CONTRADICTS = 'the node contradicts itself';

/** The lots of a file, by the ids that their headers have. */
export function lotsTold({ lots = [] }: Pick<Evidence, 'lots'>): ToldLot[] {
  return lots.map((lot) => ({ ...lot, lotId: lotIdOf(lot.header as LotHeader) }));
}

/** Each once, in the order of the record's materials. */
export function lotsNamed(record: Pick<PieceRecord, 'materials'> | undefined): Hex32[] {
  return [...new Set(record?.materials.flatMap(({ lot }) => (lot === undefined ? [] : [lot as Hex32])))];
}

/** What a batch's records state of these lots, as a witness tells it. */
export function massesStated(sums: readonly StatedMass[], told: readonly ToldLot[]): WitnessedMass[] {
  const ids = new Set<string>(told.map(({ lotId }) => lotId));
  return sums.filter(({ lotId }) => ids.has(lotId)).map((sum) => ({ ...sum, fine: String(sum.fine) }));
}

export function massesOfRecords(records: readonly PieceRecord[], told: readonly ToldLot[]): WitnessedMass[] {
  return massesStated(statedIn({ materials: records.flatMap(({ materials }) => materials) }), told);
}

/** None for a piece whose record names no lots. @param certificates what was judged of the file's, in its order */
export function judgeLots(
  evidence: Evidence,
  record: PieceRecord | undefined,
  witness: Witness | undefined,
  certificates: readonly JudgedCertificate[],
): JudgedCheck[] {
  const named = lotsNamed(record);
  const told = lotsTold(evidence);
  if (named.length === 0 && told.length === 0) return [];
  const fromLots = materialsFromLots(evidence, { record, named, told }, witness);
  return named.length === 0 ? [fromLots] : [fromLots, massBalance(evidence, { named, told }, witness, certificates)];
}

interface Lots {
  readonly record: PieceRecord | undefined;
  readonly named: readonly Hex32[];
  readonly told: readonly ToldLot[];
}

function materialsFromLots(evidence: Evidence, lots: Lots, witness: Witness | undefined): JudgedCheck {
  const { record, named, told } = lots;
  const fault = lineFault(named, told) ?? told.map((lot) => lotFault(evidence, named, lot)).find(Boolean);
  if (fault) return { name: FROM_LOTS, result: 'fail', detail: fault };
  const doubt = told.length === 0 ? undefined : chainDoubt(evidence, lots, witness);
  if (doubt?.result === 'fail') return doubt;
  const strange = record && strangeIn(record, told, evidence.batch.extra as Hex32);
  if (strange) return { name: FROM_LOTS, result: 'warn', detail: strange };
  const missing = named.length - told.filter(({ lotId }) => named.includes(lotId)).length;
  if (missing > 0) return unknown(FROM_LOTS, `lots that its materials came from and it does not tell: ${missing}`);
  return doubt ?? { name: FROM_LOTS, result: 'pass' };
}

/** Those the record names, then what these were made of, and so on: each once, in that order, and no others. */
function lineFault(named: readonly Hex32[], told: readonly ToldLot[]): string | undefined {
  const byId = new Map<string, ToldLot>(told.map((lot) => [lot.lotId, lot]));
  if (byId.size < told.length) return 'it tells a lot twice';
  const line = new Set<string>(named);
  for (const id of line) for (const parent of byId.get(id)?.madeOf ?? []) line.add(parent);
  const expected = [...line].filter((id) => byId.has(id));
  if (expected.length < told.length) return 'it tells a lot that none of its materials came from';
  return expected.every((id, i) => told[i]?.lotId === id) ? undefined : 'its lots are not in order';
}

/** What is wrong with one lot by itself. */
function lotFault({ asOf }: Evidence, named: readonly Hex32[], lot: ToldLot): string | undefined {
  const { header, statement, draws, lotId } = lot;
  if (statement !== null && toHex(keccak(utf8(statement))) !== header.contentHash) {
    return `the statement of lot ${lotId} is not the one its id commits to`;
  }
  if (madeOfTold(lot) !== header.parents) return `lot ${lotId} was made of something else than it tells`;
  if (draws.length > 0 && !named.includes(lotId))
    return `it tells draws of lot ${lotId}, which the record does not name`;
  const late = draws.some((draw, i) => {
    const before = draws[i - 1];
    return draw.block > asOf.block || (before && !(before.number < draw.number && isBefore(before, draw)));
  });
  return late ? `the draws of lot ${lotId} are not in order, or after the file’s block` : undefined;
}

/** Undefined where it is no list as the contracts take it. */
function madeOfTold({ madeOf, returned }: ToldLot): Hex32 | undefined {
  if (returned !== null) return madeOf.length === 0 ? parentsOfPiece(returned) : undefined;
  if (madeOf.length === 0) return ZERO_32;
  const sorted = ascending([...new Set(madeOf as Hex32[])]);
  const isSorted = sorted.length === madeOf.length && sorted.every((id, i) => id === madeOf[i]);
  return isSorted ? parentsOf(sorted) : undefined;
}

/** What the record itself says that does not fit its lots: true of the piece, so no fault of the file. */
function strangeIn(record: PieceRecord, told: readonly ToldLot[], extra: Hex32): string | undefined {
  if (!commits(record, extra)) return 'its leaf does not commit to what its record says of lots';
  const byId = new Map<string, ToldLot>(told.map((lot) => [lot.lotId, lot]));
  for (const [i, material] of record.materials.entries()) {
    const lot = material.lot === undefined ? undefined : byId.get(material.lot);
    const against = lot && misfit(material, lot.header as LotHeader);
    if (against) return `the lot of material ${i + 1} ${against}`;
  }
  return undefined;
}

/** Undefined if a node has the lots and draws that the file tells. */
function chainDoubt(evidence: Evidence, { named, told }: Lots, witness: Witness | undefined): JudgedCheck | undefined {
  if (!witness) return unknown(FROM_LOTS, AWAY);
  const footing = footingOf(evidence, witness);
  const doubts = told.map((lot) => {
    const state = stateOf(witness, lot.lotId);
    if (!state) return unknown(FROM_LOTS, `the node was not asked about lot ${lot.lotId}`);
    if (state.events === 0) return denied(FROM_LOTS, footing, `there is no lot ${lot.lotId}`);
    // A lot further up the line may have been drawn from for other pieces of the batch: no business of this file.
    return named.includes(lot.lotId) ? drawsDoubt(evidence, lot, state, witness) : undefined;
  });
  return doubts.find((doubt) => doubt?.result === 'fail') ?? doubts.find((doubt) => doubt !== undefined);
}

function drawsDoubt(
  evidence: Evidence,
  { lotId, draws }: ToldLot,
  state: WitnessedLot,
  witness: Witness,
): JudgedCheck | undefined {
  const footing = footingOf(evidence, witness);
  const batchId = batchIdOf(evidence.batch.header as BatchHeader);
  const otherwise = `other draws of lot ${lotId} were made for its batch than it tells`;
  if (sumOf(draws) > BigInt(state.drawn)) return denied(FROM_LOTS, footing, otherwise);
  if (!witness.events) return unknown(FROM_LOTS, 'the node gave no logs');
  const logs = witness.events.flatMap((event) =>
    event.kind === 'lot-drawn' && event.lotId === lotId && event.batchId === batchId ? [event] : [],
  );
  if (sumOf(logs) !== BigInt(state.drawn)) return unknown(FROM_LOTS, CONTRADICTS);
  const until = logs.filter(({ block }) => block <= evidence.asOf.block);
  const same =
    until.length === draws.length &&
    until.every((log, i) => {
      const draw = draws[i] as ToldLot['draws'][number];
      return isAt(log, draw) && log.number === draw.number && log.quantity === draw.quantity;
    });
  return same ? undefined : denied(FROM_LOTS, footing, otherwise);
}

function sumOf(draws: readonly { readonly quantity: number }[]): bigint {
  return draws.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n);
}

function stateOf({ lots }: Witness, lotId: LotId): WitnessedLot | undefined {
  return lots?.find((lot) => lot.lotId === lotId);
}

/** Never a fault of the file: whether the batch's records state more than was drawn for it, by what the node has. */
function massBalance(
  evidence: Evidence,
  { named, told }: Omit<Lots, 'record'>,
  witness: Witness | undefined,
  certificates: readonly JudgedCertificate[],
): JudgedCheck {
  if (!witness) return unknown(BALANCE, AWAY);
  const stated = witness.payload === 'complete' ? witness.stated : undefined;
  const sums = stated?.map((sum) => ({ ...sum, fine: BigInt(sum.fine) })) ?? null;
  const results = named.map((lotId): Balance['result'] => {
    const lot = told.find((one) => one.lotId === lotId);
    const state = lot && stateOf(witness, lot.lotId);
    if (!lot || !state) return 'unknown';
    const attested = attestedSum(evidence, lotId, certificates, witness.head.time);
    return balanceOf(lotId, lot.header as LotHeader, sums, state.drawn, attested).result;
  });
  if (results.includes('more')) {
    return {
      name: BALANCE,
      result: 'warn',
      detail: 'the records of its batch state more of a lot than was drawn from it',
    };
  }
  if (!results.includes('unknown')) return { name: BALANCE, result: 'pass' };
  if (told.length === 0) return unknown(BALANCE, 'it does not tell the lots that its materials came from');
  const why =
    evidence.batch.header.mode === 1
      ? 'the records of its batch were not read back'
      : 'the records of its batch are not public, and nobody but its registrant certifies what they add up to';
  return unknown(BALANCE, why);
}

/** The latest word in force of somebody else than the registrant, as far as the node confirms it. */
function attestedSum(
  { certificates, batch }: Evidence,
  lotId: Hex32,
  judged: readonly JudgedCertificate[],
  now: number,
): Parameters<typeof balanceOf>[4] {
  for (const [i, { fields, statement: text }] of [...certificates.entries()].reverse()) {
    const { checks, view } = judged[i] ?? { checks: [], view: null };
    const inForce = view?.revoked === null && (fields.validUntil === 0 || fields.validUntil > now);
    const confirmed = checks.every(({ name, result }) => result === 'pass' || name === 'no-change-since');
    if (!inForce || !confirmed || text === null || fields.organisation === batch.header.organisation) continue;
    const statement = readStatement(text);
    if (statement?.type !== 'mass-balance' || statement.subject.kind !== 'batch') continue;
    const quantity = statement.balance?.find(({ lot }) => lot === lotId)?.quantity;
    if (quantity !== undefined) return { by: { address: fields.organisation, handle: null }, quantity };
  }
  return undefined;
}
