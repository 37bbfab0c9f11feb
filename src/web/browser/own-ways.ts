// Owns signing as a piece's owner with a key this device was never told of: a synchronised passkey, a wallet, a sheet of paper.
import { typedIn } from './choose-key.ts';
import { onClick } from './dom.ts';
import { type Passkey, type Signer, saltOf, walletSigner } from './keyring.ts';
import { rememberPasskey } from './memory.ts';
import { attempt } from './own-say.ts';
import { ownPasskey, passkeyOfAccount } from './passkey-again.ts';

export interface Account {
  readonly tokenId: string;
  readonly account: string;
}

/** A signer for an account, of which nothing was checked yet: the signature shows whose it is. */
export function onWay(account: () => Promise<Account>, run: (signer: Signer) => Promise<void>): void {
  onClick('way-passkey', () =>
    attempt(async () => {
      const { account: owner, tokenId } = await account();
      await run(ownPasskey(owner, saltOf(tokenId)));
    }),
  );
  onClick('way-wallet', () => attempt(async () => run(await walletSigner((await account()).account))));
  onClick('way-paper', () => attempt(async () => run(await typedIn((await account()).account))));
}

export interface Shown {
  readonly way: Signer['way'];
  readonly passkey?: Passkey;
}

/** Shows that the account's key is here, and signs nothing of use. @param run is told in which way */
export function onShown(account: () => Promise<Account>, run: (shown: Shown) => Promise<void>): void {
  onClick('way-passkey', () =>
    attempt(async () => {
      const { account: owner, tokenId } = await account();
      const passkey = await passkeyOfAccount(owner, saltOf(tokenId));
      rememberPasskey(passkey);
      await run({ way: 'passkey', passkey });
    }),
  );
  onClick('way-wallet', () =>
    attempt(async () => {
      await walletSigner((await account()).account);
      await run({ way: 'wallet' });
    }),
  );
  onClick('way-paper', () =>
    attempt(async () => {
      await typedIn((await account()).account);
      await run({ way: 'paper' });
    }),
  );
}
