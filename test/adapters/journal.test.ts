import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  checkJournal,
  createJournal,
  type JournalBlock,
  JournalCorrupt,
  type JournalHeader,
  openJournal,
  readBlocks,
} from '../../src/adapters/embedded-node/journal.ts';
import { modeOf, seeded } from '../support/raw-chain.ts';

const HEADER: JournalHeader = {
  format: 1,
  chainId: 2_147_483_648,
  hardfork: 'osaka',
  hardhat: '0.0.0',
  edr: '0.0.0',
  genesis: { timestamp: 1_700_000_000, hash: '0xab' },
  funded: [],
};

describe('journal of the embedded chain', () => {
  let folder: string;
  let file: string;
  const said: string[] = [];
  const log = (line: string): void => void said.push(line);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-journal-'));
    file = join(folder, 'chain', 'journal.ndjson');
    said.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const block = (n: number, bytes = 5): JournalBlock => ({
    n,
    t: 1_700_000_000 + n,
    h: `0x${n.toString(16).padStart(64, '0')}`,
    x: `0x${'5a'.repeat(bytes)}`,
  });
  async function write(blocks: readonly JournalBlock[]): Promise<void> {
    await createJournal(file, HEADER);
    const journal = await openJournal(file);
    await journal.append(blocks);
    await journal.close();
  }
  async function read(): Promise<JournalBlock[]> {
    const blocks: JournalBlock[] = [];
    for await (const { n, t, h, x } of readBlocks(file)) blocks.push({ n, t, h, x });
    return blocks;
  }
  async function refusal(): Promise<unknown> {
    return checkJournal(file, log).then(
      () => 'accepted',
      (error: unknown) => error,
    );
  }

  it('gives back what was appended, for lines of any length', async () => {
    const random = seeded(7);
    const blocks = Array.from({ length: 60 }, (_, index) => block(index + 1, 1 + random(131_072)));
    await write(blocks);
    const { header, blocks: count } = await checkJournal(file, log);
    expect(header).to.deep.include(HEADER);
    expect(count).to.equal(60);
    expect(await read()).to.deep.equal(blocks);
    expect(said).to.deep.equal([]);
  });

  it('is readable by its owner only', async () => {
    await write([block(1)]);
    expect(modeOf(statSync(file))).to.equal('600');
    expect(modeOf(statSync(join(folder, 'chain')))).to.equal('700');
  });

  it('never replaces a journal', async () => {
    await write([block(1)]);
    const before = readFileSync(file);
    const error = await createJournal(file, HEADER).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
    expect(readFileSync(file).equals(before)).to.equal(true);
  });

  it('drops a last line torn at any byte, says so, keeps its bytes aside and goes on from there', async () => {
    await write([block(1), block(2)]);
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let cut = lastLine + 1; cut < whole.length; cut++) {
      writeFileSync(file, whole.subarray(0, cut));
      said.length = 0;
      expect((await checkJournal(file, log)).blocks, `cut at ${cut}`).to.equal(1);
      expect(said[0]).to.contain('torn last line after block 1');
      expect(readFileSync(file).equals(whole.subarray(0, lastLine))).to.equal(true);
    }
    expect(readFileSync(`${file}.torn`, 'utf8')).to.contain('{"n":2');
    const journal = await openJournal(file);
    await journal.append([block(2)]);
    await journal.close();
    expect(readFileSync(file).equals(whole)).to.equal(true);
  });

  it('drops a last line that ends but was overwritten with nonsense', async () => {
    await write([block(1)]);
    appendFileSync(file, `${'\0'.repeat(300)}\n`);
    expect((await checkJournal(file, log)).blocks).to.equal(1);
  });

  it('refuses any single damaged byte that is not in the last line, and changes nothing', async () => {
    await write([block(1), block(2)]);
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let at = 0; at < lastLine; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x01;
      writeFileSync(file, damaged);
      expect(await refusal(), `byte ${at}`).to.be.instanceOf(JournalCorrupt);
      expect(readFileSync(file).equals(damaged)).to.equal(true);
    }
  });

  it('refuses whole lines in the wrong order, also at the end', async () => {
    for (const numbers of [[2], [1, 1], [1, 3], [1, 2, 1]]) {
      rmSync(folder, { recursive: true, force: true });
      await write(numbers.map((n) => block(n)));
      expect(await refusal(), String(numbers)).to.be.instanceOf(JournalCorrupt);
    }
  });

  it('refuses an empty file and a later format', async () => {
    await createJournal(file, { ...HEADER, format: 2 as 1 });
    expect(String(await refusal())).to.contain('format 2');
    writeFileSync(file, '');
    expect(String(await refusal())).to.contain('no header');
  });
});
