// Owns the count of what a run on real input found: every check passes or fails, the first failures are told in full.

const TOLD_IN_FULL = 20;

export class Tally {
  passed = 0;
  failed = 0;

  /** Counts one check; says why it failed, if it did. */
  check(holds: boolean, what: string): void {
    if (holds) {
      this.passed++;
      return;
    }
    this.failed++;
    if (this.failed <= TOLD_IN_FULL) console.log(`  failed: ${what}`);
    if (this.failed === TOLD_IN_FULL + 1) console.log('  … further failures are counted, not told');
  }

  /** Counts one piece of work: done, or why not. */
  async holds(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.passed++;
    } catch (error) {
      this.check(false, `${what}: ${(error as Error).message}`);
    }
  }

  get line(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

/** Works on all items, so many at a time, in their order. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

export function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
