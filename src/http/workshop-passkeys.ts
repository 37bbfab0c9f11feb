// Owns what a passkey of the console is asked and whether its answer is right. Challenges and public keys are kept by
// console-passkeys.ts; what follows from a right answer is the pages' business.
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { TouchstoneError } from '../core/errors.ts';
import type { Caller } from '../ledger/accounts.ts';
import {
  keepChallenge,
  keepPasskey,
  notePasskeyUse,
  passkeyById,
  passkeysOf,
  spendChallenge,
} from '../ledger/console-passkeys.ts';
import type { Context } from './route.ts';
import type { Session } from './workshop-session.ts';

/** Passkeys belong to the host people know this service by. */
function placeOf({ publicUrl }: Context): { rpID: string; origin: string } {
  const { hostname, origin } = new URL(publicUrl);
  return { rpID: hostname, origin };
}

/** What a browser asks any of its passkeys for this host to sign. */
export async function signInOptions(context: Context) {
  const options = await generateAuthenticationOptions({
    rpID: placeOf(context).rpID,
    userVerification: 'required',
    challenge: Buffer.from(context.ledger.randomBytes(32)),
  });
  await keepChallenge(context.ledger, options.challenge);
  return options;
}

/** @throws TouchstoneError unauthenticated; one answer for every reason */
export async function passkeyCaller(context: Context, text: string): Promise<{ caller: Caller; passkey: string }> {
  const answer = answerIn<AuthenticationResponseJSON>(text);
  const refused = new TouchstoneError(
    'unauthenticated',
    'This passkey does not open the console: it was removed, its API key was revoked, or it took too long. Try again, or sign in with an API key.',
  );
  const { db } = context.ledger;
  const known = answer && (await passkeyById(db, answer.id));
  if (!answer || !known) throw refused;
  const { rpID, origin } = placeOf(context);
  const verified = await verifyAuthenticationResponse({
    response: answer,
    expectedChallenge: (challenge) => spendChallenge(db, challenge),
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential: { id: answer.id, publicKey: new Uint8Array(known.publicKey), counter: known.counter },
  }).catch(() => undefined);
  if (!verified?.verified) throw refused;
  await notePasskeyUse(db, answer.id, verified.authenticationInfo.newCounter);
  return { caller: known.caller, passkey: answer.id };
}

/** What a browser needs to make a passkey for whoever is signed in. */
export async function registrationOptions(context: Context, { caller, secret }: Session) {
  const there = await passkeysOf(context.ledger.db, caller.organisation);
  const options = await generateRegistrationOptions({
    rpName: 'Touchstone',
    rpID: placeOf(context).rpID,
    userName: caller.handle,
    userDisplayName: caller.displayName,
    challenge: Buffer.from(context.ledger.randomBytes(32)),
    userID: new Uint8Array(context.ledger.randomBytes(32)),
    excludeCredentials: there.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  await keepChallenge(context.ledger, options.challenge, secret);
  return options;
}

/** ES256 and, on Windows devices of some age, RS256. */
const ALGORITHMS = [-7, -257];

/** @throws TouchstoneError invalid-request */
export async function registerPasskey(
  context: Context,
  { caller, secret }: Session,
  { answer: text, label }: { answer: string; label: string },
): Promise<void> {
  const { db } = context.ledger;
  const answer = answerIn<RegistrationResponseJSON>(text);
  const { rpID, origin } = placeOf(context);
  const verified =
    answer &&
    (await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: (challenge) => spendChallenge(db, challenge, secret),
      expectedOrigin: origin,
      expectedRPID: rpID,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => undefined));
  if (!verified?.verified) {
    const message = 'The passkey was not taken: it took too long, or was made for another page. Try again.';
    throw new TouchstoneError('invalid-request', message);
  }
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  await keepPasskey(db, caller, { id, publicKey, counter, label });
}

/** Bounded by the form it came in; what is in it is looked at by who verifies it. */
function answerIn<T extends { id: string }>(text: string): T | undefined {
  try {
    const answer = JSON.parse(text) as T | null;
    return typeof answer?.id === 'string' && /^[\w-]{1,1500}$/.test(answer.id) ? answer : undefined;
  } catch {
    return undefined;
  }
}
