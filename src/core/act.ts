// Owns what an act is: something an owner, an organisation, a claim card, a one-time key or an arbiter signs, and the one
// call that brings it to the chain. Each act is described once, as data and pure functions, and everything that prepares,
// checks, relays or signs acts follows the description. Which acts there are stands in acts.ts.
import type { z } from 'zod';
import type { Standings, SubjectKind } from './act-standing.ts';
import type { ErrorCode } from './errors.ts';

/** EIP-712 domain names, by the contract that checks the signatures. */
const DOMAIN_NAMES = {
  pieces: 'Touchstone Pieces',
  lifeEvents: 'Touchstone Life Events',
  lots: 'Touchstone Lots',
} as const;
export type ActContract = keyof typeof DOMAIN_NAMES;

/** A signature as callers bring it and contracts take it. */
export interface Signed {
  readonly key: string;
  /** Seconds since 1970. */
  readonly deadline: number;
  readonly signature: string;
}
export type SignedBy = Readonly<Record<string, Signed>>;

type Field = { name: string; type: string };
export type TypedMessage = Readonly<Record<string, unknown>>;

/** One signature that an act needs. */
export interface Signer<F, S> {
  /** In whose name: decides who may sign in place of a signature that was not brought, and how it is asked for. */
  readonly by: 'owner' | 'organisation' | 'card' | 'one-time-key' | 'service' | 'registrant' | 'arbiter';
  /** The signed type, as the contract spells it: `Claim(uint256 tokenId,…,uint48 deadline)`. The deadline comes last. */
  readonly type: string;
  /** All members but the deadline. */
  message(fields: F, standing: S): TypedMessage;
  /** Whose word it has to be, where that is known beforehand. Keys of an organisation sign for its address. */
  account?(fields: F, standing: S): string;
  /** The signature has to be that very account's own: no other key can stand for it. */
  readonly exactly?: true;
  /** With this permission a key held for that account signs where its API key asks; without it nobody signs here. */
  readonly permission?: number;
  /** Name of an act without a call, by which this signature may have been given to the service before. */
  readonly kept?: string;
  /** How long a signature asked for now is good, in seconds. */
  readonly goodFor: number;
}

/** A call of a contract, before it is encoded. */
export interface ActCall {
  readonly contract: ActContract | 'certificates';
  readonly name: string;
  readonly args: readonly unknown[];
  /** Gas it may use beside its calldata; the act's own bound unless given. */
  readonly work?: bigint;
}

/** The event by which the chain shows that the act was done, whoever relayed it. Arguments left out may be any. */
export interface Outcome {
  readonly contract: ActContract;
  readonly event: string;
  readonly args: Readonly<Record<string, string | number>>;
  /** Where it takes several such events: one for each of these values of this argument. */
  readonly each?: { readonly name: string; readonly values: readonly string[] };
}

/**
 * How far an act is. `kept` may still be used; `moved`: the piece has moved since, as told; `void`: it never can be used any more. Of what
 * asks for somebody's consent: `agreed`, `declined`.
 */
export type ActState =
  | 'accepted'
  | 'sealed'
  | 'anchored'
  | 'final'
  | 'failed'
  | 'kept'
  | 'moved'
  | 'void'
  | 'agreed'
  | 'declined';

export type Refusal = readonly [ErrorCode, string];
/** The contract's error, told to people. */
export type Refusals = Readonly<Record<string, Refusal>>;

export interface Act<Shape extends z.ZodRawShape = z.ZodRawShape, K extends SubjectKind = SubjectKind> {
  readonly name: string;
  /** For the API's description: what it does, in a sentence. */
  readonly does: string;
  readonly contract: ActContract;
  readonly subject: K;
  /** What the caller says. The reader of the subject's kind finds its own members here (`piece`, `pieces`, `batch`). */
  readonly fields: z.ZodObject<Shape>;
  readonly signers: Readonly<Record<string, Signer<z.output<z.ZodObject<Shape>>, Standings[K]>>>;
  /** Gas the calls may use beside their calldata: the relayer pays no more. */
  readonly work: bigint;
  /** What makes it pointless as things stand, before anybody signs. The contract has the last word. */
  unfit?(fields: z.output<z.ZodObject<Shape>>, standing: Standings[K]): Refusal | undefined;
  /** Of what waits: block time from which the contract takes it. */
  dueAt?(fields: z.output<z.ZodObject<Shape>>, standing: Standings[K]): number;
  /**
   * Of what is only kept: who is asked to sign the act that follows. Whoever asks has to be known here, because the one
   * asked is shown it.
   */
  asks?(fields: z.output<z.ZodObject<Shape>>, standing: Standings[K]): string;
  /** Quotas count it by itself: nobody's other acts use up what a victim needs. */
  readonly countedApart?: true;
  /** What reaches the chain, in this order; none for what the service only keeps for a later act. */
  calls(fields: z.output<z.ZodObject<Shape>>, standing: Standings[K], signed: SignedBy): readonly ActCall[];
  /**
   * Without one, a call that the chain refused has failed, whatever somebody else did. Of what is only kept and asks for
   * something: the life event that shows it was agreed to.
   */
  outcome?(fields: z.output<z.ZodObject<Shape>>, standing: Standings[K], signed: SignedBy): Outcome;
  /** The relayer pays once for what has this name. */
  paidOnce?(fields: z.output<z.ZodObject<Shape>>, standing: Standings[K], signed: SignedBy): string;
  /** Where the contract's errors mean something else than usually (act-refusals.ts). */
  readonly refusals?: Refusals;
}

/** Types an act from its own schema and subject; afterwards all acts are alike. */
export function act<Shape extends z.ZodRawShape, K extends SubjectKind>(definition: Act<Shape, K>): Act {
  return definition as unknown as Act;
}

/** EIP-712 typed data as wallets take it. */
export interface ActTypedData {
  readonly domain: Record<string, unknown>;
  readonly types: Record<string, Field[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

/** Where the contract that checks a signature stands. */
export interface ActPlace {
  readonly chainId: number;
  readonly address: string;
}

/** What a signer of an act signs. The page, the command line and the service all build it here. */
export function actTypedData<F, S>(
  { chainId, address }: ActPlace,
  contract: ActContract,
  signer: Signer<F, S>,
  { fields, standing, deadline }: { fields: F; standing: S; deadline: number },
): ActTypedData {
  const types = parsedTypes(signer.type);
  return {
    domain: { name: DOMAIN_NAMES[contract], version: '1', chainId, verifyingContract: address },
    types,
    primaryType: Object.keys(types)[0] as string,
    message: { ...signer.message(fields, standing), deadline },
  };
}

/** The signed type comes first; those that it refers to follow. */
function parsedTypes(type: string): Record<string, Field[]> {
  const all = [...type.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', list = '']) => {
    const members = list.split(',').map((pair) => {
      const [memberType = '', member = ''] = pair.split(' ');
      return { name: member, type: memberType };
    });
    return [name, members] as const;
  });
  return Object.fromEntries(all);
}
