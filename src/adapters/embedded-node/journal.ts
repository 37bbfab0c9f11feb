// Owns: the embedded chain on disk: one header line, then one line per mined block, in one append-only file.
// Never enters: the EVM, the network, time. It neither knows whether a block is right (the replay compares hashes)
// nor who is waiting for it.
import { appendFileSync, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { readLines } from './lines.ts';

export interface JournalHeader {
  format: 1;
  chainId: number;
  hardfork: 'osaka';
  hardhat: string;
  edr: string;
  genesis: { timestamp: number; hash: string };
  funded: { address: string; wei: string }[];
}

/** One block with its one transaction: number, timestamp, block hash, raw transaction, the last two in hex. */
export interface JournalBlock {
  n: number;
  t: number;
  h: string;
  x: string;
}

/** The file contradicts itself somewhere other than in its last line: nothing is repaired, a person must look. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
}

export interface Journal {
  /** Durable once resolved. When it rejects, the disk is behind the EVM and the process must not go on. */
  append(blocks: readonly JournalBlock[]): Promise<void>;
  close(): Promise<void>;
}

/** Writes the header so that the file exists whole or not at all; refuses to replace an existing journal. */
export async function createJournal(file: string, header: JournalHeader): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} exists already`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  // A crash before the rename leaves only this temporary file, which the next attempt replaces.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(seal(JSON.stringify(header)));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  // Without this a power cut may forget the name while the first blocks are already acknowledged.
  await syncDirectory(dirname(file));
}

export interface CheckedJournal {
  header: JournalHeader;
  blocks: number;
}

/**
 * Reads every line once, drops a torn last one and refuses anything else that is wrong. A torn last line was never
 * acknowledged: the answer goes out only after the fsync that would have made it whole. Its bytes are kept beside
 * the journal all the same, in case the disk and not a crash tore it.
 */
export async function checkJournal(file: string, log: (line: string) => void): Promise<CheckedJournal> {
  let header: JournalHeader | undefined;
  let blocks = 0;
  let torn: { offset: number; bytes: Buffer; why: string } | undefined;
  for await (const { bytes, offset, terminated } of readLines(file)) {
    if (torn !== undefined) {
      throw new JournalCorrupt(`${file}: line ${blocks + 2} is damaged (${torn.why}) and is not the last one`);
    }
    const parsed = terminated ? unseal(bytes) : 'the line does not end';
    if (header === undefined) {
      header = asHeader(file, parsed);
      continue;
    }
    if (typeof parsed === 'string') {
      torn = { offset, bytes, why: parsed };
      continue;
    }
    // Whole and yet out of order was never torn by a crash: two writers, or an edited file.
    const wrong = wrongBlock(parsed, blocks + 1);
    if (wrong !== undefined) throw new JournalCorrupt(`${file}: line ${blocks + 2}: ${wrong}`);
    blocks += 1;
  }
  if (header === undefined) throw new JournalCorrupt(`${file} has no header`);
  if (torn !== undefined) {
    // A damaged newline makes two lines one: a crash never does, and the first of them was acknowledged.
    if (torn.bytes.indexOf('{"n":', 1) !== -1) {
      throw new JournalCorrupt(`${file}: line ${blocks + 2} is damaged (${torn.why}) and holds more than one block`);
    }
    appendFileSync(`${file}.torn`, Buffer.concat([torn.bytes, Buffer.from('\n')]), { mode: 0o600 });
    await truncate(file, torn.offset);
    log(`journal: dropped a torn last line after block ${blocks} (${torn.why}); its bytes are in ${file}.torn`);
  }
  return { header, blocks };
}

/** The blocks in order. Meant for a journal that checkJournal has just passed. */
export async function* readBlocks(file: string): AsyncGenerator<JournalBlock> {
  let first = true;
  for await (const { bytes } of readLines(file)) {
    if (first) first = false;
    else yield unseal(bytes) as JournalBlock;
  }
}

/** `datasync` exists so that a test can hold the disk still. */
export async function openJournal(
  file: string,
  datasync: (handle: FileHandle) => Promise<void> = (handle) => handle.datasync(),
): Promise<Journal> {
  const handle = await open(file, 'a', 0o600);
  return {
    async append(blocks) {
      const lines = blocks.map(({ n, t, h, x }) => seal(`{"n":${n},"t":${t},"h":"${h}","x":"${x}"}`));
      // A crash in or after this write leaves whole lines nobody was told of (kept: the block is real), then
      // perhaps one torn line (dropped at the next start).
      await handle.appendFile(Buffer.from(lines.join(''), 'latin1'));
      await datasync(handle);
    },
    close: () => handle.close(),
  };
}

const SEAL = Buffer.from(',"c":"00000000"}').length;

/** Adds the checksum of everything before it as the last member, and the newline. */
function seal(json: string): string {
  const body = json.slice(0, -1);
  return `${body},"c":"${checksum(body)}"}\n`;
}

/** The line's object, or why it cannot be one. */
function unseal(line: Buffer): unknown {
  if (line.length <= SEAL) return 'too short';
  const tail = line.toString('latin1', line.length - SEAL);
  if (tail !== `,"c":"${checksum(line.subarray(0, line.length - SEAL))}"}`) return 'checksum mismatch';
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return 'not JSON';
  }
}

function checksum(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(8, '0');
}

function asHeader(file: string, parsed: unknown): JournalHeader {
  if (typeof parsed === 'string') throw new JournalCorrupt(`${file}: the header is damaged (${parsed})`);
  const header = parsed as JournalHeader;
  if (header.format !== 1) throw new JournalCorrupt(`${file} has format ${header.format}; this version reads format 1`);
  return header;
}

function wrongBlock(parsed: unknown, expected: number): string | undefined {
  const { n, t, h, x } = parsed as JournalBlock;
  if (n !== expected) return `block ${n} where ${expected} belongs`;
  return typeof t === 'number' && isHex(h) && isHex(x) ? undefined : 'a member is missing or malformed';
}

/** Hex needs no escaping, so lines and requests are put together as text: transactions are up to 262,146 characters. */
export function isHex(text: unknown): text is string {
  return typeof text === 'string' && /^0x[0-9a-f]+$/i.test(text);
}

async function syncDirectory(folder: string): Promise<void> {
  // Windows has no handle to a folder that can be flushed; NTFS journals the rename.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
