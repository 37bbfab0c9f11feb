// Owns what the contracts' view functions must answer, word by word, if they hold what the naive registry holds.
import { id } from 'ethers';
import type { Chain } from './chain.ts';
import { type Batch, BLOCK, type Ledger, type Organisation, type Piece } from './ledger.ts';
import { type Domain, number, type Word } from './said.ts';
import { PEOPLE } from './world.ts';

interface View {
  readonly contract: Domain;
  readonly what: string;
  readonly data: string;
  readonly expected: string;
}

/** Of a large batch the pieces that are looked at, beside those that have left it: first and last of each block, and one. */
const LOOKED_AT = 5;
const SAMPLE: ReadonlySet<number> = new Set([0, 1, 100, 255, 256]);

/** @returns the first difference, or undefined */
export async function differenceOf(chain: Chain, views: readonly View[]): Promise<string | undefined> {
  for (const contract of ['pieces', 'lifeEvents', 'organisations'] as const) {
    const asked = views.filter((view) => view.contract === contract);
    if (asked.length === 0) continue;
    const answers = await chain.read(
      contract,
      asked.map(({ data }) => data),
    );
    for (const [i, { what, expected }] of asked.entries()) {
      const answer = answers[i] ?? '';
      if (answer !== expected) return `${what} is ${plain(answer)} and should be ${plain(expected)}`;
    }
  }
  return undefined;
}

/** What the act of the moment wrote to; where pieces changed hands, the balances of all. */
export function viewsOfTouched(ledger: Ledger, moved: boolean): View[] {
  const pieces = [...ledger.touched].filter(isLookedAt);
  const batches = new Set(pieces.map((piece) => piece.batch));
  return [
    ...pieces.flatMap((piece) => ofPiece(ledger, piece)),
    ...[...batches].flatMap(ofBatch),
    ...(moved ? ofBalances(ledger) : []),
  ];
}

export function viewsOfAll(ledger: Ledger): View[] {
  const pieces = [...ledger.pieces()].filter(isLookedAt);
  return [
    ...pieces.flatMap((piece) => ofPiece(ledger, piece)),
    ...[...ledger.batches.values()].flatMap(ofBatch),
    ...ofBalances(ledger),
    ...ofOperators(ledger),
    ...(ledger.officesChanged ? ofOrganisations(ledger) : []),
  ];
}

export function isLookedAt(piece: Piece): boolean {
  const { batch, index, apart } = piece;
  return apart || batch.header.count <= LOOKED_AT || SAMPLE.has(index) || index === batch.header.count - 1;
}

function ofPiece(ledger: Ledger, piece: Piece): View[] {
  const { owner, moves, events, day, approved, recovery } = piece;
  const name = `(${piece.batch.header.count} pieces, ${piece.index})`;
  const of = (what: string, ...expected: Word[]) => view('pieces', `${what}(uint256)`, name, [piece.id], expected);
  return [
    of('ownerOf', owner),
    of('pieceOf', owner, moves, events),
    of('standingOf', owner, moves, events, day, stateOf(piece), flagsOf(piece)),
    of('getApproved', approved),
    of('locked', ledger.isImmobile(piece)),
    view('lifeEvents', 'recoveryOf(uint256)', name, [piece.id], [recovery.to, recovery.readyAt]),
  ];
}

export function stateOf(piece: Piece): number {
  const { stolen, lost, earlier, blocked, locked, recalled, withdrawn, ended } = piece;
  return bits(stolen, lost, earlier, blocked, locked, recalled, withdrawn, ended);
}

function flagsOf({ approved, cardDead, freshCard, recoverable, recovering }: Piece): number {
  return bits(BigInt(approved) !== 0n, cardDead, freshCard !== undefined, recoverable, recovering);
}

function bits(...set: readonly boolean[]): number {
  return set.reduce((sum, bit, i) => sum + (bit ? 2 ** i : 0), 0);
}

function ofBatch(batch: Batch): View[] {
  const { header, whole, blocks, pieces } = batch;
  const apart = pieces.filter((piece) => piece.apart);
  const inBlock = (block: number) => apart.filter(({ index }) => Math.floor(index / BLOCK) + 1 === block).length;
  const left = [...blocks.keys()].reduce((sum, block) => sum + inBlock(block), 0);
  const name = `(${header.count} pieces)`;
  const views = [
    view(
      'pieces',
      'batchOf(uint224)',
      name,
      [batch.id],
      [whole.holder, header.count, apart.length - left, whole.events],
    ),
    view(
      'pieces',
      'batchStandingOf(uint224)',
      name,
      [batch.id],
      [bits(blocks.size > 0, batch.ended, batch.recalled, batch.withdrawn), batch.events],
    ),
  ];
  for (let part = 1; part <= Math.ceil(header.count / BLOCK); part++) {
    const block = blocks.get(part);
    const expected = block === undefined ? [0, 0, 0] : [block.holder, inBlock(part), block.events];
    views.push(view('pieces', 'blockOf(uint224,uint32)', `${name} ${part}`, [batch.id, part], expected));
  }
  return views;
}

function ofBalances(ledger: Ledger): View[] {
  const owned = new Map<string, number>(
    [...PEOPLE, ...ledger.organisations.keys(), ...ledger.walls].map((who) => [who, 0]),
  );
  for (const { owner } of ledger.pieces()) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  return [...owned].map(([who, count]) => view('pieces', 'balanceOf(address)', who, [who], [count]));
}

function ofOperators(ledger: Ledger): View[] {
  // Each organisation and those who ever were its keys, each operator, and a thief with everybody.
  const pairs = new Set([...ledger.operators, ...PEOPLE.map((owner) => `${owner} ${PEOPLE[2]}`)]);
  for (const [address, { keys }] of ledger.organisations) {
    for (const key of [...keys.keys(), PEOPLE[2]]) pairs.add(`${address} ${key}`);
  }
  return [...pairs].map((pair) => {
    const [owner = '', who = ''] = pair.split(' ');
    return view('pieces', 'isApprovedForAll(address,address)', pair, [owner, who], [ledger.isOperator(owner, who)]);
  });
}

function ofOrganisations(ledger: Ledger): View[] {
  return [...ledger.organisations].flatMap(([address, organisation]) => ofOrganisation(ledger, address, organisation));
}

function ofOrganisation(ledger: Ledger, address: string, { successor, keys }: Organisation): View[] {
  const windows = [...keys].map(([key, { from, until, permissions }]) =>
    view('organisations', 'keyOf(address,address)', `${address} ${key}`, [address, key], [from, until, permissions]),
  );
  const speakers = [...ledger.organisations.keys()].map((acting) =>
    view('organisations', 'speaksFor(address,address)', acting, [address, acting], [ledger.speaksFor(address, acting)]),
  );
  const heir = view('organisations', 'successorOf(address)', address, [address], [successor]);
  return [heir, ...windows, ...speakers];
}

const selectors = new Map<string, string>();

function view(
  contract: Domain,
  signature: string,
  name: string,
  asked: readonly Word[],
  expected: readonly Word[],
): View {
  const selector = selectors.get(signature) ?? id(signature).slice(0, 10);
  selectors.set(signature, selector);
  return {
    contract,
    what: `${signature.slice(0, signature.indexOf('('))} ${name}`,
    data: `${selector}${words(asked)}`,
    expected: words(expected),
  };
}

function words(values: readonly Word[]): string {
  return values.map((value) => number(value)).join('');
}

function plain(hex: string): string {
  return (hex.match(/.{64}/g) ?? [hex]).map((part) => part.replace(/^0+/, '0x')).join(' ');
}
