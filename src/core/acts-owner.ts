// Owns what the owner of a piece alone says of it: reports, its end, and whether a lost key may be recovered. The typed
// data and functions are the contract's (ILifeEvents).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { CONTENT, contentFault, contentOf, publication, type WithContent } from './act-content.ts';
import { pieceName } from './act-fields.ts';
import { kindNumber, LIFE_WORK, lifeCall, lifeEvent } from './act-life.ts';
import { byOwner } from './act-signers.ts';
import { immobile, lapsesAt, unless } from './act-states.ts';
import { END_KINDS, type LifeKind } from './life.ts';

const OWNER_ACT = 'OwnerAct(uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline)';
const ownerAct = (kind: LifeKind) =>
  byOwner<unknown>(OWNER_ACT, (_, { moves, events }) => ({ kind: kindNumber(kind), moves, events }));

const ENDED = 'The piece is at its end: nothing more happens to it.';

const report = (name: string, kind: LifeKind, what: string) =>
  act({
    name,
    does: `Reports a piece ${what}: for 90 days it does not move, whoever has its keys. May be said again.`,
    contract: 'lifeEvents',
    subject: 'piece',
    fields: z.strictObject({ piece: pieceName }),
    signers: { owner: ownerAct(kind) },
    work: LIFE_WORK,
    unfit: unless([['ended', 'is', ENDED]]),
    countedApart: true,
    calls: (_, { tokenId }, { owner }) => [lifeCall('report', [tokenId, kindNumber(kind), owner])],
    outcome: (_, standing) => lifeEvent(kind, standing),
  });

const NOT_HERS =
  'The present owner has not reported the piece. What an earlier owner reported, an arbiter can dismiss. Nothing was done.';

const withdrawReport = act({
  name: 'withdraw-report',
  does: 'Takes the owner’s report back: the piece moves again.',
  contract: 'lifeEvents',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName }),
  signers: { owner: ownerAct('report-withdrawn') },
  work: LIFE_WORK,
  unfit: (_, { is }) =>
    is.includes('reported-stolen') || is.includes('reported-lost') ? undefined : ['not-applicable', NOT_HERS],
  calls: (_, { tokenId }, { owner }) => [lifeCall('withdrawReport', [tokenId, owner])],
  outcome: (_, standing) => lifeEvent('report-withdrawn', standing),
});

const lapseReport = act({
  name: 'lapse-report',
  does: 'Ends a report’s block when its 90 days are over; anybody may. The report stays to be read.',
  contract: 'lifeEvents',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName }),
  signers: {},
  work: LIFE_WORK,
  unfit: unless([['blocked', 'is not', 'No report blocks the piece.']]),
  dueAt: (_, { day }) => lapsesAt(day),
  calls: (_, { tokenId }) => [lifeCall('lapse', [tokenId])],
  outcome: (_, { tokenId }) => ({
    contract: 'lifeEvents',
    event: 'LifeEvent',
    args: { tokenId, kind: kindNumber('report-lapsed') },
  }),
});

const recovery = (name: string, kind: LifeKind, does: string, already: string) =>
  act({
    name,
    does,
    contract: 'lifeEvents',
    subject: 'piece',
    fields: z.strictObject({ piece: pieceName }),
    signers: { owner: ownerAct(kind) },
    work: LIFE_WORK,
    unfit: unless([
      ['ended', 'is', ENDED],
      ['recoverable', kind === 'recovery-allowed' ? 'is' : 'is not', already],
    ]),
    calls: (_, { tokenId }, { owner }) => [lifeCall('allowRecovery', [tokenId, kind === 'recovery-allowed', owner])],
    outcome: (_, standing) => lifeEvent(kind, standing),
  });

const end = act({
  name: 'end',
  does: 'Says for good that a piece was melted, dismantled or destroyed. Not while it is reported or locked.',
  contract: 'lifeEvents',
  subject: 'registered-piece',
  fields: z.strictObject({ piece: pieceName, kind: z.enum(END_KINDS), ...CONTENT }),
  signers: {
    owner: byOwner<WithContent & { kind: LifeKind }>(
      'End(uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline)',
      (fields, { moves, events }) => ({
        kind: kindNumber(fields.kind),
        contentHash: contentOf(fields),
        moves,
        events,
      }),
    ),
  },
  work: LIFE_WORK,
  unfit: (fields, standing) => immobile(standing) ?? contentFault(fields, fields.kind),
  calls: (fields, { tokenId, header }, { owner }) => [
    lifeCall('end', [tokenId, kindNumber(fields.kind), contentOf(fields), owner]),
    ...publication(fields, header),
  ],
  outcome: (fields, standing) => lifeEvent(fields.kind, standing, { contentHash: contentOf(fields) }),
});

export const OWNER_ACTS: readonly Act[] = [
  report('report-stolen', 'reported-stolen', 'stolen'),
  report('report-lost', 'reported-lost', 'lost'),
  withdrawReport,
  lapseReport,
  end,
  recovery(
    'allow-recovery',
    'recovery-allowed',
    'Allows that the piece is recovered if its owner loses her key: by maker and arbiter, thirty days after a warning.',
    'Its owner allows recovery already.',
  ),
  recovery(
    'forbid-recovery',
    'recovery-forbidden',
    'Forbids recovery, and ends one that is under way.',
    'Its owner does not allow recovery.',
  ),
];
