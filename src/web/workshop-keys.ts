// Owns how the console's page of keys looks: API keys, the keys that sign on the chain, passkeys.
import { day, moment, shortened, table } from './console-words.ts';
import { alertOf, formOf, textField } from './form-fields.ts';
import { attr, type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export interface ShownKey {
  readonly id: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly ending: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}
export interface ShownPasskey {
  readonly id: string;
  readonly label: string;
  readonly keyLabel: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
}
export interface ShownOperatorKey {
  readonly address: string;
  readonly permissions: readonly string[];
  /** Seconds since 1970; 0: no end. */
  readonly from: number;
  readonly until: number;
  readonly heldHere: boolean;
}
export interface KeysPage {
  readonly keys: readonly ShownKey[];
  readonly passkeys: readonly ShownPasskey[];
  readonly operatorKeys: readonly ShownOperatorKey[];
  /** The key signed in with. */
  readonly own: string;
  readonly mayManage: boolean;
  readonly scopes: readonly (readonly [scope: string, meaning: string])[];
  readonly token: string;
  /** Of a form that was not taken: what was typed, and what is wrong with it. */
  readonly typed?: { readonly purpose: string; readonly scopes: readonly string[] };
  readonly faults?: Readonly<Record<string, string>>;
  /** The key just made, shown this once. */
  readonly made?: string;
}

export function keysMain(keys: KeysPage): Html {
  return html`${keys.made !== undefined && newKey(keys.made)}
<section class="part" aria-labelledby="passkeys"><h2 id="passkeys">Passkeys</h2>
<p class="lead">A passkey opens this console in place of the API key it was added with: fingerprint, face or PIN of a device. It ends with that key.</p>
${keys.passkeys.length === 0 ? html`<p>There is none yet.</p>` : passkeyTable(keys)}
${addPasskey(keys)}</section>
<section class="part" aria-labelledby="api-keys"><h2 id="api-keys">API keys</h2>
<p class="lead">Machines, and people without a passkey, show one of these. Only a key’s hash is kept here.</p>
${keyTable(keys)}
${keys.mayManage ? addKey(keys) : html`<p class="quiet">The key you are signed in with may not make or revoke keys: that takes one with all rights.</p>`}</section>
<section class="part" aria-labelledby="operator-keys"><h2 id="operator-keys">Keys that sign on the chain</h2>
<p class="lead">Everybody sees these. The registrar’s commands set them; here they are only shown.</p>
${operatorTable(keys.operatorKeys)}</section>`;
}

function newKey(key: string): Html {
  return html`<div class="done" role="status"><p><strong>Your new API key.</strong> It is shown this once and kept nowhere: copy it to where you keep keys before you leave the page.</p><code class="shown-once" id="new-key">${key}</code></div>`;
}

function passkeyTable({ passkeys, token }: KeysPage): Html {
  return table(
    'Passkeys of your organisation',
    [
      { head: 'Name', cell: ({ label }) => label },
      { head: 'Added with', cell: ({ keyLabel }) => keyLabel },
      { head: 'Added', cell: ({ createdAt }) => day(createdAt) },
      { head: 'Last used', cell: ({ usedAt }) => (usedAt === null ? 'not yet' : moment(usedAt)) },
      {
        head: 'Remove',
        cell: ({ id, label }) =>
          html`<form method="post" action="/workshop/keys/passkeys/remove">${hidden('token', token)}${hidden('id', id)}<button class="plain-button" type="submit"${attr('aria-label', `Remove the passkey ${label}`)}>Remove</button></form>`,
      },
    ],
    passkeys,
  );
}

function addPasskey({ token }: KeysPage): Html {
  return html`<div id="passkey-add" hidden><form class="form" method="post" action="/workshop/keys/passkeys" id="passkey-form">${hidden('token', token)}${hidden('answer', '')}
${textField({ name: 'label', label: 'Name of a new passkey', value: 'This device', required: true, maxLength: 60 })}</form>
<p class="form-send"><button type="button" id="passkey-make">Add a passkey</button></p><p class="fault" id="passkey-fault" role="status"></p></div>
<p class="quiet" id="passkey-cannot">To add a passkey, this page needs its script and a browser with passkeys, over https.</p>`;
}

function keyTable({ keys, own, mayManage }: KeysPage): Html {
  return table(
    'API keys of your organisation',
    [
      { head: 'Name', cell: ({ label }) => label },
      {
        head: 'Key',
        cell: ({ id, ending }) =>
          html`<span class="code">ts_${id}_…${ending ?? ''}</span>${id === own && html` <span class="together">(signed in with it)</span>`}`,
      },
      { head: 'May', cell: ({ scopes }) => scopes.join(', ') },
      { head: 'Made', cell: ({ createdAt }) => day(createdAt) },
      {
        head: 'Revoke',
        cell: ({ id, label, revokedAt }) =>
          revokedAt !== null
            ? html`revoked ${day(revokedAt)}`
            : mayManage
              ? html`<a href="/workshop/keys/${id}/revoke"${attr('aria-label', `Revoke the key ${label}`)}>Revoke</a>`
              : '',
      },
    ],
    keys,
  );
}

function addKey({ scopes, typed, faults = {}, token }: KeysPage): Html {
  const wrong = faults['scopes'];
  return html`<h3 class="sub" id="new-key-title">Make a new one</h3>
${formOf({
  action: '/workshop/keys',
  token,
  submit: 'Make the key',
  main: html`${textField({ name: 'purpose', label: 'What it is for', hint: 'Such as “Till in the shop” or “Import at night”.', required: true, maxLength: 60, value: typed?.purpose, fault: faults['purpose'] })}
<fieldset class="field${wrong === undefined ? '' : ' field-wrong'}" id="f-scopes"><legend>What it may do</legend>${wrong !== undefined && html`<p class="fault">${wrong}</p>`}
${scopes.map(([scope, meaning]) => html`<label class="tick"><input type="checkbox" name="scopes" value="${scope}"${attr('checked', typed?.scopes.includes(scope))}> <span>${meaning} <span class="quiet">(${scope})</span></span></label>`)}</fieldset>`,
})}`;
}

function operatorTable(keys: readonly ShownOperatorKey[]): Html {
  return table(
    'Keys that may act for your organisation now',
    [
      { head: 'Key', cell: ({ address }) => shortened(address) },
      { head: 'May', cell: ({ permissions }) => permissions.join(', ') || 'nothing' },
      { head: 'From', cell: ({ from }) => day(from) },
      { head: 'Until', cell: ({ until }) => (until === 0 ? 'no end' : day(until)) },
      { head: 'Kept', cell: ({ heldHere }) => (heldHere ? 'by this service, sealed' : 'elsewhere') },
    ],
    keys,
  );
}

export function revokeMain(key: ShownKey, { token, own }: { token: string; own: boolean }): Html {
  return html`${own && alertOf('You are signed in with this key: revoking it signs you out.')}
<p class="opening">Whatever uses <strong>${key.label}</strong> <span class="code">ts_${key.id}_…${key.ending ?? ''}</span> stops working at once. Everybody signed in to this console with it is signed out, and the passkeys added with it open nothing any more. This can not be undone; what was registered with it stays.</p>
${formOf({ action: `/workshop/keys/${key.id}/revoke`, token, submit: 'Revoke the key for good', grave: true, main: html``, beside: html`<a href="/workshop/keys">Keep it</a>` })}`;
}
