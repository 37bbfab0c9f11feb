// Passports, pages and histories of pieces that have lived, by transactions to the real contracts past the service: work
// that changed them, reports, recalls, recovery, the end. Dropped and rebuilt, all of it is the same to the byte.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import { type Hex32, utf8 } from '../../src/core/hash.ts';
import { LIFE_KINDS, type LifeKind } from '../../src/core/life.ts';
import { canonicalLifeStatement, type LifeStatement, lifeStatementHash } from '../../src/core/life-statement.ts';
import { startInfrastructure } from '../../src/infrastructure.ts';
import { permittedKey, signAs } from '../../src/ledger/accounts.ts';
import { passportOf } from '../../src/ledger/find.ts';
import { lifeStatements, noteLifeStatement } from '../../src/ledger/life-statements.ts';
import { PERMISSION } from '../../src/ledger/organisations.ts';
import { dropIndex, rebuildIndex } from '../../src/ledger/reindex.ts';
import type { Ledger } from '../../src/ports.ts';
import { layFoundation } from '../../src/service.ts';
import { sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { lifeStatement } from '../support/life.ts';
import { flat, mainText, readText, withoutFold } from '../support/page-text.ts';
import { until } from '../support/raw-chain.ts';

const life = contractInterface('LifeEvents');
const certificates = contractInterface('Certificates');
const FAR = 4_102_444_800;
const ZERO = `0x${'0'.repeat(64)}`;
const HEIR = `0x${'4e'.repeat(20)}`;
const fieldsOf = (fields: string) =>
  fields.split(',').map((field) => {
    const [type = '', name = ''] = field.split(' ');
    return { name, type };
  });
const TYPES = {
  OwnerAct: fieldsOf('uint256 tokenId,uint8 kind,uint24 moves,uint24 events,uint48 deadline'),
  End: fieldsOf('uint256 tokenId,uint8 kind,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline'),
  Record: fieldsOf(
    'uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline',
  ),
  Notice: fieldsOf(
    'uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,string words,uint24 moves,uint24 events,uint48 deadline',
  ),
  BatchNotice: fieldsOf('uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48 deadline'),
  Recovery: fieldsOf(
    'uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline',
  ),
};

describe('passports of pieces that have lived', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let bench: Admitted;
  let court: Admitted;
  const paths: Record<string, string> = {};

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    bench = await ledger.admit('bench-sud', [], ['service']);
    court = await ledger.admit('court-ouest', [], ['arbiter']);
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  async function made(title: string): Promise<string> {
    const path = await register(maker.api, statement(title));
    await anchored(ledger.api, path);
    paths[title] = path;
    return path;
  }

  const shown = (path: string): Promise<Json> => passport(ledger.api, path);
  const pageOf = async (path: string) => (await ledger.api.get(path, { accept: 'text/html' })).text;
  const resultOf = ({ checks }: Json, name: string) => checks.find((one: Json) => one.name === name)?.result;

  async function signed(by: Admitted, permission: number, name: keyof typeof TYPES, message: object): Promise<object> {
    const { chain } = ledger.service.ledger;
    const key = await permittedKey(ledger.service.ledger, by.organisation, permission);
    const data = {
      domain: {
        name: 'Touchstone Life Events',
        version: '1',
        chainId: chain.chainId,
        verifyingContract: chain.lifeEvents,
      },
      types: { [name]: TYPES[name] },
      primaryType: name,
      message: { ...message, deadline: FAR },
    };
    const signature = await signAs(ledger.service.ledger, by.organisation, key, data);
    return { key: key.address, deadline: FAR, signature };
  }

  const toLife = (name: string, ...args: unknown[]) =>
    sendDirectly(ledger, life.encodeFunctionData(name, args), undefined, ledger.service.ledger.chain.lifeEvents);

  async function countersOf(path: string): Promise<{ tokenId: string; moves: number; events: number }> {
    const { tokenId, timeline, keeper } = await shown(path);
    const events = timeline.filter(({ kind }: Json) => kind === 'life').length;
    return { tokenId, moves: keeper.number - 1, events };
  }

  /** By the maker, who owns these pieces. */
  async function byOwner(path: string, kind: LifeKind, call: (consent: object, tokenId: string) => Promise<unknown>) {
    const message = { ...(await countersOf(path)), kind: LIFE_KINDS[kind] };
    await call(await signed(maker, PERMISSION.transfer, 'OwnerAct', message), message.tokenId);
    await seen(path, message.events + 1);
  }

  async function recorded(path: string, kind: LifeKind, contentHash: string): Promise<void> {
    const message = {
      ...(await countersOf(path)),
      kind: LIFE_KINDS[kind],
      organisation: bench.organisation,
      contentHash,
    };
    const both = [
      await signed(bench, PERMISSION.serve, 'Record', message),
      await signed(maker, PERMISSION.transfer, 'Record', message),
    ];
    await toLife('record', message.tokenId, message.kind, bench.organisation, contentHash, ...both);
    await seen(path, message.events + 1);
  }

  async function noticed(path: string, kind: LifeKind, words: string, contentHash = ZERO): Promise<void> {
    const { organisation } = maker;
    const message = { ...(await countersOf(path)), kind: LIFE_KINDS[kind], organisation, contentHash, words };
    const consent = await signed(maker, PERMISSION.state, 'Notice', message);
    const { header, index } = await memberOf(path);
    await toLife('notice', header, index, message.kind, organisation, contentHash, words, consent);
    await seen(path, message.events + 1);
  }

  async function memberOf(path: string): Promise<Json> {
    return (await ledger.api.get(`/api/v1/pieces${path}/evidence`)).body.batch;
  }

  /** Passports are remembered for a second. */
  const seen = (path: string, events: number) =>
    until('the passport tells of it', async () => (await countersOf(path)).events >= events);

  async function posted(of: LifeStatement): Promise<Hex32> {
    const text = canonicalLifeStatement(of);
    const data = certificates.encodeFunctionData('postContent', [utf8(text)]);
    await sendDirectly(ledger, data, undefined, ledger.service.ledger.chain.certificates);
    return lifeStatementHash(text);
  }

  it('tells of work with the owner’s consent, in its maker’s words, and shows the piece as it is now', async () => {
    const path = await made('Worked on');
    const { tokenId } = await shown(path);
    const stone = { ...statement('').materials[1], caratThousandths: 500, clarity: 'VVS1' };
    const changes = { materials: [{ action: 'replaced', material: 1, with: stone }] };
    const hash = await posted(lifeStatement('stone-replaced', { words: 'A new stone for a chipped one.', changes }));
    await recorded(path, 'service', ZERO);
    await recorded(path, 'stone-replaced', hash);
    const told = await shown(path);
    expect(told).to.include({ headline: 'genuine-record', tokenId });
    expect(told.timeline.map(({ kind, event, number }: Json) => [kind, event, number])).to.deep.equal([
      ['registered', undefined, undefined],
      ['life', 'service', 1],
      ['life', 'stone-replaced', 2],
    ]);
    expect(told.timeline[2]).to.deep.include({
      by: { address: bench.organisation, handle: 'bench-sud' },
      outcome: 'changed',
      contentHash: hash,
      final: true,
    });
    expect(told.present.record.materials[1]).to.include({ caratThousandths: 500, clarity: 'VVS1' });
    expect(told.present.materialsBy).to.deep.equal([null, 2]);
    expect(told.record.materials[1].caratThousandths).to.equal(510);
    const page = readText(withoutFold(await pageOf(path)));
    for (const words of ['As it is now', 'A stone replaced by The bench-sud', 'A new stone for a chipped one.'])
      expect(page).to.contain(words);
    const history = (await ledger.api.get(`/api/v1/pieces${path}/history`)).body;
    expect(history.timeline).to.deep.equal(told.timeline);
    expect(history.standing).to.deep.equal(told.standing);
  });

  it('takes a statement that is filed here and not posted, and says where one is not known', async () => {
    const path = await made('Filed');
    const filed = lifeStatement('resizing', { changes: { dimensions: { ringSize: { system: 'eu', value: '56' } } } });
    const text = canonicalLifeStatement(filed);
    await recorded(path, 'resizing', lifeStatementHash(text));
    expect((await shown(path)).timeline[1]).to.deep.include({ outcome: 'statement-unknown', statement: null });
    const { db } = ledger.service.ledger;
    const hash = await db.transaction((sql) => noteLifeStatement(sql, text));
    expect([...(await lifeStatements(db, [hash, ZERO as Hex32]))]).to.deep.equal([[hash, filed]]);
    await until('the passport has it', async () => (await shown(path)).timeline[1].outcome === 'changed');
    expect((await shown(path)).present.record.dimensions.ringSize.value).to.equal('56');
  });

  it('warns of a theft its owner reported, and until when it stays where it is', async () => {
    const path = await made('Stolen');
    await byOwner(path, 'reported-stolen', (consent, tokenId) => toLife('report', tokenId, 30, consent));
    const told = await shown(path);
    expect(told.headline).to.equal('warning');
    expect([resultOf(told, 'not-reported'), resultOf(told, 'not-locked')]).to.deep.equal(['warn', 'pass']);
    expect(told.standing.reported).to.deep.equal([
      { what: 'stolen', by: 'owner', owner: 1, since: told.timeline[1].at },
    ]);
    const page = await pageOf(path);
    const verdict = flat(mainText(`<main>${/<section class="verdict[\s\S]*?<\/section>/.exec(page)?.[0]}</main>`));
    expect(verdict).to.match(/Its owner reported it stolen on \d+ \w+ 20\d\d\. Do not buy it\./);
  });

  it('warns of a registration that was withdrawn, and of a whole batch recalled until that is lifted', async () => {
    const path = await made('Withdrawn');
    await noticed(path, 'registration-withdrawn', 'Registered <i>twice</i>.');
    const told = await shown(path);
    expect([told.headline, resultOf(told, 'registration-stands')]).to.deep.equal(['warning', 'warn']);
    expect(told.standing.withdrawn[0]).to.deep.include({ of: 'piece', words: 'Registered <i>twice</i>.' });
    expect(await pageOf(path)).to.contain('Registered &lt;i&gt;twice&lt;/i&gt;.');

    const recalled = await made('Recalled');
    const { header } = await memberOf(recalled);
    const batchId = (BigInt((await shown(recalled)).tokenId) >> 32n).toString();
    for (const [events, kind, words] of [
      [0, 40, 'The clasp may open.'],
      [1, 41, 'It does not.'],
    ] as const) {
      const message = { batchId, kind, organisation: maker.organisation, words, events };
      const consent = await signed(maker, PERMISSION.state, 'BatchNotice', message);
      await toLife('noticeBatch', header, kind, maker.organisation, words, consent);
      await until('the passport tells', async () => (await shown(recalled)).timeline.length === 2 + events);
      const { headline, standing } = await shown(recalled);
      expect([headline, standing.recalled.length]).to.deep.equal(events === 0 ? ['warning', 1] : ['genuine-record', 0]);
      if (events === 0) expect(readText(await pageOf(recalled))).to.contain('recalled the whole batch');
    }
  });

  it('corrects a record beside it', async () => {
    const path = await made('Corrected');
    const corrections = [{ path: '/materials/0/fineness', value: 585, why: 'Another order was read.' }];
    const hash = await posted(lifeStatement('corrected', { corrections }));
    await noticed(path, 'corrected', 'Wrong fineness.', hash);
    const { present, record, headline } = await shown(path);
    expect(headline).to.equal('genuine-record');
    expect([record.materials[0].fineness, present.record.materials[0].fineness]).to.deep.equal([750, 585]);
    expect(present.corrected).to.deep.equal(present.record);
  });

  it('warns while a lost key is being replaced, and not any more when its owner is there', async () => {
    const path = await made('Recovering');
    await byOwner(path, 'recovery-allowed', (consent, tokenId) => toLife('allowRecovery', tokenId, true, consent));
    expect((await shown(path)).standing.recovery).to.deep.equal({ allowed: true, underWay: null });
    const [organisation, arbiter, words] = [maker.organisation, court.organisation, 'Burnt'];
    const message = { ...(await countersOf(path)), from: maker.organisation, to: HEIR, organisation, arbiter, words };
    const both = [
      await signed(maker, PERMISSION.state, 'Recovery', message),
      await signed(court, PERMISSION.arbitrate, 'Recovery', message),
    ];
    const { header, index } = await memberOf(path);
    await toLife('beginRecovery', header, index, HEIR, organisation, arbiter, words, ...both);
    await seen(path, 2);
    const told = await shown(path);
    expect([told.headline, resultOf(told, 'no-recovery-under-way')]).to.deep.equal(['warning', 'warn']);
    expect(told.standing.recovery.underWay).to.deep.include({ to: HEIR, words });
    expect((await pageOf(path)).toLowerCase()).to.not.contain(HEIR.slice(2));
    await recorded(path, 'service', ZERO);
    expect((await shown(path)).headline).to.equal('genuine-record');
  });

  it('warns of a piece that is no more', async () => {
    const path = await made('Melted');
    const message = { ...(await countersOf(path)), kind: 50, contentHash: ZERO };
    await toLife('end', message.tokenId, 50, ZERO, await signed(maker, PERMISSION.transfer, 'End', message));
    await seen(path, 1);
    const told = await shown(path);
    expect([told.headline, resultOf(told, 'in-existence'), told.standing.ended.how]).to.deep.equal([
      'warning',
      'warn',
      'melted',
    ]);
  });

  it('costs as many queries as the passport of a piece that nothing happened to', async () => {
    const { db, chain } = ledger.service.ledger;
    const queriesOf = async (title: string) => {
      let queries = 0;
      const counting = {
        query: (...args: Parameters<typeof db.query>) => {
          queries += 1;
          return db.query(...args);
        },
      } as typeof db;
      await passportOf(counting, chain, codeOfPath(paths[title] as string) as PieceCode);
      return queries;
    };
    await made('Untouched');
    expect(await queriesOf('Worked on')).to.equal(await queriesOf('Untouched'));
  });

  it('is the same to the byte after the index was dropped and rebuilt', async () => {
    const texts = async ({ db, chain }: Ledger) => {
      const all = Object.entries(paths).map(async ([title, path]) => [
        title,
        JSON.stringify(await passportOf(db, chain, codeOfPath(path) as PieceCode)),
      ]);
      return Object.fromEntries(await Promise.all(all));
    };
    await ledger.stop();
    const { service, config } = ledger;
    const infrastructure = await startInfrastructure(config, service.log, () => {});
    const wish = { publicUrl: 'http://x', nudge: () => {} };
    const foundation = await layFoundation(config, infrastructure, service.log, () => {}, wish);
    try {
      const told = await texts(foundation.ledger);
      expect(Object.keys(told)).to.have.length(9);
      await dropIndex(foundation.ledger);
      const posted = `DELETE FROM certificate_contents WHERE content NOT LIKE '%resizing%' RETURNING 1`;
      expect(await foundation.ledger.db.query(posted), 'what was posted is on the chain').to.have.length(2);
      await rebuildIndex(foundation.ledger, () => {});
      expect(await texts(foundation.ledger)).to.deep.equal(told);
    } finally {
      await foundation.stop();
      await infrastructure.stop();
    }
  });
});
