import { readFileSync } from 'node:fs';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect } from 'chai';
import fc from 'fast-check';
import type { passkeyVectors } from '../../scripts/vectors/passkeys.ts';
import { TouchstoneError } from '../../src/core/errors.ts';
import { fromHex, type Hex32, toHex, utf8 } from '../../src/core/hash.ts';
import {
  type Assertion,
  isPasskeySignature,
  MAX_PASSKEY_SIGNATURE,
  packPasskeySignature,
  passkeyAccountOf,
  passkeyKeyOf,
} from '../../src/core/passkey.ts';
import {
  assertionOf,
  halvesOfDer,
  keyOfAuthenticatorData,
  keyOfCose,
  keyOfSpki,
} from '../../src/core/passkey-answer.ts';

const FILE = new URL('../vectors/passkeys.json', import.meta.url);
const { keys, halves, signatures, refused } = JSON.parse(readFileSync(FILE, 'utf8')) as ReturnType<
  typeof passkeyVectors
>;
const ORDER = p256.Point.Fn.ORDER;
const DIGEST = toHex(sha256(utf8('a digest')));
const SALT = toHex(sha256(utf8('a salt')));
const SECRET = sha256(utf8('a passkey'));
const KEY = passkeyKeyOf(p256.getPublicKey(SECRET, false).subarray(1));

const any32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes));
const anySecret = fc.bigInt(1n, ORDER - 1n).map((n) => fromHex(`0x${n.toString(16).padStart(64, '0')}`));

function hex(text: string): Hex32 {
  return text as Hex32;
}

function standard(digest: Hex32, rest = '"origin":"https://touchstone.example","crossOrigin":false}'): string {
  const challenge = Buffer.from(fromHex(digest)).toString('base64url');
  return `{"type":"webauthn.get","challenge":"${challenge}",${rest}`;
}

function authenticatorData(flags: number, length = 37): Uint8Array {
  const data = new Uint8Array(length);
  data.set(sha256(utf8('touchstone.example')).subarray(0, length));
  if (length > 32) data[32] = flags;
  return data;
}

/** What an authenticator would answer, also where no real one would. */
function asserted(clientData: string, data = authenticatorData(5), secret: Uint8Array = SECRET): Assertion {
  const clientDataJSON = utf8(clientData);
  const message = Buffer.concat([data, sha256(clientDataJSON)]);
  const signature = p256.sign(message, secret, { lowS: true });
  return { authenticatorData: data, clientDataJSON, signature };
}

function packed(digest: Hex32, clientData = standard(digest)): Uint8Array {
  return fromHex(packPasskeySignature(KEY, SALT, digest, asserted(clientData)));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof TouchstoneError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('passkeys that authenticators made', () => {
  it('have the same public key in each of its forms', () => {
    expect(keys).to.have.length.greaterThan(3);
    for (const { spki, authenticatorData: data, qx, qy } of keys) {
      expect(keyOfSpki(fromHex(spki))).to.deep.equal({ qx, qy });
      expect(keyOfAuthenticatorData(fromHex(data))).to.deep.equal({ qx, qy });
    }
  });

  it('gave s in either half, several times each', () => {
    expect(Math.min(halves.lower, halves.upper)).to.be.at.least(4);
    expect(halves.lower + halves.upper).to.equal(signatures.length);
  });

  for (const vector of signatures) {
    it(`sign: ${vector.what}, s in the ${vector.half} half, ${vector.digest.slice(0, 10)}`, () => {
      const { qx, qy } = vector as { qx: Hex32; qy: Hex32 };
      const salt = hex(vector.salt);
      expect(passkeyAccountOf({ qx, qy }, salt)).to.equal(vector.account);
      const assertion = assertionOf({
        authenticatorData: fromHex(vector.authenticatorData),
        clientDataJSON: fromHex(vector.clientDataJSON),
        signature: fromHex(vector.der),
      });
      expect(packPasskeySignature({ qx, qy }, salt, hex(vector.digest), assertion)).to.equal(vector.signature);
      expect(isPasskeySignature(vector.account, hex(vector.digest), fromHex(vector.signature))).to.equal(true);
    });
  }

  it('did not sign what is wrong by little', () => {
    expect(refused).to.have.length.greaterThan(8);
    for (const { what, account, digest, signature } of refused) {
      expect(isPasskeySignature(account, hex(digest), fromHex(signature)), what).to.equal(false);
    }
  });
});

describe('a passkey’s signature', () => {
  it('is good for its own account and digest, whatever key and salt', () => {
    fc.assert(
      fc.property(anySecret, any32, any32, any32, (secret, salt, digest, other) => {
        fc.pre(other !== digest && other !== salt);
        const key = passkeyKeyOf(p256.getPublicKey(secret, false).subarray(1));
        const assertion = asserted(standard(digest), authenticatorData(5), secret);
        const signature = fromHex(packPasskeySignature(key, salt, digest, assertion));
        expect(isPasskeySignature(passkeyAccountOf(key, salt), digest, signature)).to.equal(true);
        expect(isPasskeySignature(passkeyAccountOf(key, other), digest, signature)).to.equal(false);
        expect(isPasskeySignature(passkeyAccountOf(key, salt), other, signature)).to.equal(false);
      }),
      { numRuns: 30 },
    );
  });

  it('knows its account with an EIP-55 checksum too', () => {
    const account = passkeyAccountOf(KEY, SALT);
    expect(isPasskeySignature(`0x${account.slice(2).toUpperCase()}`, DIGEST, packed(DIGEST))).to.equal(true);
  });

  it('bears no flipped bit, in any of its forms', () => {
    const sorted = standard(DIGEST).replace('{"type":"webauthn.get",', '{').replace(/\}$/, ',"type":"webauthn.get"}');
    const forms = [standard(DIGEST), standard(DIGEST, '"origin":"https://a.example"}'), sorted];
    for (const signature of forms.map((clientData) => packed(DIGEST, clientData))) {
      expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, signature)).to.equal(true);
      for (let bit = 0; bit < signature.length * 8; bit += 9) {
        const flipped = signature.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, flipped), `bit ${bit}`).to.equal(false);
      }
    }
  });

  it('bears no byte less or more', () => {
    const signature = packed(DIGEST);
    for (let length = 0; length < signature.length; length++) {
      expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, signature.subarray(0, length))).to.equal(false);
    }
    const longer = Uint8Array.of(...signature, 0);
    expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, longer)).to.equal(false);
  });

  it('is never found in other bytes, which are never an error either', () => {
    const right = packed(DIGEST);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat({ max: right.length }), (noise, kept) => {
        const bytes = Uint8Array.of(...right.subarray(0, kept), ...noise);
        fc.pre(toHex(bytes) !== toHex(right));
        expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, bytes)).to.equal(false);
        expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, noise)).to.equal(false);
      }),
    );
  });

  it('is read the same from the middle of other bytes', () => {
    const around = Uint8Array.of(1, 2, 3, ...packed(DIGEST), 4);
    const signature = around.subarray(3, around.length - 1);
    expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, signature)).to.equal(true);
  });

  it('has 4,096 bytes at most', () => {
    const long = (length: number) => standard(DIGEST, `"origin":"${'a'.repeat(length)}","crossOrigin":false}`);
    const most = MAX_PASSKEY_SIGNATURE - 166 - 37;
    expect(packed(DIGEST, long(most))).to.have.length(MAX_PASSKEY_SIGNATURE);
    expect(codeOf(() => packed(DIGEST, long(most + 1)))).to.equal('signature-invalid');
  });

  it('is none of who was not there, not verified, or backed up where nothing can be', () => {
    for (let flags = 0; flags < 256; flags++) {
      const good = (flags & 5) === 5 && ((flags & 16) === 0 || (flags & 8) !== 0);
      const assertion = asserted(standard(DIGEST), authenticatorData(flags));
      const code = codeOf(() => packPasskeySignature(KEY, SALT, DIGEST, assertion));
      expect(code, `flags ${flags}`).to.equal(good ? 'no error' : 'signature-invalid');
    }
    const short = asserted(standard(DIGEST), authenticatorData(5, 36));
    expect(codeOf(() => packPasskeySignature(KEY, SALT, DIGEST, short))).to.equal('signature-invalid');
  });

  it('is not made of an answer to something else', () => {
    const other = toHex(sha256(utf8('another digest')));
    const faulty = {
      'another digest': standard(other),
      'a registration': standard(DIGEST).replace('webauthn.get', 'webauthn.create'),
      'the digest under another name': standard(DIGEST).replace('"challenge"', '"note"'),
      'a longer challenge': standard(DIGEST).replace('","origin"', 'A","origin"'),
      nothing: '{}',
    };
    for (const [what, clientData] of Object.entries(faulty)) {
      expect(
        codeOf(() => packed(DIGEST, clientData)),
        what,
      ).to.equal('signature-invalid');
    }
    const posing = asserted(standard(DIGEST), authenticatorData(5), sha256(utf8('another passkey')));
    expect(codeOf(() => packPasskeySignature(KEY, SALT, DIGEST, posing))).to.equal('signature-invalid');
  });

  it('stands in client data that are what stands around a challenge, and name an assertion', () => {
    const start = '{"type":"webauthn.get","challenge":"';
    const rest = '","origin":"https://touchstone.example"}';
    for (const [good, head, typeAt, behind] of [
      [true, '', 0, rest],
      [true, start, 1, rest],
      [true, '{"challenge":"', 16, '","type":"webauthn.get"}'],
      [false, '', 2, rest],
      [false, '', 0, `A${rest}`],
      [false, '', 0, ''],
      [false, start, 1, `A${rest}`],
      [false, start, 0, rest],
      [false, start, 2, rest],
      [false, start, 65_535, rest],
      [false, '{"type":"webauthn.create","challenge":"', 1, rest],
      [false, '{"type":"webauthn.get","challenge":"AAAA","note":"', 1, rest],
      [false, '{"type":"webauthn.get","challenge": "', 1, rest],
      [false, 'hallenge":"', 13, '","type":"webauthn.get"}'],
    ] as const) {
      const whole = (head === '' ? start : head) + Buffer.from(fromHex(DIGEST)).toString('base64url') + behind;
      const { authenticatorData: data, signature } = asserted(whole);
      const lengths = [data.length, head.length, typeAt].flatMap((length) => [length >> 8, length & 255]);
      const key = [...fromHex(KEY.qx), ...fromHex(KEY.qy), ...fromHex(SALT)];
      const bytes = Uint8Array.of(...key, ...signature, ...lengths, ...data, ...utf8(head + behind));
      expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, bytes), `${head} ${typeAt} ${behind}`).to.equal(
        good,
      );
    }
  });

  it('has its s in the lower half and both numbers in range', () => {
    const right = packed(DIGEST);
    const s = BigInt(toHex(right.subarray(128, 160)));
    for (const [at, value] of [
      [128, ORDER - s],
      [128, 0n],
      [128, ORDER],
      [128, ORDER + 1n],
      [96, 0n],
      [96, ORDER],
      [96, 2n ** 256n - 1n],
    ] as const) {
      const changed = right.slice();
      changed.set(fromHex(`0x${value.toString(16).padStart(64, '0')}`), at);
      expect(isPasskeySignature(passkeyAccountOf(KEY, SALT), DIGEST, changed), `${at}: ${value}`).to.equal(false);
    }
  });

  it('is none of what is no point of the curve', () => {
    const right = packed(DIGEST);
    const edges = [0n, p256.Point.Fp.ORDER, p256.Point.Fp.ORDER + 1n, 2n ** 256n - 1n, BigInt(KEY.qy)];
    for (const x of edges) {
      for (const y of edges) {
        const key = {
          qx: hex(`0x${x.toString(16).padStart(64, '0')}`),
          qy: hex(`0x${y.toString(16).padStart(64, '0')}`),
        };
        const changed = Uint8Array.of(...fromHex(key.qx), ...fromHex(key.qy), ...right.subarray(64));
        expect(isPasskeySignature(passkeyAccountOf(key, SALT), DIGEST, changed), `${x}, ${y}`).to.equal(false);
      }
    }
  });
});

describe('what a browser hands over of a passkey', () => {
  const [first] = keys as [(typeof keys)[number]];
  const spki = fromHex(first.spki);
  const data = fromHex(first.authenticatorData);
  const cose = data.subarray(55 + new DataView(data.buffer, data.byteOffset).getUint16(53));

  it('is refused as a key when it is cut, of another kind or no point of the curve', () => {
    expect(codeOf(() => keyOfCose(cose))).to.equal('no error');
    for (const [read, bytes] of [
      [keyOfSpki, spki],
      [keyOfCose, cose.subarray(0, 77)],
      [keyOfAuthenticatorData, data.subarray(0, data.length - cose.length + 77)],
    ] as const) {
      for (let length = 0; length < bytes.length; length++) {
        expect(
          codeOf(() => read(bytes.subarray(0, length))),
          `${read.name} ${length}`,
        ).to.equal('invalid-request');
      }
    }
    for (let at = 0; at < spki.length; at++) {
      const changed = spki.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(
        codeOf(() => keyOfSpki(changed)),
        `byte ${at}`,
      ).to.equal('invalid-request');
    }
    for (let at = 0; at < 77; at++) {
      const changed = cose.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(
        codeOf(() => keyOfCose(changed)),
        `byte ${at}`,
      ).to.equal('invalid-request');
    }
    expect(codeOf(() => keyOfSpki(Uint8Array.of(...spki, 0)))).to.equal('invalid-request');
    const withoutKey = data.slice();
    withoutKey[32] = 0x05;
    expect(codeOf(() => keyOfAuthenticatorData(withoutKey))).to.equal('invalid-request');
  });

  it('is refused as a signature when it is not DER, and never with an error of its own', () => {
    const [{ der }] = signatures as [(typeof signatures)[number]];
    const bytes = fromHex(der);
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => halvesOfDer(bytes.subarray(0, length)))).to.equal('signature-invalid');
    }
    expect(codeOf(() => halvesOfDer(Uint8Array.of(...bytes, 0)))).to.equal('signature-invalid');
    expect(codeOf(() => halvesOfDer(fromHex('0x3006020100020100')))).to.equal('signature-invalid');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        expect(codeOf(() => halvesOfDer(noise))).to.be.oneOf(['signature-invalid', 'no error']);
      }),
    );
  });
});
