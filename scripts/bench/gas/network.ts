// Owns the chain that gas is measured on: the engine of the embedded node (adapters/embedded-node/evm.ts) with its
// rules, in this process. Chain id, genesis, accounts and block times are the same each time, so every figure is too.
import { HDNodeWallet, Interface, type InterfaceAbi, Mnemonic, Transaction } from 'ethers';
import { type Evm, startEvm, TRANSACTION_GAS_CAP } from '../../../src/adapters/embedded-node/evm.ts';
import type { Rpc, RpcReply } from '../../../src/adapters/rpc.ts';

export const CHAIN_ID = 31_337;
const GENESIS_TIME = 1_700_000_000;
/** The accounts every development chain has; they hold nothing anywhere else. */
const PHRASE = 'test test test test test test test test test test test junk';
const ACCOUNTS = 8;
const WEI = `${10n ** 22n}`;
const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1n };
/** EIP-7623: a transaction costs at least this much for its calldata, whatever else it does. */
const FLOOR = { transaction: 21_000, zeroByte: 10, otherByte: 40 };

/** What one transaction cost. */
export interface Cost {
  /** Gas used, intrinsic gas and calldata included. */
  readonly gas: number;
  /** The least its calldata allows. */
  readonly floor: number;
  /** Storage slots that were zero before and aren't after. */
  readonly newSlots: number;
  /** Slots that held another value before. */
  readonly overwritten: number;
}

export interface Sent extends Cost {
  readonly succeeded: boolean;
  readonly created: string;
}

export interface Contract {
  readonly address: string;
  readonly abi: Interface;
}

interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

export class GasNetwork {
  readonly accounts: readonly HDNodeWallet[];
  /** JSON-RPC as the service's adapters speak it; a transaction sent this way is mined like any other. */
  readonly rpc: Rpc;
  readonly #evm: Evm;
  #height = 0;

  private constructor(evm: Evm, accounts: readonly HDNodeWallet[]) {
    this.#evm = evm;
    this.accounts = accounts;
    this.rpc = this.#asRpc();
  }

  /** @param others addresses that are to pay for transactions too */
  static async open(others: readonly string[] = []): Promise<GasNetwork> {
    const phrase = Mnemonic.fromPhrase(PHRASE);
    const accounts = Array.from({ length: ACCOUNTS }, (_, i) =>
      HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${i}`),
    );
    const addresses = [...accounts.map(({ address }) => address), ...others];
    const funded = addresses.map((address) => ({ address, wei: WEI }));
    return new GasNetwork(await startEvm({ chainId: CHAIN_ID, timestamp: GENESIS_TIME, funded }), accounts);
  }

  get genesis(): string {
    return this.#evm.genesisHash;
  }

  /** Mines one transaction and measures it. @throws if it is refused or reverts */
  async send(from: HDNodeWallet, to: string | null, data: string): Promise<Sent> {
    const sent = await this.try(from, to, data);
    if (!sent.succeeded) throw new Error(`a transaction from ${from.address} to ${to} reverted`);
    return sent;
  }

  /** As `send`; a transaction that reverts is measured as well. */
  async try(from: HDNodeWallet, to: string | null, data: string): Promise<Sent> {
    const nonce = Number(await this.rpc.call<string>('eth_getTransactionCount', from.address, 'latest'));
    const terms = { type: 2, chainId: CHAIN_ID, gasLimit: TRANSACTION_GAS_CAP, ...FEES };
    const tx = Transaction.from({ ...terms, nonce, to, data });
    tx.signature = from.signingKey.sign(tx.unsignedHash);
    const mined = await this.#mine(tx.serialized);
    if ('error' in mined) throw new Error(`a transaction was refused: ${mined.error.message}`);
    return this.measure(mined.result as string);
  }

  /** What a mined transaction cost. */
  async measure(hash: string): Promise<Sent> {
    const receipt = await this.rpc.call<Receipt>('eth_getTransactionReceipt', hash);
    const { input } = await this.rpc.call<{ input: string }>('eth_getTransactionByHash', hash);
    const tracer = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } };
    const state = await this.rpc.call<StateChange>('debug_traceTransaction', hash, tracer);
    return {
      gas: Number(receipt.gasUsed),
      floor: calldataFloor(input),
      ...slotsIn(state),
      succeeded: Number(receipt.status) === 1,
      created: receipt.contractAddress ?? '',
    };
  }

  async deploy(from: HDNodeWallet, { abi, bytecode }: Artifact, args: readonly unknown[]): Promise<Contract> {
    const contract = new Interface(abi);
    const { created } = await this.send(from, null, bytecode + contract.encodeDeploy(args).slice(2));
    return { address: created, abi: contract };
  }

  async #mine(raw: string): Promise<RpcReply> {
    const mined = await this.#evm.mine(raw, this.#height + 1, GENESIS_TIME + this.#height + 1);
    if ('code' in mined) return { error: mined };
    this.#height = mined.number;
    return { result: mined.transaction };
  }

  #asRpc(): Rpc {
    const batch = async (calls: Parameters<Rpc['batch']>[0]): Promise<RpcReply[]> => {
      const replies: RpcReply[] = [];
      for (const { method, params } of calls) {
        const sends = method === 'eth_sendRawTransaction';
        replies.push(
          sends
            ? await this.#mine(params[0] as string)
            : (JSON.parse(await this.#evm.request(method, params)) as RpcReply),
        );
      }
      return replies;
    };
    return {
      batch,
      async call<T>(method: string, ...params: unknown[]): Promise<T> {
        const [reply] = await batch([{ method, params }]);
        if (reply && 'result' in reply) return reply.result as T;
        throw new Error(`${method}: ${reply?.error.message}`);
      },
    };
  }
}

interface Receipt {
  readonly gasUsed: string;
  readonly status: string;
  readonly contractAddress: string | null;
}

type Accounts = Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;

/** What a transaction found and left, of everything it changed. */
export interface StateChange {
  readonly pre: Accounts;
  readonly post: Accounts;
}

/** Slots by what became of them. A value of zero is the same as none. */
export function slotsIn({ pre, post }: StateChange): Pick<Cost, 'newSlots' | 'overwritten'> {
  let newSlots = 0;
  let overwritten = 0;
  const valueIn = (state: Accounts, address: string, slot: string) => BigInt(state[address]?.storage?.[slot] ?? 0);
  for (const address of new Set([...Object.keys(pre), ...Object.keys(post)])) {
    const slots = [pre, post].flatMap((state) => Object.keys(state[address]?.storage ?? {}));
    for (const slot of new Set(slots)) {
      const before = valueIn(pre, address, slot);
      const after = valueIn(post, address, slot);
      if (before === 0n && after !== 0n) newSlots += 1;
      else if (before !== after) overwritten += 1;
    }
  }
  return { newSlots, overwritten };
}

/** EIP-7623, of a whole transaction. */
export function calldataFloor(input: string): number {
  return FLOOR.transaction + floorOf(Buffer.from(input.slice(2), 'hex'));
}

/** What bytes cost at least wherever they stand in a transaction's calldata. */
export function floorOf(bytes: Uint8Array): number {
  let gas = 0;
  for (const byte of bytes) gas += byte === 0 ? FLOOR.zeroByte : FLOOR.otherByte;
  return gas;
}
