// Owns what other encoders make of the same texts: the strongest settings of Brotli and Zstandard, batch by batch.
import { promisify } from 'node:util';
import { brotliCompress, constants, zstdCompress } from 'node:zlib';

const ZSTD_LEVEL = 19;
/** 16 MiB: a whole batch is within reach. */
const BROTLI_WINDOW_BITS = 24;

const compressBrotli = promisify(brotliCompress);
const compressZstd = promisify(zstdCompress);

/** Bytes of all texts, each compressed by itself. */
export async function brotli11(texts: readonly Uint8Array[]): Promise<number> {
  return total(texts, (text) =>
    compressBrotli(text, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
      },
    }),
  );
}

export async function zstd19(texts: readonly Uint8Array[]): Promise<number> {
  return total(texts, (text) => compressZstd(text, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }));
}

async function total(texts: readonly Uint8Array[], compress: (text: Uint8Array) => Promise<Buffer>): Promise<number> {
  const sizes = await Promise.all(texts.map(async (text) => (await compress(text)).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}
