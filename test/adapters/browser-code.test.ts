// Owns what browsers are given to run: one module for each page that has one, nothing of the server in any of them, and the
// headers it goes out with.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import express from 'express';
import { browserCode } from '../../src/adapters/browser-code.ts';
import { browserFiles } from '../../src/http/browser-files.ts';

const FOLDER = join(import.meta.dirname, '../../src/web/browser');

describe('what browsers run', () => {
  it('is one module for each page that has one, one for each file that is kept, and parts that several share', async () => {
    const pages = readdirSync(FOLDER).flatMap((file) => /^(.+)\.(?:page|whole)\.ts$/.exec(file)?.[1] ?? []);
    const code = await browserCode();
    const entries = [...code].filter(([, { lasting }]) => !lasting).map(([name]) => name);
    expect(entries.sort()).to.deep.equal(pages.map((name) => `${name}.js`).sort());
    for (const [name, { lasting }] of code) expect(lasting, name).to.equal(/^part-[A-Z0-9]+\.js$/.test(name));
  });

  it('makes no markup of text and runs no text as code', async () => {
    for (const [name, { text }] of await browserCode()) {
      expect(text, name).not.to.match(/\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write\(|\beval\(/);
      expect(text, name).not.to.match(/from"node:|require\("/);
    }
  });

  it('is asked for again by its name and kept for ever by its hash; what is not there is not found', async () => {
    const app = express();
    const files = new Map([
      ['claim.js', { text: 'entry', lasting: false }],
      ['part-A1.js', { text: 'part', lasting: true }],
    ]);
    app.use(browserFiles(async () => files));
    app.use(((_error, _request, response, _next) => void response.sendStatus(404)) as express.ErrorRequestHandler);
    const server = app.listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const ask = (name: string) => fetch(`http://127.0.0.1:${port}/assets/js/${name}`);
      const entry = await ask('claim.js');
      expect(entry.headers.get('cache-control')).to.equal('public, no-cache');
      expect(entry.headers.get('content-type')).to.equal('text/javascript; charset=utf-8');
      expect(await entry.text()).to.equal('entry');
      expect((await ask('part-A1.js')).headers.get('cache-control')).to.contain('immutable');
      for (const wrong of ['other.js', '__proto__', '..%2Fpackage.json'])
        expect((await ask(wrong)).status).to.equal(404);
    } finally {
      server.close();
    }
  });
});
