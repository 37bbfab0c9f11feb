// Owns signing in to the console with a passkey: shown only where this browser has them. The form it fills in is the page's.
import { passkeyAnswer } from './console-passkey.ts';
import { byId, onClick, setText, show } from './dom.ts';
import { KeyRefused, passkeysWork } from './keyring.ts';

if (passkeysWork()) {
  show('by-passkey');
  onClick('passkey-button', async () => {
    setText('passkey-fault', '');
    try {
      const form = byId<HTMLFormElement>('passkey-form');
      (form.elements.namedItem('answer') as HTMLInputElement).value = await passkeyAnswer('/workshop/sign-in/options');
      form.submit();
    } catch (error) {
      const refused = error instanceof KeyRefused;
      setText(
        'passkey-fault',
        refused ? 'No passkey was shown. Try again, or sign in with an API key.' : (error as Error).message,
      );
    }
  });
}
