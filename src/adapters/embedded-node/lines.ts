// Owns: splitting a file of any size into lines with their offsets, holding one line and one chunk in memory.
// Never enters: what a line means.
import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

export interface Line {
  /** Without the newline. Valid until the next line is asked for. */
  bytes: Buffer;
  offset: number;
  /** False for a last line that the file ends in the middle of. */
  terminated: boolean;
}

export async function* readLines(file: string): AsyncGenerator<Line> {
  const handle = await open(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let pieces: Buffer[] = [];
    let start = 0;
    let position = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, position);
      if (bytesRead === 0) break;
      const read = chunk.subarray(0, bytesRead);
      let from = 0;
      for (let at = read.indexOf(NEWLINE); at !== -1; at = read.indexOf(NEWLINE, from)) {
        const end = read.subarray(from, at);
        yield { bytes: pieces.length === 0 ? end : Buffer.concat([...pieces, end]), offset: start, terminated: true };
        pieces = [];
        from = at + 1;
        start = position + from;
      }
      // Copied, because the chunk is reused.
      if (from < bytesRead) pieces.push(Buffer.from(read.subarray(from)));
      position += bytesRead;
    }
    if (pieces.length > 0) yield { bytes: Buffer.concat(pieces), offset: start, terminated: false };
  } finally {
    await handle.close();
  }
}
