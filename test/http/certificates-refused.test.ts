// Certificates that are not accepted: each reason as a problem with its code and the field at fault, nothing stored,
// and never a fault of the service's own.
import { expect } from 'chai';
import { createApiKey, type Scope } from '../../src/ledger/accounts.ts';
import { certify, grading, revoke } from '../support/certificates.ts';
import {
  type Admitted,
  anchored,
  clientOf,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { refusal } from '../support/refusal.ts';

const BAD = 'invalid-certificate';

describe('certificates that are not accepted', () => {
  let ledger: TestLedger;
  let maker: Admitted;
  let lab: Admitted;
  let path: string;
  let piece: Json;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    path = await register(maker.api, statement('Certified'));
    piece = await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  /** The fields at fault of a refused request; the whole of the answer is looked at by `refusal`. */
  async function faults(body: unknown, status: number, code: string, to = '/api/v1/certificates'): Promise<string[]> {
    const { body: problem } = await refusal(ledger, () => lab.api.post(to, body), status, code);
    return (problem.errors ?? []).map(({ field }: { field: string }) => field);
  }
  const about = (differing: object = {}) => grading({ kind: 'piece', path }, differing);
  const on = (subject: object) => ({ statement: grading(subject) });

  it('say which field of the request is wrong', async () => {
    const cases: [object, string][] = [
      [{}, 'statement'],
      [{ statement: 'text' }, 'statement'],
      [{ statement: [about()] }, 'statement'],
      [{ statement: null }, 'statement'],
      [{ statement: about(), publish: 'no' }, 'publish'],
      [{ statement: about(), publish: null }, 'publish'],
      [{ statement: about(), validUntil: '2099-02-30' }, 'validUntil'],
      [{ statement: about(), validUntil: '31.12.2099' }, 'validUntil'],
      [{ statement: about(), validUntil: '2099-12-31T00:00:00Z' }, 'validUntil'],
      [{ statement: about(), validUntil: -1 }, 'validUntil'],
      [{ statement: about(), validUntil: 1.5 }, 'validUntil'],
      [{ statement: about(), validUntil: 2 ** 48 }, 'validUntil'],
      [{ statement: about(), validUntil: null }, 'validUntil'],
      [{ statement: about(), signature: '0x1' }, 'signature'],
      [{ statement: about(), signature: 'ab' }, 'signature'],
      [{ statement: about(), signature: `0x${'ab'.repeat(4097)}`, deadline: 1 }, 'signature'],
      [{ statement: about(), signature: `0x${'ab'.repeat(65)}` }, 'deadline'],
      [{ statement: about(), deadline: 'soon' }, 'deadline'],
      [{ statement: about(), key: 'me' }, 'key'],
      [{ statement: about(), valid_until: 0 }, 'valid_until'],
      [{ statement: about(), ['__proto__']: {} }, '__proto__'],
      [{ statement: about(), constructor: {} }, 'constructor'],
    ];
    for (const [body, field] of cases) {
      expect(await faults(body, 400, 'invalid-request'), JSON.stringify(body).slice(0, 200)).to.deep.equal([field]);
    }
  });

  it('say which field of the statement is wrong, by its place in the request', async () => {
    const long = (length: number) => 'x'.repeat(length);
    const cases: [object, string][] = [
      [{ schema: 'touchstone/certificate/2' }, 'statement.schema'],
      [{ language: 'english' }, 'statement.language'],
      [{ type: 'praise' }, 'statement.type'],
      [{ title: '' }, 'statement.title'],
      [{ title: ' padded ' }, 'statement.title'],
      [{ title: long(301) }, 'statement.title'],
      [{ title: 7 }, 'statement.title'],
      [{ title: 'two\nlines' }, 'statement.title'],
      [{ title: 'bell\u0007' }, 'statement.title'],
      [{ title: 'turned \u202E around' }, 'statement.title'],
      [{ title: 'half \uD800 a character' }, 'statement.title'],
      [{ statement: 'nul \u0000' }, 'statement.statement'],
      [{ statement: '\n \t' }, 'statement.statement'],
      [{ statement: long(4001) }, 'statement.statement'],
      [{ evidence: 'hearsay' }, 'statement.evidence'],
      [{ examined: '2025-01-01' }, 'statement.examined'],
      [{ examined: { text: 'May', from: '2025-05-31', to: '2025-05-01' } }, 'statement.examined.to'],
      [{ examined: { text: 'May', from: 0, to: 'unknown' } }, 'statement.examined.from'],
      [{ standards: [] }, 'statement.standards'],
      [{ standards: Array(17).fill('ISO 1') }, 'statement.standards'],
      [{ report: { issuer: 'GIA', number: ' - .' } }, 'statement.report.number'],
      [{ report: { issuer: '...', number: '1' } }, 'statement.report.issuer'],
      [{ report: 'GIA 1' }, 'statement.report'],
      [{ findings: [{ name: 'Colour' }] }, 'statement.findings.0.value'],
      [{ findings: Array(65).fill({ name: 'a', value: 'b' }) }, 'statement.findings'],
      [{ document: { sha256: '0x00', mediaType: 'application/pdf', title: 'x' } }, 'statement.document.sha256'],
      [
        { document: { sha256: `0x${'AB'.repeat(32)}`, mediaType: 'image/png', title: 'x' } },
        'statement.document.sha256',
      ],
      [{ document: { sha256: `0x${'ab'.repeat(32)}`, mediaType: 'PDF', title: 'x' } }, 'statement.document.mediaType'],
      [{ price: 100 }, 'statement.price'],
      [{ ['__proto__']: { polluted: true } }, 'statement.__proto__'],
    ];
    for (const [differing, field] of cases) {
      const told = await faults({ statement: about(differing) }, 422, BAD);
      expect(told, JSON.stringify(differing).slice(0, 200)).to.deep.equal([field]);
    }
    expect(({} as Json).polluted).to.equal(undefined);
  });

  it('say what is wrong with the subject', async () => {
    const nobody = `0x${'99'.repeat(20)}`;
    const token = piece.tokenId as string;
    const beyond = (BigInt(token) + 1_000_000n).toString();
    const last = (((BigInt(token) >> 32n) << 32n) + 0xffff_ffffn).toString();
    const cases: [object, string][] = [
      [{}, 'kind'],
      [{ kind: 'lot', id: '1' }, 'lotId'],
      [{ kind: 'shop', id: '1' }, 'kind'],
      [{ kind: 'piece' }, 'tokenId'],
      [{ kind: 'piece', path: 7 }, 'tokenId'],
      [{ kind: 'piece', path: '/p/atelier-lune/0000000000000000' }, 'path'],
      [{ kind: 'piece', path: '/p/%E0%A4%A/x' }, 'path'],
      [{ kind: 'piece', path: '/../../etc/passwd' }, 'path'],
      [{ kind: 'piece', path: '/p/atelier-lune/\u0000' }, 'path'],
      [{ kind: 'record', path: '/01/09506000134352/21/NONE' }, 'path'],
      [{ kind: 'piece', path, tokenId: '1' }, 'tokenId'],
      [{ kind: 'piece', path, note: 'x' }, 'note'],
      [{ kind: 'piece', path, ['__proto__']: {} }, '__proto__'],
      [{ kind: 'piece', tokenId: '1' }, 'tokenId'],
      [{ kind: 'piece', tokenId: beyond }, 'tokenId'],
      [{ kind: 'piece', tokenId: last }, 'tokenId'],
      [{ kind: 'piece', tokenId: `0${token}` }, 'tokenId'],
      [{ kind: 'piece', tokenId: (2n ** 256n).toString() }, 'tokenId'],
      [{ kind: 'piece', tokenId: (2n ** 256n - 1n).toString() }, 'tokenId'],
      [{ kind: 'piece', tokenId: 1 }, 'tokenId'],
      [{ kind: 'record', recordHash: '0x12' }, 'recordHash'],
      [{ kind: 'record', recordHash: piece.recordHash.toUpperCase() }, 'recordHash'],
      [{ kind: 'report', issuer: 'GIA' }, 'number'],
      [{ kind: 'batch', batchId: '1' }, 'batchId'],
      [{ kind: 'batch', batchId: (2n ** 224n).toString() }, 'batchId'],
      [{ kind: 'organisation', handle: 'nobody-here' }, 'handle'],
      [{ kind: 'organisation', handle: 'NOT A HANDLE' }, 'handle'],
      [{ kind: 'organisation', handle: 'atelier-lune', organisation: maker.organisation }, 'organisation'],
      [{ kind: 'organisation', organisation: nobody }, 'organisation'],
      [{ kind: 'organisation', organisation: maker.organisation.toUpperCase() }, 'organisation'],
    ];
    for (const [subject, field] of cases) {
      const told = await faults(on(subject), 422, BAD);
      expect(told[0], JSON.stringify(subject)).to.equal(`statement.subject.${field}`);
    }
    for (const subject of ['piece', 7, null, []]) {
      expect((await faults(on(subject as object), 422, BAD))[0]).to.match(/^statement\.subject/);
    }
  });

  it('have no evidence to be judged by where there is no such piece', async () => {
    const batch = BigInt(piece.tokenId) >> 32n;
    for (const index of [1n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn]) {
      const tokenId = ((batch << 32n) + index).toString();
      await refusal(ledger, () => ledger.api.post('/api/v1/verify', { tokenId }), 404, 'not-found');
    }
  });

  it('are past their last day, or not ahead of the present second', async () => {
    for (const validUntil of ['2020-01-01', '0001-01-01', 1, Math.floor(Date.now() / 1000)]) {
      expect(await faults({ statement: about(), validUntil }, 422, BAD), `${validUntil}`).to.deep.equal(['validUntil']);
    }
  });

  it('are larger than 16 KiB in canonical form, by as little as a byte', async () => {
    const findings = (last: number) => [
      ...Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, value: 'é'.repeat(250) })),
      { name: 'last', value: 'x'.repeat(last) },
    ];
    const done = grading({ kind: 'piece', tokenId: piece.tokenId }, { findings: findings(1) });
    const room = 16_384 - Buffer.byteLength(JSON.stringify(done)) + 1;
    expect(room).to.be.within(1, 499);
    expect(await faults({ statement: about({ findings: findings(room + 1) }) }, 422, BAD)).to.deep.equal(['statement']);
    await certify(lab.api, about({ findings: findings(room) }));
  });

  it('are about a piece or batch that is not on the chain yet', async () => {
    await ledger.sql(
      `INSERT INTO batches (batch_id, organisation, root, count, mode, payload_hash, parts, sealed_here)
      VALUES ('77', $1, '0x0', 3, 0, '0x0', 0, false)`,
      maker.organisation,
    );
    expect(await faults(on({ kind: 'batch', batchId: '77' }), 422, BAD)).to.deep.equal(['statement.subject.batchId']);
    const waiting = await register(maker.api, statement('Waiting'));
    const reply = await lab.api.post('/api/v1/certificates', on({ kind: 'piece', path: waiting }));
    expect([202, 409]).to.include(reply.status);
    if (reply.status === 409) expect(reply.body.code).to.equal('piece-not-anchored');
  });

  it('come from whoever is no certifier, has no key, or whose key has another scope', async () => {
    const body = { statement: about() };
    const scoped = async (...scopes: Scope[]) =>
      clientOf(ledger.url, await createApiKey(ledger.service.ledger, lab.organisation, scopes, 'test'));
    const writes = ['', '/prepare', '/batches', `/0x${'0'.repeat(64)}/revoke`, `/0x${'0'.repeat(64)}/revoke/prepare`];
    for (const write of writes) {
      const to = `/api/v1/certificates${write}`;
      await refusal(ledger, () => ledger.api.post(to, body), 401, 'unauthenticated');
      const others = await scoped('read', 'pieces:write', 'transfers:write');
      await refusal(ledger, () => others.post(to, body), 403, 'forbidden');
    }
    const blind = await scoped('certificates:write');
    await refusal(ledger, () => blind.get('/api/v1/certificates'), 403, 'forbidden');
    await refusal(ledger, () => ledger.api.get('/api/v1/certificates'), 401, 'unauthenticated');
    await refusal(ledger, () => maker.api.post('/api/v1/certificates', body), 403, 'key-not-permitted');
    await certify(blind, about({ title: 'With this scope alone' }));
  });

  it('have no Idempotency-Key, or ask for a page of the list that can’t be', async () => {
    const bare = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const reply = await lab.api.raw('/api/v1/certificates', { ...bare, body: JSON.stringify({ statement: about() }) });
    expect([reply.status, reply.body.code]).to.deep.equal([400, 'idempotency-key-required']);
    for (const query of [
      'cursor=0',
      'cursor=-1',
      'cursor=1e300',
      'cursor=x',
      'limit=0',
      'limit=201',
      'limit=1.5',
      'q=1',
    ]) {
      await refusal(ledger, () => lab.api.get(`/api/v1/certificates?${query}`), 400, 'invalid-request');
    }
  });

  it('are not known under ids that are none', async () => {
    for (const id of [
      '0',
      '0x12',
      `0x${'0'.repeat(64)}`,
      `0x${'g'.repeat(64)}`,
      '%2e%2e',
      "'; DROP TABLE",
      'x'.repeat(999),
    ]) {
      const at = `/api/v1/certificates/${encodeURIComponent(id)}`;
      await refusal(ledger, () => ledger.api.get(at), 404, 'not-found');
      await refusal(ledger, () => lab.api.post(`${at}/revoke`, { reason: 'mistake' }), 404, 'not-found');
      await refusal(ledger, () => lab.api.post(`${at}/revoke/prepare`, { reason: 'mistake' }), 404, 'not-found');
    }
  });

  it('are revoked for a reason that is one, in words of one line, once, by their certifier, once they are there', async () => {
    const { id } = await certify(lab.api, about({ title: 'To be revoked' }));
    const at = `/api/v1/certificates/${id}/revoke`;
    const cases: [object, string][] = [
      [{}, 'reason'],
      [{ reason: 'regret' }, 'reason'],
      [{ reason: 1 }, 'reason'],
      [{ reason: 'mistake', words: 'x'.repeat(501) }, 'words'],
      [{ reason: 'mistake', words: 'nul \u0000' }, 'words'],
      [{ reason: 'mistake', words: 'turned \u202E around' }, 'words'],
      [{ reason: 'mistake', words: 'two\u2028lines' }, 'words'],
      [{ reason: 'mistake', words: 'half \uD800' }, 'words'],
      [{ reason: 'mistake', words: null }, 'words'],
      [{ reason: 'mistake', why: 'x' }, 'why'],
      [{ reason: 'mistake', signature: `0x${'ab'.repeat(65)}` }, 'deadline'],
    ];
    for (const [body, field] of cases) {
      expect(await faults(body, 400, 'invalid-request', at), JSON.stringify(body)).to.deep.equal([field]);
    }
    const other = await ledger.admit('other-lab', [], ['certifier']);
    const asked = { reason: 'mistake' };
    await refusal(ledger, () => other.api.post(at, asked), 404, 'not-found');
    await refusal(ledger, () => maker.api.post(at, asked), 404, 'not-found');
    await revoke(lab.api, id, 'mistake');
    await refusal(ledger, () => lab.api.post(at, asked), 409, 'already-revoked');
    const again = await faults({ statement: about({ title: 'To be revoked' }) }, 422, BAD);
    expect(again, 'the very same can not be issued again').to.deep.equal(['statement']);
  });
});
