// Acts brought by somebody who means harm, on a real ledger: signatures nobody made, shipments told to have arrived that
// did not, requests that cost more than they say. What is refused leaves nothing behind.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { TypedDataEncoder, type Wallet } from 'ethers';
import type { PiecesStanding } from '../../src/core/act-standing.ts';
import { actNamed } from '../../src/core/acts.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import { packPasskeySignature, passkeyAccountOf } from '../../src/core/passkey.ts';
import { assertionOf, keyOfSpki } from '../../src/core/passkey-answer.ts';
import { done, keeperOf, low, prepared, signedAct } from '../support/acts.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

const SALT: Hex32 = `0x${'07'.repeat(32)}`;
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();

describe('acts by somebody who means harm', function () {
  this.timeout(240_000);
  const [ada, link, card] = ['ada', 'link', 'card'].map(wallet) as [Wallet, Wallet, Wallet];
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let spare: string[];

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    spare = [];
    for (let i = 0; i < 5; i++) spare.push(await register(maker.api, statement(`Ring ${i}`)));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const some = () => spare.pop() as string;
  /** Of whatever length: what a contract or a passkey would sign is not told apart by it. */
  const made = (key: string, length = 65) => ({
    signature: `0x${'11'.repeat(length)}`,
    deadline: Math.floor(Date.now() / 1000) + 3600,
    key,
  });
  const heldKeys = () =>
    ledger.service.ledger.db.query<{ address: string }>('SELECT address FROM held_keys WHERE organisation = $1', [
      maker.organisation,
    ]);

  it('a release nobody signed, in the name of a key that may: refused, and the true one still works', async () => {
    const piece = some();
    await done(ledger, { act: 'set-card', piece, claimKey: low(card) }, {}, maker.api);
    await done(ledger, { act: 'release', piece }, {}, maker.api);
    const [held] = await heldKeys();
    for (const length of [65, 400]) {
      const forged = { act: 'release', piece, signatures: { release: made(held?.address as string, length) } };
      await refusal(ledger, () => ledger.api.post('/api/v1/acts', forged), 422, 'signature-invalid');
    }
    const claimed = await done(ledger, { act: 'claim', piece, to: low(ada) }, { card });
    expect(claimed, JSON.stringify(claimed)).to.include({ state: 'final', error: null });
    expect((await keeperOf(ledger, piece)).address).to.equal(low(ada));
  });

  it('an offer nobody signed, in the name of the owner: refused, and uses up nothing of the piece’s day', async () => {
    const piece = some();
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
    const offer = { act: 'handover', piece, handoverKey: low(link) };
    const forged = { ...offer, signatures: { owner: made(low(ada)) } };
    await refusal(ledger, () => ledger.api.post('/api/v1/acts', forged), 422, 'signature-invalid');
    const kept = await ledger.api.post('/api/v1/acts', await signedAct(ledger.api, offer, { owner: ada }));
    expect(kept.body, kept.text).to.include({ state: 'kept' });
  });

  it('an offer by a passkey: its true one is kept, and not the same over another offer', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = keyOfSpki(publicKey.export({ type: 'spki', format: 'der' }));
    const owner = passkeyAccountOf(key, SALT);
    const piece = some();
    await done(ledger, { act: 'transfer', piece, to: owner }, {}, maker.api);
    const offer = { act: 'handover', piece, handoverKey: low(link) };
    const [{ typedData, deadline }] = (await prepared(ledger.api, offer)).signatures;
    const digest = TypedDataEncoder.hash(typedData.domain, typedData.types, typedData.message) as Hex32;
    const challenge = Buffer.from(digest.slice(2), 'hex').toString('base64url');
    const clientData = `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://t.example","crossOrigin":false}`;
    const authenticatorData = Buffer.concat([sha256('t.example'), Buffer.of(5, 0, 0, 0, 0)]);
    const der = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
    const assertion = assertionOf({ authenticatorData, clientDataJSON: Buffer.from(clientData), signature: der });
    const signature = packPasskeySignature(key, SALT, digest, assertion);
    const signed = (act: object) => ({ ...act, signatures: { owner: { signature, deadline, key: owner } } });
    const other = signed({ ...offer, handoverKey: low(card) });
    await refusal(ledger, () => ledger.api.post('/api/v1/acts', other), 422, 'signature-invalid');
    const kept = await ledger.api.post('/api/v1/acts', signed(offer));
    expect(kept.body, kept.text).to.include({ state: 'kept' });
  });

  it('many pieces have not passed on because the first of them did', async () => {
    const pieces = [some(), some()];
    const { chain } = ledger.service.ledger;
    const act = { act: 'transfer-many', pieces, to: shop.organisation };
    const { standing } = (await prepared(maker.api, act)) as Json;
    const outcome = actNamed('transfer-many').outcome?.(
      { to: shop.organisation },
      standing as PiecesStanding as never,
      {},
    );
    if (!outcome) throw new Error('the act tells no outcome');
    for (const [n, piece] of pieces.entries()) {
      expect(await chain.happened(outcome, 0)).to.equal(undefined);
      const { transaction } = await done(ledger, { act: 'transfer', piece, to: shop.organisation }, {}, maker.api);
      if (n === 1) expect(await chain.happened(outcome, 0)).to.include({ transaction });
    }
  });
});
