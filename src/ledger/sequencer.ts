// Owns the ledger's background work and who does it: one process at a time, held by a lock in the database. Each loop
// repeats one step that is safe to repeat; an error is logged and tried again, never swallowed into a stop.
import { TouchstoneError } from '../core/errors.ts';
import type { Ledger } from '../ports.ts';
import { forwardActs } from './act-orders.ts';
import { anchorNext, repostParts } from './anchor.ts';
import { forwardOrders } from './certificate-orders.ts';
import { drawNext } from './draws.ts';
import { forgetFeedback } from './feedback.ts';
import { importNext } from './imports.ts';
import { indexNext, readCursor } from './indexer.ts';
import { forgetFinal, relay, reviewMined } from './relay.ts';
import { forgetScans } from './scans.ts';
import { SEAL_POLICY, type SealPolicy, sealNext } from './seal.ts';
import { forwardTransfers } from './transfers.ts';
import { forgetUnfinished } from './upload.ts';

const LOCK = 'touchstone.sequencer';
/** Other replicas' work is noticed after this long at the latest; this process's own at once, by a nudge. */
const IDLE_MS = 250;
const AFTER_ERROR_MS = 500;
const LEAD_RETRY_MS = 1_000;
const HOUSEKEEPING_MS = 5_000;

export interface Sequencer {
  nudge(): void;
  stop(): Promise<void>;
}

type Step = (ledger: Ledger) => Promise<boolean>;

/** Waits for nudges without losing one that comes while a step runs. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;
  readonly idleMs: number;
  constructor(idleMs: number) {
    this.idleMs = idleMs;
  }
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }
  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#rung = false;
    this.#wake = undefined;
  }
}

export function startSequencer(ledger: () => Ledger, policy: SealPolicy = SEAL_POLICY): Sequencer {
  const bells: Bell[] = [];
  let stopping = false;
  const ringAll = () => {
    for (const bell of bells) bell.ring();
  };
  /** Work came. Housekeeping has nothing to do with it, and at every portion of an import would cost as much as one. */
  const nudge = () => {
    for (const bell of bells) if (bell.idleMs < HOUSEKEEPING_MS) bell.ring();
  };
  const loop = async (name: string, leads: () => boolean, step: Step, idleMs = IDLE_MS): Promise<void> => {
    const bell = new Bell(idleMs);
    bells.push(bell);
    while (leads() && !stopping) {
      try {
        if (await step(ledger())) nudge();
        else await bell.wait(idleMs);
      } catch (error) {
        logStep(ledger().log, name, error);
        await bell.wait(AFTER_ERROR_MS);
      }
    }
    bells.splice(bells.indexOf(bell), 1);
  };
  const lead = async (): Promise<void> => {
    while (!stopping) {
      const lock = await ledger()
        .db.tryLock(LOCK)
        .catch(() => undefined);
      if (!lock) {
        await new Promise((resolve) => setTimeout(resolve, LEAD_RETRY_MS));
        continue;
      }
      let leading = true;
      void lock.lost.then(() => {
        leading = false;
        ringAll();
      });
      const leads = () => leading;
      const until = () => stopping || !leading;
      await Promise.all([
        loop('seal', leads, (l) => sealNext(l, policy)),
        loop('anchor', leads, anchorStep),
        loop('index', leads, indexNext),
        loop('import', leads, (l) => importNext(l, until)),
        loop('housekeeping', leads, housekeep, HOUSEKEEPING_MS),
      ]);
      await lock.release().catch(() => {});
    }
  };
  const running = lead();
  return {
    nudge,
    async stop() {
      stopping = true;
      ringAll();
      await running;
    },
  };
}

/** One loop for everything that gives out nonces, so that they are given out one after the other. */
async function anchorStep(ledger: Ledger): Promise<boolean> {
  // Why something failed is told by what the index knows, so it has to have seen that block.
  const cursor = await readCursor(ledger.db);
  const indexed = cursor.number;
  const drawn = await drawNext(ledger, cursor);
  const anchored = await anchorNext(ledger);
  const forwarded = await forwardTransfers(ledger);
  const certified = await forwardOrders(ledger, indexed);
  const acted = await forwardActs(ledger, indexed);
  const relayed = await relay(ledger);
  return drawn || anchored || forwarded || certified || acted || relayed;
}

async function housekeep(ledger: Ledger): Promise<boolean> {
  const cursor = await readCursor(ledger.db);
  await forgetUnfinished(ledger.db);
  await reviewMined(ledger);
  await forgetFinal(ledger.db, cursor.finalBlock);
  await repostParts(ledger, cursor.number);
  await forgetScans(ledger);
  await forgetFeedback(ledger.db);
  return false;
}

function logStep(log: Ledger['log'], step: string, error: unknown): void {
  const known = error instanceof TouchstoneError && error.retry !== 'never';
  const reason = error instanceof Error ? error.message : String(error);
  if (known) log.warn({ step, reason }, 'a step waits');
  else log.error({ step, reason, stack: error instanceof Error ? error.stack : undefined }, 'a step failed');
}
