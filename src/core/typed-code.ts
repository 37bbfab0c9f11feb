// Owns the reading of what somebody typed, pasted or scanned to find a piece: an address of any host, a path, an element
// string, or a code with its parts apart. Whether anything is registered under it never enters it.
import { codeOfPath, gtinFault, isHandle, isSerial, type PieceCode, SERIAL_RULE } from './code.ts';
import { type LinkParts, readDigitalLink } from './digital-link.ts';
import { type ElementsLink, linkOfElements } from './digital-link-write.ts';
import { looksLikeElements, readElements } from './gs1-elements.ts';

export type ReadCode =
  | { readonly kind: 'code'; readonly code: PieceCode }
  /** A product, variant or lot; which piece of it is not said. */
  | { readonly kind: 'product'; readonly gtin: string }
  /** As GS1 has it, but nothing this project uses. */
  | { readonly kind: 'not-supported'; readonly why: string }
  | { readonly kind: 'invalid'; readonly why?: string };

/** Codes of no host; a path needs one to be an address. */
const ANY_HOST = 'https://any.invalid';
/** GTINs as printed under a barcode, with fewer digits, are padded where people type them. */
const AS_TYPED = { shortGtins: true } as const;
const OWN_PATH = /(\/p\/[^\s?#]+)(?:[?#]\S*)?$/;
const GS1_PATH = /^(?:[^\s(]*\/)?\d{2,4}\/\S/;

/** Reads an address as a resolver gets it: a path, and a query if there is one. */
export function codeOfAddress(pathAndQuery: string): ReadCode {
  return judged(readDigitalLink(ANY_HOST + pathAndQuery));
}

export function codeTyped(text: string): ReadCode {
  const typed = text.trim();
  // First: a handle such as 401 is an AI too, but nothing else ends with a right check character by chance.
  const own = codeOfPath(OWN_PATH.exec(typed)?.[1] ?? '') ?? ownCodeInParts(typed);
  if (own) return { kind: 'code', code: own };
  const scheme = /^https?:\/\//i.exec(typed)?.[0];
  if (scheme) return judged(readDigitalLink(scheme.toLowerCase() + typed.slice(scheme.length), AS_TYPED));
  if (GS1_PATH.test(typed)) return judged(readDigitalLink(`${ANY_HOST}/${typed.replace(/^\//, '')}`, AS_TYPED));
  // Brackets are for people, who put spaces around them.
  if (looksLikeElements(typed)) return judged(linkOfElements(readElements(typed.replace(/\s+(?=\()|(?<=\))\s+/g, ''))));
  return gtinInParts(typed);
}

/** "handle code", whatever stands in between. */
function ownCodeInParts(typed: string): PieceCode | undefined {
  const [handle = '', ...rest] = typed.split(/[\s/·]+/);
  const code = `/p/${handle.toLowerCase()}/${encodeURIComponent(rest.join(''))}`;
  return isHandle(handle.toLowerCase()) ? codeOfPath(code) : undefined;
}

/** "gtin serial", whatever stands in between. */
function gtinInParts(typed: string): ReadCode {
  const [, digits, serial] = /^(\d{12,14})(?:[\s/·]+(.+))?$/.exec(typed) ?? [];
  if (digits === undefined) return { kind: 'invalid' };
  const gtin = digits.padStart(14, '0');
  return judged({
    kind: 'supported',
    gtin,
    ...(serial === undefined ? {} : { serial: serial.replace(/[\s·]+/g, '') }),
  });
}

function judged(link: ElementsLink): ReadCode {
  if (link.kind === 'invalid') return { kind: 'invalid', why: link.why };
  if (link.kind === 'not-supported') return { kind: 'not-supported', why: link.why };
  return codeOfParts(link);
}

/** Variant and lot are left out: GTIN and serial alone name a piece. */
function codeOfParts({ gtin, serial }: LinkParts): ReadCode {
  const fault = gtinFault(gtin);
  if (fault !== undefined) return { kind: 'invalid', why: `its GTIN ${fault}` };
  if (serial === undefined) return { kind: 'product', gtin };
  if (!isSerial(serial)) return { kind: 'invalid', why: `its serial ${SERIAL_RULE}` };
  return { kind: 'code', code: { gtin, serial } };
}
