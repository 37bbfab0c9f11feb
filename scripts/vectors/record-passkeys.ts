// Owns the recording of what authenticators answer: a Chromium with its virtual authenticators makes passkeys and signs
// digests, on pages that exist only while it runs. `node scripts/vectors/record-passkeys.ts` writes passkey-answers.json
// anew, with other keys; after it `npm run vectors` makes the vectors. One client is played here, because no browser at
// hand does as it does: it sorts the members of the client data.
import { createHash, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { keccak, toHex, utf8 } from '../../src/core/hash.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { ANSWERS, type AssertionAnswer, type PasskeyAnswers } from './passkeys.ts';

interface Authenticator {
  readonly transport?: 'internal' | 'usb';
  readonly hasCredBlob?: boolean;
  readonly defaultBackupEligibility?: boolean;
  readonly defaultBackupState?: boolean;
}

/** Each half of s is about as likely as the other, so twelve have both but once in two thousand recordings. */
const DIGESTS = 12;
const HOME = 'https://touchstone.example';
const SHOP = 'https://shop.example';

function digestOf(name: string): string {
  return toHex(keccak(utf8(`touchstone vectors: ${name}`)));
}

async function recordAll(): Promise<PasskeyAnswers[]> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    await context.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: pageAt(route.request().url()) }),
    );
    return [
      await recordTelephone(context),
      await recordSynced(context),
      await recordSecurityKey(context),
      await recordElsewhere(context),
      sortingClient(),
    ];
  } finally {
    await browser.close();
  }
}

function pageAt(url: string): string {
  const frame = `<iframe src="${HOME}/" allow="publickey-credentials-get *"></iframe>`;
  return `<!doctype html><title>passkeys</title>${url.startsWith(SHOP) ? frame : ''}`;
}

async function recordTelephone(context: BrowserContext): Promise<PasskeyAnswers> {
  const { page, cdp, authenticatorId } = await open(context, HOME, { transport: 'internal' });
  const { id, made } = await create(page, 'a telephone', HOME);
  const assertions: AssertionAnswer[] = [];
  for (let i = 0; i < DIGESTS; i++) assertions.push(await sign(page, id, 'verified', digestOf(`passkey ${i}`)));
  await page.goto(SHOP);
  const frame = page.frames().find((one) => one.url().startsWith(HOME));
  if (!frame) throw new Error('the frame did not load');
  assertions.push(await sign(frame, id, 'verified, in a frame of another site', digestOf('passkey in a frame')));
  await page.goto(HOME);
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  assertions.push(await sign(page, id, 'not verified', digestOf('passkey not verified'), 'discouraged'));
  await page.close();
  return { ...made, assertions };
}

async function recordSynced(context: BrowserContext): Promise<PasskeyAnswers> {
  const backup = { defaultBackupEligibility: true, defaultBackupState: true };
  const { page } = await open(context, HOME, { transport: 'internal', ...backup });
  const { id, made } = await create(page, 'a passkey with a backup', HOME);
  const assertions = [await sign(page, id, 'verified, backed up', digestOf('passkey with a backup'))];
  await page.close();
  return { ...made, assertions };
}

async function recordSecurityKey(context: BrowserContext): Promise<PasskeyAnswers> {
  const { page } = await open(context, HOME, { transport: 'usb', hasCredBlob: true });
  const { id, made } = await create(page, 'a security key', HOME);
  const assertions = [
    await sign(page, id, 'verified', digestOf('passkey on a security key')),
    await sign(page, id, 'verified, with an extension', digestOf('passkey with an extension'), 'required', true),
  ];
  await page.close();
  return { ...made, assertions };
}

async function recordElsewhere(context: BrowserContext): Promise<PasskeyAnswers> {
  const origin = 'https://pieces.touchstone.example:8443';
  const { page } = await open(context, origin, { transport: 'internal' });
  const { id, made } = await create(page, 'a telephone, at a longer address', origin);
  const assertions = [await sign(page, id, 'verified', digestOf('passkey at a longer address'))];
  await page.close();
  return { ...made, assertions };
}

/** As browsers and password managers did that wrote the members sorted by name; some people's still do. */
function sortingClient(): PasskeyAnswers {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rpIdHash = createHash('sha256').update('touchstone.example').digest();
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const cose = ['a5010203262001215820', hexOf(x), '225820', hexOf(y)].join('');
  const assertions = [0, 1, 2, 3].map((i) => {
    const digest = digestOf(`passkey sorted ${i}`);
    const challenge = Buffer.from(digest.slice(2), 'hex').toString('base64url');
    const members = { challenge, clientExtensions: {}, origin: HOME, type: 'webauthn.get' };
    const clientData = Buffer.from(JSON.stringify(members));
    const authenticatorData = Buffer.concat([rpIdHash, Buffer.from('0500000000', 'hex')]);
    const hash = createHash('sha256').update(clientData).digest();
    const signature = signWith('sha256', Buffer.concat([authenticatorData, hash]), privateKey);
    return {
      what: 'verified, members sorted',
      digest,
      authenticatorData: toHex(authenticatorData),
      clientDataJSON: toHex(clientData),
      signature: toHex(signature),
    };
  });
  return {
    what: 'a client played by Node',
    origin: HOME,
    publicKey: toHex(publicKey.export({ format: 'der', type: 'spki' })),
    authenticatorData: `${toHex(rpIdHash)}4500000000${'00'.repeat(16)}0001aa${cose}`,
    assertions,
  };
}

function hexOf(base64Url: string): string {
  return Buffer.from(base64Url, 'base64url').toString('hex');
}

async function open(context: BrowserContext, origin: string, authenticator: Authenticator) {
  const page = await context.newPage();
  await page.goto(origin);
  const cdp: CDPSession = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...authenticator,
    },
  });
  return { page, cdp, authenticatorId };
}

async function create(page: Page, what: string, origin: string) {
  const answer = await page.evaluate(async () => {
    const hex = (bytes: ArrayBuffer) =>
      `0x${Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('')}`;
    const made = (await navigator.credentials.create({
      publicKey: {
        rp: { id: 'touchstone.example', name: 'Touchstone' },
        user: { id: new Uint8Array(16), name: 'owner', displayName: 'Owner' },
        challenge: new Uint8Array(32),
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        // Known to the browser, not yet to the types.
        extensions: { credBlob: new Uint8Array(32) } as AuthenticationExtensionsClientInputs,
      },
    })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    return {
      id: hex(made.rawId),
      publicKey: hex(response.getPublicKey() as ArrayBuffer),
      authenticatorData: hex(response.getAuthenticatorData()),
    };
  });
  const { id, ...rest } = answer;
  return { id, made: { what, origin, ...rest } };
}

async function sign(
  page: Pick<Page, 'evaluate'>,
  id: string,
  what: string,
  digest: string,
  userVerification: 'required' | 'discouraged' = 'required',
  extended = false,
): Promise<AssertionAnswer> {
  const answer = await page.evaluate(
    async ({ id, digest, userVerification, extended }) => {
      const hex = (bytes: ArrayBuffer) =>
        `0x${Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('')}`;
      const bytes = (text: string) =>
        Uint8Array.from(text.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const signed = (await navigator.credentials.get({
        publicKey: {
          rpId: 'touchstone.example',
          challenge: bytes(digest),
          allowCredentials: [{ type: 'public-key', id: bytes(id) }],
          userVerification,
          ...(extended ? { extensions: { getCredBlob: true } as AuthenticationExtensionsClientInputs } : {}),
        },
      })) as PublicKeyCredential;
      const response = signed.response as AuthenticatorAssertionResponse;
      return {
        authenticatorData: hex(response.authenticatorData),
        clientDataJSON: hex(response.clientDataJSON),
        signature: hex(response.signature),
      };
    },
    { id, digest, userVerification, extended },
  );
  return { what, digest, ...answer };
}

if (import.meta.main) writeFileSync(ANSWERS, `${JSON.stringify(await recordAll(), null, 1)}\n`);
