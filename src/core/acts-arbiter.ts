// Owns what arbiters rule about a piece, each with a public reason. They keep a piece where it is; none of them moves it.
// The typed data and function are the contract's (ILifeEvents).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { pieceName } from './act-fields.ts';
import { actor, kindNumber, LIFE_WORK, lifeCall, lifeEvent, named, reason } from './act-life.ts';
import { ARBITRATE, HOUR } from './act-signers.ts';
import { type StateName, unless } from './act-states.ts';
import type { LifeKind } from './life.ts';

type Rule = readonly [StateName, 'is' | 'is not', string];

const ruling = (name: string, kind: LifeKind, does: string, rules: readonly Rule[]) =>
  act({
    name,
    does,
    contract: 'lifeEvents',
    subject: 'piece',
    fields: z.strictObject({ piece: pieceName, organisation: actor, words: reason }),
    signers: {
      arbiter: {
        by: 'arbiter',
        type: 'Arbitrate(uint256 tokenId,uint8 kind,address organisation,string words,uint24 moves,uint24 events,uint48 deadline)',
        message: ({ organisation, words }, { tokenId, moves, events }) => ({
          tokenId,
          kind: kindNumber(kind),
          organisation,
          words,
          moves,
          events,
        }),
        account: ({ organisation }) => named(organisation),
        permission: ARBITRATE,
        goodFor: HOUR,
      },
    },
    work: LIFE_WORK,
    unfit: unless(rules),
    calls: ({ organisation, words }, { tokenId }, { arbiter }) => [
      lifeCall('arbitrate', [tokenId, kindNumber(kind), organisation, words, arbiter]),
    ],
    outcome: ({ organisation, words }, standing) =>
      lifeEvent(kind, standing, { organisation: named(organisation), words }),
  });

const dismissReports = ruling(
  'dismiss-reports',
  'reports-dismissed',
  'Dismisses all reports of a piece, whoever made them: it moves again.',
  [],
);

export const ARBITER_ACTS: readonly Act[] = [
  {
    ...dismissReports,
    unfit: (_, standing) => {
      const { is } = standing as { is: readonly StateName[] };
      const reported = (['reported-stolen', 'reported-lost', 'reported-before'] as const).some((one) =>
        is.includes(one),
      );
      return reported ? undefined : ['not-applicable', 'Nobody has reported the piece. Nothing was done.'];
    },
  },
  ruling('lock', 'locked', 'Locks a piece: it does not move until an arbiter unlocks it.', [
    ['locked', 'is', 'The piece is locked already.'],
    ['ended', 'is', 'The piece is at its end: there is nothing to lock.'],
  ]),
  ruling('unlock', 'unlocked', 'Unlocks a piece that an arbiter had locked.', [
    ['locked', 'is not', 'The piece is not locked.'],
  ]),
  ruling('cancel-recovery', 'recovery-cancelled', 'Cancels a recovery that is under way.', [
    ['recovering', 'is not', 'No recovery of the piece is under way.'],
  ]),
];
