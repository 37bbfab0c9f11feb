// Owns the vectors of certificates: forged, swapped, never issued, taken back, concealed.
import { canonicalise } from '../../../src/core/canonical.ts';
import type { Evidence } from '../../../src/core/evidence.ts';
import { proofIn } from '../../../src/core/merkle.ts';
import type { TimedEvent } from '../../../src/core/verdict.ts';
import { addressOf, hashOf, timeOf } from '../../../test/support/made-chain.ts';
import { fileOf } from './bases.ts';
import type { Case } from './case.ts';
import { at, CERTIFIED, TOGETHER, WORLD } from './world.ts';

type Certificate = Evidence['certificates'][number];
type Edit = (one: Certificate, file: Evidence) => void;

/** Where the certificates stand in the files of the bases. */
const PLACES = {
  grading: ['ring', 0],
  hallmark: ['ring', 2],
  appraisal: ['ring', 3],
  origin: ['published', 0],
  replaced: ['published', 1],
  deceit: ['deceit', 0],
  membership: ['deceit', 1],
} as const;

function forged(name: string, which: keyof typeof PLACES, check: string, edit: Edit, more: Partial<Case> = {}): Case {
  const [base, position] = PLACES[which];
  return {
    name,
    base,
    edit: (file) => edit(file.certificates[position] as Certificate, file),
    headline: 'not-genuine',
    checks: { 'certificates-genuine': 'fail' },
    certificate: [position, { [check]: 'fail' }],
    ...more,
  };
}

const without = (fits: (event: TimedEvent) => boolean) => ({
  ...WORLD,
  events: WORLD.events.filter((event) => !fits(event)),
});

const STATEMENTS: readonly Case[] = [
  forged('a word of a statement changed', 'grading', 'statement', (one) => {
    one.statement = (one.statement as string).replace('As examined', 'As imagined');
  }),
  forged('a statement with white space', 'grading', 'statement', (one) => {
    one.statement = (one.statement as string).replace('{', '{ ');
  }),
  forged('a statement of another schema', 'grading', 'statement', (one) => {
    one.statement = (one.statement as string).replace('certificate/1', 'certificate/9');
  }),
  forged('the statement of another certificate', 'grading', 'statement', (one) => {
    one.statement = CERTIFIED.hallmark.statement;
  }),
  forged('a statement with a member that the format does not have', 'grading', 'statement', (one) => {
    one.statement = canonicalise({ ...JSON.parse(one.statement as string), verified: true });
  }),
  forged('no statement, and not null either', 'grading', 'statement', (one) => {
    one.statement = '';
  }),
  {
    name: 'a statement withheld',
    why: 'Whoever makes a file may not have it; what needs it is unknown then.',
    base: 'ring',
    edit: ({ certificates }) => {
      (certificates[0] as Certificate).statement = null;
    },
    headline: 'genuine-record',
    checks: { 'report-numbers-confirmed': 'unknown', 'certificates-genuine': 'pass' },
  },
  {
    name: 'the statement of a membership that has run out withheld',
    base: 'registrant',
    edit: ({ certificates }) => {
      for (const one of certificates) one.statement = null;
    },
    headline: 'genuine-record',
    checks: { 'certificates-current': 'unknown' },
  },
];

const FIELDS: readonly Case[] = [
  forged('the subject of a certificate swapped for this piece', 'deceit', 'issued', (one) => {
    one.fields = { ...CERTIFIED.grading.fields, subject: one.fields.subject };
    one.statement = null;
  }),
  forged("another piece's certificate", 'grading', 'subject', (one) => {
    Object.assign(one, fileOf('mistral', 0).certificates[0]);
  }),
  forged('another certifier', 'grading', 'issued', (one) => {
    one.fields.organisation = at('gem-lab');
  }),
  forged('a certifier that is not among the organisations', 'grading', 'certifier', (_, file) => {
    file.organisations = file.organisations.filter(({ handle }) => handle !== 'gia');
  }),
  forged('an end put off', 'membership', 'issued', (one) => {
    one.fields.validUntil += 1_000_000;
  }),
  forged('another number of events of the piece', 'grading', 'issued', (one) => {
    one.fields.pieceEvents = 1;
  }),
  forged('another kind of subject with the same 32 bytes', 'grading', 'subject', (one) => {
    one.fields.kind = 4;
  }),
  forged('another content hash', 'grading', 'statement', (one) => {
    one.fields.contentHash = hashOf('another statement');
  }),
];

const BATCHES: readonly Case[] = [
  forged('an index beyond the batch of certificates', 'origin', 'batch', (one) => {
    (one.batch as { index: number }).index = 3;
  }),
  forged('another index in the batch of certificates', 'origin', 'batch', (one) => {
    (one.batch as { index: number }).index = 0;
  }),
  forged('another count of the batch of certificates', 'origin', 'issued', (one) => {
    (one.batch as { count: number }).count = 4;
  }),
  forged('another root of the batch of certificates', 'origin', 'batch', (one) => {
    (one.batch as { root: string }).root = hashOf('another root');
  }),
  forged('the proof of another certificate', 'origin', 'batch', (one) => {
    (one.batch as { proof: string[] }).proof = proofIn(TOGETHER.tree, 2);
  }),
  forged('the end of a certificate in a batch put off', 'appraisal', 'batch', (one) => {
    one.fields.validUntil = 0;
  }),
  forged('a certificate of a batch told as issued by itself', 'origin', 'issued', (one) => {
    one.batch = null;
  }),
  forged('a certificate issued by itself told as one of a batch', 'grading', 'batch', (one) => {
    one.batch = { root: TOGETHER.root, count: 3, index: 0, proof: proofIn(TOGETHER.tree, 0) };
  }),
  forged('a batch of certificates never issued', 'origin', 'issued', () => {}, {
    chain: without((event) => event.kind === 'certificates'),
  }),
];

const ISSUES: readonly Case[] = [
  forged('never issued', 'grading', 'issued', () => {}, {
    chain: without((event) => event.kind === 'certificate' && event.id === CERTIFIED.grading.id),
  }),
  forged('issued by another key', 'grading', 'issued', (one) => {
    one.issued.key = addressOf('another key');
  }),
  forged('issued at another time', 'grading', 'issued', (one) => {
    one.issued.time -= 86_400;
  }),
  forged('issued by another transaction', 'grading', 'issued', (one) => {
    one.issued.transaction = hashOf('another transaction');
  }),
  {
    name: 'certificates in another order',
    base: 'ring',
    edit: ({ certificates }) => {
      certificates.reverse();
    },
    headline: 'not-genuine',
    checks: { 'events-in-order': 'fail' },
  },
  {
    name: 'a certificate twice',
    base: 'ring',
    edit: ({ certificates }) => {
      certificates.splice(1, 0, certificates[0] as Certificate);
    },
    headline: 'not-genuine',
    checks: { 'events-in-order': 'fail' },
  },
  {
    name: 'a certificate issued after the block of the file',
    base: 'ring',
    edit: ({ certificates }) => {
      (certificates[3] as Certificate).issued.block = 23;
    },
    headline: 'not-genuine',
    checks: { 'events-in-order': 'fail' },
  },
  {
    name: 'a certificate left out',
    why: 'A file never claims to have them all; what a node finds by itself is counted.',
    base: 'ring',
    edit: ({ certificates }) => {
      certificates.shift();
    },
    headline: 'not-genuine',
    checks: { 'organisations-known': 'fail', 'certificates-told': 'warn' },
  },
  {
    name: 'a certificate left out, and its certifier with it',
    why: 'A file never claims to have them all; what a node finds by itself is counted.',
    base: 'ring',
    edit: leaveOutGrading,
    headline: 'genuine-record',
    checks: { 'certificates-told': 'warn', 'report-numbers-confirmed': 'unknown' },
  },
  {
    name: 'a certificate of a batch left out',
    why: 'What is in a batch, no node can tell by what it is about. A known limit.',
    base: 'published',
    edit: ({ certificates }) => {
      certificates.shift();
    },
    headline: 'genuine-record',
    checks: { 'certificates-told': 'pass' },
  },
];

function leaveOutGrading(file: Evidence): void {
  file.certificates.shift();
  file.organisations = file.organisations.filter(({ handle }) => handle !== 'gia');
}

const revokedLater: TimedEvent = {
  kind: 'revocation',
  id: CERTIFIED.grading.id,
  index: 0,
  organisation: at('gia'),
  reason: 4,
  words: '',
  key: addressOf('the key of gia'),
  block: 24,
  blockHash: hashOf('block 24'),
  logIndex: 5,
  time: timeOf(24),
  transaction: hashOf('revoked later'),
};

const REVOCATIONS: readonly Case[] = [
  forged('a revocation concealed', 'deceit', 'revocation', (one) => {
    one.revoked = null;
  }),
  {
    name: 'a revoked certificate left out whole',
    why: 'The node finds it by what it is about: the record stays genuine, and the warning is not lost.',
    base: 'deceit',
    edit: ({ certificates }) => {
      certificates.shift();
    },
    headline: 'warning',
    checks: { 'certificates-told': 'warn', 'certificates-not-revoked': 'warn' },
  },
  forged('a revocation invented', 'grading', 'revocation', (one) => {
    const place = { block: 20, logIndex: 0, time: timeOf(20), transaction: hashOf('no transaction') };
    one.revoked = { ...place, reason: 4, words: '', key: addressOf('the key of gia') };
  }),
  forged('the reason of a revocation changed', 'deceit', 'revocation', (one) => {
    (one.revoked as { reason: number }).reason = 2;
  }),
  forged('the words of a revocation changed', 'deceit', 'revocation', (one) => {
    (one.revoked as { words: string }).words = 'A slip of the pen';
  }),
  forged('the key of a revocation changed', 'deceit', 'revocation', (one) => {
    (one.revoked as { key: string }).key = addressOf('another key');
  }),
  forged('the time of a revocation changed', 'deceit', 'revocation', (one) => {
    (one.revoked as { time: number }).time += 1;
  }),
  {
    name: 'a revocation after the block of the file told in it',
    base: 'deceit',
    edit: ({ certificates }) => {
      const one = certificates[0] as Certificate;
      one.revoked = { ...(one.revoked as NonNullable<Certificate['revoked']>), block: 23 };
    },
    headline: 'not-genuine',
    checks: { 'events-in-order': 'fail' },
  },
  {
    name: 'revoked since the file was made',
    why: 'The file is as good as its block; the warning is the news.',
    base: 'ring',
    chain: { ...WORLD, events: [...WORLD.events, revokedLater] },
    headline: 'warning',
    checks: { 'certificates-not-revoked': 'warn', 'certificates-genuine': 'pass' },
  },
  {
    name: 'a certificate left out and revoked since',
    base: 'ring',
    edit: leaveOutGrading,
    chain: { ...WORLD, events: [...WORLD.events, revokedLater] },
    headline: 'warning',
    checks: { 'certificates-not-revoked': 'warn', 'certificates-told': 'warn' },
  },
];

export const CERTIFICATE_CASES: readonly Case[] = [...STATEMENTS, ...FIELDS, ...BATCHES, ...ISSUES, ...REVOCATIONS];
