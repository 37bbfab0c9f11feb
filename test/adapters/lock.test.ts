import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { acquireLock, LockHeld } from '../../src/adapters/lock.ts';
import { startChild } from '../support/child.ts';

describe('lock', function () {
  this.timeout(240_000);
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-lock-'));
    file = join(folder, 'deep', 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses a second holder in the same process and names it', () => {
    const lock = acquireLock(file);
    expect(() => acquireLock(file))
      .to.throw(LockHeld)
      .with.property('pid', process.pid);
    lock.release();
    acquireLock(file).release();
  });

  it('refuses another process while it is held and lets it in afterwards', async () => {
    const lock = acquireLock(file);
    const refused = await startChild('hold-lock', file);
    expect(refused.firstLine).to.equal(`refused ${process.pid}`);
    lock.release();
    const holder = await startChild('hold-lock', file);
    expect(holder.firstLine).to.equal('held');
    expect(() => acquireLock(file))
      .to.throw(LockHeld)
      .with.property('pid', holder.process.pid);
    await holder.kill();
  });

  it('is free the moment its holder is killed', async () => {
    const holder = await startChild('hold-lock', file);
    await holder.kill();
    acquireLock(file).release();
  });

  it('waits for a holder that ends in time', async () => {
    const holder = await startChild('hold-lock', file);
    // The wait blocks this thread, so the kill is sent before it: the kernel delivers it meanwhile.
    holder.process.kill('SIGKILL');
    acquireLock(file, { waitMs: 10_000 }).release();
  });

  it('does nothing on a second release, which by then could be someone else’s lock', () => {
    const first = acquireLock(file);
    first.release();
    const second = acquireLock(file);
    first.release();
    expect(() => acquireLock(file))
      .to.throw(LockHeld)
      .with.property('pid', process.pid);
    second.release();
  });
});
