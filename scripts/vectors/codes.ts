// Owns the vectors of public codes: paths, check digits and characters, GS1 prefixes as numbers.
import { codeOfPath, codePath, gtinFault, ownCode, ownCodeFault } from '../../src/core/code.ts';

const GTINS = ['09506000134352', '09780306406157', '00036000291452', '10614141999993', '00000096385074'];
const NOT_GTINS = ['09506000134353', '9506000134352', '00000000000000', '0950600013435X', ''];
const PATHS = [
  '/01/09506000134352/21/12345',
  '/01/09506000134352/21/A%2F7%25%22z',
  "/01/09506000134352/21/!'()*%2B%2C-.",
  '/p/atelier-lune/0123456789ABCDEF8',
];
/** Read as a code, though not written so. */
const OTHER_PATHS = ['/p/atelier-lune/0l23-4567-89ab-cdef-8', '/01/09506000134352/21/%41', '/p/abc/oooooooooooooooo0'];
const NOT_PATHS = [
  '/',
  '/01/09506000134352',
  '/01/09506000134353/21/1',
  '/01/09506000134352/21/',
  '/01/09506000134352/21/%2E',
  '/01/09506000134352/21/%2E%2E',
  '/01/09506000134352/21/%C3%A9',
  '/01/09506000134352/21/%00',
  '/01/09506000134352/21/%',
  '/01/09506000134352/21/123456789012345678901',
  '/01/09506000134352/10/1',
  '/p/atelier-lune/0123456789ABCDEF7',
  '/p/Atelier-Lune/0123456789ABCDEF8',
  '/p/-ab/0123456789ABCDEF8',
  '/p/ab/0123456789ABCDEF8',
];
const RANDOM = ['00000000000000000000', 'ffffffffffffffffffff', '00010203040506070809', 'a1b2c3d4e5f60718293a'];

export function codeVectors() {
  return {
    gtins: { valid: GTINS.filter((gtin) => !gtinFault(gtin)), invalid: NOT_GTINS.filter((gtin) => gtinFault(gtin)) },
    ownCodes: RANDOM.map((random) => ({ random, code: ownCode('abc', Buffer.from(random, 'hex')).code })),
    mistyped: ['0123456789ABCDEF7', '1023456789ABCDEF8', '0123456789ABCDE8F'].filter((code) => ownCodeFault(code)),
    paths: [...PATHS, ...OTHER_PATHS].map((path) => {
      const code = codeOfPath(path);
      if (!code) throw new Error(`no code: ${path}`);
      return { path, code, written: codePath(code) };
    }),
    notPaths: NOT_PATHS.filter((path) => codeOfPath(path) === undefined),
    prefixes: ['0614141', '9506000', '9999999', '061414199999'].map((digits) => ({
      digits,
      number: Number(`1${digits}`),
    })),
  };
}
