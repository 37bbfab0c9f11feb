// Owns a memory of things by name that never takes more than so many bytes: whatever was put in longest ago makes room.
// How heavy a thing is, its owner says.

interface Kept<T> {
  readonly value: T;
  bytes: number;
}

export class Bounded<T> {
  readonly #kept = new Map<string, Kept<T>>();
  readonly #most: number;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(name: string): T | undefined {
    return this.#kept.get(name)?.value;
  }

  /** Also for what is in it already: it becomes the last to make room. */
  put(name: string, value: T, bytes: number): void {
    this.#drop(name);
    this.#kept.set(name, { value, bytes });
    this.#bytes += bytes;
    this.#makeRoom();
  }

  /** Nothing happens if the name stands for something else by now. */
  weigh(name: string, value: T, bytes: number): void {
    const kept = this.#kept.get(name);
    if (kept?.value !== value) return;
    this.#bytes += bytes - kept.bytes;
    kept.bytes = bytes;
    this.#makeRoom();
  }

  drop(name: string, value: T): void {
    if (this.get(name) === value) this.#drop(name);
  }

  #drop(name: string): void {
    this.#bytes -= this.#kept.get(name)?.bytes ?? 0;
    this.#kept.delete(name);
  }

  #makeRoom(): void {
    for (const name of this.#kept.keys()) {
      if (this.#bytes <= this.#most) return;
      this.#drop(name);
    }
  }
}
