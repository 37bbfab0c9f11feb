// Owns drawing what an act is about: pieces, keys, recipients, and consents with and without a fault. Mostly what would be
// right as the naive registry stands, so that things happen; often enough not.
import type { Call } from './chain.ts';
import { isLookedAt } from './compare.ts';
import type { Dice } from './dice.ts';
import { type Ledger, NOBODY, type Piece } from './ledger.ts';
import type { Consent, Said, Signed, Word } from './said.ts';
import { ADMITTED, KEYS, type NamedHeader, NO_HASH, PEOPLE, secrets } from './world.ts';

const FAR = 2 ** 47;
const STATEMENT = `0x${'5a'.repeat(32)}`;
/** Types of the same shape: a signature for one must be none for the other. */
const ALIKE: Partial<Record<Said['type'], Said['type']>> = {
  Release: 'WithdrawHandovers',
  WithdrawHandovers: 'Release',
  OwnerAct: 'OwnerAct',
  Claim: 'Accept',
};

/** There is no piece to do this to: something else is drawn. */
export class NothingFits extends Error {
  override readonly name = 'NothingFits';
}

export class Drawer {
  readonly dice: Dice;
  readonly ledger: Ledger;
  readonly organisations: readonly string[];
  /** Calls by signature that were done, to be tried again. */
  readonly used: readonly Call[];

  constructor(dice: Dice, ledger: Ledger, organisations: readonly string[], used: readonly Call[]) {
    this.dice = dice;
    this.ledger = ledger;
    this.organisations = organisations;
    this.used = used;
  }

  anybody(): string {
    return this.dice.of([...PEOPLE, ...KEYS]);
  }

  anyOrganisation(): string {
    return this.dice.of(this.organisations);
  }

  /** The organisation of this handle, mostly. */
  organisation(handle: (typeof ADMITTED)[number][0]): string {
    if (this.dice.once(10)) return this.anyOrganisation();
    return this.organisations[ADMITTED.findIndex(([own]) => own === handle)] ?? NOBODY;
  }

  recipient(): string {
    const { dice } = this;
    if (dice.once(20)) return NOBODY;
    if (dice.once(20)) return dice.of([...this.ledger.walls]);
    return dice.once(3) ? this.anyOrganisation() : dice.of(PEOPLE);
  }

  /** Mostly one that fits: the one of the act before or, more often, one of the first, so that stories meet. */
  piece(fits: (piece: Piece) => boolean = () => true): Piece {
    const { dice } = this;
    const { latest } = this.ledger;
    if (latest !== undefined && dice.once(fits(latest) ? 2 : 8)) return latest;
    const all = [...this.ledger.pieces()].filter(isLookedAt);
    const fitting = dice.once(8) ? all : all.filter(fits);
    if (fitting.length === 0 && !dice.once(8)) throw new NothingFits();
    const pieces = fitting.length > 0 ? fitting : all;
    return pieces[Math.min(dice.below(pieces.length), dice.below(pieces.length))] as Piece;
  }

  /** One that moves, mostly; else one that is reported, locked or ended. */
  movable(): (piece: Piece) => boolean {
    const still = this.dice.once(5);
    return (piece) => this.ledger.isImmobile(piece) === still;
  }

  pieceId({ id }: Piece): bigint {
    return this.dice.once(60) ? id + 1000n : id;
  }

  /** A key that may do this for the account, mostly. */
  keyOf(account: string, permission: number): string {
    if (this.dice.once(10)) return this.anybody();
    if (!this.ledger.isOrganisation(account)) return account;
    const fitting = KEYS.filter((key) => this.ledger.isPermitted(account, key, permission));
    return fitting.length > 0 ? this.dice.of(fitting) : this.dice.of(KEYS);
  }

  kind(known: readonly number[]): number {
    return this.dice.once(15) ? this.dice.below(70) : this.dice.of(known);
  }

  words(): string {
    const { dice } = this;
    if (dice.once(20)) return dice.of(['', 'x'.repeat(1_000), 'x'.repeat(1_001), 'é'.repeat(501)]);
    return dice.of(['because', 'überprüft']);
  }

  hash(): string {
    return this.dice.of([NO_HASH, STATEMENT]);
  }

  header({ batch }: Piece): NamedHeader {
    return { ...batch.header, id: batch.id };
  }

  deadline(): number {
    const { dice, ledger } = this;
    if (dice.once(12)) return ledger.now;
    return dice.once(15) ? ledger.now - 1 : FAR;
  }

  /** In person or by signature. */
  consent(key: string, say: (deadline: number) => Said): { by: Consent; caller: string } {
    const { dice } = this;
    if (dice.once(2)) return { by: this.signature(key, say), caller: this.anybody() };
    return { by: { key, deadline: 0 }, caller: dice.once(10) ? this.anybody() : this.callerAs(key) };
  }

  /** An organisation's address can't call, and a contract that was given a piece doesn't. */
  callerAs(key: string): string {
    return secrets.has(key) ? key : this.anybody();
  }

  /** By signature, or by somebody who forgets it. */
  signature(key: string, say: (deadline: number) => Said): Consent {
    const deadline = this.deadline();
    if (this.dice.once(30)) return { key, deadline };
    return { key, deadline, signed: this.signed(key, say(deadline)) };
  }

  signed(key: string, said: Said): Signed {
    const { dice } = this;
    if (dice.once(25)) return { signer: this.anybody(), said };
    // Of an organisation's address, and of a contract's, nobody has the secret.
    if (!secrets.has(key)) return { signer: NOBODY, said };
    return { signer: key, said: dice.once(10) ? this.spoilt(said) : said };
  }

  /** One word of it is another, or it was said of something else. */
  private spoilt({ type, values }: Said): Said {
    const alike = ALIKE[type];
    if (alike !== undefined && alike !== type && type !== 'Claim' && this.dice.once(3)) return { type: alike, values };
    const at = this.dice.below(values.length);
    return { type, values: values.map((value, i) => (i === at ? this.another(value) : value)) };
  }

  private another(value: Word): Word {
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'bigint') return value + 1n;
    if (typeof value === 'number') return value > 0 && this.dice.once(2) ? value - 1 : value + 1;
    if (/^0x[0-9a-f]{40}$/.test(value)) return value === PEOPLE[0] ? NOBODY : (PEOPLE[0] ?? NOBODY);
    if (/^0x[0-9a-f]{64}$/.test(value)) return value === NO_HASH ? STATEMENT : NO_HASH;
    return /^[0-9;]*$/.test(value) ? `${value};7`.replace(/^;/, '') : `${value}!`;
  }
}
