// Owns the valid evidence files the vectors start from: what an honest service would write about pieces of the world, and
// what is said of them. Everything wrong is cases.ts's.
import { subjectsOf } from '../../../src/core/attestation.ts';
import type { BatchHeader, BatchId, TokenId } from '../../../src/core/batch.ts';
import { isBefore } from '../../../src/core/events.ts';
import { EVIDENCE_SCHEMA, type Evidence } from '../../../src/core/evidence.ts';
import { issueOf } from '../../../src/core/judge-file.ts';
import { prefixEventsOf } from '../../../src/core/judge-history.ts';
import { courseIn, lifeLogsOf } from '../../../src/core/judge-life-history.ts';
import { lotsNamed, lotsTold, massesOfRecords } from '../../../src/core/judge-lots.ts';
import { batchFlagsAfter, type LifeKind, lifeKindOf } from '../../../src/core/life.ts';
import { proofIn } from '../../../src/core/merkle.ts';
import { hashRecord, mustParseRecord, type PieceRecord } from '../../../src/core/record.ts';
import type { TimedEvent, VerdictHeadline, Witness } from '../../../src/core/verdict.ts';
import { blockHash, contractsOf, happened, honestWitness, passesIn, timeOf } from '../../../test/support/made-chain.ts';
import { LIVED, STATEMENTS } from './lives.ts';
import { LOTS_MADE } from './stock-lots.ts';
import {
  at,
  BATCHES,
  type BatchName,
  CERTIFIED,
  FILE_BLOCK,
  HANDLES,
  type MadeCertificate,
  TOGETHER,
  tokenOf,
  WORLD,
} from './world.ts';

type OrganisationEvents = Evidence['organisations'][number]['events'];

const placeOf = ({ block, logIndex, time, transaction }: TimedEvent) => ({ block, logIndex, time, transaction });

/** What leads from a record to its batch. */
function memberOf(name: BatchName, index: number): Omit<Evidence['conflicts'][number], 'record'> {
  const { header, entries, tree } = BATCHES[name];
  const { claimKey = '', extra = '' } = entries[index] ?? {};
  return { header: { ...header }, index, claimKey, extra, proof: proofIn(tree, index) };
}

export function conflictOf(name: BatchName, index: number): Evidence['conflicts'][number] {
  return { record: BATCHES[name].entries[index]?.record ?? '', ...memberOf(name, index) };
}

/** An honest file about a piece. `unknown`: a certificate whose statement its maker does not have. */
export function fileOf(name: BatchName, index: number, block = FILE_BLOCK): Evidence {
  const { header, entries, id } = BATCHES[name];
  const record = entries[index]?.record ?? '';
  const tokenId = tokenOf(name, index);
  const until = WORLD.events.filter((event) => event.block <= block);
  const anchor = happened(WORLD, 'batch').find(({ batchId }) => batchId === id) as TimedEvent & { key: string };
  const parsed = mustParseRecord(JSON.parse(record));
  const subjects = subjectsOf({
    record: parsed,
    recordHash: hashRecord(record as never),
    registrant: header.organisation,
    tokenId,
    batchId: id,
  });
  const certificates = certificatesOf(until, subjects);
  const life = lifeOf({ tokenId, batchId: id }, until);
  const passes = passesIn(WORLD, tokenId).filter((event) => event.block <= block);
  const { chainId, genesis, pieces } = WORLD;
  return {
    schema: EVIDENCE_SCHEMA,
    chain: { chainId, genesis, pieces, ...contractsOf(WORLD) },
    asOf: { block, blockHash: blockHash(block), time: timeOf(block) },
    tokenId,
    record,
    batch: { ...memberOf(name, index), anchored: { ...placeOf(anchor), key: anchor.key } },
    rangeEvents: passes.length,
    pieceEvents: life.events.length,
    passes: passes.map((pass) => ({ from: pass.from, to: pass.to, ...placeOf(pass) })),
    ...life,
    owner: life.moves.at(-1)?.to ?? passes.at(-1)?.to ?? header.organisation,
    organisations: organisationsOf(until, [
      ...lineOf(header.organisation, until),
      ...[...passes, ...life.moves].map(({ to }) => to),
      ...[...life.events, ...life.batchEvents].map(({ organisation }) => organisation),
      ...certificates.map(({ fields }) => fields.organisation),
    ]),
    prefixes:
      'gtin' in parsed.code
        ? prefixEventsOf(until, parsed.code.gtin).map((event) => ({
            name: event.name as 'PrefixGranted' | 'PrefixWithdrawn',
            prefix: event.prefix,
            organisation: event.organisation,
            ...placeOf(event),
          }))
        : [],
    certificates,
    conflicts: [],
    ...lotsOf(parsed, id, until),
  };
}

/** The lots the record names, then what they were made of: here one level. */
function lotsOf(record: PieceRecord, batchId: BatchId, until: readonly TimedEvent[]): Pick<Evidence, 'lots'> {
  const named = lotsNamed(record);
  const line = new Set<string>(named);
  const all = Object.values(LOTS_MADE);
  for (const id of line) for (const parent of all.find((lot) => lot.id === id)?.madeOf ?? []) line.add(parent);
  const lots = [...line].flatMap((lotId) => {
    const lot = all.find(({ id }) => id === lotId);
    if (!lot) return [];
    const draws = until.flatMap((event) =>
      event.kind === 'lot-drawn' && event.lotId === lotId && event.batchId === batchId
        ? [{ number: event.number, quantity: event.quantity, ...placeOf(event) }]
        : [],
    );
    const { header, statement, madeOf } = lot;
    return { header: { ...header }, statement, madeOf: [...madeOf], returned: null, draws };
  });
  return lots.length > 0 ? { lots } : {};
}

/** What an honest node's payload of a published batch comes to. */
export function readBack(file: Evidence): Pick<Witness, 'payload' | 'stated'> {
  const told = lotsTold(file);
  const found = Object.values(BATCHES).find(({ header }) => header.root === file.batch.header.root);
  if (told.length === 0 || !found) return { payload: 'complete' };
  const records = found.entries.map(({ record }) => JSON.parse(record) as PieceRecord);
  return { payload: 'complete', stated: massesOfRecords(records, told) };
}

function lineOf(registrant: string, until: readonly TimedEvent[]): string[] {
  const wasSucceeded = until.some((event) => event.kind === 'organisation' && event.name === 'OrganisationSucceeded');
  return registrant === at('maison-aube') && wasSucceeded ? [registrant, at('maison-zenith')] : [registrant];
}

type Life = Pick<Evidence, 'moves' | 'events' | 'batchEvents' | 'approvals' | 'standing'>;

/** What happened to a piece by itself, with the statements that whoever made the file has. */
export function lifeOf(
  { tokenId, batchId }: { readonly tokenId: TokenId; readonly batchId: BatchId },
  until: readonly TimedEvent[],
): Life {
  const logs = lifeLogsOf({ tokenId }, until);
  const { telling, standing } = courseIn(logs);
  const said = (event: (typeof logs.events)[number] | (typeof logs.batchEvents)[number]) => {
    const { number, organisation, key, words } = event;
    return { number, kind: lifeKindOf(event.event) as LifeKind, organisation, key, words, ...placeOf(event) };
  };
  const events = logs.events.map((event) => {
    const { contentHash } = event;
    return { ...said(event), contentHash, statement: STATEMENTS.get(contentHash) ?? null };
  });
  const approvals = logs.approvals.filter((event) =>
    telling.some((one) => !isBefore(one, event) && !isBefore(event, one)),
  );
  const batchEvents = logs.batchEvents.filter((event) => event.batchId === batchId).map(said);
  return {
    moves: logs.moves.map(({ from, to, claim, ...move }, i) => ({
      number: i + 1,
      from,
      to,
      claim,
      ...placeOf(move as never),
    })),
    events,
    batchEvents,
    approvals: approvals.map((event) => ({ owner: event.owner, to: event.to, ...placeOf(event) })),
    standing: { ...standing, batchFlags: batchFlagsAfter(batchEvents) },
  };
}

export function organisationsOf(until: readonly TimedEvent[], addresses: readonly string[]): Evidence['organisations'] {
  return HANDLES.filter((handle) => addresses.includes(at(handle))).map((handle) => ({
    address: at(handle),
    handle,
    events: until.flatMap((event) =>
      event.kind === 'organisation' && event.organisation === at(handle)
        ? [{ name: event.name, data: { ...event.data }, ...placeOf(event) }]
        : [],
    ) as OrganisationEvents,
  }));
}

function certificatesOf(until: readonly TimedEvent[], subjects: ReturnType<typeof subjectsOf>) {
  const about = ({ fields }: MadeCertificate) =>
    subjects.some(({ kind, subject }) => kind === fields.kind && subject === fields.subject);
  const single = Object.values(CERTIFIED)
    .filter(about)
    .map((one) => attested(until, one, null));
  const together = TOGETHER.entries.flatMap((one, index) =>
    about(one)
      ? [attested(until, one, { root: TOGETHER.root, count: 3, index, proof: proofIn(TOGETHER.tree, index) })]
      : [],
  );
  return [...single, ...together]
    .filter((one) => one !== undefined)
    .sort((a, b) => a.issued.block - b.issued.block || a.issued.logIndex - b.issued.logIndex);
}

/** Whoever made the file never saw the statement of the first of a batch. */
function attested(
  until: readonly TimedEvent[],
  { fields, statement }: MadeCertificate,
  batch: Evidence['certificates'][number]['batch'],
): Evidence['certificates'][number] | undefined {
  const one = { fields: { ...fields }, statement: batch?.index === 0 ? null : statement, batch };
  const { id, index } = issueOf(one as never);
  const issue = until.find(
    (event) => (event.kind === 'certificate' || event.kind === 'certificates') && event.id === id,
  );
  if (issue?.kind !== 'certificate' && issue?.kind !== 'certificates') return undefined;
  const back = until.find((event) => event.kind === 'revocation' && event.id === id && event.index === index);
  return {
    ...one,
    issued: { ...placeOf(issue), key: issue.key },
    revoked:
      back?.kind === 'revocation' ? { ...placeOf(back), reason: back.reason, words: back.words, key: back.key } : null,
  };
}

export interface Base {
  readonly name: string;
  readonly what: string;
  readonly file: Evidence;
  readonly witness: Witness;
  /** What is expected, by hand. */
  readonly headline: VerdictHeadline;
  /** Checks that do not pass. */
  readonly checks: Readonly<Record<string, string>>;
}

function base(
  name: string,
  what: string,
  file: Evidence,
  headline: VerdictHeadline = 'genuine-record',
  checks: Base['checks'] = {},
): Base {
  const isPublished = (file.batch.header as BatchHeader).mode === 1;
  const witness = { ...honestWitness(WORLD, file), ...(isPublished ? readBack(file) : {}) };
  return { name, what, file, witness, headline, checks: { 'single-record': 'unknown', ...checks } };
}

export function bases(): Base[] {
  const twice = { ...fileOf('ring', 2), conflicts: [conflictOf('again', 0)] };
  const lapsed = { 'certificates-not-revoked': 'warn', 'certificates-current': 'warn' };
  return [
    base('plain', 'never moved, own code, root-only', fileOf('ring', 0)),
    base(
      'ring',
      'moved three times, once through an organisation; certified; under a GTIN',
      fileOf('ring', 1),
      undefined,
      {
        'certificates-current': 'unknown',
      },
    ),
    base('published', 'published; certified in a batch; a certificate replaced by another', fileOf('published', 0)),
    base('bangle', 'moved to its own owner, and on since the file was made', fileOf('published', 1), undefined, {
      'nothing-since': 'warn',
    }),
    base('traded', 'passed on twice with its batch, and still in it', fileOf('traded', 0)),
    base('left', 'passed on twice with its batch, and then by itself', fileOf('traded', 1)),
    base('sold', 'moved by itself before its batch passed on without it', fileOf('traded', 2)),
    base('deceit', 'a certificate revoked as obtained by deceit', fileOf('mistral', 0), 'warning', lapsed),
    base('registrant', 'its registrant lost a membership and an audit', fileOf('mistral', 1), undefined, lapsed),
    base('twice', 'its registrant gave the code twice', twice, 'warning', { 'single-record': 'warn' }),
    ...lives(),
    ...lotted(),
    base('poached', 'a GTIN within a longer prefix that another holds', fileOf('poached', 0), 'not-genuine', {
      'code-belongs-to-registrant': 'fail',
    }),
  ];
}

const lived = (name: keyof typeof LIVED) => fileOf('lived', LIVED[name]);

/** Pieces to which more happened than changing hands. */
function lives(): Base[] {
  const warned = (name: keyof typeof LIVED, what: string, ...checks: readonly string[]) =>
    base(name, what, lived(name), 'warning', Object.fromEntries(checks.map((check) => [check, 'warn'])));
  const blocked = ['not-reported', 'not-blocked'];
  return [
    base(
      'long',
      'fresh card, claimed, serviced, reported lost and found, recalled, repaired, recall lifted, corrected',
      lived('long'),
      undefined,
      { 'not-corrected': 'warn' },
    ),
    base('quiet', 'nothing happened to it, its registrant was succeeded', lived('quiet')),
    base('scarred', 'a stone replaced after it was certified, consigned', lived('scarred')),
    base('recovered', 'claimed, and recovered for somebody else', lived('recovered')),
    base('kept', 'a recovery that its owner ended by an approval', lived('kept')),
    base('forbidden', 'recovery allowed, begun, cancelled by an arbiter, forbidden', lived('forbidden')),
    base('dismissed', 'reports dismissed and a lock taken away by an arbiter', lived('dismissed')),
    warned('stolen', 'reported stolen by its owner', ...blocked),
    warned('earlier', 'reported lost by an earlier owner', 'not-reported'),
    warned('locked', 'locked by an arbiter', 'not-blocked'),
    warned('recovering', 'a recovery under way', 'no-recovery-under-way'),
    warned('melted', 'melted by its owner', 'not-ended'),
    warned('withdrawn', 'its registration withdrawn', 'registration-stands'),
    warned('news', 'reported stolen since the file was made', 'nothing-since', ...blocked),
    base('recalled', 'its batch recalled', fileOf('recalled', 0), 'warning', { 'not-recalled': 'warn' }),
    base('lifted', 'its batch recalled, and the recall lifted', fileOf('lifted', 0)),
    base('disowned', 'the registration of its batch withdrawn', fileOf('disowned', 0), 'warning', {
      'registration-stands': 'warn',
    }),
    base('scrapped', 'melted with its batch', fileOf('scrapped', 0), 'warning', { 'not-ended': 'warn' }),
    base('approved', 'had left its batch by an approval before that was melted', fileOf('scrapped', 1)),
    base('spared', 'sold before its batch was melted', fileOf('scrapped', 2)),
  ];
}

/** Pieces whose records name lots. */
function lotted(): Base[] {
  const strange = { 'materials-from-lots': 'warn', 'mass-balance': 'warn' };
  return [
    base('alloyed', 'published, of an alloy refined from doré, drawn twice and once more since', fileOf('alloyed', 0)),
    base('hidden', 'of an alloy, root-only, the sum certified by somebody else', fileOf('hidden', 0)),
    base('untold', 'of an alloy, root-only, the sum certified by nobody', fileOf('untold', 0), undefined, {
      'mass-balance': 'unknown',
    }),
    base('overdrawn', 'its batch states more than was drawn', fileOf('overdrawn', 0), 'warning', {
      'mass-balance': 'warn',
    }),
    base('uncommitted', 'its leaf does not commit to its masses', fileOf('overdrawn', 1), 'warning', strange),
    base('gilt', 'gold of a lot of silver', fileOf('overdrawn', 2), 'warning', strange),
  ];
}
