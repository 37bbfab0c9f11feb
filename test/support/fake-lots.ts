// Owns lots on the fake chain: what has become of each, and the contract's rules for declaring, passing on, splitting and
// drawing, signatures over how many events a lot had among them. A piece's return is told by a test as it happened.
import { recoverAddress } from 'ethers';
import { actTypedData, type Signed, type Signer } from '../../src/core/act.ts';
import type { LotInput, LotsStanding } from '../../src/core/act-standing.ts';
import { actNamed } from '../../src/core/acts.ts';
import { DRAW } from '../../src/core/acts-lots-draw.ts';
import { type BatchHeader, batchIdOf } from '../../src/core/batch.ts';
import type { Happening } from '../../src/core/events.ts';
import { lower } from '../../src/core/hash.ts';
import { LOT_OPERATIONS, type LotHeader, type LotId, lotIdOf, parentsOf } from '../../src/core/lot.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';

export interface LotCall {
  readonly name: string;
  readonly args: readonly unknown[];
}
interface Place {
  readonly chainId: number;
  readonly address: string;
}
interface FakeLot extends LotInput {
  readonly holder: string;
}

/** How a lot stands after these happenings; undefined if there is none. */
export function lotAfter(happenings: readonly Happening[], lotId: string): FakeLot | undefined {
  const birth = happenings.find((one) => one.kind === 'lot' && one.lotId === lotId);
  if (birth?.kind !== 'lot') return undefined;
  const { header } = birth;
  let [holder, remaining, events] = [header.organisation, header.quantity, 1];
  for (const one of happenings) {
    if (!('lotId' in one) || one.lotId !== lotId || one.kind === 'lot') continue;
    events += 1;
    if (one.kind === 'lot-moved') holder = one.to;
    else remaining -= one.quantity;
  }
  return { lotId: lotId as LotId, header, holder, remaining, events };
}

/** What a call does after these happenings; undefined if the contract refuses it. */
export function runLots(call: LotCall, before: readonly Happening[], place: Place): Happening[] | undefined {
  switch (call.name) {
    case 'declare':
      return declared(before, place, ...(call.args as [LotHeader, Signed]));
    case 'transfer':
      return movedOn(before, place, ...(call.args as [string, string, Signed]));
    case 'split':
      return divided(before, place, ...(call.args as [LotHeader, LotHeader[], Signed]));
    case 'draw':
      return drawn(before, place, ...(call.args as [BatchHeader, string[], number[], Signed]));
    default:
      throw new Error(`the fake chain knows no ${call.name} of lots`);
  }
}

function declared(before: readonly Happening[], place: Place, header: LotHeader, signed: Signed) {
  const lotId = lotIdOf(header);
  const signer = actNamed('declare-lot').signers['organisation'] as Signer<unknown, unknown>;
  const isNew = lotAfter(before, lotId) === undefined;
  if (!isNew || !isSigned(place, signer, {}, { header }, signed)) return undefined;
  return [{ kind: 'lot' as const, lotId, header, operation: LOT_OPERATIONS.declared, key: signed.key }];
}

function movedOn(before: readonly Happening[], place: Place, lotId: string, to: string, signed: Signed) {
  const lot = lotAfter(before, lotId);
  if (!lot || lot.remaining === 0 || !isSigned(place, byHolder('transfer-lot'), { to }, standingOf(lot), signed)) {
    return undefined;
  }
  const { holder: from, events } = lot;
  return [{ kind: 'lot-moved' as const, lotId: lot.lotId as LotId, number: events + 1, from, to, key: signed.key }];
}

function divided(before: readonly Happening[], place: Place, of: LotHeader, outputs: LotHeader[], signed: Signed) {
  const lot = lotAfter(before, lotIdOf(of));
  const quantities = outputs.map((one) => one.quantity);
  const quantity = quantities.reduce((sum, one) => sum + one, 0);
  const signer = byHolder('split-lot');
  if (!lot || quantity > lot.remaining || !isSigned(place, signer, { quantities }, standingOf(lot), signed)) {
    return undefined;
  }
  const { key } = signed;
  const operation = LOT_OPERATIONS.split;
  const parents = parentsOf([lot.lotId]);
  const number = lot.events + 1;
  return [
    { kind: 'lot-consumed' as const, lotId: lot.lotId as LotId, number, parents, operation, quantity, key },
    ...outputs.map((header) => ({ kind: 'lot' as const, lotId: lotIdOf(header), header, operation, key })),
  ];
}

function drawn(
  before: readonly Happening[],
  place: Place,
  header: BatchHeader,
  lotIds: string[],
  quantities: number[],
  signed: Signed,
): Happening[] | undefined {
  const batchId = batchIdOf(header);
  const all: Happening[] = [];
  const signedFor = [];
  for (const [i, lotId] of lotIds.entries()) {
    const lot = lotAfter(before, lotId);
    const quantity = quantities[i] as number;
    if (!lot || lot.holder !== header.organisation || quantity < 1 || quantity > lot.remaining) return undefined;
    signedFor.push({ lotId: lot.lotId, quantity, events: lot.events });
    const number = lot.events + 1;
    all.push({ kind: 'lot-drawn', lotId: lot.lotId as LotId, number, batchId, quantity, key: signed.key });
  }
  return isSigned(place, DRAW, { batchId, lots: signedFor }, undefined, signed) ? all : undefined;
}

const byHolder = (act: string) => actNamed(act).signers['holder'] as Signer<unknown, unknown>;

function standingOf(lot: FakeLot): LotsStanding {
  return { holder: lot.holder, lots: [lot], batch: null };
}

function isSigned<F, S>(place: Place, signer: Signer<F, S>, fields: F, standing: S, signed: Signed): boolean {
  const data = actTypedData(place, 'lots', signer, { fields, standing, deadline: signed.deadline });
  return lower(recoverAddress(typedDigest(data), signed.signature)) === lower(signed.key);
}
