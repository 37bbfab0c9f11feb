// Certificates signed with keys that the service doesn't hold, by suspended certifiers, and those the chain refuses after
// they were accepted: who may, what is told, and what the relayer pays for at most.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { secretFile } from '../../src/adapters/keys.ts';
import { registrarAct } from '../../src/adapters/registrar.ts';
import { actOn } from '../../src/admission.ts';
import { accountByHandle, type Caller } from '../../src/ledger/accounts.ts';
import { draft } from '../../src/ledger/certificate-draft.ts';
import { storeOrder } from '../../src/ledger/certificate-orders.ts';
import { orderIssue } from '../../src/ledger/certify.ts';
import { ROLES } from '../../src/ledger/organisations.ts';
import { certify, checkOf, grading, passportOnce, revoke, setKey, settled, signedBy } from '../support/certificates.ts';
import { contractAccount } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until, wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

const AT = '/api/v1/certificates';
const CERTIFY = 4;

describe('certificates signed elsewhere, or refused by the chain', () => {
  let ledger: TestLedger;
  let maker: Admitted;
  let lab: Admitted;
  let path: string;
  const own = wallet('a laboratory of its own') as unknown as Wallet;
  const stranger = wallet('a stranger') as unknown as Wallet;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    path = await register(maker.api, statement('Certified'));
    await anchored(ledger.api, path);
    await setKey(ledger, lab, own.address, CERTIFY);
  });
  after(() => ledger.stop());

  const about = (title: string, differing: object = {}) => grading({ kind: 'piece', path }, { title, ...differing });
  async function prepared(body: object, at = `${AT}/prepare`): Promise<Json> {
    const reply = await lab.api.post(at, body, { 'idempotency-key': '' });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  }

  it('are issued by a key that the certifier gave itself, as typed data in its wallet', async () => {
    const wish = { statement: about('In its own hand'), validUntil: '2099-12-31' };
    const ready = await prepared(wish);
    const { deadline } = ready;
    const signature = await signedBy(own, ready);
    const done = await certify(lab.api, wish.statement, { validUntil: wish.validUntil, signature, deadline });
    expect(done.id).to.equal(ready.id);
    expect(done.statement).to.deep.equal(ready.statement);
    const [row] = await ledger.sql('SELECT key FROM certificate_issues WHERE issue_id = $1', done.issue.id);
    expect(row.key).to.equal(own.address.toLowerCase());
  });

  it('are refused when another signed, or something else, or too late', async () => {
    const wish = { statement: about('Not like this') };
    const ready = await prepared(wish);
    const send = (more: object) => () => lab.api.post(AT, { ...wish, ...more });
    const { deadline } = ready;
    const good = await signedBy(own, ready);
    const foreign = await signedBy(stranger, ready);
    await refusal(ledger, send({ signature: foreign, deadline }), 403, 'key-not-permitted');
    await refusal(ledger, send({ signature: good, deadline: deadline + 1 }), 403, 'key-not-permitted');
    await refusal(ledger, send({ signature: good, deadline, validUntil: '2098-01-01' }), 403, 'key-not-permitted');
    await refusal(ledger, send({ signature: foreign, deadline, key: own.address }), 422, 'signature-invalid');
    await refusal(ledger, send({ signature: '0x1234', deadline }), 422, 'signature-invalid');
    await refusal(ledger, send({ signature: `0x${'00'.repeat(65)}`, deadline }), 422, 'signature-invalid');
    ready.typedData.message.deadline = 1_700_000_000;
    const late = await signedBy(own, ready);
    await refusal(ledger, send({ signature: late, deadline: 1_700_000_000 }), 422, 'signature-expired');
    expect((await ledger.api.get(`${AT}/${ready.id}`)).status).to.equal(404);
  });

  it('are revoked by such a key as well, and by nobody else’s', async () => {
    const { id } = await certify(lab.api, about('Taken back by hand'));
    const wish = { reason: 'deceit', words: 'Épreuve truquée.' };
    const ready = await prepared(wish, `${AT}/${id}/revoke/prepare`);
    const { deadline } = ready;
    const foreign = await signedBy(stranger, ready);
    const send = (more: object) => () => lab.api.post(`${AT}/${id}/revoke`, { ...wish, ...more });
    await refusal(ledger, send({ signature: foreign, deadline }), 403, 'key-not-permitted');
    const signature = await signedBy(own, ready);
    await refusal(ledger, send({ signature, deadline, reason: 'mistake' }), 403, 'key-not-permitted');
    expect((await send({ signature, deadline })()).status).to.equal(202);
    await until('it is revoked', async () => (await ledger.api.get(`${AT}/${id}`)).body.revocation.state === 'final');
    const { issued } = (await ledger.api.get(`${AT}/${id}`)).body;
    expect(issued.revoked).to.deep.include(wish);
  });

  it('are signed by contract accounts, as long as asking them costs no fortune', async () => {
    for (const [steps, status] of [
      [1, 202],
      [4_000, 202],
      [100_000, 422],
    ] as const) {
      const account = await contractAccount(ledger, steps);
      await setKey(ledger, lab, account, CERTIFY);
      const wish = { statement: about(`By contract, ${steps} steps`) };
      const { deadline, id } = await prepared(wish);
      const signed = { ...wish, signature: `0x${'5a'.repeat(4_096)}`, deadline, key: account };
      const reply = await lab.api.post(AT, signed);
      expect(reply.status, reply.text).to.equal(status);
      if (status === 202) expect((await settled(lab.api, id)).state).to.equal('final');
      else expect(reply.body.code).to.equal('signature-invalid');
    }
    const { chain } = ledger.service.ledger;
    const to = await contractAccount(ledger, 100_000);
    expect(await chain.refusal({ to, data: '0x', gas: 100_000n }), 'no fault of the node').to.equal('OutOfGas');
  });

  it('have gas for the largest statement, signature and words, and no more than their bytes need', async () => {
    const { rpc } = ledger.service;
    const findings = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, value: '宝'.repeat(160) }));
    const account = await contractAccount(ledger, 2_000);
    await setKey(ledger, lab, account, CERTIFY);
    const wish = { statement: about('Of full size', { findings }) };
    const { deadline, id } = await prepared(wish);
    const signature = `0x${'5a'.repeat(4_096)}`;
    await certify(lab.api, wish.statement, { signature, deadline, key: account });
    await revoke(lab.api, id, 'other', '宝'.repeat(500));
    const rows = await ledger.sql<Json>(
      `SELECT t.hash FROM transactions t JOIN certificate_orders o ON o.id = t.ref WHERE o.issue_id = $1`,
      id,
    );
    expect(rows).to.have.length(2);
    for (const { hash } of rows) {
      const [sent, receipt] = await Promise.all([
        rpc.call<Json>('eth_getTransactionByHash', hash),
        rpc.call<Json>('eth_getTransactionReceipt', hash),
      ]);
      const bytes = (sent.input.length - 2) / 2;
      expect(Number(receipt.status)).to.equal(1);
      expect(Number(sent.gas)).to.be.at.most(260_000 + 42 * bytes);
      expect(Number(receipt.gasUsed)).to.be.below(Number(sent.gas));
    }
  });

  it('that the chain refuses after all say why, and may be asked for again', async () => {
    const parts = ledger.service.ledger;
    const account = await accountByHandle(parts.db, lab.handle);
    const caller = { ...account, keyId: 'test', scopes: [] } as unknown as Caller;
    const wish = { statement: about('Overtaken'), validUntil: 0 };
    const order = await orderIssue(parts, caller, await draft(parts, lab.organisation, wish), true, undefined);
    await actOn(ledger.service, ledger.config, lab.handle, { name: 'suspend', reason: 'test' });
    await parts.db.transaction((sql) => storeOrder(sql, caller, order));
    const failed = await settled(ledger.api, order.issueId);
    expect(failed).to.deep.include({ state: 'failed', issued: null, revocation: null });
    expect(failed.error.code).to.equal('key-not-permitted');
    await actOn(ledger.service, ledger.config, lab.handle, { name: 'reinstate' });
    expect((await certify(lab.api, wish.statement)).id).to.equal(order.issueId);
  });

  it('of a suspended certifier stay in force and say so; it issues none, and still takes its own back', async () => {
    const late = await ledger.admit('late-lab', [], ['certifier']);
    const about = await register(maker.api, statement('Twice certified'));
    await anchored(ledger.api, about);
    const of = grading({ kind: 'piece', path: about });
    const { id } = await certify(late.api, of);
    await actOn(ledger.service, ledger.config, late.handle, { name: 'suspend', reason: 'unpaid' });
    await refusal(
      ledger,
      () => late.api.post(AT, { statement: { ...of, title: 'Another' } }),
      403,
      'key-not-permitted',
    );
    const seen = await passportOnce(ledger.api, about, (now) => now.certificates[0]?.certifier.suspendedSince);
    expect(seen.certificates[0].standing).to.equal('in-force');
    expect(seen.certificates[0].certifier.suspendedSince).to.match(/^20\d\d-.+Z$/);
    expect([seen.headline, checkOf(seen, 'certificates-not-revoked')]).to.deep.equal(['genuine-record', 'pass']);
    expect((await revoke(late.api, id, 'mistake')).issued.standing).to.equal('revoked');
  });

  it('end with the role of a certifier, and those from before don’t', async () => {
    const former = await ledger.admit('former-lab', [], ['certifier', 'maker']);
    const { id } = await certify(former.api, about('While it was one'));
    const { rpc, ledger: parts } = ledger.service;
    const options = { rpc, privateKey: secretFile(ledger.config.registrarKeyFile), chainId: parts.chain.chainId };
    await registrarAct(options, parts.chain, 'setRoles', [former.organisation, ROLES.maker]);
    await refusal(ledger, () => former.api.post(AT, { statement: about('After') }), 403, 'key-not-permitted');
    expect((await settled(ledger.api, id)).issued.standing).to.equal('in-force');
  });
});
