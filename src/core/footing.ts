// Owns what a disagreement between an evidence file and a node means: that the file is wrong, or only that the two don't
// stand on the same block. An honest piece must not be called forged because a node lags or a chain changed its mind.
import type { Evidence } from './evidence.ts';
import type { TimedEvent, VerdictCheck, Witness } from './verdict.ts';

/** same: the node's chain has the very block the file is as of. behind: not yet. other: another one in its place. */
export type Footing = 'same' | 'behind' | 'other';

export function footingOf({ asOf }: Evidence, witness: Witness): Footing {
  if (!witness.asOf) return 'behind';
  return witness.asOf.hash === asOf.blockHash ? 'same' : 'other';
}

export function unknown<N extends string = VerdictCheck>(name: N, detail: string) {
  return { name, result: 'unknown' as const, detail };
}

/** What the node says differs from the file: a failure on the same footing, unknown on any other. */
export function denied<N extends string = VerdictCheck>(name: N, footing: Footing, detail: string) {
  return footing === 'same' ? { name, result: 'fail' as const, detail } : unknown(name, detail);
}

interface Place {
  readonly block: number;
  readonly logIndex: number;
  readonly time: number;
  readonly transaction: string;
}

export function isAt(event: TimedEvent, told: Place): boolean {
  return (
    event.block === told.block &&
    event.logIndex === told.logIndex &&
    event.time === told.time &&
    event.transaction === told.transaction
  );
}
