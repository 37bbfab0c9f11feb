// Owns acts before they are stored: what has to be signed, and asking the chain beforehand, so that a refusal has words.
// Who may do what is the contracts' to say.
import type { SignedBy } from '../core/act.ts';
import { refusalOf } from '../core/act-refusals.ts';
import type { RegisteredPieceStanding } from '../core/act-standing.ts';
import type { ActWish } from '../core/acts.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Call, Ledger } from '../ports.ts';
import type { Caller } from './accounts.ts';
import {
  type AnySigner,
  deadlineOf,
  gathered,
  mayBeHeld,
  mustBeSigned,
  type Situation,
  signHere,
  typedDataOf,
} from './act-signatures.ts';
import { standingOf, subjectsOf } from './act-standings.ts';
import { gasFor, MOST_GAS } from './relay.ts';

/** An act with all its signatures, and what they make of it. */
export interface CheckedAct extends Situation {
  readonly signed: SignedBy;
  /** None for what is only kept. */
  readonly calls: readonly Call[];
}

/** @throws TouchstoneError if what it is about is not known, or not on the chain */
export async function situationOf(ledger: Ledger, caller: Caller | undefined, wish: ActWish): Promise<Situation> {
  const fields = { ...wish.fields };
  // An organisation acts for itself unless it says otherwise.
  if ('organisation' in wish.act.fields.shape && fields['organisation'] === undefined) {
    fields['organisation'] = caller?.organisation ?? nobody();
  }
  const standing = await standingOf(ledger, wish.act.subject, fields);
  return { wish, fields, standing, subjects: subjectsOf(wish.act.subject, standing), caller };
}

function nobody(): never {
  const faults = [{ field: 'organisation', reason: 'is missing: whose act is it?' }];
  throw new TouchstoneError('invalid-request', 'An organisation does this. Nothing was done.', { faults });
}

export type Source = 'brought' | 'kept' | 'held' | 'missing';

/** What each signer signs, and whether that is there already. */
export async function prepareAct(ledger: Ledger, caller: Caller | undefined, wish: ActWish) {
  const situation = await situationOf(ledger, caller, wish);
  const { signed, missing } = await gathered(ledger, situation);
  const signatures = Object.entries(wish.act.signers).map(([who, signer]) => {
    const deadline = deadlineOf(ledger, wish, signer);
    const from: Source = signed[who] ? (wish.signatures[who] ? 'brought' : 'kept') : 'missing';
    const held = from === 'missing' && mayBeHeld(situation, signer);
    return {
      signer: who,
      by: signer.by,
      account: signer.account?.(situation.fields, situation.standing) ?? null,
      from: held ? ('held' as const) : from,
      deadline,
      typedData: typedDataOf(ledger, situation, signer, deadline),
    };
  });
  const calls = missing.length === 0 ? callsOf(ledger, situation, signed) : [];
  return {
    act: wish.act.name,
    does: wish.act.does,
    standing: situation.standing,
    signatures,
    calls: calls.map(({ to, data }) => ({ to, data })),
    refusal: (await unfitness(ledger, situation)) ?? (await refusalNow(ledger, situation, calls)) ?? null,
  };
}

/**
 * Puts all signatures together, makes those a held key may make, and asks the chain; stores nothing.
 * @throws TouchstoneError saying which signature is missing, or why the chain would refuse the act
 */
export async function checkAct(ledger: Ledger, caller: Caller | undefined, wish: ActWish): Promise<CheckedAct> {
  const situation = await situationOf(ledger, caller, wish);
  const unfit = await unfitness(ledger, situation);
  if (unfit) throw new TouchstoneError(unfit.code, unfit.detail);
  if (wish.act.asks) ownRequest(situation);
  const { signed: there, missing } = await gathered(ledger, situation);
  const signed = { ...there };
  for (const who of missing) signed[who] = await signHere(ledger, situation, who);
  const calls = callsOf(ledger, situation, signed);
  if (calls.length === 0) await mustBeSigned(ledger, situation, signed);
  const refusal = calls.length === 0 ? await keptRefusal(ledger, situation, signed) : undefined;
  const why = refusal ?? (await refusalNow(ledger, situation, calls));
  if (why) throw new TouchstoneError(why.code, why.detail);
  return { ...situation, signed, calls };
}

function callsOf({ chain }: Ledger, { wish, fields, standing }: Situation, signed: SignedBy): Call[] {
  return wish.act.calls(fields, standing as never, signed).map((call) => {
    const { to, data } = chain.encodeAct(call);
    const gas = gasFor(data, call.work ?? wish.act.work);
    if (gas <= MOST_GAS) return { to, data, gas };
    const [code, detail] = refusalOf(wish.act, 'OutOfGas');
    throw new TouchstoneError(code, detail);
  });
}

async function unfitness(ledger: Ledger, { wish, fields, standing }: Situation): Promise<Refused | undefined> {
  const refusal = wish.act.unfit?.(fields, standing as never);
  if (refusal) return { code: refusal[0], detail: refusal[1] };
  const due = wish.act.dueAt?.(fields, standing as never);
  if (due === undefined || (await timeOf(ledger)) >= due) return undefined;
  const when = `${new Date(due * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { code: 'too-early', detail: `It is not time for this before ${when}. Nothing was done.` };
}

/** A quiet chain's last block may be days old; the next one has the time it is mined at. */
async function timeOf({ chain, now }: Ledger): Promise<number> {
  return Math.max((await chain.head()).time, Math.floor(now() / 1000));
}

/** Whoever is asked is shown who asks, so nobody asks in another's name, which a kept signature would not tell. */
function ownRequest({ wish, fields, standing, caller }: Situation): void {
  const owns = Object.values<AnySigner>(wish.act.signers as Record<string, AnySigner>).every(
    (signer) => signer.account?.(fields, standing) === caller?.organisation,
  );
  if (caller && owns) return;
  const message = 'Ask with your own organisation’s API key, or bring both signatures together. Nothing was kept.';
  throw new TouchstoneError(caller ? 'not-owner' : 'unauthenticated', message);
}

interface Refused {
  readonly code: TouchstoneError['code'];
  readonly detail: string;
}

/** Why the chain would refuse the first call now; the others follow from it. */
async function refusalNow(
  { chain }: Ledger,
  { wish }: Situation,
  [call]: readonly Call[],
): Promise<Refused | undefined> {
  const name = call && (await chain.refusal(call));
  // Nodes reckon a call as of the last block, which is before its time where nothing else happened meanwhile.
  if (name === undefined || (name === 'TooEarly' && wish.act.dueAt)) return undefined;
  const [code, detail] = refusalOf(wish.act, name);
  return { code, detail };
}

const registrantOf = (standing: unknown) => (standing as RegisteredPieceStanding).header.organisation;

/** What is only kept reaches no contract yet, so whoever signed is looked at here; contract accounts are judged later. */
async function keptRefusal({ chain }: Ledger, situation: Situation, signed: SignedBy): Promise<Refused | undefined> {
  const { wish, fields, standing } = situation;
  for (const [who, { key }] of Object.entries(signed)) {
    const signer = wish.act.signers[who] as AnySigner;
    const account = signer.account?.(fields, standing);
    if (signer.by === 'registrant' && !(await chain.speaksFor(registrantOf(standing), account as string))) {
      const [code, detail] = refusalOf(wish.act, 'NotRegistrant');
      return { code, detail };
    }
    if (account === undefined || (signer.by === 'owner' && key === account)) continue;
    if (signer.permission !== undefined && (await chain.isPermitted(account, key, signer.permission))) continue;
    const detail =
      'The signer may not do this for the piece’s owner, or the piece has changed since. Nothing was kept.';
    return { code: signer.by === 'owner' ? 'not-owner' : 'key-not-permitted', detail };
  }
  return undefined;
}
