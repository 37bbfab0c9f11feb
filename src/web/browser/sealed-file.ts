// Owns locking a file with a passphrase in the browser, and opening it again. The passphrase and what is locked never leave
// the page.
import { fromBase64Url } from './keyring.ts';

const SCHEMA = 'touchstone/sealed-file/1';
/** OWASP's advice of 2023 for PBKDF2 with SHA-256. */
const ROUNDS = 600_000;
export const SHORTEST_PASSPHRASE = 12;

export async function sealed(text: string, passphrase: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(passphrase, salt, ROUNDS);
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text));
  const file = { schema: SCHEMA, kdf: 'PBKDF2-SHA-256', rounds: ROUNDS, cipher: 'AES-256-GCM' };
  return `${JSON.stringify({ ...file, salt: base64Url(salt), iv: base64Url(iv), data: base64Url(new Uint8Array(data)) }, null, 1)}\n`;
}

/** @throws Error where the file is another, or the passphrase */
export async function opened(file: string, passphrase: string): Promise<string> {
  const { schema, rounds, salt, iv, data } = JSON.parse(file);
  if (schema !== SCHEMA || !(rounds >= 1 && rounds <= 10_000_000))
    throw new Error('This is no file that was locked here.');
  const key = await keyOf(passphrase, fromBase64Url(salt), rounds);
  const cipher = { name: 'AES-GCM', iv: fromBase64Url(iv) as BufferSource };
  const plain = await crypto.subtle.decrypt(cipher, key, fromBase64Url(data) as BufferSource).catch(() => {
    throw new Error('It could not be opened: with another passphrase, or not at all if it was changed.');
  });
  return new TextDecoder().decode(plain);
}

async function keyOf(passphrase: string, salt: Uint8Array, iterations: number): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const material = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  const kdf = { name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations };
  return crypto.subtle.deriveKey(kdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function base64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
