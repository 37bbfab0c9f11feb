// Owns putting together the signatures of an act: brought with it, given to the service before, or made here with a key
// held for the organisation that asks. Whether they are good is the contracts' to say.
import { actTypedData, type Signed, type SignedBy, type Signer } from '../core/act.ts';
import type { BroughtSignature } from '../core/act-fields.ts';
import type { ActWish } from '../core/acts.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Ledger } from '../ports.ts';
import { type Caller, permittedKey, signAs } from './accounts.ts';
import type { standingOf } from './act-standings.ts';
import { organisationAt } from './organisations.ts';

export type AnySigner = Signer<unknown, unknown>;
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

/** Signatures that were brought with the act, or given to the service before. */
export async function gathered(
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
      : kept && (await keptSignature(ledger, kept, who, signer, situation));
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

/** As many as may be asked for about a piece by some organisations in a day. */
const MOST_KEPT = 200;

/** The latest signature given to the service that binds the subject as it stands now. */
async function keptSignature(
  { db, now }: Ledger,
  act: string,
  who: string,
  signer: AnySigner,
  { subjects, standing, fields }: Situation,
): Promise<Signed | undefined> {
  const { moves, events } = standing as { moves?: number; events?: number };
  const rows = await db.query<{ signed: Signed; fields: unknown }>(
    `SELECT signatures->$2::text AS signed, fields FROM acts
     WHERE subjects && $1 AND act = $3 AND calls = '[]' AND declined IS NULL AND standing->'moves' = $4::jsonb
       AND standing->'events' = $5::jsonb AND (signatures->$2::text->>'deadline')::bigint > $6
     ORDER BY created_at DESC LIMIT ${MOST_KEPT}`,
    [subjects, who, act, String(moves), String(events), Math.ceil(now() / 1000)],
  );
  // Of several it has to be the one that says the same.
  const said = (of: unknown) => JSON.stringify(signer.message(of, standing));
  return rows.find((row) => said(row.fields) === said(fields))?.signed;
}

/**
 * What is only kept reaches no contract that would look at its signatures: without this, whoever knows the address of a
 * key could put bytes of his own in place of the signature that a claim is waiting for.
 * @throws TouchstoneError signature-invalid
 */
export async function mustBeSigned(ledger: Ledger, situation: Situation, signed: SignedBy): Promise<void> {
  for (const [who, { key, deadline, signature }] of Object.entries(signed)) {
    const data = typedDataOf(ledger, situation, situation.wish.act.signers[who] as AnySigner, deadline);
    if (ledger.keys.signerOf(data, signature) === key) continue;
    if (await ledger.chain.isSignedBy(key, data, signature)) continue;
    const message = 'A signature is not its signer’s over this act as things stand. Nothing was kept.';
    throw new TouchstoneError('signature-invalid', message);
  }
}

export function mayBeHeld({ caller, fields, standing }: Situation, signer: AnySigner): boolean {
  return (
    caller !== undefined &&
    signer.permission !== undefined &&
    signer.account?.(fields, standing) === caller.organisation
  );
}

export async function signHere(ledger: Ledger, situation: Situation, who: string): Promise<Signed> {
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
  service: 'the organisation that did it',
  registrant: 'who registered the piece, or succeeded it,',
  arbiter: 'the arbiter',
};

async function signatureMissing(
  { db }: Ledger,
  { wish, caller, fields, standing }: Situation,
  who: string,
): Promise<TouchstoneError> {
  const signer = wish.act.signers[who] as AnySigner;
  const account = signer.account?.(fields, standing);
  if (account !== undefined && signer.kept === 'release' && wish.act.name !== 'release') {
    if (await organisationAt(db, account)) {
      const message = 'The piece’s owner has not released it. Ask the shop to release it, then try again.';
      return new TouchstoneError('not-released', `${message} Nothing was done.`);
    }
    const message = 'The piece has a private owner already: its card was used, or it was passed on without one.';
    return new TouchstoneError('card-dead', `${message} Nothing was done.`);
  }
  const alone = Object.keys(wish.act.signers).length === 1;
  if (caller && alone && signer.permission !== undefined && account !== undefined) {
    return new TouchstoneError('not-owner', 'This is not your organisation’s to do now. Nothing was done.');
  }
  const asked = signer.kept === undefined ? '' : '; what was asked for is declined, expired, or the piece has changed';
  const faults = [{ field: `signatures.${who}`, reason: `is missing: ${WHO[signer.by]} signs this${asked}` }];
  return new TouchstoneError('signature-missing', 'A signature is missing. Nothing was done.', { faults });
}

export function deadlineOf({ now }: Ledger, wish: ActWish, signer: AnySigner): number {
  const at = Math.floor(now() / 1000);
  if (wish.deadline === undefined) return at + signer.goodFor;
  if (wish.deadline > at) return wish.deadline;
  const faults = [{ field: 'deadline', reason: 'must be in the future' }];
  throw new TouchstoneError('invalid-request', 'The deadline is over. Nothing was done.', { faults });
}

export function typedDataOf(
  { chain }: Ledger,
  { wish, fields, standing }: Situation,
  signer: AnySigner,
  deadline: number,
) {
  const { contract } = wish.act;
  const place = { chainId: chain.chainId, address: chain.addressOf(contract) };
  return actTypedData(place, contract, signer, { fields, standing, deadline });
}
