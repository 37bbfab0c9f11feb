// Owns the jobs of the rivals: OpenZeppelin's ERC-721 and ERC721A, each from its own package with the least around it
// that mints, on the same chain, compiled with the same profile, with the same people.
import type { HDNodeWallet } from 'ethers';
import { compilePlainERC721, compileRival } from '../compile.ts';
import type { Contract } from './network.ts';
import type { Stage } from './stage.ts';

/** Sizes of ERC721A's batches that fit into a transaction, and the place of a piece to be passed on. */
export const MINTS = [1, 10, 100, 1_000];
const FEW = 10;
const MANY = 1_000;

export async function measureOpenZeppelin(stage: Stage): Promise<void> {
  const { registrar, relayer, bob, carol } = stage.people;
  const plain = await stage.network.deploy(registrar, compilePlainERC721(), []);
  const { act } = acting(stage, plain);
  const name = "OpenZeppelin's ERC721:";
  // Numbered from 1, as such contracts do: a small number is cheaper to send than one of ours.
  await act('oz-mint-new', `${name} mint to a new owner`, relayer, 'mint', [bob.address, 1]);
  await act('oz-mint', `${name} mint to one who has others`, relayer, 'mint', [bob.address, 2]);
  await stage.prepare(relayer, plain, 'mint', [bob.address, 3]);
  const move = [bob.address, carol.address] as const;
  await act('oz-transfer-new', `${name} transfer to a new owner`, bob, 'transferFrom', [...move, 1]);
  await act('oz-transfer', `${name} transfer to one who has others`, bob, 'transferFrom', [...move, 2]);
}

/** The largest batch it mints in one transaction. */
export async function measureErc721a(stage: Stage): Promise<number> {
  const { registrar, maker, relayer } = stage.people;
  const contract = await stage.network.deploy(registrar, compileErc721a(), []);
  const { act } = acting(stage, contract);
  const mint = (job: string, what: string, quantity: number) =>
    act(job, `ERC721A: mint ${quantity.toLocaleString('en')} ${what}`, relayer, 'mint', [maker.address, quantity]);
  // The contract's own first mint pays for its counter as well.
  await stage.prepare(relayer, contract, 'mint', [registrar.address, 1]);
  await mint('erc721a-mint-new', 'to a new owner', 1);
  for (const quantity of MINTS) await mint(`erc721a-mint-${quantity}`, 'to one who has others', quantity);
  const most = await mostMinted(stage, contract);
  await mint('erc721a-mint-most', 'to one who has others', most);
  await measureErc721aTransfers(stage);
  return most;
}

/** Tried out: one more doesn't fit. */
async function mostMinted(stage: Stage, { address, abi }: Contract): Promise<number> {
  const { maker, relayer } = stage.people;
  const fits = async (quantity: number) => {
    const data = abi.encodeFunctionData('mint', [maker.address, quantity]);
    return (await stage.network.try(relayer, address, data)).succeeded;
  };
  let some = MINTS.at(-1) as number;
  let tooMany = 2 * some;
  while (await fits(tooMany)) {
    some = tooMany;
    tooMany *= 2;
  }
  while (tooMany - some > 1) {
    const middle = Math.floor((some + tooMany) / 2);
    if (await fits(middle)) some = middle;
    else tooMany = middle;
  }
  return some;
}

/** A first transfer looks back for the owner, up to the beginning of the batch, and writes the next piece's slot. */
async function measureErc721aTransfers(stage: Stage): Promise<void> {
  const { registrar, relayer, bob, carol, dora } = stage.people;
  const contract = await stage.network.deploy(registrar, compileErc721a(), []);
  const { act } = acting(stage, contract);
  for (const quantity of [FEW, FEW, MANY]) await stage.prepare(relayer, contract, 'mint', [bob.address, quantity]);
  const move = (job: string, what: string, from: HDNodeWallet, to: HDNodeWallet, id: number) =>
    act(job, `ERC721A: ${what}`, from, 'transferFrom', [from.address, to.address, id]);
  const first = `first transfer, the middle one of ${FEW},`;
  await move('erc721a-transfer-first-new', `${first} to a new owner`, bob, carol, FEW / 2);
  await move('erc721a-transfer-first', `${first} to one who has others`, bob, carol, FEW + FEW / 2);
  const many = `first transfer, the middle one of ${MANY.toLocaleString('en')}, to one who has others`;
  await move(`erc721a-transfer-first-of-${MANY}`, many, bob, carol, 2 * FEW + MANY / 2);
  await move('erc721a-transfer-later-new', 'later transfer, to a new owner', carol, dora, FEW / 2);
  await move('erc721a-transfer-later', 'later transfer, to one who has others', carol, dora, FEW + FEW / 2);
}

function compileErc721a() {
  return compileRival('scripts/bench/gas/PlainERC721A.sol', 'PlainERC721A', 'erc721a');
}

function acting(stage: Stage, { address, abi }: Contract) {
  return {
    act: (job: string, what: string, from: HDNodeWallet, name: string, args: readonly unknown[]) =>
      stage.act(job, what, from, address, abi.encodeFunctionData(name, args)),
  };
}
