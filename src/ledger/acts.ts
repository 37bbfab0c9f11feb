// Owns acts before they are stored: what has to be signed, putting together the signatures that were brought, kept or can
// be made here, and asking the chain beforehand, so that a refusal has words. Who may do what is the contracts' to say.
import { actTypedData, refusalOf, type Signed, type SignedBy, type Signer } from '../core/act.ts';
import type { BroughtSignature } from '../core/act-fields.ts';
import type { ActWish } from '../core/acts.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Call, Ledger } from '../ports.ts';
import { type Caller, permittedKey, signAs } from './accounts.ts';
import { standingOf, subjectsOf } from './act-standings.ts';
import { organisationAt } from './organisations.ts';
import { gasFor } from './relay.ts';

type AnySigner = Signer<unknown, unknown>;
type Standing = Awaited<ReturnType<typeof standingOf>>;

/** An act together with how its subject stands now. */
export interface Situation {
  readonly wish: ActWish;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly standing: Standing;
  readonly subjects: readonly string[];
  /** Who asks by an API key; nobody for whoever brings all signatures. */
  readonly caller: Caller | undefined;
}

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
  const refusal = calls.length === 0 ? await keptRefusal(ledger, situation, signed) : undefined;
  const why = refusal ?? (await refusalNow(ledger, situation, calls));
  if (why) throw new TouchstoneError(why.code, why.detail);
  return { ...situation, signed, calls };
}

/** Signatures that were brought with the act, or given to the service before. */
async function gathered(
  ledger: Ledger,
  situation: Situation,
): Promise<{ signed: Record<string, Signed>; missing: string[] }> {
  const { wish } = situation;
  const signed: Record<string, Signed> = {};
  const missing: string[] = [];
  for (const [who, signer] of Object.entries(wish.act.signers)) {
    const brought = wish.signatures[who];
    const kept = signer.kept === undefined || signer.kept === wish.act.name ? undefined : signer.kept;
    const one = brought
      ? elsewhere(ledger, situation, signer, brought)
      : kept && (await keptSignature(ledger, kept, who, situation));
    if (one) signed[who] = one;
    else missing.push(who);
  }
  return { signed, missing };
}

/** ECDSA signatures tell who made them; of others it has to be said, or is whose word is asked for. */
function elsewhere(ledger: Ledger, situation: Situation, signer: AnySigner, brought: BroughtSignature): Signed {
  const { signature, deadline } = brought;
  if (deadline * 1000 < ledger.now()) {
    throw new TouchstoneError('signature-expired', 'A signature’s time is over. Sign again. Nothing was done.');
  }
  const account = signer.account?.(situation.fields, situation.standing);
  const recovered = ledger.keys.signerOf(typedDataOf(ledger, situation, signer, deadline), signature);
  if (signer.exactly && recovered !== account) {
    const message = 'The one-time key did not sign this: it is another key, or the piece has moved since.';
    throw new TouchstoneError('signature-invalid', `${message} Nothing was done.`);
  }
  const key = brought.key ?? recovered ?? account;
  if (key !== undefined) return { key, deadline, signature };
  throw new TouchstoneError('signature-invalid', 'A signature is malformed. Nothing was done.');
}

/** The latest signature given to the service that binds the subject as it stands now. */
async function keptSignature(
  { db, now }: Ledger,
  act: string,
  who: string,
  { subjects, standing }: Situation,
): Promise<Signed | undefined> {
  const { moves, events } = standing as { moves?: number; events?: number };
  const [row] = await db.query<{ signed: Signed }>(
    `SELECT signatures->$2::text AS signed FROM acts
     WHERE subjects && $1 AND act = $3 AND calls = '[]' AND standing->'moves' = $4::jsonb
       AND standing->'events' = $5::jsonb AND (signatures->$2::text->>'deadline')::bigint > $6
     ORDER BY created_at DESC LIMIT 1`,
    [subjects, who, act, String(moves), String(events), Math.ceil(now() / 1000)],
  );
  return row?.signed;
}

function mayBeHeld({ caller, fields, standing }: Situation, signer: AnySigner): boolean {
  return (
    caller !== undefined &&
    signer.permission !== undefined &&
    signer.account?.(fields, standing) === caller.organisation
  );
}

async function signHere(ledger: Ledger, situation: Situation, who: string): Promise<Signed> {
  const { caller, wish } = situation;
  const signer = wish.act.signers[who] as AnySigner;
  if (!caller || !mayBeHeld(situation, signer)) throw await signatureMissing(ledger, situation, who);
  const deadline = deadlineOf(ledger, wish, signer);
  const key = await permittedKey(ledger, caller.organisation, signer.permission as number);
  const data = typedDataOf(ledger, situation, signer, deadline);
  return { key: key.address, deadline, signature: await signAs(ledger, caller.organisation, key, data) };
}

const WHO: Record<AnySigner['by'], string> = {
  owner: 'the piece’s owner',
  organisation: 'the organisation',
  card: 'the claim card',
  'one-time-key': 'the one-time key',
};

async function signatureMissing(
  { db }: Ledger,
  { wish, caller, fields, standing }: Situation,
  who: string,
): Promise<TouchstoneError> {
  const signer = wish.act.signers[who] as AnySigner;
  const account = signer.account?.(fields, standing);
  if (account !== undefined && signer.kept !== undefined && signer.kept !== wish.act.name) {
    if (await organisationAt(db, account)) {
      const message = 'The piece’s owner has not released it. Ask the shop to release it, then try again.';
      return new TouchstoneError('not-released', `${message} Nothing was done.`);
    }
    const message = 'The piece has a private owner already: its card was used, or it was passed on without one.';
    return new TouchstoneError('card-dead', `${message} Nothing was done.`);
  }
  if (caller && signer.permission !== undefined && account !== undefined) {
    return new TouchstoneError('not-owner', 'This is not your organisation’s to do now. Nothing was done.');
  }
  const faults = [{ field: `signatures.${who}`, reason: `is missing: ${WHO[signer.by]} signs this` }];
  return new TouchstoneError('signature-missing', 'A signature is missing. Nothing was done.', { faults });
}

function deadlineOf({ now }: Ledger, wish: ActWish, signer: AnySigner): number {
  const at = Math.floor(now() / 1000);
  if (wish.deadline === undefined) return at + signer.goodFor;
  if (wish.deadline > at) return wish.deadline;
  const faults = [{ field: 'deadline', reason: 'must be in the future' }];
  throw new TouchstoneError('invalid-request', 'The deadline is over. Nothing was done.', { faults });
}

function typedDataOf({ chain }: Ledger, { wish, fields, standing }: Situation, signer: AnySigner, deadline: number) {
  const { contract } = wish.act;
  const place = { chainId: chain.chainId, address: chain.addressOf(contract) };
  return actTypedData(place, contract, signer, { fields, standing, deadline });
}

function callsOf({ chain }: Ledger, { wish, fields, standing }: Situation, signed: SignedBy): Call[] {
  return wish.act.calls(fields, standing as never, signed).map((call) => {
    const { to, data } = chain.encodeAct(call);
    return { to, data, gas: gasFor(data, call.work ?? wish.act.work) };
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
