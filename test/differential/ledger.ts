// Owns the naive registry: what a bystander with pencil and paper would keep. Every piece is an object of its own, also
// those of a range; nothing is packed, nothing is derived. Written from contracts/interfaces and contracts/README.md; how
// the contracts do it never enters.

export const NOBODY = `0x${'0'.repeat(40)}`;
export const BLOCK = 256;

export const REGISTER = 1;
export const TRANSFER = 2;
export const CERTIFY = 4;
export const ADMINISTER = 8;
export const RELEASE = 16;
export const SERVE = 32;
export const STATE = 64;
export const ARBITRATE = 128;
export const EVERYTHING = 255;

export const MAKER = 1;
export const CERTIFIER = 4;
export const SERVICE_CENTRE = 8;
export const ARBITER = 32;

export interface Header {
  readonly organisation: string;
  readonly root: string;
  readonly count: number;
  readonly mode: number;
  readonly payloadHash: string;
  readonly parts: number;
}

export interface Piece {
  readonly id: bigint;
  readonly index: number;
  readonly batch: Batch;
  owner: string;
  moves: number;
  events: number;
  /** It has left its range: it moved by itself, or something was said of it alone. */
  apart: boolean;
  approved: string;
  cardDead: boolean;
  freshCard: string | undefined;
  recoverable: boolean;
  recovering: boolean;
  recovery: { to: string; readyAt: number };
  day: number;
  stolen: boolean;
  lost: boolean;
  earlier: boolean;
  blocked: boolean;
  locked: boolean;
  recalled: boolean;
  withdrawn: boolean;
  ended: boolean;
}

/** What passes on at once: a batch, or a block that has passed on by itself. */
export interface Range {
  holder: string;
  events: number;
}

export interface Batch {
  readonly id: bigint;
  readonly header: Header;
  readonly pieces: readonly Piece[];
  readonly whole: Range;
  /** By number, from 1: the blocks that have passed on by themselves. */
  readonly blocks: Map<number, Range>;
  events: number;
  ended: boolean;
  recalled: boolean;
  withdrawn: boolean;
}

export interface KeyWindow {
  from: number;
  until: number;
  permissions: number;
}

export interface Organisation {
  roles: number;
  suspended: boolean;
  nonce: number;
  successor: string;
  readonly keys: Map<string, KeyWindow>;
}

/** An event as it is told: its name and its words. */
export type Told = readonly [name: string, ...words: (string | number | bigint | boolean)[]];

/** An act was refused; each of these errors would be right to say so. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join(', '));
    this.reasons = reasons;
  }
}

/** Gathers all that speaks against an act. */
export class Doubts {
  private readonly reasons: string[] = [];

  when(wrong: boolean, ...reasons: readonly string[]): this {
    if (wrong) this.reasons.push(...reasons);
    return this;
  }

  /** @throws Refused if anything does */
  settle(): void {
    if (this.reasons.length > 0) throw new Refused(this.reasons);
  }
}

export class Ledger {
  now = 0;
  /** When something was done last: the time of the chain's last block. */
  doneAt = 0;
  /** Whether anything about organisations and their keys was. */
  officesChanged = false;
  readonly administrator: string;
  readonly organisations = new Map<string, Organisation>();
  readonly batches = new Map<bigint, Batch>();
  /** `owner operator` of those given for all. */
  readonly operators = new Set<string>();
  /** Accounts with code that takes no token when asked. */
  readonly walls: ReadonlySet<string>;
  /** What the act of the moment wrote to. */
  readonly touched = new Set<Piece>();
  /** The piece that was written to last: stories go on with it. */
  latest: Piece | undefined;

  constructor(administrator: string, walls: ReadonlySet<string>) {
    this.administrator = administrator;
    this.walls = walls;
  }

  piece(id: bigint): Piece {
    const piece = this.batches.get(id >> 32n)?.pieces[Number(id & 0xffffffffn)];
    if (piece === undefined) throw new Refused(['ERC721NonexistentToken']);
    return piece;
  }

  *pieces(): Iterable<Piece> {
    for (const batch of this.batches.values()) yield* batch.pieces;
  }

  balanceOf(owner: string): number {
    let balance = 0;
    for (const piece of this.pieces()) if (piece.owner === owner) balance += 1;
    return balance;
  }

  isOrganisation(account: string): boolean {
    return this.organisations.has(account);
  }

  isPermitted(account: string, key: string, permission: number): boolean {
    const organisation = this.organisations.get(account);
    const window = organisation?.keys.get(key);
    if (organisation === undefined || window === undefined) return false;
    if (this.now < window.from || this.now >= window.until || (window.permissions & permission) === 0) return false;
    const needsGoodStanding = [REGISTER, CERTIFY, SERVE, STATE, ARBITRATE].includes(permission);
    if (needsGoodStanding && organisation.suspended) return false;
    if (permission === CERTIFY) return (organisation.roles & CERTIFIER) !== 0;
    if (permission === SERVE) return (organisation.roles & SERVICE_CENTRE) !== 0;
    if (permission === ARBITRATE) return (organisation.roles & ARBITER) !== 0;
    return true;
  }

  speaksFor(registrant: string, acting: string): boolean {
    let speaker = registrant;
    for (let step = 0; step <= 8 && speaker !== NOBODY; step++) {
      if (speaker === acting) return this.isOrganisation(acting);
      speaker = this.organisations.get(speaker)?.successor ?? NOBODY;
    }
    return false;
  }

  isOperator(owner: string, operator: string): boolean {
    return this.operators.has(`${owner} ${operator}`) || this.isPermitted(owner, operator, TRANSFER);
  }

  isOwnersKey(owner: string, key: string): boolean {
    return key === owner || this.isOperator(owner, key);
  }

  isImmobile(piece: Piece): boolean {
    return piece.blocked || piece.locked || piece.ended;
  }

  /** Whether a piece can have anything of its own: not once it ended in its range. */
  isSealed(piece: Piece): boolean {
    return !piece.apart && piece.ended;
  }

  /** The range a piece is in, or would be in. */
  rangeOf(piece: Piece): Range {
    return piece.batch.blocks.get(blockOf(piece)) ?? piece.batch.whole;
  }

  touch(piece: Piece): void {
    piece.apart = true;
    this.touched.add(piece);
    this.latest = piece;
  }

  /** A piece that moves leaves behind what was meant for the owner before. */
  move(piece: Piece, to: string): Told {
    const from = piece.owner;
    this.touch(piece);
    piece.owner = to;
    piece.moves += 1;
    piece.approved = NOBODY;
    if (piece.stolen || piece.lost) piece.earlier = true;
    piece.stolen = false;
    piece.lost = false;
    piece.recoverable = false;
    piece.recovering = false;
    if (!this.isOrganisation(to)) piece.cardDead = true;
    return ['Transfer', from, to, piece.id];
  }

  /** Something else happened to it. @returns its number */
  count(piece: Piece): number {
    this.touch(piece);
    piece.events += 1;
    return piece.events;
  }

  birth(id: bigint, header: Header): Batch {
    const pieces: Piece[] = [];
    const whole = { holder: header.organisation, events: 0 };
    const batch: Batch = {
      id,
      header,
      pieces,
      whole,
      blocks: new Map(),
      events: 0,
      ended: false,
      recalled: false,
      withdrawn: false,
    };
    for (let index = 0; index < header.count; index++) pieces.push(newborn(batch, index));
    this.batches.set(id, batch);
    return batch;
  }
}

/** Number of its block, from 1. */
export function blockOf(piece: Piece): number {
  return Math.floor(piece.index / BLOCK) + 1;
}

function newborn(batch: Batch, index: number): Piece {
  return {
    id: (batch.id << 32n) + BigInt(index),
    index,
    batch,
    owner: batch.header.organisation,
    moves: 0,
    events: 0,
    apart: false,
    approved: NOBODY,
    cardDead: false,
    freshCard: undefined,
    recoverable: false,
    recovering: false,
    recovery: { to: NOBODY, readyAt: 0 },
    day: 0,
    stolen: false,
    lost: false,
    earlier: false,
    blocked: false,
    locked: false,
    recalled: false,
    withdrawn: false,
    ended: false,
  };
}
