// Owns expanding a published batch in a browser, where the browser can: Brotli came late to its streams. It stands in the
// place of the service's own codec (adapters/compress.ts).

/** Whether this browser expands Brotli. Where it can't, a published batch is left unread, and the check says so. */
export function expandsBrotli(): boolean {
  try {
    return new DecompressionStream('brotli' as CompressionFormat) !== undefined;
  } catch {
    return false;
  }
}

export const brotli = {
  /** @throws Error if it is no Brotli, or comes to more than the limit */
  async expand(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
    const stream = new Blob([bytes as BlobPart]).stream();
    const reader = stream.pipeThrough(new DecompressionStream('brotli' as CompressionFormat)).getReader();
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size > limit) {
        await reader.cancel();
        throw new RangeError('it expands to more than it may');
      }
    }
    return joined(parts, size);
  },
};

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
