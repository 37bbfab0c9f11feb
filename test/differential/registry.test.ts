import { expect } from 'chai';
import { startChain } from './chain.ts';
import { Stage, sequenceOf, type Tally } from './story.ts';

/** A few where somebody waits for them; .ci/run asks for ten thousand. */
const SEQUENCES = Number(process.env['SEQUENCES'] ?? 600);
/** Another number draws other sequences. */
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);
const MILLISECONDS_EACH = 1_000;

const METHODS = [
  'register',
  'transferFrom',
  'safeTransferFrom',
  'transferWithSignature',
  'transferMany',
  'approve',
  'setApprovalForAll',
  'passRange',
  'claim',
  'claimByFreshCard',
  'setCard',
  'acceptHandover',
  'withdrawHandovers',
  'report',
  'withdrawReport',
  'lapse',
  'allowRecovery',
  'end',
  'arbitrate',
  'record',
  'notice',
  'noticeBatch',
  'endBatch',
  'beginRecovery',
  'completeRecovery',
  'setKey',
  'setRoles',
  'suspend',
  'reinstate',
  'succeed',
];
const ERRORS = [
  'AccessManagedUnauthorized',
  'BatchAlreadyRegistered',
  'CardDead',
  'CircularSuccession',
  'DepartedDiffer',
  'ERC721IncorrectOwner',
  'ERC721InsufficientApproval',
  'ERC721InvalidApprover',
  'ERC721InvalidOperator',
  'ERC721InvalidReceiver',
  'ERC721NonexistentToken',
  'InvalidContent',
  'InvalidHeader',
  'InvalidKey',
  'InvalidRecipient',
  'InvalidShipment',
  'InvalidSignature',
  'NoReason',
  'NoSuchPiece',
  'NotAnOrganisation',
  'NotApplicable',
  'NotLifeEvents',
  'NotOwnersKey',
  'NotPermitted',
  'NotProven',
  'NotRegistrant',
  'NotReleased',
  'PieceBlocked',
  'SelfLockout',
  'SignatureExpired',
  'StaleMoves',
  'StaleRange',
  'TooEarly',
  'UnknownBatch',
];

describe('the contracts and a naive registry beside them', () => {
  const tally: Tally = { done: new Map(), refused: new Map(), errors: new Map() };

  it(`do and hold the same in ${SEQUENCES} random sequences of acts`, async function () {
    this.timeout(60_000 + SEQUENCES * MILLISECONDS_EACH);
    const stage = await Stage.set(await startChain());
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
      const acts = sequenceOf(seed);
      const difference = await stage.live(acts, tally);
      if (difference !== undefined) throw new Error(`seed ${seed}:\n${await stage.shortened(acts)}`);
    }
  });

  it('met every act, done and refused, and every error these lead to', () => {
    expect(METHODS.filter((method) => !tally.done.has(method))).to.deep.equal([]);
    expect(METHODS.filter((method) => !tally.refused.has(method))).to.deep.equal([]);
    expect(ERRORS.filter((error) => !tally.errors.has(error))).to.deep.equal([]);
  });
});
