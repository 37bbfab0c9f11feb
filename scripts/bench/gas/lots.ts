// Owns the jobs of lots: declaring one, dividing it, drawing from it for a batch.
import { lotIdOf, parentsOf } from '../../../src/core/lot.ts';
import { ZERO_32 } from '../../../src/core/merkle.ts';
import { rootOnly } from './claims.ts';
import { bytes32, inPerson, type Stage } from './stage.ts';

const UNIT_MG = 1;
const SEGREGATED = 5;
const GOLD_750 = 750_000;

export async function measureLots(stage: Stage): Promise<void> {
  const { maker } = stage.people;
  const workshop = await stage.admit('atelier-lots', ['maker'], maker);
  const { abi, address } = stage.lots;
  const lot = (name: string, quantity: number, parents = ZERO_32) => ({
    organisation: workshop,
    material: bytes32('gold'),
    fineness: GOLD_750,
    unit: UNIT_MG,
    custody: SEGREGATED,
    origin: bytes32('a mine'),
    quantity,
    contentHash: bytes32('what is said of it'),
    parents,
    salt: bytes32(name),
  });
  const act = (job: string, what: string, name: string, args: readonly unknown[]) =>
    stage.act(job, what, maker, address, abi.encodeFunctionData(name, [...args, inPerson(maker)]));
  const whole = lot('whole', 1_000_000);
  await act('lot-declare', 'declare a lot, by a key', 'declare', [whole]);
  const id = lotIdOf(whole);
  const header = rootOnly(workshop, 100, bytes32('made of a lot'));
  await stage.prepare(maker, stage.pieces, 'register', [header, inPerson(maker)]);
  await act('lot-draw', 'draw from a lot, for a batch', 'draw', [header, [id], [200_000]]);
  await act('lot-draw-again', 'draw from it again, for the same batch', 'draw', [header, [id], [100_000]]);
  const parents = parentsOf([id]);
  const parts = [lot('one part', 100_000, parents), lot('the other', 200_000, parents)];
  await act('lot-split', 'divide a lot in two', 'split', [whole, parts]);
  await act('lot-transfer', 'pass a lot on', 'transfer', [id, await stage.admit('shop-lots', ['maker'], maker)]);
}
