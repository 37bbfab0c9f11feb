// Owns the signatures of the gas bench: typed data by the contract's type, as core/act.ts builds them for everybody.
import type { Wallet } from 'ethers';
import { type ActContract, actTypedData, type Signer as TypedSigner } from '../../../src/core/act.ts';
import type { Authorization } from '../../../src/ports.ts';
import { CHAIN_ID } from './network.ts';
import { FOREVER, type Stage } from './stage.ts';

const TYPES = {
  Claim: ['pieces', 'uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline'],
  Release: ['pieces', 'uint256 tokenId,uint24 moves,uint24 events,uint48 deadline'],
  Handover: ['pieces', 'uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline'],
  Accept: ['pieces', 'uint256 tokenId,address to,uint24 moves,uint48 deadline'],
  TransferMany: ['pieces', 'address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline'],
  OwnerAct: ['lifeEvents', 'uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline'],
  Record: [
    'lifeEvents',
    'uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline',
  ],
} as const satisfies Readonly<Record<string, readonly [ActContract & ('pieces' | 'lifeEvents'), string]>>;

type Signer = Pick<Wallet, 'address' | 'signTypedData'>;
type Message = Readonly<Record<string, unknown>>;

export function signed(stage: Stage, key: Signer, type: keyof typeof TYPES, message: Message): Promise<string> {
  const [contract, members] = TYPES[type];
  const place = { chainId: CHAIN_ID, address: stage[contract].address };
  const signer: TypedSigner<Message, undefined> = {
    by: 'owner',
    type: `${type}(${members})`,
    message: (fields) => fields,
    goodFor: 0,
  };
  const data = actTypedData(place, contract, signer, { fields: message, standing: undefined, deadline: FOREVER });
  return key.signTypedData(data.domain, data.types, data.message);
}

export async function authorized(
  stage: Stage,
  key: Signer,
  type: keyof typeof TYPES,
  message: Message,
): Promise<Authorization> {
  return { key: key.address, deadline: FOREVER, signature: await signed(stage, key, type, message) };
}
