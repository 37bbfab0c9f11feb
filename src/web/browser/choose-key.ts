// Owns which key a piece is to be owned by, as chosen on the page (key-choice.ts), and signing with the one it is owned by. One
// that this device has is offered again; a paper key counts as chosen only when it was shown to be on paper.
import { type PaperKey, paperAccount, printedPaperKey } from '../../core/paper-key.ts';
import { byId, element, onClick, setText, show } from './dom.ts';
import {
  assertionOver,
  KeyRefused,
  makePasskey,
  type Passkey,
  passkeySigner,
  passkeysWork,
  type Signer,
  saltOf,
  type Wallet,
  walletSigner,
  wallets,
} from './keyring.ts';
import { passkeys, rememberPasskey } from './memory.ts';
import { drawPaperKey, paperSigner, typedPaperKey } from './paper.ts';
import { fillGroups, printSheet } from './paper-sheet.ts';
import { ownPasskey } from './passkey-again.ts';
import { word } from './words.ts';

export interface Chosen {
  readonly signer: Signer;
  readonly passkey?: Passkey;
  readonly paperKey?: PaperKey;
}

interface Piece {
  readonly tokenId: string;
  readonly title: string;
  readonly path: string;
}

const CHOICES = ['known', 'passkey', 'wallet', 'paper'] as const;
type Choice = (typeof CHOICES)[number];

let found: readonly Wallet[] = [];
let drawn: PaperKey | undefined;
let asked = 0;
/** As she chose, for when the page comes in another language. */
let choice: Choice | undefined;

/** Makes the page's choice work. @param piece what is printed on a sheet */
export async function offerKeys(piece: Omit<Piece, 'tokenId'>): Promise<void> {
  show('keys-known', passkeys().length > 0);
  if (passkeys().length > 0) radio('known').checked = true;
  if (choice) radio(choice).checked = true;
  if (!passkeysWork()) withhold('passkey', word('claim.key.unsupported'));
  byId('keys').addEventListener('change', () => {
    choice = CHOICES.find((one) => radio(one).checked);
    chosen();
  });
  onClick('key-paper-print', () => {
    if (drawn) printSheet({ ...piece, key: drawn });
  });
  found = await wallets();
  if (found.length === 0) withhold('wallet', word('claim.key.wallet.none'));
  byId('key-wallet-which').replaceChildren(
    ...found.map(({ name }, i) => element('option', { value: String(i) }, name || word('claim.key.wallet'))),
  );
  chosen();
}

const radio = (choice: Choice) => byId<HTMLInputElement>(`key-${choice}`);

function withhold(choice: Choice, why: string): void {
  radio(choice).disabled = true;
  setText(`key-${choice}-about`, why);
  if (radio(choice).checked) radio('paper').checked = true;
}

function chosen(): void {
  tellFault('');
  show('key-wallet-which-part', radio('wallet').checked && found.length > 1);
  show('key-paper-part', radio('paper').checked);
  if (!radio('paper').checked) return;
  if (!drawn) {
    drawn = drawPaperKey();
    asked = 1 + ((crypto.getRandomValues(new Uint8Array(1))[0] as number) % 5);
  }
  fillGroups('key-paper', groupsOf(drawn));
  setText('key-paper-check-label', word('claim.paper.check', { group: asked + 1 }));
}

const groupsOf = (key: PaperKey) => printedPaperKey(key).split('-');

/**
 * The key she chose, asking her device or wallet for it; undefined where the page told her what is still lacking.
 * @param name shown where she keeps her passkeys
 * @throws KeyRefused
 */
export async function chosenKey({ tokenId, name }: { tokenId: string; name: string }): Promise<Chosen | undefined> {
  tellFault('');
  const salt = saltOf(tokenId);
  if (radio('paper').checked) return onPaper();
  if (radio('wallet').checked) {
    const which = Number(byId<HTMLSelectElement>('key-wallet-which').value);
    return { signer: await walletSigner(undefined, found[which]) };
  }
  const [known] = passkeys();
  if (radio('known').checked && known) {
    // Asked for, so that no piece is given to a key that is gone.
    await assertionOver(crypto.getRandomValues(new Uint8Array(32)), known.id);
    return { signer: passkeySigner(known, salt), passkey: known };
  }
  const passkey = await makePasskey(name);
  rememberPasskey(passkey);
  // Should it come to a second try, the same one serves.
  show('keys-known');
  radio('known').checked = true;
  return { signer: passkeySigner(passkey, salt), passkey };
}

/** Its sixth part, typed in from paper, shows that it is there. */
function onPaper(): Chosen | undefined {
  if (!drawn) return undefined;
  const input = byId<HTMLInputElement>('key-paper-check');
  const typed = input.value.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  if (typed === groupsOf(drawn)[asked]) return { signer: paperSigner(drawn), paperKey: drawn };
  tellFault(word('claim.paper.check.wrong', { group: asked + 1 }));
  input.focus();
  return undefined;
}

function tellFault(words: string): void {
  setText('keys-fault', words);
  show('keys-fault', words !== '');
}

/** Signs as the account a piece is owned by, in the way that is remembered of it. A key on paper is asked for. */
export async function ownKey(owned: {
  readonly tokenId: string;
  readonly way: Signer['way'];
  readonly account: string;
  readonly passkey?: string | undefined;
}): Promise<Signer> {
  const { tokenId, way, account } = owned;
  if (way === 'wallet') return walletSigner(account);
  if (way === 'paper') return typedIn(account);
  return ownPasskey(account, saltOf(tokenId), owned.passkey);
}

/** Asks for the paper key of an account, until it is typed rightly. @throws KeyRefused cancelled if she gives up */
export function typedIn(account: string): Promise<Signer> {
  const dialogue = byId<HTMLDialogElement>('paper-entry');
  const input = byId<HTMLInputElement>('paper-entry-key');
  const fault = (words: string) => {
    setText('paper-entry-fault', words);
    show('paper-entry-fault', words !== '');
  };
  return new Promise((resolve, reject) => {
    let signer: Signer | undefined;
    byId('paper-entry-form').onsubmit = (event) => {
      event.preventDefault();
      const read = typedPaperKey(input.value);
      if (!read.ok) fault(read.words);
      else if (paperAccount(read.key) !== account) fault(word('claim.paper.other'));
      else {
        signer = paperSigner(read.key);
        dialogue.close();
        return;
      }
      input.focus();
    };
    byId('paper-entry-cancel').onclick = () => dialogue.close();
    dialogue.onclose = () => {
      input.value = '';
      fault('');
      if (signer) resolve(signer);
      else reject(new KeyRefused('cancelled'));
    };
    dialogue.showModal();
  });
}
