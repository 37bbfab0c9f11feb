// Owns the sample workshop as an empty ledger makes it: every piece registered, certified and passed on as told, once,
// however often the service was killed meanwhile.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Wallet } from 'ethers';
import { privateOwner } from '../../src/adapters/keys.ts';
import { type CardSecret, cardKey } from '../../src/core/card.ts';
import { readCard } from '../../src/core/card-address.ts';
import { codePath } from '../../src/core/code.ts';
import { toHex } from '../../src/core/hash.ts';
import { SAMPLE_CERTIFICATES, SAMPLE_HALLMARKS } from '../../src/sample/certificates.ts';
import { SAMPLE_PIECES } from '../../src/sample/pieces.ts';
import { makeSample, sampleOf, wantsSample } from '../../src/sample.ts';
import type { SampleCard } from '../../src/sample-card.ts';
import { done } from '../support/acts.ts';
import { spawnCli } from '../support/child-service.ts';
import { clientOf, type Json, startLedger, type TestLedger, temporaryFolder } from '../support/ledger.ts';

/** Passports by title. */
async function passports(url: string, apiKey: string): Promise<Map<string, Json>> {
  const api = clientOf(url, apiKey);
  const { items } = (await api.get('/api/v1/pieces?limit=100')).body;
  const read = await Promise.all(items.map(({ path }: Json) => api.get(`/api/v1/pieces${path}`)));
  return new Map(read.map(({ body }: Json) => [body.record.title, body]));
}

/** Everything there and nothing twice. */
async function expectWhole(url: string, apiKey: string): Promise<void> {
  const found = await passports(url, apiKey);
  expect([...found.keys()]).to.have.members(SAMPLE_PIECES.map(({ statement }) => statement.title));
  for (const piece of SAMPLE_PIECES) {
    const { title } = piece.statement;
    const { timeline, certificates, reports, headline } = found.get(title);
    expect(headline, title).to.equal('genuine-record');
    expect(timeline, title).to.have.length(1 + (piece.sold ?? []).length + (piece.work ? 1 : 0));
    const told = [...SAMPLE_CERTIFICATES, ...SAMPLE_HALLMARKS].filter(({ of }) => of === undefined || of === piece);
    const titles = certificates.map(({ statement }: Json) => statement.title);
    expect(new Set(titles).size, title).to.equal(titles.length);
    for (const { said, holds } of told) {
      if (holds !== 'that-day') expect(titles).to.include(said.title);
    }
    expect(certificates.length).to.be.within(told.length - 1, told.length);
    for (const { named } of reports) expect(named, title).to.equal('this-piece');
  }
}

describe('the sample workshop on a ledger', function () {
  this.timeout(240_000);

  describe('made', () => {
    let ledger: TestLedger;
    let apiKey: string;
    let featured: string;
    let card: SampleCard;
    before(async () => {
      ledger = await startLedger();
      expect(await wantsSample(ledger.service)).to.equal(true);
      const made = await makeSample(ledger.service, ledger.config, () => {});
      apiKey = made.maker.apiKey;
      featured = made.featuredPath;
      card = made.card as SampleCard;
    });
    after(() => ledger.stop());

    it('is whole, and wanted no more', async () => {
      await expectWhole(ledger.url, apiKey);
      expect(await wantsSample(ledger.service)).to.equal(false);
      const [row] = await ledger.sql(`SELECT value FROM settings WHERE name = 'sample'`);
      expect(row.value, 'nobody has the private owners’ keys').to.have.all.keys('state', 'path', 'card');
    });

    it('shows a featured piece with its laboratory’s report, the paper kept, and its evidence', async () => {
      const page = await ledger.api.get(featured);
      expect(page.text.length).to.be.below(60_000);
      expect(page.text).to.contain('Valcendre Gem Laboratory graded the stone on 16 January 2026');
      expect(page.text).to.contain('Bureau de garantie, Valcendre hallmarked this piece');
      const paper = /href="(\/documents\/0x[0-9a-f]{64})"/.exec(page.text)?.[1] ?? '';
      const file = await ledger.api.get(paper);
      expect(file.headers.get('content-type')).to.equal('application/pdf');
      const evidence = await ledger.api.get(`/api/v1/pieces${featured}/evidence`);
      expect(page.text).to.contain(`href="/api/v1/pieces${featured}/evidence"`);
      const name = /filename="([^"]+)"/.exec(evidence.headers.get('content-disposition') ?? '')?.[1];
      expect(page.text).to.contain(`touchstone verify ${name} --registry`);
      const verdict = await ledger.api.post('/api/v1/verify', { evidence: evidence.body });
      expect(verdict.body.headline).to.equal('genuine-record');
    });

    it('shows what was replaced as taken back, struck through, beside what replaced it, and does not warn', async () => {
      const found = await passports(ledger.url, apiKey);
      const spinel = [...found.values()].find(({ record }) => record.title.includes('spinel'));
      expect(spinel.certificates.map(({ standing }: Json) => standing)).to.deep.equal([
        'revoked',
        'in-force',
        'in-force',
      ]);
      const page = (await ledger.api.get(spinel.path)).text;
      expect(page).to.contain('because another certificate replaces it.');
      expect(page).to.contain('1.84 ct for 1.48 ct');
    });

    it('gives a card to whoever runs it, by which a piece can be claimed with no key of the workshop', async () => {
      const { path, file } = card;
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      const read = readCard(readFileSync(file, 'utf8'));
      expect(read.ok && read.code && codePath(read.code)).to.equal(path);
      const signer = privateOwner(toHex(cardKey((read as { secret: CardSecret }).secret).privateKey));
      const to = privateOwner().address;
      const asked = { act: 'claim', piece: path, to };
      const prepared = await ledger.api.post('/api/v1/acts/prepare', asked);
      const { typedData, deadline } = prepared.body.signatures.find(({ signer: who }: Json) => who === 'card');
      const signatures = { card: { signature: await signer.sign(typedData), deadline, key: signer.address } };
      const again = await ledger.api.post('/api/v1/acts/prepare', { ...asked, signatures });
      expect(again.body.signatures.map(({ from }: Json) => from)).to.deep.equal(['brought', 'kept']);
      expect(again.body.refusal).to.equal(null);
      expect(readCard(card.url)).to.deep.equal(read);
      expect((await ledger.api.get(`/claim${path}`)).status).to.equal(200);
    });

    it('tells of the card until it was used', async () => {
      const told = async () => (await sampleOf(ledger.service, ledger.config))?.card;
      expect(await told()).to.deep.equal(card);
      const read = readCard(card.url) as { secret: CardSecret };
      const signer = new Wallet(toHex(cardKey(read.secret).privateKey));
      await done(ledger, { act: 'claim', piece: card.path, to: Wallet.createRandom().address }, { card: signer });
      expect(await told()).to.equal(undefined);
    });

    it('shows a ring as its goldsmith left it, beside what was registered', async () => {
      const found = await passports(ledger.url, apiKey);
      const ring = [...found.values()].find(({ record }) => record.title.startsWith('Signet'));
      const page = (await ledger.api.get(ring.path)).text;
      expect(page).to.contain('Forge du Pont').and.to.contain('Widened by two sizes');
    });

    it('draws a ring from the lot that a refiner declared, no more than was there', async () => {
      const found = await passports(ledger.url, apiKey);
      const ring = [...found.values()].find(({ record }) => record.materials[0].lot);
      const lot = (await ledger.api.get(`/api/v1/lots/${ring.record.materials[0].lot}`)).body;
      expect([lot.by.handle, lot.holder.handle]).to.deep.equal(['affinerie-du-torrent', 'atelier-lune']);
      // 2,430 mg of 750 in a lot of 999.9.
      expect([lot.quantity, lot.quantity - lot.remaining]).to.deep.equal([250_000, 1823]);
    });

    it('is the same when all of it is done again', async () => {
      const counts = `SELECT (SELECT count(*) FROM pieces) AS pieces, (SELECT count(*) FROM moves) AS moves,
        (SELECT count(*) FROM certificates) AS certificates, (SELECT count(*) FROM documents) AS documents,
        (SELECT count(*) FROM lot_events) AS lots, (SELECT count(*) FROM acts) AS acts,
        (SELECT count(*) FROM life_events) AS life, (SELECT count(*) FROM transactions) AS transactions`;
      const before = await ledger.sql(counts);
      await ledger.sql(`UPDATE settings SET value = '{"state":"begun"}' WHERE name = 'sample'`);
      const again = await makeSample(ledger.service, ledger.config, () => {});
      expect(again.featuredPath).to.equal(featured);
      expect(await ledger.sql(counts)).to.deep.equal(before);
    });
  });

  it('is finished by the next start when the service is killed while it registers, certifies and sells', async () => {
    const dataDir = temporaryFolder();
    try {
      for (const moment of [/registering its pieces/, /certifying them/]) {
        const running = spawnCli(['serve'], { DATA_DIR: dataDir });
        await new Promise<void>((resolve, reject) => {
          running.process.stderr?.on('data', () => moment.test(running.stderr()) && resolve());
          void running.ended.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
        });
        running.process.kill('SIGKILL');
        await running.ended;
      }
      const running = spawnCli(['serve'], { DATA_DIR: dataDir });
      const url = await new Promise<string>((resolve, reject) => {
        const look = () => {
          const ready = /^ready (http:\S+)/m.exec(running.stdout())?.[1];
          if (ready) resolve(ready);
        };
        running.process.stdout?.on('data', look);
        void running.ended.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
      });
      await expectWhole(url, readFileSync(join(dataDir, 'api-keys', 'atelier-lune.key'), 'utf8').trim());
      expect(running.stdout()).to.contain(`--secret-file ${join(dataDir, 'sample-card.txt')}`);
      expect(running.stdout()).to.contain(`Keys of its shop and certifiers: in ${join(dataDir, 'api-keys')}`);
      running.process.kill('SIGTERM');
      expect((await running.ended).code).to.equal(0);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
