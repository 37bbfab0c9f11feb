// Every way the address of a request can be wrong, over HTTP as clients write it and as they shouldn't.
import { connect } from 'node:net';
import { expect } from 'chai';
import {
  type Admitted,
  anchored,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { INNARDS, refusal } from '../support/refusal.ts';

describe('an address that is wrong', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let first: string;
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    first = await register(maker.api, statement('First'));
    await anchored(ledger.api, first);
  });
  after(() => ledger.stop());

  const addresses: Record<string, readonly [path: string, status: number, code: string]> = {
    'a route nobody knows': ['/api/v1/nothing', 404, 'not-found'],
    'broken percent-encoding in the path': ['/api/v1/pieces/01/%zz', 400, 'invalid-encoding'],
    'a cut off character in the path': ['/api/v1/pieces/p/%E0%A4%A', 400, 'invalid-encoding'],
    'broken percent-encoding in the query': ['/api/v1/pieces?search=%E0%A4%A', 400, 'invalid-encoding'],
    'a zero byte in the path': ['/api/v1/pieces/p/atelier-lune%00/x', 400, 'invalid-encoding'],
    'a zero byte in the query': ['/api/v1/pieces?search=a%00b', 400, 'invalid-encoding'],
    'a line break in the path': ['/api/v1/batches/1%0d%0aset-cookie:x', 400, 'invalid-encoding'],
    'a piece with a code of no form': ['/api/v1/pieces/p/atelier-lune/short', 400, 'invalid-code'],
    'a piece with a doubly encoded slash': ['/api/v1/pieces/p/atelier-lune%252fx/y', 400, 'invalid-code'],
    'a piece with an encoded slash': ['/api/v1/pieces/p%2fatelier-lune%2f11AHS9V8JJ8EJ67EY', 400, 'invalid-code'],
    'a serial that is a percent sign and no slash': ['/api/v1/pieces/01/09506000134352/21/A%252FB', 404, 'not-found'],
    'a piece nobody registered': ['/api/v1/pieces/p/atelier-lune/00000000000000000', 404, 'not-found'],
    'a token that is no number': ['/api/v1/tokens/0x12', 400, 'invalid-code'],
    'a token of a thousand digits': [`/api/v1/tokens/${'9'.repeat(1000)}`, 400, 'invalid-code'],
    'a token nobody has': ['/api/v1/tokens/12', 404, 'not-found'],
    'a token with an index beyond all': ['/api/v1/tokens/4294967295', 404, 'not-found'],
    'an import without a number': ['/api/v1/imports/first', 400, 'invalid-request'],
    'an import beyond all numbers': ['/api/v1/imports/99999999999999999999', 400, 'invalid-request'],
    'a transfer nobody made': ["/api/v1/transfers/'; DROP TABLE pieces; --", 404, 'not-found'],
    'a batch nobody made': ['/api/v1/batches/1', 404, 'not-found'],
    'an organisation nobody admitted': ['/api/v1/organisations/nobody-here', 404, 'not-found'],
    'a query member nobody knows': ['/api/v1/pieces?serch=ring', 400, 'invalid-request'],
    'a query member called __proto__': ['/api/v1/pieces?__proto__=1', 400, 'invalid-request'],
    'a query member twice': ['/api/v1/pieces?limit=1&limit=2', 400, 'invalid-request'],
    'a limit that is no number': ['/api/v1/pieces?limit=many', 400, 'invalid-request'],
    'a limit of 0': ['/api/v1/pieces?limit=0', 400, 'invalid-request'],
    'a limit of 201': ['/api/v1/pieces?limit=201', 400, 'invalid-request'],
    'a limit of 1e2.5': ['/api/v1/pieces?limit=1e2.5', 400, 'invalid-request'],
    'a cursor below 1': ['/api/v1/pieces?cursor=-1', 400, 'invalid-request'],
    'a cursor beyond all numbers': ['/api/v1/pieces?cursor=1e308', 400, 'invalid-request'],
    'an empty search': ['/api/v1/pieces?search=', 400, 'invalid-request'],
    'a QR code of a million pixels': [
      `/api/v1/pieces/p/atelier-lune/00000000000000000/qr.png?px=1000000`,
      400,
      'invalid-request',
    ],
    'a QR code without a quiet zone': [
      `/api/v1/pieces/p/atelier-lune/00000000000000000/qr.svg?margin=0`,
      400,
      'invalid-request',
    ],
    'a path of 3,000 characters': [`/api/v1/${'x'.repeat(3000)}`, 400, 'invalid-request'],
  };
  for (const [name, [path, status, code]] of Object.entries(addresses)) {
    it(`${name}: ${status} ${code}`, async () => {
      await refused(() => maker.api.get(path), status, code);
    });
  }

  it('a method that isn’t understood: 405, naming those that are', async () => {
    for (const [path, allow] of [
      ['/api/v1/pieces', 'POST, GET'],
      ['/api/v1/organisations', 'GET'],
      [`/api/v1/pieces${first}/qr.svg`, 'GET'],
    ] as const) {
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const reply = await refused(() => maker.api.raw(path, { method }), 405, 'method-not-allowed');
        expect(reply.headers.get('allow')).to.equal(allow);
      }
    }
  });

  it('climbing out of the folder: nothing but 400 and 404, whatever the spelling', async () => {
    const raw = (target: string) =>
      new Promise<string>((resolve, reject) => {
        const { hostname, port } = new URL(ledger.url);
        const socket = connect(Number(port), hostname, () =>
          socket.end(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
        );
        let got = '';
        socket
          .on('data', (chunk) => {
            got += chunk;
          })
          .on('end', () => resolve(got))
          .on('error', reject);
      });
    const targets = [
      '/../../../etc/passwd',
      '/api/v1/../../../etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/p/../../package.json',
      '/p/atelier-lune/..%5c..%5cpackage.json',
      '//etc/passwd',
      '/.git/config',
      '/service.json',
      '/keys/master.key',
      'http://elsewhere.example/etc/passwd',
      '/%252e%252e/etc/passwd',
      '/api/v1/pieces/../../service.json',
    ];
    for (const target of targets) {
      const answer = await raw(target);
      expect(answer, target).to.match(/^HTTP\/1\.1 40[04] /);
      expect(answer, target).to.not.match(/root:|privateKey|databaseUrl|\[core\]|"dependencies"/);
      expect(answer, target).to.not.match(INNARDS);
    }
  });

  it('never meets a fault of the service’s own: not one answer was a 5xx', async () => {
    const metrics = await ledger.api.get('/metrics');
    expect(metrics.text).to.match(/touchstone_http_request_seconds_count\{[^}]*status="400"/);
    expect(metrics.text).to.not.match(/touchstone_http_request_seconds_count\{[^}]*status="5/);
  });
});
