import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isAlive } from '../../src/adapters/process-alive.ts';
import { until } from '../support/raw-chain.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START_MS = 240_000;

/** Lines of a document's `sh` blocks: what it tells a reader to type. */
function commands(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((block) => (block[1] as string).trim().split('\n'));
}

describe('what the README tells a reader to type', function () {
  this.timeout(240_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'touchstone-readme-'));
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0', NODE_PORT: '0', LOG_LEVEL: 'error' };
  let service: ReturnType<typeof spawn>;
  let printed = '';

  before('npm start', async () => {
    service = spawn('npm', ['start', '--silent'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ready: ${printed}`)), START_MS);
      service.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk;
        if (/^ready http:\/\//m.test(printed)) {
          clearTimeout(timer);
          resolve();
        }
      });
    });
  });

  after(() => rmSync(dataDir, { recursive: true, force: true }));

  function type(command: string, more: Record<string, string> = {}) {
    const done = spawnSync('bash', ['-c', command], { cwd: ROOT, env: { ...env, ...more }, encoding: 'utf8' });
    return { ...done, said: done.stdout + done.stderr };
  }

  it('begins with a page, an API key and where data lives', () => {
    expect(printed).to.match(
      /A piece of the sample workshop: +http:\/\/localhost:\d+\/p\/atelier-lune\/[0-9A-Z]{17}\n/,
    );
    expect(printed).to.match(/API key of atelier-lune: +ts_[0-9a-f]{12}_/);
    expect(printed).to.include(dataDir);
  });

  it('works as it stands there, each line in turn', () => {
    const piece = /http:\/\/localhost:\d+\/p\/\S+/.exec(printed)?.[0] as string;
    const withCard = /-- claim (\S+) --secret-file/.exec(printed)?.[1] as string;
    const lines = commands('README.md');
    expect(lines).to.have.length.above(5);
    for (const line of lines) {
      // The newest piece of the workshop is its own still.
      const listed = type('npm run -s touchstone -- piece list --as atelier-lune --limit 1').stdout;
      const own = /\/(?:p|01)\/\S+/.exec(listed)?.[0] as string;
      const { status, said } = type(line, {
        PIECE: piece,
        PIECE_OF_THE_WORKSHOP: own,
        PIECE_WITH_CARD: withCard,
      });
      const wrongRow = line.includes('docs/examples/workshop.csv');
      expect(status, `${line}\n${said}`).to.equal(wrongRow ? 1 : 0);
      if (wrongRow) expect(said).to.include('row 4: metal_1_fineness is more than 1000 thousandths');
    }
    expect(readFileSync('/tmp/to-mend.csv', 'utf8')).to.include('Pendant that needs mending');
    expect(readFileSync('/tmp/passports.ndjson', 'utf8').trim().split('\n')).to.have.length.above(15);
  });

  it('and so does what is told to operators', () => {
    const piece = /http:\/\/localhost:\d+\/p\/\S+/.exec(printed)?.[0] as string;
    const lot = /^0x[0-9a-f]{64}/.exec(
      type('npm run -s touchstone -- lot list --as atelier-lune').stdout,
    )?.[0] as string;
    const lines = commands('docs/operations.md');
    expect(lines).to.have.length.above(5);
    for (const line of lines) {
      const { status, said } = type(line, { PIECE: piece, LOT: lot });
      expect(status, `${line}\n${said}`).to.equal(0);
    }
  });

  it('ends all of it when only npm is told to stop', async () => {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8'));
    const postgres = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    service.kill('SIGTERM');
    await until('the service and its database are gone', async () => !isAlive(pid) && !isAlive(postgres));
  });
});
