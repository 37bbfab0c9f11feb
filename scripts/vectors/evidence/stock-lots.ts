// Owns the lots that the vectors of evidence files are about: doré declared, refined to an alloy. What was drawn of them is
// world.ts's.
import { canonicalLot, headerOfLot, type LotHeader, lotIdOf, parentsOf, parseLot } from '../../../src/core/lot.ts';
import { CHAIN_ID, ORGANISATIONS, organisationAddress } from '../chain.ts';

const owner = organisationAddress(CHAIN_ID, ORGANISATIONS, 'atelier-lune');

function lot(differing: object, madeOf: readonly ReturnType<typeof lotIdOf>[]) {
  const parsed = parseLot({
    schema: 'touchstone/lot/1',
    language: 'en',
    material: { type: 'metal', metal: 'gold' },
    unit: 'mg',
    origin: { text: 'Mina Dourada', country: 'PT' },
    custody: 'segregated',
    ...differing,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const header: LotHeader = headerOfLot(
    owner,
    parsed.statement,
    madeOf.length > 0 ? { parents: parentsOf(madeOf) } : undefined,
  );
  return { id: lotIdOf(header), header, statement: canonicalLot(parsed.statement), madeOf };
}

const dore = lot({ title: 'Doré of May', finenessPerMillion: 800_000, quantity: 20_000 }, []);
const alloy = lot({ title: 'Alloy 750', finenessPerMillion: 750_000, quantity: 15_000 }, [dore.id]);
const silver = lot(
  { title: 'Silver', material: { type: 'metal', metal: 'silver' }, finenessPerMillion: 925_000, quantity: 9_000 },
  [],
);
export const LOTS_MADE = { dore, alloy, silver };

/** Gold of 750 thousandths from the alloy. */
export function goldOf(massMg: number, lotId: string = alloy.id): object {
  const gold = { type: 'metal', metal: 'gold', fineness: 750, recycledShare: 'unknown', massMg };
  return { ...gold, origin: 'unknown', custody: 'unknown', lot: lotId };
}
