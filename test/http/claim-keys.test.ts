// Pieces that are born with a claim card: the key goes in by JSON, CSV and NDJSON and comes out proven; a key opens one
// piece; a secret that is sent by mistake is refused and leaves nothing.
import { expect } from 'chai';
import { Contract, JsonRpcProvider } from 'ethers';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { serviceFile } from '../../src/client.ts';
import { cardKey, cardSecret, printedSecret } from '../../src/core/card.ts';
import { cardUrl } from '../../src/core/card-address.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import { leafBytes, verifyProof, ZERO_ADDRESS } from '../../src/core/merkle.ts';
import { registerDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  freshKey,
  type Json,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { ownBatch } from '../support/own-batch.ts';
import { until } from '../support/raw-chain.ts';

const HEADER = 'title,kind,metal_1';
let drawn = 0;
const freshSecret = () => {
  drawn += 1;
  return cardSecret(Uint8Array.from({ length: 16 }, (_, i) => drawn + 7 * i));
};
const freshCard = () => cardKey(freshSecret()).address;

describe('a piece with a claim card', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let other: Admitted;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    other = await ledger.admit('atelier-sol');
  });
  after(() => ledger.stop());

  const rpcUrl = () => serviceFile(ledger.config).rpcUrl;
  const add = (body: object, by = maker) => by.api.post('/api/v1/pieces', body);
  const send = (body: string, format: 'csv' | 'ndjson', by = maker) =>
    by.api.raw(`/api/v1/imports?format=${format}`, {
      method: 'POST',
      headers: {
        'content-type': format === 'csv' ? 'text/csv' : 'application/x-ndjson',
        'idempotency-key': freshKey(),
      },
      body,
    });
  const imported = async (body: string, format: 'csv' | 'ndjson' = 'csv', by = maker): Promise<Json> => {
    const reply = await send(body, format, by);
    expect(reply.status, reply.text).to.equal(202);
    let job: Json;
    await until('the import has ended', async () => {
      job = (await by.api.get(`/api/v1/imports/${reply.body.id}`)).body;
      return job.state === 'done' || job.state === 'failed';
    });
    return job;
  };
  const pathsOf = async (job: Json): Promise<string[]> =>
    (await maker.api.get(`/api/v1/imports/${job.id}/pieces`)).body.items.map((item: Json) => item.path);
  /** What the evidence file says the card is, after the leaf was proven with that key and with no other, here and there. */
  async function provenKey(path: string): Promise<string> {
    await anchored(ledger.api, path);
    const evidence = (await ledger.api.get(`/api/v1/pieces${path}/evidence`)).body;
    const { header, index, claimKey, extra, proof } = evidence.batch;
    const { recordHash } = (await ledger.api.get(`/api/v1/pieces${path}`)).body;
    const provider = new JsonRpcProvider(rpcUrl());
    const pieces = new Contract(evidence.chain.pieces, contractInterface('Pieces'), provider);
    const stranger = freshCard();
    for (const key of [claimKey, stranger]) {
      const leaf = leafBytes({ organisation: header.organisation, index, recordHash, claimKey: key, extra });
      expect(verifyProof(leaf, proof, header.root)).to.equal(key === claimKey);
      const onChain = await pieces['verifyRecord']?.(header, index, recordHash, key, extra, proof);
      expect(onChain).to.equal(key === claimKey);
    }
    provider.destroy();
    return claimKey;
  }

  describe('is registered', () => {
    it('by JSON, CSV and NDJSON, published or not; the evidence file carries its key, and the leaf proves it', async () => {
      const keys = Array.from({ length: 5 }, freshCard) as [Hex32, Hex32, Hex32, Hex32, Hex32];
      const record = statement('By JSON');
      const published = await add({ record, claimKey: keys[0] });
      expect(published.status, published.text).to.equal(202);
      expect(published.body.claimKey).to.equal(keys[0]);
      const rootOnly = await add({ record, mode: 'root-only', claimKey: keys[1].toUpperCase().replace('0X', '0x') });
      const csv = await imported(`${HEADER},claim_key\nA,ring,gold,${keys[2]}\nB,ring,gold,\nC,ring,gold,${keys[3]}\n`);
      expect(csv).to.include({ accepted: 3, rejected: 0 });
      const line = JSON.stringify({ record: statement('D'), claimKey: keys[4] });
      const ndjson = await imported(`${line}\n${JSON.stringify(statement('E'))}\n`, 'ndjson');
      expect(ndjson).to.include({ accepted: 2, rejected: 0 });
      const paths = [published.body.path, rootOnly.body.path, ...(await pathsOf(csv)), ...(await pathsOf(ndjson))];
      const found = [];
      for (const path of paths) found.push(await provenKey(path));
      expect(found).to.deep.equal([keys[0], keys[1], keys[2], ZERO_ADDRESS, keys[3], keys[4], ZERO_ADDRESS]);
    });

    it('without one if the key is left out or zero', async () => {
      const replies = [
        await add({ record: statement('None') }),
        await add({ record: statement('Zero'), claimKey: ZERO_ADDRESS }),
      ];
      for (const reply of replies) {
        expect(reply.status).to.equal(202);
        expect(reply.body).not.to.have.property('claimKey');
        expect(await provenKey(reply.body.path)).to.equal(ZERO_ADDRESS);
      }
    });
  });

  describe('is the same piece', () => {
    const code = { gtin: '09506000134352', serial: 'SAME' };
    const key = freshCard();

    it('with the same code, record and key; with another key, or none, it is another one, and refused', async () => {
      const record = { ...statement('Same'), code };
      const first = await add({ record, claimKey: key });
      expect(first.status).to.equal(202);
      const again = await add({ record, claimKey: key });
      expect(again.body.path).to.equal(first.body.path);
      expect(again.status).to.equal(202);
      for (const claimKey of [freshCard(), undefined]) {
        const reply = await add({ record, claimKey });
        expect(reply.status).to.equal(409);
        expect(reply.body.code).to.equal('code-taken');
        expect(reply.body.detail).to.match(/with another claim card, or none/);
      }
      expect(await ledger.sql('SELECT 1 FROM pieces WHERE path = $1', first.body.path)).to.have.length(1);
    });

    it('in a file as well: repeated, or told by the column of the key', async () => {
      const row = (claimKey: string) => `Same row,ring,gold,09506000134352,ROW,${claimKey}`;
      const rowKey = freshCard();
      const rows = [row(rowKey), row(rowKey), row(freshCard()), row('')].join('\n');
      const job = await imported(`${HEADER},gtin,serial,claim_key\n${rows}\n`);
      expect(job).to.include({ accepted: 1, repeated: 1, rejected: 2 });
      for (const problem of job.problems) {
        expect(problem.faults).to.deep.equal([
          {
            field: 'claim_key',
            reason: 'differs: you registered this record under this code with another card, or none',
          },
        ]);
      }
    });
  });

  describe('never shares its key', () => {
    it('with one stored before, one’s own or another’s; whose that is, only its own organisation is told', async () => {
      const claimKey = freshCard();
      const first = await add({ record: statement('First'), claimKey });
      const before = await ledger.stored();
      const again = await add({ record: statement('Second'), claimKey });
      expect(again.status).to.equal(409);
      expect(again.body.code).to.equal('claim-key-taken');
      expect(again.body.errors[0].reason).to.equal(
        `is that of ${first.body.path} already: one card must not open two pieces`,
      );
      const theirs = await add({ record: statement('Third'), claimKey }, other);
      expect(theirs.body.code).to.equal('claim-key-taken');
      expect(theirs.text).to.contain('is that of another piece already').and.not.contain(first.body.path);
      expect(await ledger.stored()).to.deep.equal(before);
    });

    it('with another row of its file, or one of a file before', async () => {
      const claimKey = freshCard();
      const rows = ['One', 'Two'].map((title) => `${title},ring,gold,${claimKey}`).join('\n');
      const job = await imported(`${HEADER},claim_key\n${rows}\n`);
      expect(job).to.include({ accepted: 1, rejected: 1 });
      expect(job.problems[0]).to.deep.include({ row: 2 });
      expect(job.problems[0].faults[0].field).to.equal('claim_key');
      expect(job.problems[0].faults[0].reason).to.match(/^is that of \/p\/atelier-lune\/\w+ already/);
      const later = await imported(`${JSON.stringify({ record: statement('x'), claimKey })}\n`, 'ndjson');
      expect(later).to.include({ accepted: 0, rejected: 1 });
      expect(later.problems[0].faults[0].field).to.equal('claimKey');
    });

    it('when two ask for it at the same moment: one gets it', async () => {
      const claimKey = freshCard();
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, i) => add({ record: statement(`At once ${i}`), claimKey })),
      );
      expect(replies.map((reply) => reply.status).sort()).to.deep.equal([202, ...Array(7).fill(409)]);
    });

    it('with one from the chain, where keys may stand twice: those pieces are shown as they are, and hold their keys', async () => {
      const [mine, twice] = [freshCard(), freshCard()];
      await add({ record: statement('Mine'), claimKey: mine });
      const records = ['D1', 'D2', 'D3', 'D4'].map((serial) => ({
        ...statement(serial),
        code: { gtin: '09506000134352', serial },
      }));
      const claimKeys = [twice, twice, mine, ZERO_ADDRESS];
      const batch = ownBatch(maker.organisation, records, { claimKeys });
      await registerDirectly(ledger, maker.organisation, batch);
      const found: string[] = [];
      for (const { code } of records) found.push(await provenKey(`/01/${code.gtin}/21/${code.serial}`));
      expect(found).to.deep.equal(claimKeys);
      for (const claimKey of [mine, twice])
        expect((await add({ record: statement('Late'), claimKey })).body.code).to.equal('claim-key-taken');
    });

    it('and gives it back when its row is refused for another reason', async () => {
      const claimKey = freshCard();
      const taken = { ...statement('Taken'), code: { gtin: '09506000134352', serial: 'TAKEN' } };
      await add({ record: taken });
      const refused = await add({ record: { ...taken, title: 'Another' }, claimKey });
      expect(refused.body.code).to.equal('code-taken');
      expect((await add({ record: statement('Free again'), claimKey })).status).to.equal(202);
    });
  });

  it('takes no key that is none, and does not repeat what was sent', async () => {
    const right = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    const privateKey = `0x${'ab'.repeat(32)}`;
    for (const claimKey of ['', '0x', right.replace('aA', 'Aa'), privateKey, 7, null]) {
      const reply = await add({ record: statement('Bad key'), claimKey });
      expect(reply.status, String(claimKey)).to.equal(400);
      expect(reply.body.errors[0].field).to.equal('claimKey');
      if (String(claimKey).length > 2) expect(reply.text).not.to.contain(String(claimKey));
    }
    const job = await imported(`${HEADER},claim_key\nBad,ring,gold,${right.replace('aA', 'Aa')}\n`);
    expect(job.problems[0].faults[0].reason).to.match(/EIP-55/);
    const lines = [
      { record: statement('x'), claimKey: '0x' },
      { record: statement('x'), claimKey: {}, mode: 1 },
      { record: [] },
    ].map((line) => JSON.stringify(line));
    expect(await imported(`${lines.join('\n')}\n`, 'ndjson')).to.include({ accepted: 0, rejected: 3 });
  });

  describe('whose secret is sent by mistake', () => {
    const secret = freshSecret();
    const code = { gtin: '09506000134352', serial: 'SECRET' };
    const url = () => cardUrl(ledger.url, code, secret);
    /** Every text and byte the database keeps. */
    async function keeps(text: string): Promise<boolean> {
      const tables = await ledger.sql<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
      );
      const hex = Buffer.from(text).toString('hex');
      for (const { name } of tables) {
        const rows = await ledger.sql(
          `SELECT 1 FROM ${name} AS t WHERE t::text ILIKE $1 OR t::text ILIKE $2 LIMIT 1`,
          `%${text}%`,
          `%${hex}%`,
        );
        if (rows.length > 0) return true;
      }
      return false;
    }
    async function refusedAndForgotten(reply: Json): Promise<void> {
      const problem = reply.body ?? {};
      expect(reply.status, reply.text).to.equal(400);
      if (problem.code !== undefined) expect(problem.code).to.equal('secret-sent');
      expect(reply.text).to.match(/holds the secret of a claim card, .*\. Nothing of it was kept/);
      for (const form of [secret, printedSecret(secret), secret.toLowerCase()]) {
        expect(reply.text).not.to.contain(form);
        expect(await keeps(form), form).to.equal(false);
      }
    }

    it('as the key, in the record, in any other call: refused, and nothing is kept', async () => {
      expect(await keeps('atelier-lune'), 'the search finds what is there').to.equal(true);
      await refusedAndForgotten(await add({ record: statement('x'), claimKey: secret }));
      await refusedAndForgotten(await add({ record: { ...statement('x'), story: `Card: ${printedSecret(secret)}.` } }));
      await refusedAndForgotten(await add({ record: { ...statement('x'), links: [{ url: url() }] } }));
      await refusedAndForgotten(await maker.api.post('/api/v1/transfers', { path: url(), to: freshCard() }));
      const key = { 'idempotency-key': secret };
      await refusedAndForgotten(await maker.api.post('/api/v1/pieces', { record: statement('x') }, key));
    });

    it('in an address: refused to programs and on a page', async () => {
      for (const path of [
        `/find?code=${encodeURIComponent(url())}`,
        `/find?code=${printedSecret(secret).replaceAll('-', '+')}`,
        `/api/v1/pieces?search=${secret}`,
        `/claim/01/${code.gtin}/21/${code.serial}/${secret}`,
      ]) {
        await refusedAndForgotten(await maker.api.get(path));
        await refusedAndForgotten(await maker.api.get(path, { accept: 'text/html' }));
      }
    });

    it('in a file, at its end or cut by a chunk’s: refused, and no chunk of it is kept', async () => {
      const rows = (count: number) => 'Row,ring,gold\n'.repeat(count);
      const mebibyte = Math.floor((1024 * 1024 - HEADER.length) / 14);
      for (const file of [
        `row,title,path,secret,url\n1,A,/p/a,${printedSecret(secret)},${url()}\n`,
        `${HEADER}\n${rows(100)}${secret},ring,gold\n`,
        `${HEADER}\n${rows(2 * mebibyte)}${secret}`,
        `${'x'.repeat(1024 * 1024 - 15)} ${secret} ${rows(mebibyte)}`,
      ]) {
        await refusedAndForgotten(await send(file, 'csv'));
      }
      expect(await ledger.sql('SELECT 1 FROM import_chunks')).to.have.length(0);
    });
  });

  it('is described in the API: the key, and how a request and a conflict are told', async () => {
    const document = (await ledger.api.get('/openapi.json')).body;
    const body = document.paths['/api/v1/pieces'].post.requestBody.content['application/json'].schema;
    expect(body.properties.claimKey).to.include({ type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' });
    expect(body.required).to.deep.equal(['record']);
    expect(document.components.schemas.Problem.properties.code.enum).to.include.members([
      'claim-key-taken',
      'secret-sent',
    ]);
  });
});
