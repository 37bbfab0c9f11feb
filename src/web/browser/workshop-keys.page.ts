// Owns adding a passkey on the console's page of keys. The form it fills in is the page's.
import { passkeyAnswer } from './console-passkey.ts';
import { byId, onClick, setText, show } from './dom.ts';
import { KeyRefused, passkeysWork } from './keyring.ts';

if (passkeysWork()) {
  show('passkey-add');
  show('passkey-cannot', false);
  onClick('passkey-make', async () => {
    setText('passkey-fault', '');
    try {
      const form = byId<HTMLFormElement>('passkey-form');
      (form.elements.namedItem('answer') as HTMLInputElement).value = await passkeyAnswer('/workshop/keys/options');
      form.submit();
    } catch (error) {
      const refused = error instanceof KeyRefused;
      const why = 'No passkey was made: it was cancelled, or this device has one for the console already.';
      setText('passkey-fault', refused ? why : (error as Error).message);
    }
  });
}
