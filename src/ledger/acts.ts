// Owns acts before they are stored: what has to be signed, and asking the chain beforehand, so that a refusal has words.
// Who may do what is the contracts' to say.
import type { SignedBy } from '../core/act.ts';
import { refusalOf } from '../core/act-refusals.ts';
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
    fields['organisation'] = caller?.organisation;
  }
  const standing = await standingOf(ledger, wish.act.subject, fields);
  return { wish, fields, standing, subjects: subjectsOf(wish.act.subject, standing), caller };
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
    refusal: (await refusalNow(ledger, situation, calls)) ?? null,
  };
}

/**
 * Puts all signatures together, makes those a held key may make, and asks the chain; stores nothing.
 * @throws TouchstoneError saying which signature is missing, or why the chain would refuse the act
 */
export async function checkAct(ledger: Ledger, caller: Caller | undefined, wish: ActWish): Promise<CheckedAct> {
  const situation = await situationOf(ledger, caller, wish);
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
  if (name === undefined) return undefined;
  const [code, detail] = refusalOf(wish.act, name);
  return { code, detail };
}

/** What is only kept reaches no contract yet, so whoever signed is looked at here; contract accounts are judged later. */
async function keptRefusal({ chain }: Ledger, situation: Situation, signed: SignedBy): Promise<Refused | undefined> {
  const { wish, fields, standing } = situation;
  for (const [who, { key }] of Object.entries(signed)) {
    const signer = wish.act.signers[who] as AnySigner;
    const account = signer.account?.(fields, standing);
    if (account === undefined || (signer.by === 'owner' && key === account)) continue;
    if (signer.permission !== undefined && (await chain.isPermitted(account, key, signer.permission))) continue;
    const detail =
      'The signer may not do this for the piece’s owner, or the piece has changed since. Nothing was kept.';
    return { code: signer.by === 'owner' ? 'not-owner' : 'key-not-permitted', detail };
  }
  return undefined;
}
