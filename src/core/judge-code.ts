// Owns whether a code was its registrant's to give: an own code is its handle's; a GTIN is of whoever held the longest
// prefix that covers it when the batch was anchored.
import { prefixCovers } from './code.ts';
import { isBefore, type Placed } from './events.ts';
import type { Evidence } from './evidence.ts';
import { denied, footingOf, unknown } from './footing.ts';
import { result } from './judge-file.ts';
import { prefixEventsOf } from './judge-history.ts';
import type { PieceRecord } from './record.ts';
import type { JudgedCheck, Witness } from './verdict.ts';

export function codeBelongs(
  evidence: Evidence,
  record: PieceRecord | undefined,
  witness: Witness | undefined,
): JudgedCheck[] {
  const name = 'code-belongs-to-registrant';
  const { organisation } = evidence.batch.header;
  if (!record) return [result(name, 'there is no record to take the code from')];
  const { code } = record;
  if ('handle' in code) {
    const registrant = evidence.organisations.find((one) => one.address === organisation);
    const own = registrant?.handle === code.handle;
    // The address follows from the handle, so no log needs to say who that is.
    return [result(name, own ? undefined : `the code is of ${code.handle}, not of its registrant`)];
  }
  const told = holderOf(code.gtin, evidence.prefixes, evidence.batch.anchored);
  if (told !== organisation) return [result(name, "the GTIN's prefix is not its registrant's")];
  if (!witness) return [];
  if (!witness.events) return [unknown(name, 'the node gave no logs')];
  const holder = holderOf(code.gtin, prefixEventsOf(witness.events, code.gtin), evidence.batch.anchored);
  if (holder === organisation) return [result(name, undefined)];
  return [denied(name, footingOf(evidence, witness), "the GTIN's prefix was not its registrant's")];
}

interface PrefixEvent extends Placed {
  readonly name: string;
  readonly prefix: string;
  readonly organisation: string;
}

function holderOf(gtin: string, events: readonly PrefixEvent[], anchoredAt: Placed): string | undefined {
  const holders = new Map<string, string>();
  for (const event of events) {
    if (!isBefore(event, anchoredAt) || !prefixCovers(event.prefix, gtin)) continue;
    if (event.name === 'PrefixGranted') holders.set(event.prefix, event.organisation);
    else holders.delete(event.prefix);
  }
  const [longest] = [...holders].sort(([a], [b]) => b.length - a.length);
  return longest?.[1];
}
