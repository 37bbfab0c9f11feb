// What a domain says of itself: fetched from the open internet only, once, from the address that was judged, within
// limits. A server of this test stands in for the domain; nothing here leaves the machine.
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { isPublicAddress, type Net, wellKnownOf } from '../../src/adapters/well-known.ts';
import { MAX_STATEMENT_BYTES } from '../../src/core/domain-statement.ts';

const PUBLIC = '93.184.216.34';
const DOMAIN = 'atelier-lune.example';

describe('the document of a domain', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let asked: RequestOptions[];
  let looked: string[];
  before((done) => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1', done);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    [asked, looked] = [[], []];
    answer = (_, response) => response.end('{}');
  });

  const fetcher = (addresses: readonly string[] = [PUBLIC], withinMs = 2_000) => {
    const net: Net = {
      withinMs,
      lookup: async (host) => {
        looked.push(host);
        return addresses;
      },
      request(options, answered) {
        asked.push(options);
        const { signal, path, headers, method } = options;
        const here = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
        return httpRequest({ ...here, path, headers, method, ...(signal && { signal }) } as RequestOptions, answered);
      },
    };
    return wellKnownOf(net);
  };

  describe('is not asked for', () => {
    const special = [
      ...[
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '172.31.255.255',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '0.0.0.0',
      ],
      ...[
        '192.0.0.1',
        '192.0.2.1',
        '198.18.0.1',
        '198.19.255.255',
        '198.51.100.7',
        '203.0.113.9',
        '224.0.0.1',
        '240.0.0.1',
        '255.255.255.255',
      ],
      ...[
        '::',
        '::1',
        '::ffff:127.0.0.1',
        '::ffff:93.184.216.34',
        '::127.0.0.1',
        'fe80::1',
        'fc00::1',
        'fd12::1',
        'ff02::1',
      ],
      ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', '100::1', '3fff::1', 'fec0::1'],
    ];
    for (const address of special) {
      it(`at ${address}, which is no address of the open internet`, async () => {
        expect(await fetcher([address])(DOMAIN)).to.deep.equal({ outcome: 'not-public' });
        expect(asked).to.deep.equal([]);
      });
    }

    it('where one of several addresses is not public, whichever', async () => {
      for (const addresses of [
        [PUBLIC, '10.0.0.1'],
        ['::1', PUBLIC],
        ['2606:2800:220:1::1', PUBLIC, 'fe80::1'],
      ]) {
        expect(await fetcher(addresses)(DOMAIN)).to.deep.equal({ outcome: 'not-public' });
      }
      expect(asked).to.deep.equal([]);
    });

    it('of what is no domain: it is not even looked up', async () => {
      const names = [
        'localhost',
        '127.0.0.1',
        '[::1]',
        'a.example:8443',
        'user@a.example',
        'a.example/x',
        'a.example#',
        'a',
        '.a.example',
        'a..example',
        'metadata',
        '0x7f000001',
        '2130706433',
        '1.1',
        'A.EXAMPLE',
        'ä.example',
        '',
        'a.example\r\nhost: b',
        `${'a'.repeat(64)}.example`,
      ];
      for (const name of names) expect(await fetcher()(name), name).to.deep.equal({ outcome: 'not-public' });
      expect([asked, looked]).to.deep.equal([[], []]);
    });

    it('where its name leads nowhere', async () => {
      expect(await fetcher([])(DOMAIN)).to.deep.equal({ outcome: 'not-public' });
    });
  });

  it('is asked for by https on its own port, at the very address that was judged, under the name it has', async () => {
    answer = (request, response) =>
      response.end(JSON.stringify({ host: request.headers.host, at: request.url, cookie: request.headers.cookie }));
    const got = await fetcher()(DOMAIN);
    expect('text' in got && JSON.parse(got.text)).to.deep.equal({ host: DOMAIN, at: '/.well-known/touchstone.json' });
    expect(looked).to.deep.equal([DOMAIN]);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include({ host: PUBLIC, servername: DOMAIN, port: 443, method: 'GET', agent: false });
    expect(asked[0]).to.not.have.property('rejectUnauthorized');
  });

  it('is not followed elsewhere, and nothing but a plain answer counts', async () => {
    for (const status of [301, 302, 303, 307, 308, 204, 206, 404, 500]) {
      answer = (_, response) => response.writeHead(status, { location: 'http://127.0.0.1/' }).end();
      expect(await fetcher()(DOMAIN), String(status)).to.deep.equal({ outcome: 'no-document' });
    }
    expect(asked).to.have.length(9);
  });

  it('is read no further than 16 KiB, whether its length is told or not', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': String(MAX_STATEMENT_BYTES + 1) }).write('{');
    expect(await fetcher()(DOMAIN)).to.deep.equal({ outcome: 'too-large' });
    let sent = 0;
    answer = (_, response) => {
      const more = () => {
        for (; sent < 100 * MAX_STATEMENT_BYTES && !response.destroyed; sent += 4096) {
          if (!response.write(' '.repeat(4096))) return void response.once('drain', more);
        }
      };
      more();
    };
    expect(await fetcher()(DOMAIN)).to.deep.equal({ outcome: 'too-large' });
    const full = ' '.repeat(MAX_STATEMENT_BYTES);
    answer = (_, response) => response.end(full);
    expect(await fetcher()(DOMAIN)).to.deep.equal({ text: full });
  });

  it('is not unpacked', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    expect(await fetcher()(DOMAIN)).to.deep.equal({ outcome: 'not-understood' });
  });

  it('is not waited for for ever, neither for its name, its first nor its last byte', async () => {
    answer = () => {};
    expect(await fetcher([PUBLIC], 150)(DOMAIN)).to.deep.equal({ outcome: 'not-reached' });
    answer = (_, response) => void response.writeHead(200).write('{');
    expect(await fetcher([PUBLIC], 150)(DOMAIN)).to.deep.equal({ outcome: 'not-reached' });
    const never = wellKnownOf({ withinMs: 100, lookup: () => new Promise(() => {}), request: httpRequest });
    expect(await never(DOMAIN)).to.deep.equal({ outcome: 'not-reached' });
  });

  it('is not reached where the connection breaks, or the name is not known', async () => {
    answer = (_, response) => void response.destroy();
    expect(await fetcher()(DOMAIN)).to.deep.equal({ outcome: 'not-reached' });
    const unknown = wellKnownOf({
      withinMs: 1_000,
      lookup: () => Promise.reject(new Error('ENOTFOUND')),
      request: httpRequest,
    });
    expect(await unknown(DOMAIN)).to.deep.equal({ outcome: 'not-reached' });
  });

  it('may stand at any address of the open internet', () => {
    for (const address of ['1.1.1.1', '93.184.216.34', '172.15.0.1', '172.32.0.1', '2606:2800:220:1::1', '2a00::1']) {
      expect(isPublicAddress(address), address).to.equal(true);
    }
    for (const text of ['', 'x', '1.1.1', '::g']) expect(isPublicAddress(text), text).to.equal(false);
  });
});
