// Owns asking a node that the visitor names, from her browser: the same questions as the command line's, carried by fetch.
// Loaded only when she names one: it brings ethers along.
import { type Rpc, rpcOver, unavailable } from '../../adapters/json-rpc.ts';
import { askNode } from '../../adapters/witness.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Witness } from '../../core/verdict.ts';
import { expandsBrotli } from './expand.ts';

const REPLY_MS = 60_000;
/** What a node answers about one piece fits many times over; a phone's memory is not to be filled by anybody. */
const REPLY_CHARACTERS = 64 * 1024 * 1024;

/** What the node says; undefined if it can't be asked, or answers with what is no answer. */
export function witnessOf(url: string, evidence: Evidence): Promise<Witness | undefined> {
  return askNode(rpcOf(url), evidence, { payload: expandsBrotli(), finality: 'tag' });
}

function rpcOf(url: string): Rpc {
  return rpcOver(async (body) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(REPLY_MS),
      });
      if (!response.ok) throw unavailable(`the node answered HTTP ${response.status}`);
      const text = await response.text();
      if (text.length > REPLY_CHARACTERS) throw unavailable('the reply is too large');
      return text;
    } catch (error) {
      throw unavailable('the node could not be reached', error);
    }
  });
}
