// Owns making a thing when it is first asked for, and keeping it. What could not be made is not kept: the next to ask has
// it tried again.

/** Whoever asks while it is being made gets the same. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
