// Owns what keys sign of typed data: the EIP-712 digest. Wallets reckon it themselves; passkeys, cards and paper keys sign
// bytes and are given it. Which messages there are stands with the acts. No node imports: owners sign in their browser.
import type { ActTypedData } from './act.ts';
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';

type Types = ActTypedData['types'];
type Field = { readonly name: string; readonly type: string };

const WORD = 32;
const DOMAIN_FIELDS: readonly Field[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
];

/**
 * keccak256("\x19\x01" ‖ domain separator ‖ hash of the message), as EIP-712 defines it.
 * @throws Error for a member that is missing or does not fit its type: what is signed is built here, never typed in
 */
export function typedDigest({ domain, types, primaryType, message }: ActTypedData): Hex32 {
  const fields = DOMAIN_FIELDS.filter(({ name }) => domain[name] !== undefined);
  const separator = hashOf('EIP712Domain', { EIP712Domain: [...fields] }, domain);
  return toHex(keccak(joined(Uint8Array.of(0x19, 0x01), separator, hashOf(primaryType, types, message))));
}

function hashOf(type: string, types: Types, value: Readonly<Record<string, unknown>>): Uint8Array {
  const words = (types[type] ?? []).map(({ name, type: member }) => wordOf(member, types, value[name], name));
  return keccak(joined(keccak(utf8(spelled(type, types))), ...words));
}

/** The type as it is hashed: itself, then those it refers to in the order of their names. */
function spelled(type: string, types: Types): string {
  const [first, ...others] = [type, ...[...referred(type, types)].filter((other) => other !== type).sort()];
  return [first as string, ...others]
    .map((name) => `${name}(${(types[name] ?? []).map((field) => `${field.type} ${field.name}`).join(',')})`)
    .join('');
}

function referred(type: string, types: Types, found = new Set<string>()): Set<string> {
  if (found.has(type) || !types[type]) return found;
  found.add(type);
  for (const field of types[type]) referred(field.type.replace(/(\[\d*\])+$/, ''), types, found);
  return found;
}

function wordOf(type: string, types: Types, value: unknown, name: string): Uint8Array {
  const array = /^(.*)\[\d*\]$/.exec(type);
  if (array) {
    if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
    return keccak(joined(...value.map((item) => wordOf(array[1] as string, types, item, name))));
  }
  if (types[type]) return hashOf(type, types, value as Record<string, unknown>);
  if (type === 'string') return keccak(utf8(String(value)));
  if (type === 'bytes') return keccak(fromHex(String(value)));
  if (type === 'bool') return numberWord(value === true ? 1n : 0n);
  const bits = /^uint(\d+)$/.exec(type)?.[1];
  if (bits !== undefined) return unsigned(value, BigInt(bits), name);
  const width = type === 'address' ? 20 : Number(/^bytes(\d+)$/.exec(type)?.[1]);
  return fixed(value, width, type === 'address', name);
}

function unsigned(value: unknown, bits: bigint, name: string): Uint8Array {
  const number = BigInt(value as string | number | bigint);
  if (number < 0n || number >> bits !== 0n) throw new Error(`${name} does not fit ${bits} bits`);
  return numberWord(number);
}

/** Addresses stand at the end of a word, bytes at its beginning. */
function fixed(value: unknown, width: number, atEnd: boolean, name: string): Uint8Array {
  const text = String(value);
  if (!/^0x([0-9a-f]{2})*$/i.test(text) || text.length !== 2 + 2 * width) throw new Error(`${name} has ${width} bytes`);
  const word = new Uint8Array(WORD);
  word.set(fromHex(text), atEnd ? WORD - width : 0);
  return word;
}

function numberWord(number: bigint): Uint8Array {
  return fromHex(`0x${number.toString(16).padStart(2 * WORD, '0')}`);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
