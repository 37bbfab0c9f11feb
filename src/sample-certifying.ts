// Owns issuing the sample's certificates, by the same steps as anybody's: drafted, signed, stored, sent; one of them
// taken back. Done again after a crash, it issues nothing twice: a certificate's id follows from what it says.
import { CERTIFICATE_SCHEMA } from './core/certificate.ts';
import type { Caller } from './ledger/accounts.ts';
import { type Drafted, draft } from './ledger/certificate-draft.ts';
import { storeOrder } from './ledger/certificate-orders.ts';
import { readCertificate } from './ledger/certificate-report.ts';
import { type Order, orderBatch, orderIssue, orderRevoke, ownCertificate } from './ledger/certify.ts';
import { keepDocument } from './ledger/documents.ts';
import { passportOf } from './ledger/find.ts';
import type { Ledger } from './ports.ts';
import { paperLines, SAMPLE_CERTIFICATES, SAMPLE_HALLMARKS, type SampleCertificate } from './sample/certificates.ts';
import { paper } from './sample/paper.ts';
import type { CERTIFIERS } from './sample/workshop.ts';
import { callerOf, type Registered, until } from './sample-steps.ts';
import type { Service } from './service.ts';

const A_MINUTE = 60;

export interface Certifying {
  readonly certifiers: Readonly<Record<keyof typeof CERTIFIERS, { organisation: string; handle: string }>>;
  readonly maker: { readonly handle: string };
  /** All of them, on the chain. */
  readonly pieces: readonly Registered[];
}

/** Issues the hallmarks under one root and the others one by one; takes back what was replaced. */
export async function certify({ ledger }: Service, parts: Certifying): Promise<void> {
  const office = callerFor(parts, 'office');
  const hallmarks = await draftsOf(ledger, parts, SAMPLE_HALLMARKS);
  await place(
    ledger,
    office,
    await orderBatch(
      ledger,
      office,
      hallmarks.map(({ drafted }) => drafted),
    ),
  );
  const singles = await draftsOf(ledger, parts, SAMPLE_CERTIFICATES);
  for (const { certificate, drafted } of singles) {
    const known = await readCertificate(ledger.db, drafted.id);
    if (known && known.state !== 'failed') continue;
    const caller = callerFor(parts, certificate.by);
    await place(ledger, caller, await orderIssue(ledger, caller, drafted, true, undefined));
  }
  for (const { drafted } of [...hallmarks, ...singles]) await issued(ledger, drafted);
  for (const { certificate, drafted } of singles) {
    if (certificate.replaced !== undefined)
      await takeBack(ledger, callerFor(parts, certificate.by), drafted, certificate.replaced);
  }
}

interface SampleDraft {
  readonly certificate: SampleCertificate;
  readonly drafted: Drafted;
}

async function draftsOf(ledger: Ledger, parts: Certifying, all: readonly SampleCertificate[]): Promise<SampleDraft[]> {
  const drafts: SampleDraft[] = [];
  for (const certificate of all) {
    const validUntil = await endOf(ledger, parts, certificate);
    // A sample that is finished on a later day than it was begun goes without what held for that day only.
    if (validUntil !== 0 && validUntil * 1000 <= ledger.now() + A_MINUTE * 1000) continue;
    const { organisation } = callerFor(parts, certificate.by);
    const statement = await statementOf(ledger, parts, certificate);
    drafts.push({ certificate, drafted: await draft(ledger, organisation, { statement, validUntil }) });
  }
  return drafts;
}

async function statementOf(ledger: Ledger, parts: Certifying, certificate: SampleCertificate): Promise<unknown> {
  const { paper: title, of, said, by } = certificate;
  const subject =
    of === undefined
      ? { kind: 'organisation', handle: parts.maker.handle }
      : { kind: 'piece', path: pieceOf(parts, of).path };
  const statement = { schema: CERTIFICATE_SCHEMA, ...said, subject };
  if (title === undefined) return statement;
  const mediaType = 'application/pdf';
  const data = Buffer.from(paper(paperLines(certificate, title)));
  const { organisation } = callerFor(parts, by);
  const sha256 = await ledger.db.transaction((sql) => keepDocument(sql, organisation, mediaType, data));
  return { ...statement, document: { sha256, mediaType, title } };
}

/** Counted from the day of registration, so that the same certificate comes out however often this is begun. */
async function endOf(ledger: Ledger, parts: Certifying, { holds, of }: SampleCertificate): Promise<number> {
  if (holds === undefined) return 0;
  const { code } = of ? pieceOf(parts, of) : (parts.pieces[0] as Registered);
  const passport = await passportOf(ledger.db, ledger.chain, code);
  const registered = new Date((passport?.batch?.time ?? 0) * 1000);
  const [year, month, day] = [registered.getUTCFullYear(), registered.getUTCMonth(), registered.getUTCDate()];
  return (holds === 'that-day' ? Date.UTC(year, month, day + 1) : Date.UTC(year + holds.years, 0, 1)) / 1000;
}

async function place(ledger: Ledger, caller: Caller, order: Order): Promise<void> {
  await ledger.db.transaction((sql) => storeOrder(sql, caller, order));
  ledger.nudge();
}

async function issued(ledger: Ledger, { id }: Drafted): Promise<void> {
  await until('a sample certificate is issued', async () => {
    const report = await readCertificate(ledger.db, id);
    if (report?.error) throw new Error(`a sample certificate failed: ${report.error.detail}`);
    return report?.issued ?? undefined;
  });
}

async function takeBack(ledger: Ledger, caller: Caller, { id }: Drafted, words: string): Promise<void> {
  const before = await readCertificate(ledger.db, id);
  if (before?.revocation === null || before?.revocation.state === 'failed') {
    const row = await ownCertificate(ledger.db, caller.organisation, id);
    await place(ledger, caller, await orderRevoke(ledger, caller, row, { reason: 'replaced', words }, undefined));
  }
  await until('a sample certificate is taken back', async () => {
    const report = await readCertificate(ledger.db, id);
    if (report?.error) throw new Error(`a sample certificate was not taken back: ${report.error.detail}`);
    return report?.issued?.revoked ?? undefined;
  });
}

function callerFor({ certifiers }: Certifying, by: keyof typeof CERTIFIERS): Caller {
  const { organisation, handle } = certifiers[by];
  return callerOf(organisation, handle);
}

function pieceOf({ pieces }: Certifying, sample: SampleCertificate['of']): Registered {
  const piece = pieces.find((one) => one.sample === sample);
  if (!piece) throw new Error('a sample certificate is about no sample piece');
  return piece;
}
