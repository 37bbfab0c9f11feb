// Owns the keys somebody signs with in this browser: a passkey, a wallet of her own, or a key she types in from paper. Private
// keys never enter it: authenticators and wallets keep theirs, and a paper key lives in memory while its page is open.
import type { ActTypedData } from '../../core/act.ts';
import { fromHex, type Hex32, lower, toHex } from '../../core/hash.ts';
import { type PasskeyKey, packPasskeySignature, passkeyAccountOf } from '../../core/passkey.ts';
import { assertionOf, keyOfAuthenticatorData } from '../../core/passkey-answer.ts';
import { typedDigest } from '../../core/typed-digest.ts';

export type Way = 'passkey' | 'wallet' | 'paper';

/** Somebody who can sign as an account. */
export interface Signer {
  readonly way: Way;
  /** Lower case. */
  readonly account: string;
  /** @throws DOMException NotAllowedError or KeyRefused where she does not */
  sign(data: ActTypedData): Promise<Hex32>;
}

/** She was asked and did not sign, or her device can't. `why`: cancelled, none, other-account, other-chain, unsupported. */
export class KeyRefused extends Error {
  readonly why: 'cancelled' | 'none' | 'other-account' | 'other-chain' | 'unsupported';
  constructor(why: KeyRefused['why'], cause?: unknown) {
    super(`no signature: ${why}`, { cause });
    this.why = why;
  }
}

/** A passkey by what signing with it takes; none of it is secret. */
export interface Passkey extends PasskeyKey {
  /** Of the credential, base64url; empty where it is not known and the authenticator shall offer what it has. */
  readonly id: string;
}

export function passkeysWork(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && window.isSecureContext;
}

/** Makes a passkey on this device or, as the browser offers, another. @param name shown where she keeps her passkeys */
export async function makePasskey(name: string): Promise<Passkey> {
  if (!passkeysWork()) throw new KeyRefused('unsupported');
  const made = (await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Touchstone' },
        user: { id: crypto.getRandomValues(new Uint8Array(32)), name, displayName: name },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
      },
    }),
  )) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  return { id: made.id, ...keyOfAuthenticatorData(new Uint8Array(answer.getAuthenticatorData())) };
}

/** A customer's account is salted with its piece: nobody sees that two pieces are hers before she signs for both. */
export function saltOf(tokenId: string): Hex32 {
  return `0x${BigInt(tokenId).toString(16).padStart(64, '0')}`;
}

export function passkeySigner(passkey: Passkey, salt: Hex32): Signer {
  return {
    way: 'passkey',
    account: passkeyAccountOf(passkey, salt),
    async sign(data) {
      const digest = typedDigest(data);
      const assertion = assertionOf(await assertionOver(fromHex(digest), passkey.id));
      return packPasskeySignature(passkey, salt, digest, assertion);
    },
  };
}

export interface RawAssertion {
  readonly id: string;
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
  readonly signature: Uint8Array;
}

/** @param id of the credential; empty for any that the authenticator has for this site */
export async function assertionOver(challenge: Uint8Array, id: string): Promise<RawAssertion> {
  if (!passkeysWork()) throw new KeyRefused('unsupported');
  const allowed = id === '' ? [] : [{ type: 'public-key' as const, id: fromBase64Url(id) }];
  const got = (await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: challenge as BufferSource,
        userVerification: 'required',
        ...(allowed.length > 0 && { allowCredentials: allowed as PublicKeyCredentialDescriptor[] }),
      },
    }),
  )) as PublicKeyCredential;
  const answer = got.response as AuthenticatorAssertionResponse;
  return {
    id: got.id,
    authenticatorData: new Uint8Array(answer.authenticatorData),
    clientDataJSON: new Uint8Array(answer.clientDataJSON),
    signature: new Uint8Array(answer.signature),
  };
}

async function asked<T>(ask: () => Promise<T | null>): Promise<T> {
  try {
    const got = await ask();
    if (got) return got;
  } catch (error) {
    throw new KeyRefused('cancelled', error);
  }
  throw new KeyRefused('none');
}

interface Provider {
  request(call: { method: string; params?: unknown }): Promise<unknown>;
}

export interface Wallet {
  readonly name: string;
  readonly provider: Provider;
}

/** Wallets in this browser: they announce themselves (EIP-6963), older ones stand in `window.ethereum` (EIP-1193). */
export function wallets(): Promise<readonly Wallet[]> {
  const found = new Map<Provider, string>();
  const heard = (event: Event) => {
    const { info, provider } = (event as CustomEvent<{ info: { name: string }; provider: Provider }>).detail;
    found.set(provider, info.name);
  };
  window.addEventListener('eip6963:announceProvider', heard);
  window.dispatchEvent(new Event('eip6963:requestProvider'));
  return new Promise((resolve) => {
    setTimeout(() => {
      window.removeEventListener('eip6963:announceProvider', heard);
      const old = (window as unknown as { ethereum?: Provider }).ethereum;
      if (old && found.size === 0) found.set(old, '');
      resolve([...found].map(([provider, name]) => ({ name, provider })));
    }, WALLETS_ANSWER_WITHIN_MS);
  });
}
/** They answer at once or, while the page is still loading, within moments. */
const WALLETS_ANSWER_WITHIN_MS = 100;

/**
 * @param account whose signature is wanted; whichever the wallet offers, if not given
 * @param from the wallet she chose; the first one found, if not given
 */
export async function walletSigner(account?: string, from?: Wallet): Promise<Signer> {
  const wallet = from ?? (await wallets())[0];
  if (!wallet) throw new KeyRefused('none');
  const { provider } = wallet;
  const accounts = (await fromWallet(provider, 'eth_requestAccounts')) as string[];
  const chosen = account ? accounts.find((one) => lower(one) === lower(account)) : accounts[0];
  if (!chosen) throw new KeyRefused(accounts.length === 0 ? 'none' : 'other-account');
  return {
    way: 'wallet',
    account: lower(chosen),
    async sign(data) {
      await onChain(provider, Number(data.domain['chainId']));
      return lower(
        String(await fromWallet(provider, 'eth_signTypedData_v4', [chosen, JSON.stringify(forWallet(data))])),
      );
    },
  };
}

/** Wallets sign for the chain they are on. One that knows no way to ours may still sign: it says so itself. */
async function onChain(provider: Provider, chainId: number): Promise<void> {
  const wanted = `0x${chainId.toString(16)}`;
  if (Number(await fromWallet(provider, 'eth_chainId')) === chainId) return;
  try {
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: wanted }] });
  } catch (error) {
    if ((error as { code?: number }).code === 4001) throw new KeyRefused('cancelled', error);
  }
}

async function fromWallet(provider: Provider, method: string, params?: unknown): Promise<unknown> {
  try {
    return await provider.request(params === undefined ? { method } : { method, params });
  } catch (error) {
    const code = (error as { code?: number }).code;
    throw new KeyRefused(code === 4901 || code === 4902 || code === -32603 ? 'other-chain' : 'cancelled', error);
  }
}

const DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
];

function forWallet({ domain, types, primaryType, message }: ActTypedData) {
  return { domain, types: { EIP712Domain: DOMAIN, ...types }, primaryType, message };
}

export function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

export function randomHex(bytes: number): Hex32 {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
