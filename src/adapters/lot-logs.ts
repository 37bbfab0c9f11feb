// Owns the decoding of the logs of the lots contract. None of them holds texts: what a lot says is posted elsewhere.
import type { BatchId, TokenId } from '../core/batch.ts';
import type { Happening } from '../core/events.ts';
import { type Hex32, lower } from '../core/hash.ts';
import { LOT_OPERATIONS, type LotHeader, type LotId } from '../core/lot.ts';
import { contractInterface } from './contracts.ts';

const lots = contractInterface('Lots');

type Args = Readonly<Record<string, unknown>>;

/** A log of the lots contract; undefined if it is none that is read. */
export function lotEvent({
  topics,
  data,
}: {
  readonly topics: string[];
  readonly data: string;
}): Happening | undefined {
  const told = lots.parseLog({ topics, data });
  if (!told) return undefined;
  const args = told.args as unknown as Args;
  const of = { lotId: args['lotId'] as LotId, key: lower(String(args['key'])) };
  const counted = { ...of, number: Number(args['number']) };
  switch (told.name) {
    case 'LotDeclared':
      return { kind: 'lot', ...of, header: headerIn(args), operation: LOT_OPERATIONS.declared };
    case 'LotMade':
      return { kind: 'lot', ...of, header: headerIn(args), operation: Number(args['operation']) };
    case 'LotMoved':
      return { kind: 'lot-moved', ...counted, from: lower(String(args['from'])), to: lower(String(args['to'])) };
    case 'LotDrawn': {
      const batchId = String(args['batchId']) as BatchId;
      return { kind: 'lot-drawn', ...counted, batchId, quantity: Number(args['quantity']) };
    }
    case 'LotConsumed': {
      const [parents, operation] = [args['parents'] as Hex32, Number(args['operation'])];
      return { kind: 'lot-consumed', ...counted, parents, operation, quantity: Number(args['quantity']) };
    }
    case 'PieceReturned': {
      const tokenId = String(args['tokenId']) as TokenId;
      return { kind: 'piece-returned', tokenId, organisation: lower(String(args['organisation'])), key: of.key };
    }
    default:
      return undefined;
  }
}

function headerIn(args: Args): LotHeader {
  const lot = args['lot'] as Args;
  const hash = (name: string) => lot[name] as Hex32;
  return {
    organisation: lower(String(lot['organisation'])),
    material: hash('material'),
    fineness: Number(lot['fineness']),
    unit: Number(lot['unit']),
    custody: Number(lot['custody']),
    origin: hash('origin'),
    quantity: Number(lot['quantity']),
    contentHash: hash('contentHash'),
    parents: hash('parents'),
    salt: hash('salt'),
  };
}
