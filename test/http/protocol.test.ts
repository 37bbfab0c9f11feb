// What is no HTTP, or nearly: every abuse gets a problem or a closed connection, never two answers for one request, and
// nothing behind it is taken for a request of its own.
import { expect } from 'chai';
import { faultsOfAnswer } from '../support/answers.ts';
import { type Admitted, startLedger, type TestLedger } from '../support/ledger.ts';
import { headerOf, type RawOutcome, type RawReply, rawConnection } from '../support/raw-http.ts';

const GET = 'GET /api/v1/organisations HTTP/1.1\r\nhost: x\r\n';

describe('what is no HTTP', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
  });
  after(() => ledger.stop());

  /** Everything that comes back until the connection is closed or nothing more is expected. */
  const answers = async (bytes: string | Buffer, most = 10): Promise<RawOutcome[]> => {
    const connection = await rawConnection(ledger.url);
    const found = [await connection.ask(bytes)];
    while (typeof found.at(-1) !== 'string' && found.length < most) {
      found.push(await connection.next({ withinMs: 300 }));
    }
    connection.close();
    return found;
  };
  const inOrder = (reply: RawOutcome, target = '/api') => {
    expect(reply).to.be.an('object');
    expect(faultsOfAnswer({ method: 'GET', target }, reply as RawReply, [maker.apiKey])).to.deep.equal([]);
    return reply as RawReply;
  };

  const post = (headers: string, body: string) =>
    `POST /api/v1/pieces HTTP/1.1\r\nhost: x\r\nauthorization: Bearer KEY\r\ncontent-type: application/json\r\nidempotency-key: a\r\n${headers}\r\n${body}`;
  const smuggled = 'GET /api/v1/chain HTTP/1.1\r\nhost: x\r\n\r\n';

  /** Each is refused once, and the connection ends: whatever comes behind is never answered. */
  const refused: Record<string, readonly [bytes: string, status: number]> = {
    'a line of nonsense': ['hello\r\n\r\n', 400],
    'HTTP/0.9': ['GET /api/v1/chain\r\n\r\n', 400],
    'HTTP/2 by prior knowledge': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    TLS: ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    'a version nobody has': ['GET / HTTP/9.9\r\nhost: x\r\n\r\n', 400],
    'a method nobody has': ['BREW /pot HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    'a method in lower case': ['get / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    'a space in the address': ['GET /a b HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    'a zero byte in the address': ['GET /a\0b HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    'a zero byte in a header': [`${GET}x: a\0b\r\n\r\n`, 400],
    'a space before the colon': [`${GET}content-length : 5\r\n\r\nhello`, 400],
    'a header folded over two lines': [`${GET}x: a\r\n b\r\n\r\n`, 400],
    'a header without a colon': [`${GET}nothing\r\n\r\n`, 400],
    'a header without a name': [`${GET}: x\r\n\r\n`, 400],
    'headers of 17 KiB': [`${GET}x: ${'y'.repeat(17 * 1024)}\r\n\r\n`, 431],
    'three thousand headers': [`${GET}${'a: b\r\n'.repeat(3_000)}\r\n`, 431],
    'an address of 20 KiB': [`GET /${'a'.repeat(20 * 1024)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    'CL.TE': [post('content-length: 4\r\ntransfer-encoding: chunked\r\n', `0\r\n\r\n${smuggled}`), 400],
    'TE.CL': [post('transfer-encoding: chunked\r\ncontent-length: 4\r\n', `5c\r\n${smuggled}\r\n0\r\n\r\n`), 400],
    'TE.TE, one of them unknown': [
      post('transfer-encoding: chunked\r\ntransfer-encoding: x\r\n', `0\r\n\r\n${smuggled}`),
      400,
    ],
    'an encoding that only looks like chunked': [post('transfer-encoding: xchunked\r\n', `0\r\n\r\n${smuggled}`), 400],
    'two lengths': [post('content-length: 4\r\ncontent-length: 40\r\n', `null${smuggled}`), 400],
    'two lengths in one header': [post('content-length: 4, 40\r\n', `null${smuggled}`), 400],
    'a negative length': [post('content-length: -4\r\n', smuggled), 400],
    'a length with a sign': [post('content-length: +4\r\n', `null${smuggled}`), 400],
    'a length beyond all numbers': [post('content-length: 99999999999999999999\r\n', smuggled), 400],
    'two hosts': [`${GET}host: y\r\n\r\n`, 400],
    'no host': ['GET /api/v1/organisations HTTP/1.1\r\n\r\n', 400],
  };
  for (const [name, [bytes, status]] of Object.entries(refused)) {
    it(`${name}: ${status}, and nothing after it`, async () => {
      const [first, ...more] = await answers(bytes.replace('KEY', maker.apiKey));
      const reply = inOrder(first as RawOutcome);
      expect(reply.status).to.equal(status);
      expect(more.filter((one) => typeof one !== 'string')).to.deep.equal([]);
    });
  }

  /** Known only while the body is read, after the request has begun. */
  const inBody: Record<string, string> = {
    'a chunk size beyond all numbers': 'ffffffffffffffffffff\r\nx',
    'a negative chunk size': '-1\r\nx',
    'a chunk size that is no number': '0x4\r\nnull\r\n0\r\n\r\n',
    'a chunk longer than it says': '2\r\nnull\r\n0\r\n\r\n',
    'a chunk that ends in a bare line feed': '4\r\nnull\n0\r\n\r\n',
    'a chunk that talks about itself at length': `4;${'x'.repeat(20_000)}\r\nnull\r\n0\r\n\r\n`,
  };
  for (const [name, body] of Object.entries(inBody)) {
    it(`${name}: 400 or 413, nothing stored, and nothing after it`, async () => {
      const before = await ledger.stored();
      const [first, ...more] = await answers(
        post('transfer-encoding: chunked\r\n', `${body}${smuggled}`).replace('KEY', maker.apiKey),
      );
      expect(inOrder(first as RawOutcome).status).to.be.oneOf([400, 413]);
      expect(more.filter((one) => typeof one !== 'string')).to.deep.equal([]);
      expect(await ledger.stored()).to.deep.equal(before);
    });
  }

  it('line feeds without carriage returns: refused, or read as the one request they are', async () => {
    const replies = await answers('GET /api/v1/chain HTTP/1.1\nhost: x\n\n');
    expect(replies.filter((one) => typeof one !== 'string')).to.have.length(1);
    expect(inOrder(replies[0] as RawOutcome, '/api').status).to.be.oneOf([200, 400]);
  });

  it('CONNECT: closed, no tunnel', async () => {
    expect(await answers('CONNECT localhost:5432 HTTP/1.1\r\nhost: x\r\n\r\n')).to.deep.equal(['closed']);
  });

  it('an upgrade nobody offers is passed over', async () => {
    const headers = 'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n';
    expect(inOrder((await answers(`${GET}${headers}\r\n`, 1))[0] as RawOutcome).status).to.equal(200);
  });

  it('an address with a host in it means its path, and no other host is asked', async () => {
    const [reply] = await answers('GET http://192.0.2.1/api/v1/chain HTTP/1.1\r\nhost: x\r\n\r\n', 1);
    expect(JSON.parse(inOrder(reply as RawOutcome).body)).to.include({ embedded: true });
    for (const bytes of ['OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n', 'GET ftp://x/%00 HTTP/1.1\r\nhost: x\r\n\r\n']) {
      expect(inOrder((await answers(bytes, 1))[0] as RawOutcome, '/').status).to.be.within(400, 404);
    }
  });

  it('nothing that is written in Host comes back as an address', async () => {
    const [reply] = await answers(
      'GET /find?code=p/atelier-lune/00000000000000000 HTTP/1.1\r\nhost: evil.example\r\n\r\n',
      1,
    );
    const { status, body, headers } = reply as RawReply;
    expect(status).to.be.oneOf([303, 400]);
    expect(JSON.stringify([body, headers])).to.not.contain('evil.example');
  });

  it('Expect: an offer to wait is taken, an unknown wish is passed over', async () => {
    for (const wish of ['100-continue', 'tea']) {
      const bytes = post(`expect: ${wish}\r\ncontent-length: 4\r\n`, 'null').replace('KEY', maker.apiKey);
      expect(inOrder((await answers(bytes, 1))[0] as RawOutcome).status).to.equal(400);
    }
  });

  it('five hundred requests at once on one connection are answered one by one, in order', async () => {
    const connection = await rawConnection(ledger.url);
    const count = 500;
    const paths = Array.from({ length: count }, (_, i) => (i % 2 ? `/api/v1/tokens/x${i}` : '/api/v1/chain'));
    connection.socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(''));
    const ids = new Set<string>();
    for (let i = 0; i < count; i++) {
      const reply = inOrder(await connection.next());
      expect(reply.status).to.equal(i % 2 ? 400 : 200);
      ids.add(headerOf(reply, 'x-request-id') as string);
    }
    expect(ids.size).to.equal(count);
    connection.close();
  });

  it('and the service is well afterwards', async () => {
    expect((await ledger.api.get('/readyz')).status).to.equal(200);
    const { text } = await ledger.api.get('/metrics');
    expect(text).to.not.match(/touchstone_http_request_seconds_count\{[^}]*status="5/);
  });
});
