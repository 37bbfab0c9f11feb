// Owns passing the sample's pieces on, from the workshop to its shop and to made-up private owners, by the same steps as
// anybody's. Done again after a crash, it goes on where it was: the private owners' keys follow from the sample's seed.
import { type PrivateOwner, privateOwner } from './adapters/keys.ts';
import { keccak, toHex, utf8 } from './core/hash.ts';
import { ownerEntries } from './core/timeline.ts';
import { transferMessage } from './core/typed-data.ts';
import { passportOf } from './ledger/find.ts';
import { checkTransfer, prepareTransfer, readTransfer, storeTransfer } from './ledger/transfers.ts';
import { callerOf, type Registered, until } from './sample-steps.ts';
import type { Service } from './service.ts';

interface Organisation {
  readonly organisation: string;
  readonly handle: string;
}
type Owner = Organisation | PrivateOwner;

export async function passOn(
  service: Service,
  piece: Registered,
  { maker, shop, seed }: { maker: Organisation; shop: Organisation; seed: string },
): Promise<void> {
  const sold = piece.sample.sold ?? [];
  const buyers = sold.map((buyer, i) => (buyer === 'shop' ? shop : buyerOf(seed, piece.path, i)));
  const owners: readonly Owner[] = [maker, ...buyers];
  for (let i = await movesSoFar(service, piece); i < buyers.length; i++) {
    await move(service, piece, owners[i] as Owner, owners[i + 1] as Owner);
  }
}

/** @param i the how-manieth owner after the workshop, from 0 */
export function buyerOf(seed: string, path: string, i: number): PrivateOwner {
  return privateOwner(toHex(keccak(utf8(`${seed} ${path} ${i}`))));
}

/** A transfer that was stored before a crash is on its way by itself. */
async function movesSoFar({ ledger }: Service, { code, path }: Registered): Promise<number> {
  await until('a transfer that was under way is done', async () => {
    const open = await ledger.db.query('SELECT 1 FROM transfers WHERE path = $1 AND NOT done', [path]);
    return open.length === 0 || undefined;
  });
  const passport = await passportOf(ledger.db, ledger.chain, code);
  return passport ? ownerEntries(passport.timeline).length - 1 : 0;
}

async function move({ ledger }: Service, { code }: Registered, owner: Owner, next: Owner): Promise<void> {
  const to = addressOf(next);
  // A private owner's signature is brought in by nobody in particular; the account it is filed under doesn't matter.
  const caller = callerOf(addressOf(owner), 'handle' in owner ? owner.handle : '');
  const transfer = await checkTransfer(ledger, caller, code, to, 'sign' in owner ? await signedBy(owner) : undefined);
  const id = `0x${Buffer.from(ledger.randomBytes(16)).toString('hex')}`;
  await ledger.db.transaction((sql) => storeTransfer(sql, id, caller, transfer));
  ledger.nudge();
  await until('a sample piece is passed on', async () => {
    const state = (await readTransfer(ledger.db, caller.organisation, id))?.state;
    if (state === 'failed') throw new Error('a sample transfer failed');
    return state === 'final' || state === 'anchored' || undefined;
  });

  async function signedBy(person: PrivateOwner) {
    const { tokenId, from, moves, deadline } = await prepareTransfer(ledger, code, to);
    const data = transferMessage(ledger.chain.chainId, ledger.chain.pieces, { tokenId, from, to, moves }, deadline);
    return { signature: await person.sign(data), deadline, moves };
  }
}

function addressOf(owner: Owner): string {
  return 'organisation' in owner ? owner.organisation : owner.address;
}
