// Owns a tiny chain in memory that behaves, or misbehaves, as a test tells it: it can be rewound, lag behind, forget
// what it was sent, change between two questions, and say what is final. Registering and moving follow the contract's
// rules as far as the ledger relies on them. test/ledger/fake-chain.test.ts holds it to its own word.
import { Transaction } from 'ethers';
import type { ActCall, ActContract, Outcome } from '../../src/core/act.ts';
import { type BatchHeader, type BatchId, batchIdOf, splitTokenId, type TokenId } from '../../src/core/batch.ts';
import { type CertificateFields, certificateBatchIdOf, certificateIdOf } from '../../src/core/certificate.ts';
import { type Hex32, keccak, lower, toHex, utf8 } from '../../src/core/hash.ts';
import type { Root } from '../../src/core/merkle.ts';
import type { CertificateBatch, Revocation } from '../../src/core/typed-data.ts';
import type {
  Authorization,
  BlockPoint,
  Call,
  Chain,
  ChainEvent,
  PieceState,
  Receipt,
  SendOutcome,
  TransferIntent,
} from '../../src/ports.ts';
import { type LotCall, lotAfter, runLots } from './fake-lots.ts';

type Distribute<T> = T extends unknown ? Omit<T, 'block' | 'blockHash' | 'logIndex' | 'transaction'> : never;
/** What happens in a block, before it has a place. */
export type Happening = Distribute<ChainEvent>;

interface Block extends BlockPoint {
  readonly events: readonly ChainEvent[];
  readonly mined: ReadonlyMap<string, { readonly from: string; readonly nonce: number; readonly succeeded: boolean }>;
}

type Step =
  | { readonly do: 'register'; readonly header: BatchHeader; readonly key: string }
  | { readonly do: 'part'; readonly header: BatchHeader; readonly part: number; readonly data: string }
  | { readonly do: 'transfer'; readonly transfer: TransferIntent }
  /** Of acts about pieces it knows a transfer only. */
  | { readonly do: 'act'; readonly tokenId: string; readonly to: string; readonly moves: number }
  | { readonly do: 'issue'; readonly fields: CertificateFields; readonly key: string }
  | { readonly do: 'issue-batch'; readonly batch: CertificateBatch; readonly key: string }
  | { readonly do: 'revoke'; readonly revocation: Revocation; readonly organisation: string; readonly key: string }
  | { readonly do: 'content'; readonly content: string }
  | ({ readonly do: 'lots' } & LotCall)
  | { readonly do: 'all'; readonly calls: readonly string[] };

const START = 1_700_000_000;

export class FakeChain implements Chain {
  readonly chainId = 31_415;
  readonly genesis = toHex(keccak(utf8('block 0, drawn 1')));
  readonly pieces = `0x${'11'.repeat(20)}`;
  readonly organisations = `0x${'22'.repeat(20)}`;
  readonly certificates = `0x${'33'.repeat(20)}`;
  readonly lifeEvents = `0x${'44'.repeat(20)}`;
  readonly lots = `0x${'55'.repeat(20)}`;
  readonly embedded = false;
  /** Depth, or what the node itself says. */
  finality: { readonly depth: number } | 'tag' = 'tag';
  /** Number of the last block the node calls finalized. */
  finalized = -1;
  /** So many of the newest blocks aren't shown. */
  lag = 0;
  /** Runs once, after the next events were read. */
  afterEvents: (() => void) | undefined;
  /** Keys of these organisations may do nothing. */
  readonly suspended = new Set<string>();
  #blocks: Block[] = [];
  #pool = new Map<string, Transaction>();
  #drawn = 0;

  constructor() {
    this.extend();
  }

  /** A new block with these happenings. */
  extend(...happenings: readonly Happening[]): BlockPoint {
    return this.#append(happenings, new Map());
  }

  /** A new block with whatever was sent and is next by its nonce. */
  mine(): BlockPoint {
    const happenings: Happening[] = [];
    const mined = new Map<string, { from: string; nonce: number; succeeded: boolean }>();
    const waiting = [...this.#pool.values()].sort((a, b) => a.nonce - b.nonce);
    const next = new Map<string, number>();
    for (const tx of waiting) {
      const from = lower(tx.from as string);
      const nonce = next.get(from) ?? this.#nonce(from);
      if (tx.nonce < nonce) this.#pool.delete(tx.hash as string);
      if (tx.nonce !== nonce) continue;
      const done = this.#run(tx.data, happenings);
      if (done) happenings.push(...done);
      mined.set(tx.hash as string, { from, nonce, succeeded: done !== undefined });
      next.set(from, nonce + 1);
      this.#pool.delete(tx.hash as string);
    }
    return this.#append(happenings, mined);
  }

  /** Takes the newest blocks away. What was mined in them is forgotten, as a node with an empty pool would. */
  rewind(count: number): void {
    if (count >= this.#blocks.length) throw new Error('the genesis block stays');
    this.#blocks.splice(this.#blocks.length - count, count);
  }

  /** A chain of the same length on which nothing ever happened. */
  replace(): void {
    const { length } = this.#blocks;
    this.#blocks = [];
    for (let i = 0; i < length; i++) this.extend();
  }

  forgetSent(): void {
    this.#pool.clear();
  }

  get height(): number {
    return this.#blocks.length - 1;
  }

  /** All events there are, in order. */
  everything(): readonly ChainEvent[] {
    return this.#all();
  }

  #append(happenings: readonly Happening[], mined: Block['mined']): BlockPoint {
    this.#drawn += 1;
    const number = this.#blocks.length;
    const hash = toHex(keccak(utf8(`block ${number}, drawn ${this.#drawn}`)));
    const [transaction = toHex(keccak(utf8(`transaction of ${hash}`)))] =
      mined.keys() as Iterable<string> as Iterable<Hex32>;
    const events = happenings.map(
      (happening, logIndex) => ({ ...happening, block: number, blockHash: hash, logIndex, transaction }) as ChainEvent,
    );
    // Twins have the same time, so that nothing but the hash tells two forks apart.
    const block = { number, hash, time: START + 12 * number, events, mined };
    this.#blocks.push(block);
    return block;
  }

  #run(data: string, before: readonly Happening[]): Happening[] | undefined {
    const step = decode(data);
    const registered = (id: BatchId) => [...this.#all(), ...before].some((e) => e.kind === 'batch' && e.batchId === id);
    switch (step.do) {
      case 'register': {
        const { header, key } = step;
        const batchId = batchIdOf(header);
        return registered(batchId) ? undefined : [{ kind: 'batch', batchId, header, key }];
      }
      case 'part': {
        const batchId = batchIdOf(step.header);
        if (!registered(batchId)) return undefined;
        return [{ kind: 'part', batchId, part: step.part, data: Buffer.from(step.data, 'base64') }];
      }
      case 'transfer': {
        const { tokenId, from, to, moves } = step.transfer;
        const piece = this.#piece(tokenId, [...this.#all(), ...before]);
        if (piece?.owner !== from || piece.moves !== moves) return undefined;
        return [{ kind: 'move', tokenId: tokenId as TokenId, from, to }];
      }
      case 'act': {
        const { tokenId, to, moves } = step;
        const piece = this.#piece(tokenId, [...this.#all(), ...before]);
        if (piece?.moves !== moves) return undefined;
        return [{ kind: 'move', tokenId: tokenId as TokenId, from: piece.owner, to }];
      }
      case 'issue': {
        const { fields, key } = step;
        return [{ kind: 'certificate', id: certificateIdOf(fields), fields, key }];
      }
      case 'issue-batch': {
        const { organisation, root, count } = step.batch;
        const id = certificateBatchIdOf(organisation, root as Root, count);
        const known = [...this.#all(), ...before].some((e) => e.kind === 'certificates' && e.id === id);
        return known
          ? undefined
          : [{ kind: 'certificates', id, organisation, root: root as Root, count, key: step.key }];
      }
      case 'revoke': {
        const { id, index, reason, words } = step.revocation;
        const done = [...this.#all(), ...before].some(
          (e) => e.kind === 'revocation' && e.id === id && e.index === index,
        );
        const { organisation, key } = step;
        return done ? undefined : [{ kind: 'revocation', id: id as Hex32, index, organisation, reason, words, key }];
      }
      case 'content': {
        const content = Buffer.from(step.content, 'base64');
        return [{ kind: 'content', contentHash: toHex(keccak(content)), content }];
      }
      case 'lots':
        return runLots(step, [...this.#all(), ...before], { chainId: this.chainId, address: this.lots });
      case 'all': {
        const done: Happening[] = [];
        for (const call of step.calls) {
          const some = this.#run(call, [...before, ...done]);
          if (!some) return undefined;
          done.push(...some);
        }
        return done;
      }
    }
  }

  #all(): ChainEvent[] {
    return this.#blocks.flatMap((block) => block.events);
  }

  #piece(
    tokenId: string,
    happenings: readonly Happening[],
  ): { owner: string; moves: number; events: number } | undefined {
    const { batchId, index } = splitTokenId(tokenId);
    const batch = happenings.find((e) => e.kind === 'batch' && e.batchId === batchId);
    if (batch?.kind !== 'batch') return undefined;
    const moves = happenings.flatMap((e) => {
      if (e.kind === 'run') return e.batchId === batchId && e.first <= index && index <= e.last ? [e.to] : [];
      return e.kind === 'move' && e.tokenId === tokenId ? [e.to] : [];
    });
    return { owner: moves.at(-1) ?? batch.header.organisation, moves: moves.length, events: 0 };
  }

  #nonce(address: string): number {
    return this.#blocks.flatMap((block) => [...block.mined.values()]).filter(({ from }) => from === address).length;
  }

  #visible(): Block[] {
    return this.#blocks.slice(0, this.#blocks.length - this.lag);
  }

  async head(): Promise<BlockPoint> {
    return point(this.#visible().at(-1)) as BlockPoint;
  }
  async blocks(numbers: readonly number[]): Promise<(BlockPoint | undefined)[]> {
    return numbers.map((number) => point(this.#visible()[number]));
  }
  async finalBlock(head: BlockPoint): Promise<number> {
    if (this.finality !== 'tag') return Math.max(-1, head.number - this.finality.depth);
    return Math.min(this.finalized, head.number);
  }
  async events(from: number, to: number): Promise<ChainEvent[]> {
    const found = this.#visible().filter(({ number }) => number >= from && number <= to);
    const then = this.afterEvents;
    this.afterEvents = undefined;
    then?.();
    return found.flatMap((block) => block.events);
  }
  async send(raw: readonly string[]): Promise<SendOutcome[]> {
    return raw.map((bytes) => {
      const tx = Transaction.from(bytes);
      if (tx.nonce < this.#nonce(lower(tx.from as string))) return { outcome: 'nonce-used' };
      const rival = [...this.#pool.values()].find((other) => other.from === tx.from && other.nonce === tx.nonce);
      if (rival && rival.hash !== tx.hash) return { outcome: 'refused', reason: 'replacement transaction underpriced' };
      this.#pool.set(tx.hash as string, tx);
      return { outcome: 'taken' };
    });
  }
  async receipts(hashes: readonly string[]): Promise<(Receipt | undefined)[]> {
    return hashes.map((hash) => {
      const block = this.#visible().find(({ mined }) => mined.has(hash));
      return block && { block: block.number, succeeded: block.mined.get(hash)?.succeeded === true };
    });
  }
  async nonceOf(address: string): Promise<number> {
    return this.#nonce(address);
  }
  async fees(): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
    return { maxFeePerGas: 10n, maxPriorityFeePerGas: 1n };
  }
  async refusal({ data }: Call): Promise<string | undefined> {
    return this.#run(data, []) ? undefined : 'StaleMoves';
  }
  async isPermitted(organisation: string): Promise<boolean> {
    return !this.suspended.has(organisation);
  }
  async isSignedBy(): Promise<boolean> {
    return false;
  }
  async pieceOf(tokenId: string): Promise<PieceState | undefined> {
    const piece = this.#piece(tokenId, this.#all());
    return piece && { ...piece, day: 0, state: 0, flags: 0 };
  }
  async speaksFor(registrant: string, acting: string): Promise<boolean> {
    return registrant === acting;
  }
  async recoveryReadyAt(): Promise<number> {
    return 0;
  }
  async batchOf(): Promise<undefined> {
    return undefined;
  }
  async lotOf(lotId: string): Promise<{ holder: string; remaining: number; events: number } | undefined> {
    return lotAfter(this.#all(), lotId);
  }
  async rangeOf(): Promise<undefined> {
    return undefined;
  }
  addressOf(contract: ActContract): string {
    return this[contract];
  }
  encodeAct({ contract, name, args }: ActCall): { to: string; data: string } {
    if (contract === 'lots') return { to: this.lots, data: encode({ do: 'lots', name, args }) };
    if (name === 'postContent') return { to: this.certificates, data: this.encodePostContent(args[0] as Uint8Array) };
    if (name !== 'transferWithSignature') throw new Error(`the fake chain knows no ${name}`);
    const [tokenId, to, moves] = args as [string, string, number];
    return { to: this.pieces, data: encode({ do: 'act', tokenId, to, moves }) };
  }
  async happened({ event, args }: Outcome, fromBlock: number) {
    const found = this.#all().find(
      (e) =>
        event === 'Transfer' &&
        e.kind === 'move' &&
        e.block >= fromBlock &&
        (e.tokenId as string) === args['tokenId'] &&
        e.to === args['to'] &&
        e.from === args['from'],
    );
    return found && { block: found.block, transaction: found.transaction };
  }
  encodeRegister(header: BatchHeader, { key }: Authorization): string {
    return encode({ do: 'register', header, key });
  }
  encodePostPart(header: BatchHeader, _hashes: readonly Hex32[], part: number, data: Uint8Array): string {
    return encode({ do: 'part', header, part, data: Buffer.from(data).toString('base64') });
  }
  encodeTransfer(transfer: TransferIntent): string {
    return encode({ do: 'transfer', transfer });
  }
  encodeIssue(fields: CertificateFields, { key }: Authorization): string {
    return encode({ do: 'issue', fields, key });
  }
  encodeIssueBatch(batch: CertificateBatch, { key }: Authorization): string {
    return encode({ do: 'issue-batch', batch, key });
  }
  encodeRevoke(revocation: Revocation, fields: CertificateFields | undefined, { key }: Authorization): string {
    const batch = this.#all().find((e) => e.kind === 'certificates' && e.id === revocation.id);
    const organisation = fields?.organisation ?? (batch?.kind === 'certificates' ? batch.organisation : '');
    return encode({ do: 'revoke', revocation, organisation, key });
  }
  encodePostContent(content: Uint8Array): string {
    return encode({ do: 'content', content: Buffer.from(content).toString('base64') });
  }
  async witness(): Promise<undefined> {
    return undefined;
  }
  encodeMulticall(calls: readonly string[]): string {
    return encode({ do: 'all', calls });
  }
}

function point(block: Block | undefined): BlockPoint | undefined {
  return block && { number: block.number, hash: block.hash, time: block.time };
}

function encode(step: Step): string {
  return `0x${Buffer.from(JSON.stringify(step)).toString('hex')}`;
}

function decode(data: string): Step {
  return JSON.parse(Buffer.from(data.slice(2), 'hex').toString()) as Step;
}
