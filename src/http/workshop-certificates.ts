// Owns the console's pages of certificates: those about this organisation's pieces, those it issued, issuing one, revoking one.
import { CERTIFICATE_SCHEMA, REVOCATION_REASONS, type RevocationReason } from '../core/certificate.ts';
import { TouchstoneError } from '../core/errors.ts';
import { CERTIFICATE_TYPES, EVIDENCE_LEVELS } from '../core/vocabulary.ts';
import { draft } from '../ledger/certificate-draft.ts';
import { storeOrder } from '../ledger/certificate-orders.ts';
import { listCertificates, readCertificate } from '../ledger/certificate-report.ts';
import { certificatesAboutUs } from '../ledger/certificates-about.ts';
import { type Order, orderIssue, orderRevoke, ownCertificate } from '../ledger/certify.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { organisationAt } from '../ledger/organisations.ts';
import { html } from '../web/html.ts';
import { certificateMain, certificatesMain } from '../web/workshop-certificates.ts';
import { describedForm } from './console-forms.ts';
import type { Fields } from './workshop-form.ts';
import { cursorIn } from './workshop-pieces.ts';
import type { ConsoleRoute, Visit } from './workshop-route.ts';

const CERTIFICATES = '/workshop/certificates';
const A_PAGE = 50;

async function mayCertify({ context, caller }: Visit): Promise<boolean> {
  const standing = await organisationAt(context.ledger.db, caller.organisation);
  return standing?.roles.includes('certifier') === true && caller.scopes.includes('certificates:write');
}

/** Does a checked order once. */
async function ordered(
  { context, caller }: Visit,
  key: string,
  request: unknown,
  check: () => Promise<Order>,
): Promise<string> {
  const { ledger } = context;
  const id = await once(ledger.db, caller.organisation, `console ${key}`, request, check, async (sql, order) => {
    await storeOrder(sql, caller, order);
    return order.certificates[0]?.id ?? '';
  });
  ledger.nudge();
  return id as string;
}

function statementIn(fields: Fields): Record<string, unknown> {
  const examined = fields.get('examined');
  const { report, method } = { report: fields.get('number'), method: fields.get('method') };
  return {
    schema: CERTIFICATE_SCHEMA,
    language: 'en',
    type: fields.get('type'),
    subject: { kind: 'piece', path: fields.get('piece').replace(/^https?:\/\/[^/]+/, '') },
    title: fields.get('title'),
    statement: fields.get('statement'),
    evidence: fields.get('evidence'),
    ...(examined === '' ? {} : { examined: { text: examined, from: examined, to: examined } }),
    ...(method === '' ? {} : { method }),
    ...(report === '' ? {} : { report: { issuer: fields.get('issuer'), number: report } }),
  };
}

function endOf(day: string): number {
  if (day === '') return 0;
  const time = Date.parse(`${day}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(time)) return time / 1000 + 24 * 60 * 60;
  const faults = [{ field: 'until', reason: 'must be a day such as 2027-05-31' }];
  throw new TouchstoneError('invalid-certificate', 'Nothing was issued.', { faults });
}

const FIELD_OF: Readonly<Record<string, string>> = { path: 'piece', validUntil: 'until', tokenId: 'piece' };

const issuing = describedForm({
  path: `${CERTIFICATES}/issue`,
  current: CERTIFICATES,
  scope: 'certificates:write',
  fieldOf: (path) => {
    const steps = path.split('.');
    const last = steps.at(-1) ?? path;
    if (steps.includes('examined')) return 'examined';
    return FIELD_OF[last] ?? last;
  },
  async prepare(visit) {
    if (!(await mayCertify(visit))) {
      throw new TouchstoneError('forbidden', 'Your organisation is no certifier of this ledger. Nothing was issued.');
    }
    return {
      subject: html`About a piece that is on the chain.`,
      back: CERTIFICATES,
      values: {
        piece: String(visit.request.query['piece'] ?? '').slice(0, 200),
        evidence: 'third-party',
        issuer: visit.caller.displayName,
      },
      words: {
        title: 'Issue a certificate',
        says: 'Your organisation’s key signs it, and it goes on the chain with these words, for everybody and for ever. You can revoke it, but that it was issued stays to be read.',
        submit: 'Issue it',
        grave: true,
        fields: [
          {
            name: 'piece',
            label: 'Piece',
            kind: 'literal',
            required: true,
            hint: 'Its code, or the whole web address',
          },
          {
            name: 'type',
            label: 'What it is',
            kind: 'choice',
            required: true,
            choices: Object.keys(CERTIFICATE_TYPES),
          },
          { name: 'title', label: 'Title', kind: 'line', required: true },
          { name: 'statement', label: 'What you attest', kind: 'prose', required: true },
          { name: 'evidence', label: 'As whom', kind: 'choice', required: true, choices: Object.keys(EVIDENCE_LEVELS) },
          { name: 'examined', label: 'Examined on', kind: 'date' },
          { name: 'method', label: 'By which method', kind: 'line' },
          { name: 'number', label: 'Number of your report', kind: 'line' },
          { name: 'issuer', label: 'Issuer as printed on it', kind: 'line' },
          { name: 'until', label: 'Holds until', kind: 'date', hint: 'Empty: it has no end.' },
        ],
      },
      async run({ context: { ledger }, caller, fields }, key) {
        const wish = { statement: statementIn(fields), validUntil: endOf(fields.get('until')) };
        const id = await ordered(visit, key, ['console/certificates', wish], async () =>
          orderIssue(ledger, caller, await draft(ledger, caller.organisation, wish), true, undefined),
        );
        return `${CERTIFICATES}/${id}`;
      },
    };
  },
});

const ID = /^0x[0-9a-f]{64}$/;
const idIn = ({ request }: Visit): string => {
  const id = String(request.params['id']).toLowerCase();
  return found(ID.test(id) ? id : undefined, 'This certificate');
};

const revoking = describedForm({
  path: `${CERTIFICATES}/:id/revoke`,
  current: CERTIFICATES,
  scope: 'certificates:write',
  async prepare(visit) {
    const { db } = visit.context.ledger;
    const row = await ownCertificate(db, visit.caller.organisation, idIn(visit));
    const report = found(await readCertificate(db, row.id), 'This certificate');
    return {
      subject: html`<strong>${report.statement?.title ?? 'A certificate'}</strong> <span class="code">${row.id}</span>`,
      back: `${CERTIFICATES}/${row.id}`,
      code: row.id.slice(2, 10),
      words: {
        title: 'Revoke a certificate',
        says: 'For good: the passport warns that you revoked it, with your reason. It can not be undone; another certificate may be issued instead.',
        submit: 'Revoke it for good',
        grave: true,
        typed: true,
        fields: [
          { name: 'reason', label: 'Reason', kind: 'choice', required: true, choices: Object.keys(REVOCATION_REASONS) },
          { name: 'words', label: 'In a sentence for everybody', kind: 'line', hint: 'Public for ever.' },
        ],
      },
      async run({ context: { ledger }, caller, fields }, key) {
        const reason = fields.get('reason') as RevocationReason;
        const words = fields.get('words').slice(0, 500);
        if (!(reason in REVOCATION_REASONS)) {
          const faults = [{ field: 'reason', reason: 'must be one of the list' }];
          throw new TouchstoneError('invalid-request', 'Nothing was revoked.', { faults });
        }
        await ordered(visit, key, ['console/revoke', row.id, reason, words], () =>
          orderRevoke(ledger, caller, row, { reason, words }, undefined),
        );
        return `${CERTIFICATES}/${row.id}`;
      },
    };
  },
});

export const certificateRoutesOfConsole: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: CERTIFICATES,
    costly: true,
    async handle(visit) {
      const { request, context, caller } = visit;
      const { db } = context.ledger;
      const before = cursorIn(request.query['after']);
      const [about, issued, may] = await Promise.all([
        certificatesAboutUs(db, caller.organisation),
        listCertificates(db, { organisation: caller.organisation, before, limit: A_PAGE }),
        mayCertify(visit),
      ]);
      return {
        title: 'Certificates',
        current: CERTIFICATES,
        main: certificatesMain({
          about,
          issued: issued.items,
          next: issued.next,
          later: before !== undefined,
          mayCertify: may,
        }),
      };
    },
  },
  ...issuing,
  {
    method: 'get',
    path: `${CERTIFICATES}/:id`,
    async handle(visit) {
      const { db } = visit.context.ledger;
      const row = await ownCertificate(db, visit.caller.organisation, idIn(visit));
      const report = found(await readCertificate(db, row.id), 'This certificate');
      const underWay = ['accepted', 'sealed'].includes(report.revocation?.state ?? report.state);
      return {
        title: report.statement?.title ?? 'A certificate',
        current: CERTIFICATES,
        ...(underWay && { head: html`<meta http-equiv="refresh" content="2">` }),
        main: certificateMain({ ...report, mayRevoke: report.issued !== null && report.revocation === null }),
      };
    },
  },
  ...revoking,
];
