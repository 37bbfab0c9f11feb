// Owns the vectors of paper keys: from bytes to text, account and signature; what is read as one, and what is none. The same
// bytes as those of the cards' vectors, so that it shows that neither is the other.
import { cardSecret } from '../../src/core/card.ts';
import { keccak, toHex, utf8 } from '../../src/core/hash.ts';
import { paperAccount, paperKey, printedPaperKey, readPaperKey, signOnPaper } from '../../src/core/paper-key.ts';

const RANDOM = [
  '00000000000000000000000000000000',
  'ffffffffffffffffffffffffffffffff',
  '000102030405060708090a0b0c0d0e0f',
  'a1b2c3d4e5f60718293a4b5c6d7e8f90',
];
const DIGEST = toHex(keccak(utf8('a digest that a paper key signs')));
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const KEYS = RANDOM.map((random) => paperKey(bytes(random)));
const [, , COUNTED = '', MIXED = ''] = KEYS as readonly string[];

const TYPED = [
  MIXED.toLowerCase(),
  printedPaperKey(MIXED as never),
  COUNTED.replaceAll('1', 'l')
    .replaceAll('0', 'O')
    .replace(/(.{5})/g, '$1 '),
];
/** A card of the same bytes; the letter alone changed; one character wrong; one too few. */
const NOT_KEYS = [
  cardSecret(bytes(RANDOM[3] as string)),
  `P${cardSecret(bytes(RANDOM[3] as string)).slice(1)}`,
  `${MIXED.slice(0, 8)}${MIXED[8] === 'Z' ? 'Y' : 'Z'}${MIXED.slice(9)}`,
  MIXED.slice(0, 29),
];

export function paperKeyVectors() {
  return {
    digest: DIGEST,
    keys: KEYS.map((key, i) => {
      const [account, signature] = [paperAccount(key), signOnPaper(key, DIGEST)];
      return { random: RANDOM[i], key, printed: printedPaperKey(key), account, signature };
    }),
    typed: TYPED.map((typed) => {
      const read = readPaperKey(typed);
      if (!read.ok) throw new Error(`${typed} ${read.reason}`);
      return { typed, key: read.key };
    }),
    notKeys: NOT_KEYS.filter((text) => !readPaperKey(text).ok),
  };
}
