// Owns doing the sample's acts by the same steps as anybody's: checked, signed, stored, waited for. Done again after a crash,
// an act that was stored goes on and is not made twice. Which acts there are never enters it.
import { randomUUID } from 'node:crypto';
import type { PrivateOwner } from './adapters/keys.ts';
import { actRequest, wishOf } from './core/acts.ts';
import type { Caller } from './ledger/accounts.ts';
import { storeAct } from './ledger/act-orders.ts';
import { readAct } from './ledger/act-receipts.ts';
import { checkAct, prepareAct } from './ledger/acts.ts';
import type { Ledger } from './ports.ts';
import { until } from './sample-steps.ts';

export interface SampleAct {
  readonly caller: Caller;
  readonly request: { readonly act: string } & Readonly<Record<string, unknown>>;
  /** As the ledger names it: a piece by its token, a lot by its id. One act of a kind about it, and no more. */
  readonly subject: string;
  /** Signs what no organisation's key can. */
  readonly owner?: PrivateOwner;
}

export async function actOnce(ledger: Ledger, act: SampleAct): Promise<void> {
  const [before] = await ledger.db.query<{ id: string }>(
    'SELECT id FROM acts WHERE act = $1 AND subjects @> ARRAY[$2::text] AND error IS NULL LIMIT 1',
    [act.request.act, act.subject],
  );
  const id = before?.id ?? (await bring(ledger, act));
  await until(`the sample’s ${act.request.act} is done`, async () => {
    const receipt = await readAct(ledger, id);
    if (receipt?.error) throw new Error(`the sample’s ${act.request.act} failed: ${receipt.error.detail}`);
    return (receipt && !['accepted', 'sealed'].includes(receipt.state)) || undefined;
  });
}

async function bring(ledger: Ledger, { caller, request, owner }: SampleAct): Promise<string> {
  const wish = wishOf(actRequest.parse(request));
  const signatures = owner ? { owner: await signedBy(owner) } : {};
  const checked = await checkAct(ledger, caller, { ...wish, signatures });
  const id = await ledger.db.transaction((sql) => storeAct(sql, randomUUID(), checked));
  ledger.nudge();
  return id;

  async function signedBy(person: PrivateOwner) {
    const { signatures: asked } = await prepareAct(ledger, caller, wish);
    const one = asked.find(({ signer }) => signer === 'owner');
    if (!one) throw new Error(`the sample’s ${request.act} asks no owner`);
    return { signature: await person.sign(one.typedData as never), deadline: one.deadline };
  }
}
