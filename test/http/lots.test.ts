// Lots on a real ledger, from the mine to the melting pot: what is refused and why, that what is registered was drawn
// before, and that the passport shows where the gold came from and how far anybody stands behind it.
import { expect } from 'chai';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { LIFE_KINDS } from '../../src/core/life.ts';
import { permittedKey, signAs } from '../../src/ledger/accounts.ts';
import { PERMISSION } from '../../src/ledger/organisations.ts';
import { done } from '../support/acts.ts';
import { certify, checkOf, grading, passportOnce } from '../support/certificates.ts';
import { sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  passport,
  type Reply,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { readText } from '../support/page-text.ts';
import { until } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

const DORE = {
  schema: 'touchstone/lot/1',
  language: 'en',
  title: 'Doré of May',
  material: { type: 'metal', metal: 'gold' },
  finenessPerMillion: 800_000,
  unit: 'mg',
  quantity: 100_000,
  origin: { text: 'Mina Dourada', country: 'PT' },
  custody: 'segregated',
};
const ALLOY = {
  ...DORE,
  title: 'Alloy 750',
  finenessPerMillion: 750_000,
  origin: { text: 'Mina Dourada', country: 'PT' },
};

describe('lots of gold', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let mine: Admitted;
  let refiner: Admitted;
  let maker: Admitted;
  let lab: Admitted;

  before(async () => {
    ledger = await startLedger();
    mine = await ledger.admit('mina-dourada');
    refiner = await ledger.admit('affinerie-sud');
    maker = await ledger.admit('atelier-lune');
    lab = await ledger.admit('gem-lab', [], ['certifier']);
  });
  after(() => ledger.stop());

  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  const lotOf = async (id: string) => (await ledger.api.get(`/api/v1/lots/${id}`)).body;
  const acted = async (by: Admitted, act: object): Promise<Json> => {
    const receipt = await done(ledger, act, {}, by.api);
    expect(receipt.error, JSON.stringify(receipt)).to.equal(null);
    return receipt;
  };
  /** The lots that an act made, by its receipt. */
  const madeBy = async (receipt: Json) =>
    (
      await ledger.sql<{ lot_id: string }>(
        'SELECT lot_id FROM lots WHERE transaction = $1 ORDER BY log_index',
        receipt.transaction,
      )
    ).map((row) => row.lot_id);
  let salts = 0;
  const declared = async (by: Admitted, differing: object = {}): Promise<string> => {
    salts += 1;
    const salt = `0x${salts.toString(16).padStart(64, '0')}`;
    const receipt = await acted(by, { act: 'declare-lot', statement: { ...DORE, ...differing }, salt });
    return (await madeBy(receipt))[0] as string;
  };
  /** A ring of 750 gold from this lot. */
  const ring = (title: string, lot: string, massMg = 3_000): Json => {
    const made = statement(title) as Json;
    const [gold, ...stones] = made.materials;
    return { ...made, materials: [{ ...gold, massMg, fineness: 750, lot }, ...stones] };
  };
  const register = (record: object, mode = 'published', by = maker) => by.api.post('/api/v1/pieces', { record, mode });
  const registered = async (record: object, mode = 'published'): Promise<string> => {
    const reply = await register(record, mode);
    expect(reply.status, reply.text).to.equal(202);
    return reply.body.path;
  };
  /** Mine to refiner to maker: an alloy of 750 thousandths that the maker holds. */
  const supplied = async (quantity: number): Promise<{ dore: string; alloy: string }> => {
    const dore = await declared(mine, { quantity: quantity * 2 });
    await acted(mine, { act: 'transfer-lot', lot: dore, to: refiner.organisation });
    const refining = { act: 'refine-lots', inputs: [{ lot: dore, quantity }], outputs: [{ ...ALLOY, quantity }] };
    const [alloy = ''] = await madeBy(await acted(refiner, refining));
    await acted(refiner, { act: 'transfer-lot', lot: alloy, to: maker.organisation });
    return { dore, alloy };
  };

  it('are refused in words: another’s, too much, unlike, more than went in, a promise twice', async () => {
    const [dore, other] = [await declared(mine), await declared(mine, { finenessPerMillion: 900_000 })];
    const by = (who: Admitted, act: object) => () => who.api.post('/api/v1/acts', act);
    await refused(by(maker, { act: 'transfer-lot', lot: dore, to: maker.organisation }), 403, 'not-owner');
    await refused(by(mine, { act: 'transfer-lot', lot: dore, to: mine.organisation }), 422, 'invalid-act');
    await refused(by(mine, { act: 'split-lot', lot: dore, quantities: [60_000, 60_000] }), 422, 'invalid-act');
    await refused(by(mine, { act: 'merge-lots', lots: [dore, other] }), 422, 'invalid-act');
    await refused(by(mine, { act: 'merge-lots', lots: [dore, dore] }), 422, 'invalid-act');
    const gain = { inputs: [{ lot: dore, quantity: 1_000 }], outputs: [{ ...ALLOY, quantity: 1_067 }] };
    const { body } = await refused(by(mine, { act: 'refine-lots', ...gain }), 422, 'invalid-act');
    expect(body.detail).to.contain('More metal would come out than went in');
    const again = { act: 'declare-lot', statement: DORE, salt: `0x${'1'.padStart(64, '0')}` };
    await refused(by(mine, again), 422, 'invalid-act');
    await refused(by(mine, { ...again, statement: { ...DORE, quantity: 0 } }), 400, 'invalid-request');
    await refused(() => ledger.api.post('/api/v1/acts', again), 400, 'invalid-request');
    await refused(() => ledger.api.get(`/api/v1/lots/0x${'0'.repeat(64)}`), 404, 'not-found');
    await refused(() => ledger.api.get('/api/v1/lots/gold'), 400, 'invalid-request');
  });

  it('give to pieces only what is of that kind, held by who registers, and enough', async () => {
    const { alloy } = await supplied(10_000);
    const silver = await declared(maker, { material: { type: 'metal', metal: 'silver' } });
    const fault = async (record: object, by = maker) => {
      const { body } = await refused(() => register(record, 'published', by), 422, 'invalid-record');
      expect(body.errors[0].field).to.equal('materials.0.lot');
      return body.errors[0].reason;
    };
    expect(await fault(ring('Another’s', alloy), mine)).to.contain('is held by atelier-lune, not by you');
    expect(await fault(ring('Unknown', `0x${'7'.repeat(64)}`))).to.equal('is no lot that is known here');
    expect(await fault(ring('Silver', silver))).to.equal('is a lot of another material');
    const finer = ring('Finer', alloy);
    finer.materials[0].fineness = 916;
    expect(await fault(finer)).to.contain('is of 750 thousandths, less than this material');
    const unweighed = ring('Unweighed', alloy);
    unweighed.materials[0].massMg = 'unknown';
    expect(await fault(unweighed)).to.contain('the mass must be known');
    expect(await fault(ring('Heavy', alloy, 10_001))).to.contain('this takes 10001, and 10000 remain');
    expect((await ledger.sql('SELECT count(*) AS n FROM lot_needs'))[0].n).to.equal(0);
  });

  it('are drawn from before the pieces are registered, and the passport shows them back to the mine', async () => {
    const { dore, alloy } = await supplied(10_000);
    const paths = [await registered(ring('One', alloy)), await registered(ring('Two', alloy, 4_000))];
    const seen = await anchored(ledger.api, paths[0] as string);
    await anchored(ledger.api, paths[1] as string);
    expect([checkOf(seen, 'materials-from-lots'), checkOf(seen, 'mass-balance')]).to.deep.equal(['pass', 'pass']);
    expect(seen.headline).to.equal('genuine-record');
    expect(seen.lots.traces.map((lot: Json) => [lot.level, lot.lotId, lot.by.handle, lot.operation])).to.deep.equal([
      [0, alloy, 'affinerie-sud', 'refined'],
      [1, dore, 'mina-dourada', 'declared'],
    ]);
    expect(seen.lots.traces[1].statement).to.deep.equal({ ...DORE, quantity: 20_000 });
    const standing = await lotOf(alloy);
    expect(standing).to.deep.include({ remaining: 3_000, complete: true });
    expect(standing.holder.handle).to.equal('atelier-lune');
    const drawn = standing.steps.filter(({ kind }: Json) => kind === 'drawn');
    expect(drawn.reduce((sum: number, { quantity }: Json) => sum + quantity, 0)).to.equal(7_000);
    const [order] = await ledger.sql(
      `SELECT min(e.block) < min(a.block) AS before FROM lot_events e JOIN batches b ON b.batch_id = e.batch_id
       JOIN anchors a ON a.batch_no = b.no WHERE e.lot_id = $1`,
      alloy,
    );
    expect(order.before).to.equal(true);
    const lots = (await maker.api.get('/api/v1/lots')).body.items.map((lot: Json) => lot.lotId);
    expect(lots).to.include(alloy);
    expect(JSON.stringify(standing)).not.to.contain('/p/');
    const page = readText((await ledger.api.get(paths[0] as string)).text);
    expect(page).to.match(/The mina-dourada declared 20 g of gold, 800 thousandths fine, on .*: its own word\./);
    expect(page).to.contain('Nobody else has put their name to that here.');
    expect(page).to.match(/The affinerie-sud refined 10 g of gold/);
    expect(page).to.contain('by their records');
    const own = readText((await ledger.api.get(`/lots/${alloy}`)).text);
    expect(own).to.contain('Held by The atelier-lune');
    expect(own).to.contain('Left of it 3 g');
    expect((await ledger.api.get('/lots/none')).status).to.equal(404);
    expect((await ledger.api.get(`/lots/0x${'0'.repeat(64)}`)).status).to.equal(404);
  });

  it('are promised once: of two registrations at the same time that need the same rest, one wins', async () => {
    const { alloy } = await supplied(5_000);
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, i) => register(ring(`Rival ${i}`, alloy, 3_000), 'published')),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([202, 422, 422, 422, 422, 422]);
    const act = { act: 'transfer-lot', lot: alloy, to: refiner.organisation };
    const winner = replies.find(({ status }) => status === 202)?.body.path;
    const early = await maker.api.post('/api/v1/acts', { act: 'split-lot', lot: alloy, quantities: [2_001] });
    expect([422]).to.include(early.status);
    await anchored(ledger.api, winner);
    expect((await lotOf(alloy)).remaining).to.equal(2_000);
    await acted(maker, act);
  });

  it('that the chain does not have leave a batch unregistered, whatever the index thought', async () => {
    const { alloy } = await supplied(5_000);
    // As if the index had missed that most of the lot is gone.
    await ledger.sql('UPDATE lots SET quantity = quantity + 5000 WHERE lot_id = $1', alloy);
    const path = await registered(ring('Of nothing', alloy, 6_000));
    const batch = `SELECT b.no, b.refusal FROM pieces p JOIN members m ON m.piece_id = p.id JOIN batches b ON b.no = m.batch_no
                   WHERE p.path = $1`;
    await until('the draw is refused', async () => (await ledger.sql(batch, path))[0]?.refusal === 'NotEnough');
    // Another batch of the same maker goes on: whatever would have registered the first has had its turn.
    await anchored(ledger.api, await registered(statement('Goes on')));
    expect((await passport(ledger.api, path)).state).to.equal('sealed');
    expect((await lotOf(alloy)).steps.filter(({ kind }: Json) => kind === 'drawn')).to.deep.equal([]);
    await ledger.sql('UPDATE lots SET quantity = quantity - 5000 WHERE lot_id = $1', alloy);
  });

  it('of a batch whose records are not public: unknown, until somebody else certifies the sum', async () => {
    const { alloy } = await supplied(10_000);
    const path = await registered(ring('Hidden', alloy), 'root-only');
    const seen = await anchored(ledger.api, path);
    expect(checkOf(seen, 'mass-balance')).to.equal('unknown');
    expect(seen.lots.balance).to.deep.equal([
      { lotId: alloy, stated: null, drawn: 3_000, attestedBy: null, result: 'unknown' },
    ]);
    const sum = (quantity: number) =>
      grading({ kind: 'batch', batchId: seen.batch.id }, { type: 'mass-balance', balance: [{ lot: alloy, quantity }] });
    await certify(lab.api, sum(3_000));
    const attested = await passportOnce(ledger.api, path, (now) => checkOf(now, 'mass-balance') !== 'unknown');
    expect(checkOf(attested, 'mass-balance')).to.equal('pass');
    expect(attested.lots.balance[0].attestedBy.handle).to.equal('gem-lab');
    await certify(lab.api, sum(3_001));
    const more = await passportOnce(ledger.api, path, (now) => checkOf(now, 'mass-balance') === 'warn');
    expect(more.headline).to.equal('warning');
  });

  it('are certified for as much as the certifier says', async () => {
    const dore = await declared(mine);
    const about = grading({ kind: 'lot', lotId: dore }, { type: 'assay', covers: 50_000 });
    await certify(lab.api, about);
    await until('the certificate stands at the lot', async () => (await lotOf(dore)).certificates.length === 1);
    const [certificate] = (await lotOf(dore)).certificates;
    expect(certificate.certifier.handle).to.equal('gem-lab');
    expect(certificate.statement.covers).to.equal(50_000);
  });

  it('come back of a piece that was melted once, at most as its record says', async () => {
    const { alloy } = await supplied(10_000);
    const path = await registered(ring('To be melted', alloy));
    const { tokenId } = await anchored(ledger.api, path);
    const act = { act: 'return-piece', piece: path };
    const bring =
      (wish: object, by = maker) =>
      () =>
        by.api.post('/api/v1/acts', wish);
    await refused(bring(act), 422, 'invalid-act');
    await melt(tokenId);
    await refused(bring(act, mine), 403, 'not-owner');
    await refused(bring({ ...act, parts: [{ mass: 0, quantity: 3_001 }] }), 422, 'invalid-act');
    const [back = ''] = await madeBy(await acted(maker, act));
    const lot = await lotOf(back);
    expect(lot).to.deep.include({ operation: 'returned', returned: tokenId, quantity: 3_000, fineness: 750_000 });
    expect(lot.statement).to.equal(null);
    const { body } = await refused(bring(act), 422, 'invalid-act');
    expect(body.detail).to.contain('returned as lots already');
  });

  /** By the maker's key, straight to the contract. */
  async function melt(tokenId: string): Promise<void> {
    const parts = ledger.service.ledger;
    const { chainId, lifeEvents } = parts.chain;
    const piece = await parts.chain.pieceOf(tokenId);
    const key = await permittedKey(parts, maker.organisation, PERMISSION.transfer);
    const deadline = 2 ** 47;
    const contentHash = `0x${'0'.repeat(64)}`;
    const message = {
      tokenId,
      kind: LIFE_KINDS.melted,
      contentHash,
      moves: piece?.moves,
      events: piece?.events,
      deadline,
    };
    const type = 'uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline';
    const signature = await signAs(parts, maker.organisation, key, {
      domain: { name: 'Touchstone Life Events', version: '1', chainId, verifyingContract: lifeEvents },
      types: {
        End: type
          .split(',')
          .map((pair) => ({ type: pair.split(' ')[0] as string, name: pair.split(' ')[1] as string })),
      },
      primaryType: 'End',
      message,
    });
    const authorization = { key: key.address, deadline, signature };
    const data = contractInterface('LifeEvents').encodeFunctionData('end', [
      tokenId,
      LIFE_KINDS.melted,
      contentHash,
      authorization,
    ]);
    await sendDirectly(ledger, data, undefined, lifeEvents);
  }

  it('say nothing on passports of pieces without lots', async () => {
    const path = await registered(statement('Plain'));
    const seen = await anchored(ledger.api, path);
    expect(seen.lots).to.equal(null);
    expect(seen.checks.map(({ name }: Json) => name)).not.to.include('mass-balance');
    expect((await passport(ledger.api, path)).headline).to.equal('genuine-record');
  });
});
