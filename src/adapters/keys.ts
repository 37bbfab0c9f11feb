// Owns private keys: the relayer's and the registrar's from 0600 files, organisations' sealed with AES-256-GCM under
// the master key. Plain keys never leave this file, and no error or log line carries one.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { getBytes, SigningKey, Transaction, TypedDataEncoder, verifyTypedData, Wallet } from 'ethers';
import { TouchstoneError } from '../core/errors.ts';
import { lower } from '../core/hash.ts';
import type { Keys, TypedData } from '../ports.ts';
import { signTransaction } from './calldata.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A 32-byte secret in a 0600 file, made if there is none. @throws TouchstoneError configuration if it is no such file */
export function secretFile(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // wx: of two processes that start at once, one makes the file and the other reads it.
    try {
      writeFileSync(file, `0x${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  const text = readFileSync(file, 'utf8').trim();
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw new TouchstoneError('configuration', `${file} must hold one key: 0x and 64 hexadecimal digits.`);
  }
  if (process.platform !== 'win32') chmodSync(file, 0o600);
  return text;
}

export function addressOfKey(privateKey: string): string {
  return lower(new Wallet(privateKey).address);
}

/** Somebody with a key of their own, for samples and trials: it lives as long as this object. */
export interface PrivateOwner {
  readonly address: string;
  sign(data: TypedData): Promise<string>;
}

/** With a key of its own, drawn here unless one is given. */
export function privateOwner(privateKey?: string): PrivateOwner {
  const wallet = privateKey === undefined ? Wallet.createRandom() : new Wallet(privateKey);
  return {
    address: lower(wallet.address),
    sign: (data) => wallet.signTypedData(data.domain, data.types, data.message),
  };
}

export function openKeys(relayerKey: string, masterKey: string): Keys {
  const master = getBytes(masterKey);
  const relayer = new Wallet(relayerKey);
  return {
    relayer: lower(relayer.address),
    async create(organisation) {
      const privateKey = randomBytes(32);
      const address = addressOfKey(`0x${privateKey.toString('hex')}`);
      return { address, sealed: seal(master, organisation, address, privateKey) };
    },
    async sign(organisation, address, sealed, data) {
      const privateKey = unseal(master, organisation, address, sealed);
      const digest = TypedDataEncoder.hash(data.domain, data.types, data.message);
      return new SigningKey(privateKey).sign(digest).serialized;
    },
    transaction(chainId, nonce, call, fees) {
      const tx = { chainId, nonce, to: call.to, data: call.data, gasLimit: call.gas, ...fees };
      return signTransaction(tx, (digest) => relayer.signingKey.sign(digest));
    },
    callOf(raw) {
      const tx = Transaction.from(raw);
      return { to: lower(tx.to ?? ''), data: tx.data, gas: tx.gasLimit };
    },
    signerOf,
  };
}

function signerOf(data: TypedData, signature: string): string | undefined {
  try {
    return lower(verifyTypedData(data.domain, data.types, data.message, signature));
  } catch {
    return undefined;
  }
}

/** iv, tag, ciphertext. Organisation and address are authenticated, so a sealed key can't be put under another name. */
function seal(master: Uint8Array, organisation: string, address: string, plain: Uint8Array): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', master, iv);
  cipher.setAAD(Buffer.from(`${organisation}/${address}`));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function unseal(master: Uint8Array, organisation: string, address: string, sealed: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', master, sealed.subarray(0, IV_BYTES));
    decipher.setAAD(Buffer.from(`${organisation}/${address}`));
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    throw new TouchstoneError(
      'configuration',
      'A held key can not be opened: MASTER_KEY_FILE is not the one it was sealed with. Put the old file back.',
    );
  }
}
