// Owns living a random sequence of acts on the contracts and in the naive registry beside them, comparing the two after
// each, and making a sequence that shows a difference as short as it gets.
import type { Call, Chain } from './chain.ts';
import { differenceOf, viewsOfAll, viewsOfTouched } from './compare.ts';
import { Dice } from './dice.ts';
import * as drawLife from './draw-life.ts';
import * as drawPieces from './draw-pieces.ts';
import { Drawer, NothingFits } from './drawer.ts';
import { EVERYTHING, Ledger, NOBODY, RELEASE, Refused, type Told } from './ledger.ts';
import * as claims from './rules-claims.ts';
import * as life from './rules-life.ts';
import * as offices from './rules-organisations.ts';
import * as pieces from './rules-pieces.ts';
import * as registrants from './rules-registrants.ts';
import { ADMITTED, FRESH_CARDS, madeBatch, PEOPLE, TILL } from './world.ts';

/** An act before it is drawn: what follows from its seed depends on what happened before. */
export interface Act {
  readonly name: keyof typeof DRAWS;
  readonly seed: number;
}

export interface Tally {
  readonly done: Map<string, number>;
  readonly refused: Map<string, number>;
  readonly errors: Map<string, number>;
}

type Rule = (ledger: Ledger, caller: string, ...args: readonly unknown[]) => Told[];
const RULES = { ...offices, ...pieces, ...claims, ...life, ...registrants } as unknown as Record<string, Rule>;
const { passTime, ...lifeDraws } = drawLife;
const DRAWS = { ...drawPieces, ...lifeDraws, passTime, replay };
/** How often each is drawn, where not once. */
const WEIGHTS: Partial<Record<keyof typeof DRAWS, number>> = {
  transferFrom: 4,
  transferWithSignature: 2,
  transferMany: 2,
  passRange: 4,
  claim: 5,
  setCard: 2,
  report: 3,
  arbitrate: 3,
  notice: 2,
  noticeBatch: 2,
  end: 2,
  allowRecovery: 3,
  beginRecovery: 1,
  completeRecovery: 1,
  follow: 12,
  passTime: 2,
  decide: 2,
  replay: 2,
};
const BAG = (Object.keys(DRAWS) as (keyof typeof DRAWS)[]).flatMap((name) => Array(WEIGHTS[name] ?? 1).fill(name));
const LEAST = 10;
const MOST = 20;

export class Stage {
  private readonly chain: Chain;
  private readonly back: () => Promise<void>;

  private constructor(chain: Chain, back: () => Promise<void>) {
    this.chain = chain;
    this.back = back;
  }

  /** Everything before the first act of a sequence happens once. */
  static async set(chain: Chain): Promise<Stage> {
    const ledger = emptyLedger(chain);
    for (const call of prologue(chain)) {
      ledger.now += typeof call === 'number' ? call : 1;
      if (typeof call === 'number') continue;
      const outcome = await chain.act(call, ledger.now);
      const told = perform(ledger, call);
      if (told instanceof Refused || 'refused' in outcome) {
        throw new Error(`${call.method}: ${JSON.stringify(outcome)}, ${JSON.stringify(told)}`);
      }
    }
    return new Stage(chain, await chain.keep());
  }

  /** @returns the first difference, or undefined */
  async live(acts: readonly Act[], tally?: Tally, log: string[] = []): Promise<string | undefined> {
    await this.back();
    const ledger = emptyLedger(this.chain);
    for (const call of prologue(this.chain)) {
      ledger.now += typeof call === 'number' ? call : 1;
      if (typeof call !== 'number') perform(ledger, call);
    }
    const used: Call[] = [];
    ledger.doneAt = ledger.now;
    for (const { name, seed } of acts) {
      ledger.now += 1;
      ledger.touched.clear();
      const drawn = drawnAs(name, new Drawer(new Dice(seed), ledger, this.chain.organisations, used));
      if (typeof drawn === 'number') {
        ledger.now += drawn;
        log.push(`${drawn} seconds pass`);
        continue;
      }
      if (drawn === undefined) continue;
      ledger.now += drawn.after ?? 0;
      const difference = await this.compare(ledger, drawn, used, tally, log);
      if (difference !== undefined) return difference;
    }
    // The contracts are asked in their last block, whatever time has passed since.
    ledger.now = ledger.doneAt;
    return differenceOf(this.chain, viewsOfAll(ledger));
  }

  private async compare(
    ledger: Ledger,
    call: Call,
    used: Call[],
    tally: Tally | undefined,
    log: string[],
  ): Promise<string | undefined> {
    const expected = perform(ledger, call);
    const outcome = await this.chain.act(call, ledger.now, expected instanceof Refused);
    log.push(`${described(call)}: ${'refused' in outcome ? outcome.refused : 'done'}`);
    if (tally !== undefined) count(tally, call.method, outcome);
    if (expected instanceof Refused) {
      if ('refused' in outcome && expected.reasons.includes(outcome.refused)) return undefined;
      return `should be refused with ${expected.reasons.join(' or ')}, and ${answer(outcome)}`;
    }
    if ('refused' in outcome) return `should be done, and ${answer(outcome)}`;
    ledger.doneAt = ledger.now;
    if (call.contract === 'organisations') ledger.officesChanged = true;
    if (call.args.some((arg) => JSON.stringify(arg, plain)?.includes('"signer"'))) used.push(call);
    const told = expected.map((event) => event.map(String).join(' ').toLowerCase());
    if (told.join('\n') !== outcome.told.join('\n')) {
      return `should tell\n  ${told.join('\n  ')}\nand tells\n  ${outcome.told.join('\n  ')}`;
    }
    return differenceOf(
      this.chain,
      viewsOfTouched(
        ledger,
        expected.some(([name]) => name.endsWith('Transfer') || name === 'BatchRegistered'),
      ),
    );
  }

  /** Leaves out acts, one at a time and over again, while what is left still shows a difference. */
  async shortened(acts: readonly Act[]): Promise<string> {
    let shortest = acts;
    for (let i = 0; i < shortest.length; ) {
      const fewer = shortest.filter((_, at) => at !== i);
      if ((await this.live(fewer)) === undefined) i += 1;
      else [shortest, i] = [fewer, 0];
    }
    const log: string[] = [];
    const difference = await this.live(shortest, undefined, log);
    return `${log.map((line, i) => `${i + 1}. ${line}`).join('\n')}\n${difference}\nacts: ${JSON.stringify(shortest)}`;
  }
}

/** The sequence of a seed. */
export function sequenceOf(seed: number): Act[] {
  const dice = new Dice(seed);
  return Array.from({ length: LEAST + dice.below(MOST - LEAST + 1) }, () => ({
    name: dice.of(BAG),
    seed: dice.next(),
  }));
}

/** Does it in the naive registry. */
function perform(ledger: Ledger, { method, caller, args }: Call): Told[] | Refused {
  const rule = RULES[method];
  if (rule === undefined) throw new Error(`no rule for ${method}`);
  try {
    return rule(ledger, caller, ...args);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function drawnAs(name: Act['name'], drawer: Drawer): Call | number | undefined {
  try {
    return DRAWS[name](drawer);
  } catch (error) {
    if (error instanceof NothingFits) return undefined;
    throw error;
  }
}

/** What was done by signature, tried again by anybody. */
function replay(d: Drawer): Call | undefined {
  return d.used.length === 0 ? undefined : { ...d.dice.of(d.used), caller: d.anybody() };
}

function emptyLedger({ administrator, addresses, organisations, start }: Chain): Ledger {
  const ledger = new Ledger(administrator, new Set([addresses.organisations]));
  ledger.now = start;
  for (const [i, [, roles, key]] of ADMITTED.entries()) {
    const window = { from: start - (organisations.length - 1 - i), until: 2 ** 48 - 1, permissions: EVERYTHING };
    const keys = new Map([[key, window]]);
    ledger.organisations.set(organisations[i] ?? NOBODY, {
      roles,
      suspended: false,
      nonce: 0,
      successor: NOBODY,
      keys,
    });
  }
  return ledger;
}

/**
 * A till, an heir, a shop that is suspended, a batch of five and one of two blocks. Alice has a piece that may be recovered, Mallory one that was reported
 * before it came to her; one has a fresh card, one of the large batch is locked, and
 * all of that batch are recalled.
 */
function prologue({ organisations, administrator }: Chain): (Call | number)[] {
  const [maker = '', heir = '', shop = '', , court = ''] = organisations;
  const [alice = '', bob = '', mallory = ''] = PEOPLE;
  const by = (key: string, contract: Call['contract'], method: string, ...args: unknown[]): Call => ({
    contract,
    method,
    caller: key,
    args: [...args, { key, deadline: 0 }],
  });
  const key = ADMITTED[0][2];
  const plainly = (call: Call): Call => ({ ...call, args: call.args.slice(0, -1) });
  const small = madeBatch(maker, 5, 0).header;
  const large = madeBatch(maker, 258, 0).header;
  const first = small.id << 32n;
  return [
    by(key, 'organisations', 'setKey', maker, TILL, RELEASE, 2 ** 47),
    plainly(by(administrator, 'organisations', 'succeed', maker, heir)),
    plainly(by(administrator, 'organisations', 'suspend', shop, 'unpaid')),
    by(key, 'pieces', 'register', small),
    by(key, 'pieces', 'register', large),
    plainly(by(key, 'pieces', 'transferFrom', maker, alice, first + 1n)),
    plainly(by(key, 'pieces', 'transferFrom', maker, bob, first + 2n)),
    by(bob, 'lifeEvents', 'report', first + 2n, 31),
    91 * life.DAY,
    plainly(by(bob, 'lifeEvents', 'lapse', first + 2n)),
    plainly(by(bob, 'pieces', 'transferFrom', bob, mallory, first + 2n)),
    by(key, 'pieces', 'setCard', first + 3n, FRESH_CARDS[0]),
    by(ADMITTED[4][2], 'lifeEvents', 'arbitrate', large.id << 32n, 35, court, 'because'),
    by(key, 'lifeEvents', 'noticeBatch', large, 40, maker, 'because'),
    by(alice, 'lifeEvents', 'allowRecovery', first + 1n, true),
  ];
}

function count(tally: Tally, method: string, outcome: { refused: string } | { told: readonly string[] }): void {
  const add = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1);
  if ('refused' in outcome) {
    add(tally.refused, method);
    add(tally.errors, outcome.refused);
  } else add(tally.done, method);
}

function answer(outcome: { refused: string } | { told: readonly string[] }): string {
  return 'refused' in outcome ? `is refused with ${outcome.refused}` : 'is done';
}

function described({ method, caller, args, after }: Call): string {
  const wait = after === undefined ? '' : `${after} seconds later `;
  return `${wait}${method} by ${caller} ${JSON.stringify(args, plain)}`;
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' && value.length > 80 ? `${value.slice(0, 80)}…` : value;
}
