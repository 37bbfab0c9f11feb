// Owns what is signed, written from the text of the interfaces: every typed data by its name, hashed here anew, and signed
// by accounts whose secrets are here. What a contract makes of it never enters.
import { keccak256, type SigningKey, toUtf8Bytes } from 'ethers';

export type Word = string | number | bigint | boolean;

/** Typed data with the values somebody gave them, right or wrong. */
export interface Said {
  readonly type: keyof typeof TYPES;
  readonly values: readonly Word[];
}

/** Said, and who signed it; the zero address for bytes that nobody signed. */
export interface Signed {
  readonly signer: string;
  readonly said: Said;
}

/** An authorization: `signed` is missing where the caller gives its own word. */
export interface Consent {
  readonly key: string;
  readonly deadline: number;
  readonly signed?: Signed;
}

export type Domain = 'pieces' | 'lifeEvents' | 'organisations';

const PIECES: Domain = 'pieces';
const LIFE: Domain = 'lifeEvents';
/** Domain and members of each type. */
export const TYPES = {
  SetKey: [
    'organisations',
    'address organisation,address key,uint16 permissions,uint48 until,uint32 nonce,uint48 deadline',
  ],
  Register: [
    PIECES,
    'address organisation,bytes32 root,uint32 count,uint8 mode,bytes32 payloadHash,uint32 parts,uint48 deadline',
  ],
  Transfer: [PIECES, 'uint256 tokenId,address from,address to,uint24 moves,uint48 deadline'],
  TransferMany: [PIECES, 'address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline'],
  PassRange: [PIECES, 'uint224 batchId,uint32 part,address from,address to,uint24 events,uint48 deadline'],
  Claim: [PIECES, 'uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline'],
  Release: [PIECES, 'uint256 tokenId,uint24 moves,uint24 events,uint48 deadline'],
  SetCard: [PIECES, 'uint256 tokenId,address claimKey,uint24 moves,uint24 events,uint48 deadline'],
  Handover: [PIECES, 'uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline'],
  Accept: [PIECES, 'uint256 tokenId,address to,uint24 moves,uint48 deadline'],
  WithdrawHandovers: [PIECES, 'uint256 tokenId,uint24 moves,uint24 events,uint48 deadline'],
  OwnerAct: [LIFE, 'uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline'],
  End: [LIFE, 'uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline'],
  Arbitrate: [
    LIFE,
    'uint256 tokenId,uint8 kind,address organisation,string words,uint24 moves,uint24 events,uint48 deadline',
  ],
  Notice: [
    LIFE,
    'uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,string words,uint24 moves,uint24 events,uint48 deadline',
  ],
  BatchNotice: [LIFE, 'uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48 deadline'],
  BatchEnd: [LIFE, 'uint224 batchId,uint8 kind,string words,uint24 rangeEvents,uint16 events,uint48 deadline'],
  Record: [
    LIFE,
    'uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline',
  ],
  Recovery: [
    LIFE,
    'uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline',
  ],
} as const satisfies Record<string, readonly [Domain, string]>;

const NAMES: Readonly<Record<Domain, string>> = {
  pieces: 'Touchstone Pieces',
  lifeEvents: 'Touchstone Life Events',
  organisations: 'Touchstone Organisations',
};
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';

/** A list of values is one value here, written with semicolons: two messages are the same when their texts are. */
export function sameSaid(a: Said, b: Said): boolean {
  return a.type === b.type && a.values.map(String).join('|') === b.values.map(String).join('|');
}

/** Whether somebody consented to exactly this. @returns the names of what is wrong */
export function faultsOf(consent: Consent, caller: string, now: number, asked: Said): string[] {
  if (consent.signed === undefined) return caller === consent.key ? [] : ['InvalidSignature'];
  return faultsOfSigned(consent.signed, consent.key, consent.deadline, now, asked);
}

export function faultsOfSigned(
  signed: Signed | undefined,
  key: string,
  deadline: number,
  now: number,
  asked: Said,
): string[] {
  const faults: string[] = [];
  if (now > deadline) faults.push('SignatureExpired');
  if (signed === undefined || signed.signer !== key || !sameSaid(signed.said, asked)) faults.push('InvalidSignature');
  return faults;
}

/** Signs for the accounts of this world; the same words are signed once only. */
export class Pens {
  private readonly kept = new Map<string, string>();
  private readonly secrets: ReadonlyMap<string, SigningKey>;
  private readonly domains: Readonly<Record<Domain, string>>;

  constructor(secrets: ReadonlyMap<string, SigningKey>, chainId: number, addresses: Readonly<Record<Domain, string>>) {
    this.secrets = secrets;
    const separator = (domain: Domain) =>
      hashed(DOMAIN_TYPE, [text(NAMES[domain]), text('1'), number(chainId), number(addresses[domain])]);
    this.domains = {
      pieces: separator('pieces'),
      lifeEvents: separator('lifeEvents'),
      organisations: separator('organisations'),
    };
  }

  /** Sixty-five bytes; zeros where the signer has no secret. */
  sign({ signer, said }: Signed): string {
    const name = `${signer} ${said.type} ${said.values.map(String).join('|')}`;
    const known = this.kept.get(name);
    if (known !== undefined) return known;
    const secret = this.secrets.get(signer);
    const [domain, members] = TYPES[said.type];
    const words = members.split(',').map((member, i) => word(member.split(' ')[0] ?? '', said.values[i] ?? 0));
    const digest = keccak256(
      `0x1901${this.domains[domain].slice(2)}${hashed(`${said.type}(${members})`, words).slice(2)}`,
    );
    const signature = secret === undefined ? `0x${'00'.repeat(65)}` : secret.sign(digest).serialized;
    this.kept.set(name, signature);
    return signature;
  }
}

function hashed(type: string, words: readonly string[]): string {
  return keccak256(`0x${text(type)}${words.join('')}`);
}

function word(type: string, value: Word): string {
  if (type === 'string') return text(String(value));
  if (type.endsWith('[]')) {
    const items = String(value) === '' ? [] : String(value).split(';');
    return keccak256(`0x${items.map(number).join('')}`).slice(2);
  }
  return number(value);
}

function text(value: string): string {
  return keccak256(toUtf8Bytes(value)).slice(2);
}

/** Numbers, addresses and 32 bytes alike. */
export function number(value: Word): string {
  return BigInt(value).toString(16).padStart(64, '0');
}
