// Owns the page at which one signs in to the console: with an API key, which needs no script, or a passkey, which does.
import { alertOf, textField } from './form-fields.ts';
import { html } from './html.ts';
import { hidden, workshopDoor } from './workshop-frame.ts';

export interface SignIn {
  /** Where to go then. */
  readonly back: string;
  /** What was sent came too late: the session was over. */
  readonly over?: boolean;
  readonly refusal?: string;
}

export function signInPage({ back, over, refusal }: SignIn): string {
  return workshopDoor(
    'The workshop’s console',
    html`${refusal !== undefined && alertOf(refusal)}
${over && alertOf('You were signed out meanwhile, so what you sent was not done. Sign in and send it again.')}
<section class="part" id="by-passkey" hidden aria-labelledby="passkey-title"><h2 id="passkey-title">With a passkey</h2>
<p>As you unlock this device: fingerprint, face or PIN.</p>
<form class="form" method="post" action="/workshop/sign-in/passkey" id="passkey-form">${hidden('back', back)}${hidden('answer', '')}</form>
<p class="form-send"><button type="button" id="passkey-button">Sign in with a passkey</button></p>
<p class="fault" id="passkey-fault" role="status"></p></section>
<section class="part" aria-labelledby="key-title"><h2 id="key-title">With an API key</h2>
<form class="form" method="post" action="/workshop/sign-in" novalidate>${hidden('back', back)}
${textField({ name: 'key', label: 'API key', type: 'password', required: true, autocomplete: 'off', literal: true, hint: 'It begins with ts_. Whoever admitted your organisation to the ledger gave it to you.' })}
<p class="form-send"><button type="submit">Sign in</button></p></form>
<p class="quiet">You stay signed in for twelve hours, in this browser. Once inside you can add a passkey, so that the key can go back into its safe.</p></section>`,
    ['workshop-sign-in'],
  );
}
