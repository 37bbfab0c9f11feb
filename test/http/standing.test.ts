// What a suspended organisation may still do, what its waiting pieces wait for, and keys that are replaced.
import { expect } from 'chai';
import { actOn, rotateKey } from '../../src/admission.ts';
import { permittedKey } from '../../src/ledger/accounts.ts';
import { PERMISSION } from '../../src/ledger/organisations.ts';
import {
  type Admitted,
  anchored,
  type Json,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('an organisation', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
  });
  after(() => ledger.stop());

  const act = (name: 'suspend' | 'reinstate') =>
    actOn(ledger.service, ledger.config, maker.handle, name === 'suspend' ? { name, reason: 'test' } : { name });
  const standing = async (suspended: boolean) =>
    until('the standing is known', async () => {
      const { body } = await ledger.api.get('/api/v1/organisations/atelier-lune');
      return (body.suspendedAt !== undefined) === suspended;
    });
  const held = () => permittedKey(ledger.service.ledger, maker.organisation, PERMISSION.register);

  it('that is suspended registers nothing, passes on what it owns, and its pieces say so', async () => {
    const path = await register(maker.api, statement('Before'));
    await anchored(ledger.api, path);
    await act('suspend');
    await standing(true);
    await refusal(
      ledger,
      () => maker.api.post('/api/v1/pieces', { record: statement('x') }),
      403,
      'organisation-suspended',
    );
    const { body, status } = await maker.api.post('/api/v1/transfers', { path, to: `0x${'5'.repeat(40)}` });
    expect(status).to.equal(202);
    await until(
      'it is passed on',
      async () => (await maker.api.get(`/api/v1/transfers/${body.id}`)).body.state === 'final',
    );
    let told: Json;
    // What was read a moment ago may be shown for a second.
    await until('the passport says so', async () => {
      told = await passport(ledger.api, path);
      return told.registrant.suspendedSince !== null;
    });
    expect(told.registrant.suspendedSince).to.match(/^\d{4}-\d\d-\d\dT/);
    expect(told.checks).to.deep.include({ name: 'registrant-in-good-standing', result: 'warn' });
    await act('reinstate');
    await standing(false);
  });

  it('that is suspended between accepting and anchoring: the pieces wait, and are anchored once it is reinstated', async () => {
    const path = await register(maker.api, statement('In between'));
    await act('suspend');
    await until('its batch was refused', async () => {
      const rows = await ledger.sql(`SELECT 1 FROM batches WHERE refusal = 'key-not-permitted'`);
      return rows.length === 1;
    });
    expect(await passport(ledger.api, path)).to.include({ state: 'sealed', headline: 'pending' });
    await act('reinstate');
    expect((await anchored(ledger.api, path)).headline).to.equal('genuine-record');
  });

  it('gets a fresh key, the old one is revoked, and what it had registered stays genuine', async () => {
    const before = await register(maker.api, statement('By the old key'));
    await anchored(ledger.api, before);
    const old = await held();
    const rotated = await rotateKey(ledger.service, ledger.config, maker.handle);
    expect(rotated.revoked).to.equal(old.address);
    expect((await held()).address).to.equal(rotated.address);
    const { chain } = ledger.service.ledger;
    for (const permission of Object.values(PERMISSION)) {
      expect(await chain.isPermitted(maker.organisation, old.address, permission)).to.equal(false);
    }
    const after = await register(maker.api, statement('By the new key'));
    expect((await anchored(ledger.api, after)).headline).to.equal('genuine-record');
    expect((await passport(ledger.api, before)).headline).to.equal('genuine-record');
  });

  it('whose key was replaced while a batch was waiting: the batch is signed by the new one', async () => {
    const path = await register(maker.api, statement('Waiting for a key'));
    const { address } = await rotateKey(ledger.service, ledger.config, maker.handle);
    const { batch } = await anchored(ledger.api, path);
    const { body } = await ledger.api.get(`/api/v1/batches/${batch.id}`);
    expect(body.key).to.equal(address);
  });

  it('unknown, or with a prefix that is none or somebody else’s: refused in words, nothing changed', async () => {
    const told = (act: Promise<unknown>) =>
      act.then(
        () => 'done',
        (error: Error) => error.message,
      );
    const on = (handle: string, prefix: string) =>
      told(actOn(ledger.service, ledger.config, handle, { name: 'grantPrefix', prefix }));
    expect(await on('nobody-here', '9506000')).to.equal('There is no organisation with the handle nobody-here.');
    expect(await on('atelier-lune', '123')).to.match(/^A GS1 company prefix has 7 to 12 digits/);
    await ledger.admit('maison-verre', ['9506000']);
    expect(await on('atelier-lune', '9506000')).to.match(/^The ledger refuses this: \w+\(.*Nothing was changed\.$/);
    expect(await told(ledger.admit('Not A Handle'))).to.match(/^A handle is 3 to 31 characters/);
    expect(await told(act('reinstate'))).to.match(/^The ledger refuses this/);
  });
});
