// Owns the vectors of claim cards: secrets from bytes to text, key and signature; what is read as one, and what is none;
// addresses of cards.
import { cardKey, cardSecret, printedSecret, readCardSecret, signAsCard } from '../../src/core/card.ts';
import { cardUrl, readCard } from '../../src/core/card-address.ts';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import { keccak, toHex, utf8 } from '../../src/core/hash.ts';

const RANDOM = [
  '00000000000000000000000000000000',
  'ffffffffffffffffffffffffffffffff',
  '00000000000000000000000000000001',
  '80000000000000000000000000000000',
  '000102030405060708090a0b0c0d0e0f',
  'a1b2c3d4e5f60718293a4b5c6d7e8f90',
];
const DIGEST = toHex(keccak(utf8('a digest that a card signs')));
const PATHS = [
  '/01/09506000134352/21/12345',
  '/01/09506000134352/21/A%2F7%25%22z',
  '/p/atelier-lune/0123456789ABCDEF8',
];
const PUBLIC_URLS = ['https://ledger.example', 'https://example.com/touchstone'];

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const SECRETS = RANDOM.map((random) => cardSecret(bytes(random)));
const [ZERO = '', , , , COUNTED = '', MIXED = ''] = SECRETS as readonly string[];

const TYPED = [
  MIXED.toLowerCase(),
  printedSecret(MIXED as never),
  ` ${printedSecret(MIXED as never).replaceAll('-', ' ')}\n`,
  ZERO.replaceAll('0', 'o'),
  COUNTED.replaceAll('1', 'l').replaceAll('0', 'O'),
];
const swapped = (text: string, at: number) => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
/** One character wrong or two swapped; wrong lengths; a character of none; then, with right checks, spare bits and version. */
const NOT_SECRETS = [
  `D${MIXED.slice(1)}`,
  `${COUNTED.slice(0, 29)}${COUNTED[29] === '0' ? '1' : '0'}`,
  `${COUNTED.slice(0, 7)}Z${COUNTED.slice(8)}`,
  swapped(MIXED, 3),
  swapped(COUNTED, 14),
  swapped(MIXED, 28),
  MIXED.slice(0, 29),
  `${MIXED}0`,
  '',
  `${MIXED.slice(0, 29)}U`,
  `C${'0'.repeat(25)}1V8R`,
  `D${'0'.repeat(26)}HH3`,
];

export function cardVectors() {
  const url = cardUrl(PUBLIC_URLS[0] as string, codeOfPath(PATHS[2] as string) as PieceCode, SECRETS[5] as never);
  const notAddresses = [
    url.replace(/#.*/, ''),
    url.replace(/#.*/, '#'),
    url.replace('/claim/', '/'),
    url.replace('EF8#', 'EF7#'),
    url.slice(0, -1),
  ];
  return {
    digest: DIGEST,
    secrets: SECRETS.map((secret, i) => {
      const { privateKey, address } = cardKey(secret);
      const signature = signAsCard(secret, DIGEST);
      const printed = printedSecret(secret);
      return { random: RANDOM[i], secret, printed, privateKey: toHex(privateKey), claimKey: address, signature };
    }),
    typed: TYPED.map((typed) => {
      const read = readCardSecret(typed);
      if (!read.ok) throw new Error(`${typed} ${read.reason}`);
      return { typed, secret: read.secret };
    }),
    notSecrets: NOT_SECRETS.filter((text) => !readCardSecret(text).ok),
    addresses: PUBLIC_URLS.flatMap((publicUrl) =>
      PATHS.map((path, i) => {
        const secret = SECRETS[i + 3] as (typeof SECRETS)[number];
        return { publicUrl, path, secret, url: cardUrl(publicUrl, codeOfPath(path) as PieceCode, secret) };
      }),
    ),
    notAddresses: notAddresses.filter((text) => !readCard(text).ok),
  };
}
