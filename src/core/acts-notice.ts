// Owns what who registered a piece or batch, or its successor, says about it later: recalls, withdrawn registrations,
// corrections; and the end of a whole batch by who holds it. The typed data and functions are the contract's (ILifeEvents).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { CONTENT, contentFault, contentOf, publication, type WithContent } from './act-content.ts';
import { batchId, pieceName } from './act-fields.ts';
import { actor, batchEvent, kindNumber, LIFE_WORK, lifeCall, lifeEvent, named, reason } from './act-life.ts';
import { HOUR, type OfPiece, STATE_FACTS, TRANSFER } from './act-signers.ts';
import { type BatchStateName, unless, unlessBatch } from './act-states.ts';
import { END_KINDS, type LifeKind } from './life.ts';

interface Noticed extends WithContent {
  readonly organisation?: string | undefined;
  readonly words: string;
}
type Rule = readonly ['recalled' | 'withdrawn', 'is' | 'is not', string];

const registrant = (kind: LifeKind): OfPiece<Noticed> => ({
  by: 'registrant',
  type: 'Notice(uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,string words,uint24 moves,uint24 events,uint48 deadline)',
  message: (fields, { tokenId, moves, events }) => ({
    tokenId,
    kind: kindNumber(kind),
    organisation: fields.organisation,
    contentHash: contentOf(fields),
    words: fields.words,
    moves,
    events,
  }),
  account: ({ organisation }) => named(organisation),
  permission: STATE_FACTS,
  goodFor: HOUR,
});

const notice = (name: string, kind: LifeKind, does: string, rules: readonly Rule[]) =>
  act({
    name,
    does,
    contract: 'lifeEvents',
    subject: 'registered-piece',
    fields: z.strictObject({ piece: pieceName, organisation: actor, words: reason }),
    signers: { organisation: registrant(kind) },
    work: LIFE_WORK,
    unfit: unless(rules),
    calls: (fields, { header, index }, { organisation }) => [
      lifeCall('notice', [
        header,
        index,
        kindNumber(kind),
        fields.organisation,
        contentOf({}),
        fields.words,
        organisation,
      ]),
    ],
    outcome: ({ organisation, words }, standing) =>
      lifeEvent(kind, standing, { organisation: named(organisation), words }),
  });

const correct = act({
  name: 'correct',
  does: 'Corrects a piece’s record by a statement beside it. The record itself never changes.',
  contract: 'lifeEvents',
  subject: 'registered-piece',
  fields: z.strictObject({ piece: pieceName, organisation: actor, words: reason, ...CONTENT }),
  signers: { organisation: registrant('corrected') },
  work: LIFE_WORK,
  unfit: (fields) =>
    contentFault(fields, 'corrected') ??
    (contentOf(fields) === contentOf({})
      ? ['invalid-act', 'A correction needs the statement that says what is right. Nothing was done.']
      : undefined),
  calls: (fields, { header, index }, { organisation }) => [
    lifeCall('notice', [
      header,
      index,
      kindNumber('corrected'),
      fields.organisation,
      contentOf(fields),
      fields.words,
      organisation,
    ]),
    ...publication(fields, header),
  ],
  outcome: (fields, standing) =>
    lifeEvent('corrected', standing, { organisation: named(fields.organisation), contentHash: contentOf(fields) }),
});

const RECALLED = 'is recalled already.';
const NOT_RECALLED = 'is not recalled.';
const WITHDRAWN = 'registration is withdrawn already.';

export const NOTICE_ACTS: readonly Act[] = [
  notice('recall', 'recalled', 'Recalls a piece: its passport says so, with the reason. It still moves.', [
    ['recalled', 'is', `The piece ${RECALLED}`],
  ]),
  notice('lift-recall', 'recall-lifted', 'Lifts the recall of a piece.', [
    ['recalled', 'is not', `The piece ${NOT_RECALLED}`],
  ]),
  notice(
    'withdraw-registration',
    'registration-withdrawn',
    'Withdraws the registration of a piece for good: who registered it does not stand by it any more.',
    [['withdrawn', 'is', `The piece’s ${WITHDRAWN}`]],
  ),
  correct,
];

const batchNotice = (
  name: string,
  kind: LifeKind,
  does: string,
  rule: readonly [BatchStateName, 'is' | 'is not', string],
) =>
  act({
    name,
    does,
    contract: 'lifeEvents',
    subject: 'batch',
    fields: z.strictObject({ batch: batchId, organisation: actor, words: reason }),
    signers: {
      organisation: {
        by: 'registrant',
        type: 'BatchNotice(uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48 deadline)',
        message: ({ organisation, words }, batch) => ({
          batchId: batch.batchId,
          kind: kindNumber(kind),
          organisation,
          words,
          events: batch.events,
        }),
        account: ({ organisation }) => named(organisation),
        permission: STATE_FACTS,
        goodFor: HOUR,
      },
    },
    work: LIFE_WORK,
    unfit: unlessBatch([rule]),
    calls: (fields, { header }, { organisation }) => [
      lifeCall('noticeBatch', [header, kindNumber(kind), fields.organisation, fields.words, organisation]),
    ],
    outcome: ({ organisation, words }, standing) =>
      batchEvent(kind, standing, { organisation: named(organisation), words }),
  });

const endBatch = act({
  name: 'end-batch',
  does: 'Says for good that all pieces still in a batch were melted, dismantled or destroyed. By who holds the batch.',
  contract: 'lifeEvents',
  subject: 'batch',
  fields: z.strictObject({ batch: batchId, kind: z.enum(END_KINDS), words: reason }),
  signers: {
    owner: {
      by: 'owner',
      type: 'BatchEnd(uint224 batchId,uint8 kind,string words,uint24 rangeEvents,uint16 events,uint48 deadline)',
      message: ({ kind, words }, batch) => ({
        batchId: batch.batchId,
        kind: kindNumber(kind),
        words,
        rangeEvents: batch.rangeEvents,
        events: batch.events,
      }),
      account: (_, { holder }) => holder,
      permission: TRANSFER,
      goodFor: HOUR,
    },
  },
  work: LIFE_WORK,
  unfit: unlessBatch([
    ['ended', 'is', 'The pieces of the batch are at their end already.'],
    ['split', 'is', 'Blocks of the batch have passed on by themselves: end its pieces one by one.'],
  ]),
  calls: ({ kind, words }, batch, { owner }) => [lifeCall('endBatch', [batch.batchId, kindNumber(kind), words, owner])],
  outcome: ({ kind, words }, batch) => batchEvent(kind, batch, { organisation: batch.holder, words }),
  refusals: {
    RangeIsSplit: [
      'not-applicable',
      'Blocks of the batch have passed on by themselves: end its pieces one by one. Nothing was done.',
    ],
  },
});

export const BATCH_ACTS: readonly Act[] = [
  batchNotice('recall-batch', 'recalled', 'Recalls all pieces born in a batch, whoever owns them by now.', [
    'recalled',
    'is',
    `The batch ${RECALLED}`,
  ]),
  batchNotice('lift-batch-recall', 'recall-lifted', 'Lifts the recall of a batch.', [
    'recalled',
    'is not',
    `The batch ${NOT_RECALLED}`,
  ]),
  batchNotice(
    'withdraw-batch',
    'registration-withdrawn',
    'Withdraws the registration of all pieces born in a batch, for good.',
    ['withdrawn', 'is', `The batch’s ${WITHDRAWN}`],
  ),
  endBatch,
];
