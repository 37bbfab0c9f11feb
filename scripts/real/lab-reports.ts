// Owns the run on a laboratory's published report numbers: each stands in a trader's record and is certified by an
// organisation of the laboratory's name; some numbers are stated by a second trader as well, and the laboratory says which
// piece it meant. How an entry becomes a record and a statement is lab-report-record.ts's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { reportKey } from '../../src/core/certificate.ts';
import type { Passport } from '../../src/core/passport.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import {
  ISSUER,
  type LabReport,
  REPORTS_FILE,
  RESPONSES_FILE,
  recordOf,
  reportsOf,
  statementOf,
} from './lab-report-record.ts';
import { visibleText } from './museum-missing.ts';
import type { Api, OwnService } from './service.ts';
import { inParallel, type Tally } from './tally.ts';

export const LAB_FILES = [REPORTS_FILE, RESPONSES_FILE];

const IMPORT_PATH = '/api/v1/imports?format=ndjson&mode=published';
const MINUTES = 5;
const AT_ONCE = 6;
/** Of so many reports, one has its number stated by a second trader. */
const TWICE_EVERY = 7;
const POLL_MS = 200;
const CERTIFIED_MS = 60_000;

interface Entry {
  readonly report: LabReport;
  /** The piece of the trader who has the stone. */
  path: string;
  /** The piece of another who states the same number. */
  copy?: string;
}

export async function runLabReports(service: OwnService, folder: string, tally: Tally): Promise<void> {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown;
  const reports = reportsOf(read(REPORTS_FILE), read(RESPONSES_FILE));
  tally.check(reports.length > 0, 'there are reports in the files');
  const entries = reports.map((report): Entry => ({ report, path: '' }));
  const lab = await service.createOrganisation('gia', 'The laboratory of the reports', ['certifier']);
  const trader = await service.createOrganisation('stone-trader', 'A stone trader');
  const other = await service.createOrganisation('other-trader', 'Another stone trader');
  await registered(trader, entries, tally, (entry, path) => {
    entry.path = path;
  });
  const twice = entries.filter((_, i) => i % TWICE_EVERY === 0);
  await registered(other, twice, tally, (entry, path) => {
    entry.copy = path;
  });
  console.log(`${entries.length} reports registered, ${twice.length} of their numbers stated twice.`);
  await certifyAll(lab, entries, tally);
  await inParallel(entries, AT_ONCE, (entry) => compare(lab, entry, tally));
  await doubleUse(lab, twice, tally);
}

async function registered(
  api: Api,
  entries: readonly Entry[],
  tally: Tally,
  note: (entry: Entry, path: string) => void,
): Promise<void> {
  const body = `${entries.map(({ report }) => JSON.stringify(recordOf(report))).join('\n')}\n`;
  const { id } = await api.sendFile(IMPORT_PATH, 'application/x-ndjson', body);
  const done = await api.importDone(id, MINUTES);
  tally.check(done.state === 'done' && done.final === entries.length, `import: ${JSON.stringify(done)}`);
  if (done.rejected > 0) console.log(await api.text(`/api/v1/imports/${id}/rejected`));
  for (const { row, path } of await api.importedPieces(id)) note(entries[row - 1] as Entry, path);
}

interface Reported {
  readonly state: string;
  readonly error: { readonly detail: string } | null;
}

/** All at once under one root, each about a report number. */
async function certifyAll(lab: Api, entries: readonly Entry[], tally: Tally): Promise<void> {
  const certificates = entries.map(({ report }) => ({
    statement: { ...statementOf(report), subject: { kind: 'report', issuer: ISSUER, number: report.number } },
  }));
  const reply = await lab.post<{ certificates: string[] }>('/api/v1/certificates/batches', { certificates });
  tally.check(reply.certificates.length === entries.length, 'every report got a certificate');
  await inParallel(reply.certificates, AT_ONCE, async (id) => {
    const told = await settled(lab, id);
    tally.check(told.state === 'final', `certificate ${id}: ${JSON.stringify(told.error)}`);
  });
  console.log(`${reply.certificates.length} certificates under one root.`);
}

async function settled(lab: Api, id: string): Promise<Reported> {
  const until = performance.now() + CERTIFIED_MS;
  for (;;) {
    const told = await lab.get<Reported>(`/api/v1/certificates/${id}`);
    if (told.state === 'final' || told.state === 'failed' || performance.now() > until) return told;
    await wait(POLL_MS);
  }
}

/** The passport shows the certificate with every fact the source gives, the page says so, and the evidence proves it. */
async function compare(api: Api, { report, path, copy }: Entry, tally: Tally): Promise<void> {
  const passport = await api.get<Passport>(`/api/v1/pieces${path}`);
  const certificate = passport.certificates.find((one) => one.about === 'report');
  tally.check(certificate?.standing === 'in-force', `${report.number}: its certificate is in force`);
  tally.check(certificate?.certifier.handle === 'gia', `${report.number}: by the laboratory`);
  const text = JSON.stringify(certificate?.statement ?? {});
  const missing = report.facts.filter((fact) => !text.includes(JSON.stringify(fact).slice(1, -1)));
  tally.check(missing.length === 0, `${report.number}: the certificate leaves out ${missing.join(', ')}`);
  const page = visibleText(await api.page(path));
  tally.check(
    page.includes(report.number) && page.includes(report.type),
    `${report.number}: the page names the report`,
  );
  const single = passport.checks.find(({ name }) => name === 'report-numbers-single-use');
  tally.check(single?.result === (copy ? 'warn' : 'pass'), `${report.number}: single use ${single?.result}`);
  const evidence = await api.get<Record<string, unknown>>(`/api/v1/pieces${path}/evidence`);
  const verdict = await api.post<Verdict>('/api/v1/verify', { evidence });
  const failed = verdict.checks.filter(({ result }) => result === 'fail').map(({ name }) => name);
  tally.check(verdict.headline === 'genuine-record', `${report.number}: ${verdict.headline} ${failed.join(' ')}`);
  const judged = verdict.certificates.flatMap((one) => one.checks);
  tally.check(judged.length > 0 && judged.every(({ result }) => result === 'pass'), `${report.number}: proven`);
}

/** Until the laboratory says which piece it meant both warn; from then on only the other one does. */
async function doubleUse(lab: Api, twice: readonly Entry[], tally: Tally): Promise<void> {
  await inParallel(twice, AT_ONCE, async ({ report, path, copy = '' }) => {
    for (const one of [path, copy]) {
      const before = await lab.get<Passport>(`/api/v1/pieces${one}`);
      const use = before.reports.find((each) => reportKey(each.report) === reportKey({ issuer: ISSUER, ...report }));
      tally.check(use?.named === 'no-piece' && use.otherUses.length === 1, `${report.number}: both warn of the other`);
      tally.check(before.headline === 'genuine-record', `${report.number}: an unconfirmed second use is a note`);
    }
    const statement = {
      ...statementOf(report),
      subject: { kind: 'piece', path },
      report: { issuer: ISSUER, number: report.number },
    };
    const { id } = await lab.post<{ id: string }>('/api/v1/certificates', { statement });
    tally.check((await settled(lab, id)).state === 'final', `${report.number}: named`);
    const named = await until(lab, path, (passport) => passport.reports[0]?.named === 'this-piece');
    tally.check(resultOf(named, 'report-numbers-single-use') === 'pass', `${report.number}: the piece named passes`);
    tally.check(named.headline === 'genuine-record', `${report.number}: and is genuine`);
    const wrong = await until(lab, copy, (passport) => passport.reports[0]?.named === 'another-piece');
    tally.check(resultOf(wrong, 'report-numbers-single-use') === 'warn', `${report.number}: the copy warns`);
    tally.check(wrong.headline === 'warning', `${report.number}: in its headline`);
  });
}

function resultOf(passport: Passport, name: Passport['checks'][number]['name']): string | undefined {
  return passport.checks.find((check) => check.name === name)?.result;
}

/** Passports may be a second old. */
async function until(api: Api, path: string, holds: (passport: Passport) => boolean): Promise<Passport> {
  const end = performance.now() + CERTIFIED_MS;
  for (;;) {
    const passport = await api.get<Passport>(`/api/v1/pieces${path}`);
    if (holds(passport) || performance.now() > end) return passport;
    await wait(POLL_MS);
  }
}
