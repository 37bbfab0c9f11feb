// Owns the payload codec: Brotli through node:zlib, off the main thread.
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, constants, createBrotliCompress } from 'node:zlib';
import type { Codec } from '../ports.ts';

const expand = promisify(brotliDecompress);
/** Quality 5 keeps up with an import on one core; 11 saves a further seventh at a hundred times the time. */
const QUALITY = 5;
/** Half a megabyte finds what records share as well as four do, and an encoder holds an eighth of the memory. */
const WINDOW_BITS = 19;

export const brotli: Codec = {
  async compress(text, size) {
    const encoder = createBrotliCompress({
      params: {
        [constants.BROTLI_PARAM_QUALITY]: QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: size,
      },
    });
    const compressed: Buffer[] = [];
    await pipeline(text, encoder, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) compressed.push(chunk);
    });
    return Buffer.concat(compressed);
  },
  expand: (bytes, limit) => expand(bytes, { maxOutputLength: limit }),
};
