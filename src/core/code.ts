// Owns a piece's public code: GS1 Digital Link (GTIN + serial) or an organisation's own code, as path and back.
// Randomness comes in as bytes; whether a code exists is the ledger's business.

export interface GtinCode {
  /** 14 digits, GS1 check digit last. */
  readonly gtin: string;
  /** 1 to 20 characters of GS1's character set 82 (GS1 General Specifications, figure 7.11-1), not "." or "..". */
  readonly serial: string;
}

export interface OwnCode {
  readonly handle: string;
  /** 16 random Crockford base-32 characters and a check character. */
  readonly code: string;
}

export type PieceCode = GtinCode | OwnCode;

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const OWN_CODE = /^[0-9A-HJKMNP-TV-Z]{17}$/;
const SERIAL = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;
const HANDLE = /^[a-z0-9][a-z0-9-]{1,29}[a-z0-9]$/;

export function isHandle(text: string): boolean {
  return HANDLE.test(text);
}

export const SERIAL_RULE = 'must be 1 to 20 letters, digits or marks that GS1 allows, and not "." or ".."';

/** The serials "." and ".." are refused, although GS1 allows them: every reader of a URL drops such a segment. */
export function isSerial(text: string): boolean {
  return SERIAL.test(text) && text !== '.' && text !== '..';
}

/** Why this is no GTIN-14, or undefined if it is one. GS1 General Specifications, section 7.9. */
export function gtinFault(text: string): string | undefined {
  if (!/^\d{14}$/.test(text)) return 'must be 14 digits (pad a GTIN-13 or GTIN-12 with zeros on the left)';
  if (/^0+$/.test(text)) return 'must not be all zeros';
  const expected = gtinCheckDigit(text.slice(0, 13));
  const found = text[13];
  return found === expected ? undefined : `has check digit ${found} where ${expected} belongs: one digit is wrong`;
}

export function gtinCheckDigit(first13: string): string {
  let sum = 0;
  for (let i = 0; i < 13; i++) sum += Number(first13[i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

/** Whether a GS1 company prefix (7 to 12 digits) covers a GTIN-14: digits after the indicator digit. */
export function prefixCovers(prefix: string, gtin: string): boolean {
  return gtin.startsWith(prefix, 1);
}

/** Every GS1 company prefix that could cover a GTIN-14, longest first. */
export function gtinPrefixes(gtin: string): string[] {
  return [12, 11, 10, 9, 8, 7].map((length) => gtin.slice(1, 1 + length));
}

/** Luhn mod 32 check character: every single wrong character and every swap of neighbours but 0Z is noticed. */
function checkCharacter(body: string): string {
  let sum = 0;
  let factor = 2;
  for (let i = body.length - 1; i >= 0; i--) {
    const product = factor * ALPHABET.indexOf(body[i] as string);
    sum += Math.floor(product / 32) + (product % 32);
    factor = factor === 2 ? 1 : 2;
  }
  return ALPHABET[(32 - (sum % 32)) % 32] as string;
}

/** Encodes whole groups of 5 bits; bits left over at the end are not used. */
function base32(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(value >> bits) & 31];
    }
    value &= 0xff;
  }
  return out;
}

/** @param random 10 bytes (80 bits) from a cryptographic generator. */
export function ownCode(handle: string, random: Uint8Array): OwnCode {
  const body = base32(random.subarray(0, 10));
  return { handle, code: body + checkCharacter(body) };
}

/** @param random 8 bytes from a cryptographic generator; 60 bits are used. */
export function randomSerial(random: Uint8Array): string {
  return base32(random).slice(0, 12);
}

/** Why this is no own code, or undefined if it is one. */
export function ownCodeFault(text: string): string | undefined {
  if (!OWN_CODE.test(text)) return 'must be 17 characters of 0-9 and A-Z without I, L, O, U';
  return checkCharacter(text.slice(0, 16)) === text[16] ? undefined : 'has a wrong check character: it was mistyped';
}

/** Reads what a person may have typed: any case, I and L for 1, O for 0, spaces and hyphens. */
export function tidyOwnCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
}

/** The public path: `/01/{gtin}/21/{serial}` or `/p/{handle}/{code}`. */
export function codePath(code: PieceCode): string {
  return 'gtin' in code ? `/01/${code.gtin}/21/${encodeURIComponent(code.serial)}` : `/p/${code.handle}/${code.code}`;
}

/** The code of a public path, already percent-decoded segment by segment; undefined if it isn't one. */
export function codeOfSegments(segments: readonly string[]): PieceCode | undefined {
  const [first, second, third, fourth] = segments;
  if (first === '01' && third === '21' && segments.length === 4) {
    if (gtinFault(second as string) || !isSerial(fourth as string)) return undefined;
    return { gtin: second as string, serial: fourth as string };
  }
  if (first === 'p' && segments.length === 3 && isHandle(second as string)) {
    const code = tidyOwnCode(third as string);
    return ownCodeFault(code) ? undefined : { handle: second as string, code };
  }
  return undefined;
}

/** The code of a public path as it stands in a URL; undefined if it isn't one or its encoding is broken. */
export function codeOfPath(path: string): PieceCode | undefined {
  try {
    return codeOfSegments(path.replace(/^\//, '').split('/').map(decodeURIComponent));
  } catch {
    return undefined;
  }
}
