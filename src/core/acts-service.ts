// Owns what two sign about a piece: work done on it, and that it lies with somebody for sale. The organisation asks first;
// its signature is kept until the owner signs the same. The typed data and function are the contract's (ILifeEvents).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { CONTENT, contentFault, contentOf, publication, type WithContent } from './act-content.ts';
import { account, pieceName } from './act-fields.ts';
import { actor, kindNumber, LIFE_WORK_OF_TWO, lifeCall, lifeEvent, named } from './act-life.ts';
import { byOwner, DAY, HOUR, type OfPiece, RELEASE, SERVE, signedBy } from './act-signers.ts';
import type { PieceStanding } from './act-standing.ts';
import { unless } from './act-states.ts';
import { CONSIGNMENT_KINDS, type LifeKind, WORK_KINDS } from './life.ts';

const CONSENT_WITHIN = 14 * DAY;

interface Recorded extends WithContent {
  readonly kind: LifeKind;
  readonly organisation?: string | undefined;
}

const RECORD =
  'Record(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)';
const recorded = (fields: Recorded, { moves, events }: { moves: number; events: number }) => ({
  kind: kindNumber(fields.kind),
  organisation: fields.organisation,
  contentHash: contentOf(fields),
  moves,
  events,
});

const ENDED = unless([['ended', 'is', 'The piece is at its end: nothing more happens to it.']]);

/** What is asked for, and what is done once the owner agrees. */
function pair<K extends LifeKind>(
  names: { readonly request: string; readonly record: string },
  kinds: readonly [K, ...K[]],
  permission: number,
  does: { readonly request: string; readonly record: string },
): readonly Act[] {
  const organisation: OfPiece<Recorded> = {
    by: 'service',
    type: RECORD,
    message: (fields, standing) => ({ tokenId: standing.tokenId, ...recorded(fields, standing) }),
    account: (fields) => named(fields.organisation),
    permission,
    kept: names.request,
    goodFor: CONSENT_WITHIN,
  };
  const done = (fields: Recorded, standing: PieceStanding) => {
    const more = { organisation: named(fields.organisation), contentHash: contentOf(fields) };
    return lifeEvent(fields.kind, standing, more);
  };
  const said = { piece: pieceName, kind: z.enum(kinds), ...CONTENT };
  return [
    act({
      name: names.request,
      does: does.request,
      contract: 'lifeEvents',
      subject: 'piece',
      fields: z.strictObject({ ...said, organisation: actor }),
      signers: { service: organisation as OfPiece<unknown> },
      work: 0n,
      unfit: (fields, standing) =>
        ENDED(fields, standing) ?? contentFault(fields as Recorded, (fields as Recorded).kind),
      asks: (_, { owner }) => owner,
      calls: () => [],
      outcome: (fields, standing) => done(fields as Recorded, standing),
    }),
    act({
      name: names.record,
      does: does.record,
      contract: 'lifeEvents',
      subject: 'registered-piece',
      fields: z.strictObject({ ...said, organisation: account }),
      signers: {
        service: organisation as OfPiece<unknown>,
        owner: byOwner<unknown>(RECORD, (fields, standing) => recorded(fields as Recorded, standing), HOUR),
      },
      work: LIFE_WORK_OF_TWO,
      unfit: (fields, standing) =>
        ENDED(fields, standing) ?? contentFault(fields as Recorded, (fields as Recorded).kind),
      calls: (fields, { tokenId, header }, signed) => {
        const content = contentOf(fields as Recorded);
        const [service, owner] = [signedBy(signed, 'service'), signedBy(signed, 'owner')];
        const args = [tokenId, kindNumber(fields.kind as K), fields.organisation, content, service, owner];
        return [lifeCall('record', args), ...publication(fields as Recorded, header)];
      },
      outcome: (fields, standing) => done(fields as Recorded, standing),
    }),
  ];
}

export const SERVICE_ACTS: readonly Act[] = [
  ...pair({ request: 'request-record', record: 'record' }, WORK_KINDS, SERVE, {
    request: 'Asks a piece’s owner to agree that work on it is recorded. Kept here until the owner signs or declines.',
    record: 'Records work done on a piece, with its owner’s consent.',
  }),
  ...pair({ request: 'request-consignment', record: 'consign' }, CONSIGNMENT_KINDS, RELEASE, {
    request: 'Asks a piece’s owner to agree that it is recorded as held for sale, or as held no more.',
    record: 'Records that an organisation holds a piece for its owner to sell, or no more.',
  }),
];
