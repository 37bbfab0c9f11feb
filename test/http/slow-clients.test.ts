// Who sends a byte at a time, never reads, or takes all connections: is cut off by a limit, and everybody else is served
// meanwhile. The limits are made short here; those of production stand in src/http/server.ts.
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { PATIENCE } from '../../src/http/server.ts';
import {
  type Admitted,
  type Api,
  clientOf,
  freshKey,
  type Json,
  startLedger,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { type RawReply, rawConnection } from '../support/raw-http.ts';

const SHORT = { headersMs: 400, jsonMs: 500, requestMs: 1_200, idleMs: 1_500, answerMs: 2_500, checkMs: 50 };
const CONNECTIONS_OF_ONE = 40;
const PIPELINED = 300;

describe('who takes his time', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let big: number;
  before(async () => {
    // A large file may take its time, so it is sent before the limits are short.
    ledger = await startLedger({ DATA_DIR: dataDir });
    const admitted = await ledger.admit('atelier-lune', ['9506000']);
    big = await importOfBadRows(admitted.api);
    await ledger.stop();
    ledger = await startLedger(
      { DATA_DIR: dataDir, TRUSTED_PROXIES: 'none' },
      { patience: { ...SHORT, connectionsOfOne: CONNECTIONS_OF_ONE } },
    );
    maker = { ...admitted, api: clientOf(ledger.url, admitted.apiKey) };
  });
  after(async () => {
    await ledger.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Its file of bad rows has more bytes than the sockets between two processes hold. */
  const importOfBadRows = async (api: Api): Promise<number> => {
    const row = `${'x'.repeat(8_000)},spaceship,gold`;
    const body = `title,kind,metal_1\n${Array(2_500).fill(row).join('\n')}\n`;
    const headers = { 'content-type': 'text/csv', 'idempotency-key': freshKey() };
    const { body: job } = await api.raw('/api/v1/imports?format=csv', { method: 'POST', headers, body });
    await until('the rows are refused', async () => {
      return (await api.get(`/api/v1/imports/${job.id}`)).body.state === 'done';
    });
    return job.id;
  };
  /** On a connection of its own: one that is kept may be closed for idleness just as it is used. */
  const got = async (path: string, tries = 3): Promise<RawReply> => {
    const connection = await rawConnection(ledger.url);
    const reply = await connection.ask(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    connection.close();
    // While slow ones are being hung up on, a connection may be closed before it was heard: asked again, it is not.
    if (reply === 'closed' && tries > 1) return got(path, tries - 1);
    if (typeof reply === 'string') throw new Error(`${path}: ${reply}`);
    return reply;
  };
  const served = async () => expect((await got('/api/v1/organisations')).status).to.equal(200);
  const closed = (socket: Socket) =>
    new Promise<string>((resolve) => {
      let got = '';
      socket
        .on('data', (chunk) => {
          got += chunk;
        })
        .on('error', () => {})
        .on('close', () => resolve(got));
    });
  const dial = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(ledger.url).port), '127.0.0.1');
      socket.once('connect', () => resolve(socket)).once('error', reject);
    });
  /** A byte at a time, until the other side has had enough. */
  const dripped = async (socket: Socket, bytes: string): Promise<string> => {
    const answer = closed(socket);
    let at = 0;
    const timer = setInterval(() => {
      if (socket.writable) socket.write(bytes[at++ % bytes.length] as string);
    }, 40);
    const got = await answer;
    clearInterval(timer);
    return got;
  };
  const post = (path: string, type: string, key = freshKey()) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${maker.apiKey}\r\nidempotency-key: ${key}\r\ncontent-type: ${type}\r\ncontent-length: 100000\r\n\r\n`;
  const problemIn = (answer: string): Json => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  /** So many answers of the file of bad rows are over, however they ended. */
  const downloads = async (): Promise<number> => {
    const counts = [
      ...(await got('/metrics')).body.matchAll(
        /seconds_count\{[^}]*route="\/api\/v1\/imports\/:id\/rejected"[^}]*\} (\d+)/g,
      ),
    ];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const download = () =>
    `GET /api/v1/imports/${big}/rejected HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${maker.apiKey}\r\n\r\n`;

  it('with headers, thirty at once: 408, a problem; others are served meanwhile', async () => {
    const sockets = await Promise.all(Array.from({ length: 30 }, dial));
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ');
    const answers = Promise.all(sockets.map((socket) => dripped(socket, 'y')));
    await served();
    for (const answer of await answers) {
      expect(answer).to.match(/^HTTP\/1\.1 408 /);
      expect(problemIn(answer)).to.include({ code: 'request-timeout', status: 408 });
    }
  });

  it('with saying anything at all: closed', async () => {
    await closed(await dial());
  });

  it('with the end of a request line, as HTTP/0.9 had none: 408', async () => {
    const socket = await dial();
    socket.write('GET /\r\n');
    expect(await closed(socket)).to.match(/^HTTP\/1\.1 408 /);
  });

  it('with a JSON body: 408, and nothing is done', async () => {
    const before = await ledger.stored();
    const socket = await dial();
    socket.write(post('/api/v1/pieces', 'application/json'));
    const answer = dripped(socket, ' ');
    await served();
    expect(problemIn(await answer)).to.include({ code: 'request-timeout', status: 408 });
    expect(await ledger.stored()).to.deep.equal(before);
  });

  it('with a file: 408; sent again under its Idempotency-Key, it is taken in once', async () => {
    const key = freshKey();
    const socket = await dial();
    socket.write(post('/api/v1/imports?format=csv', 'text/csv', key));
    const answer = dripped(socket, 'x');
    await served();
    expect(problemIn(await answer)).to.include({ code: 'request-timeout', status: 408 });
    const again = await maker.api.raw('/api/v1/imports?format=csv', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': key },
      body: 'title,kind,metal_1\nSlow,ring,gold\n',
    });
    expect(again.status).to.equal(202);
    await until('it is done', async () => {
      return (await maker.api.get(`/api/v1/imports/${again.body.id}`)).body.accepted === 1;
    });
  });

  it('with reading, and reads nothing at all: the answer is given up, others are served meanwhile', async () => {
    const before = await downloads();
    const socket = await dial();
    socket.pause().on('error', () => {});
    socket.write(download());
    await served();
    await until('it is given up', async () => (await downloads()) > before);
    const answer = await closed(socket.resume());
    expect(answer.endsWith('0\r\n\r\n')).to.equal(false);
    await served();
  });

  it('with reading, a little now and then: the answer is given up all the same', async () => {
    const before = await downloads();
    const socket = await dial();
    socket.pause().on('error', () => {});
    socket.write(download());
    const timer = setInterval(() => socket.read(512), 20);
    await until('it is given up', async () => (await downloads()) > before);
    clearInterval(timer);
    socket.destroy();
    await served();
  });

  it('while who reads gets all of it', async () => {
    const { text } = await maker.api.get(`/api/v1/imports/${big}/rejected`);
    expect(text.split('\n')).to.have.length(2_502);
  });

  it('with hundreds of requests sent and not one answer read: given up', async () => {
    const before = await downloads();
    const socket = await dial();
    socket.pause().on('error', () => {});
    socket.write(download().repeat(PIPELINED));
    await served();
    await until('all are given up', async () => (await downloads()) === before + PIPELINED);
    socket.destroy();
    await served();
  });

  it('and opens more connections than one may: those are closed at once, and there is room again when he goes', async () => {
    await until('earlier ones are gone', async () => {
      const connections = await Promise.all(
        Array.from({ length: CONNECTIONS_OF_ONE + 5 }, () => rawConnection(ledger.url)),
      );
      const replies = await Promise.all(
        connections.map((connection) => connection.ask('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')),
      );
      for (const connection of connections) connection.close();
      const answered = replies.filter((reply) => typeof reply !== 'string').length;
      expect(answered).to.be.at.most(CONNECTIONS_OF_ONE);
      return answered === CONNECTIONS_OF_ONE;
    });
    await until('these are gone', () =>
      served().then(
        () => true,
        () => false,
      ),
    );
  });
});

describe('the patience of production', () => {
  it('has room for what is rightly slow: a statement of the database, the largest file, the largest answer', () => {
    expect(PATIENCE.idleMs).to.be.greaterThan(60_000);
    expect(PATIENCE.requestMs).to.be.at.least(300_000);
    expect(PATIENCE.answerMs).to.be.greaterThan(PATIENCE.requestMs);
    expect(PATIENCE.headersMs).to.be.within(5_000, 20_000);
    expect(PATIENCE.connectionsOfOne).to.be.lessThan(PATIENCE.connections);
  });
});
