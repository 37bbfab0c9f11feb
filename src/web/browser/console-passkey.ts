// Owns asking this browser for a passkey of the console, in the form in which the service asks and is answered: JSON, with
// bytes in base64url. Keys of pieces' owners are keyring.ts's.
import { fromBase64Url, KeyRefused, passkeysWork } from './keyring.ts';
import { type Answer, post } from './service.ts';

/** What to put into the form as the passkey's answer. @throws KeyRefused, Failure */
export async function passkeyAnswer(optionsPath: string): Promise<string> {
  if (!passkeysWork()) throw new KeyRefused('unsupported');
  const publicKey = withBytes(await post(optionsPath, {}));
  const made = (await asked(() =>
    'user' in publicKey
      ? navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
      : navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions }),
  )) as PublicKeyCredential;
  const { id, type, rawId, response } = made;
  return JSON.stringify({
    id,
    type,
    rawId: toBase64Url(rawId),
    clientExtensionResults: made.getClientExtensionResults(),
    response: Object.fromEntries(
      ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].flatMap((name) => {
        const value = (response as unknown as Record<string, ArrayBuffer | null | undefined>)[name];
        return value ? [[name, toBase64Url(value)]] : [];
      }),
    ),
  });
}

/** Members of the options that are bytes. */
function withBytes(options: Answer): Record<string, unknown> {
  const ids = (list: readonly { id: string }[] | undefined) =>
    (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: ids(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: ids(options.allowCredentials) }),
  };
}

async function asked(ask: () => Promise<Credential | null>): Promise<Credential> {
  try {
    const got = await ask();
    if (got) return got;
  } catch (error) {
    throw new KeyRefused('cancelled', error);
  }
  throw new KeyRefused('none');
}

const bytes = (text: string) => fromBase64Url(text) as BufferSource;

function toBase64Url(buffer: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
