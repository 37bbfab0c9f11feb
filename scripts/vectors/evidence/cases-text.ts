// Owns the vectors of files that are wrong before anything in them is judged: no JSON, too much of it, other members, other
// types. And those changes of a text that change nothing.
import { MAX_EVIDENCE_BYTES } from '../../../src/core/evidence.ts';
import type { Case, TextEdit } from './case.ts';

const REFUSED = { headline: 'not-genuine', checks: { 'well-formed': 'fail' } } as const;

function refused(name: string, text: TextEdit): Case {
  return { name, base: 'plain', text, ...REFUSED };
}

function replaced(name: string, from: string, to: string): Case {
  return { name, base: 'ring', text: { replace: [from, to] }, ...REFUSED };
}

function harmless(name: string, from: string, to: string, why: string): Case {
  return { name, why, base: 'plain', text: { replace: [from, to] }, headline: 'genuine-record' };
}

export const TEXT_CASES: readonly Case[] = [
  refused('an empty file', { text: '' }),
  refused('white space', { text: ' \n' }),
  refused('no JSON', { text: 'This is to certify that the ring is genuine.' }),
  refused('null', { text: 'null' }),
  refused('a list', { text: '[]' }),
  refused('a number', { text: '1' }),
  refused('a text', { text: '"touchstone/evidence/1"' }),
  refused('an object without members', { text: '{}' }),
  refused('cut off in the middle', { cut: 1500 }),
  refused('cut off before its last character', { replace: ['"conflicts":[]}', '"conflicts":[]'] }),
  refused('something after its end', { replace: ['"conflicts":[]}', '"conflicts":[]}]'] }),
  refused('a byte order mark before it', { replace: ['{"schema"', '\ufeff{"schema"'] }),
  refused('a comment in it', { replace: ['{"schema"', '{/* genuine */"schema"'] }),
  refused('a list nested a million levels deep', { repeat: ['', '[', 1_000_000, ''] }),
  refused('objects nested deep in an unknown member', {
    repeat: ['{"schema":"touchstone/evidence/1","x":', '{"x":', 100_000, '1'],
  }),
  refused('one byte too large', { repeat: ['"', 'x', MAX_EVIDENCE_BYTES - 1, '"'] }),
  refused('too large in bytes, though not in characters', { repeat: ['"', '\u20ac', MAX_EVIDENCE_BYTES / 2, '"'] }),
  replaced('another schema', 'touchstone/evidence/1', 'touchstone/evidence/2'),
  replaced('an unknown member', '{"schema"', '{"note":"genuine","schema"'),
  replaced('a member named __proto__', '{"schema"', '{"__proto__":{"headline":"genuine-record"},"schema"'),
  replaced('an unknown member deep in it', '"genesis"', '"network":"main","genesis"'),
  replaced('a member of an event that it does not have', '"roles":1}', '"roles":1,"toString":1}'),
  replaced('a kind of event that there is none of', '"events":[]', '"events":[{"kind":"sold"}]'),
  replaced('a claim without a member', '"claim":null', '"claim":{"key":"0x00000000000000000000000000000000000000aa"}'),
  replaced('a move without its claim, not even null', '"claim":null,', ''),
  replaced('no standing', '"standing":{', '"standings":{'),
  replaced('a standing with a state of more than 8 bits', '"state":0', '"state":256'),
  replaced('a missing member', '"rangeEvents":0,', ''),
  replaced('a text for a number', '"rangeEvents":0', '"rangeEvents":"0"'),
  replaced('a number for a text', '"owner":"0x', '"owner":1,"x":"0x'),
  replaced('null for a list', '"conflicts":[]', '"conflicts":null'),
  replaced('a number with a fraction', '"index":1', '"index":1.5'),
  replaced('a number below zero', '"rangeEvents":0', '"rangeEvents":-1'),
  replaced('a number that is none in JavaScript', '"number":1', '"number":1e400'),
  replaced('a block number beyond 2^53', '"asOf":{"block":22', '"asOf":{"block":9007199254740993'),
  replaced('a counter of more than 24 bits', '"pieceEvents":0,"passes"', '"pieceEvents":16777216,"passes"'),
  replaced('a count of more than 131,072', '"count":3', '"count":131073'),
  replaced(
    'a token id of 2^256',
    '"tokenId":"',
    '"tokenId":"115792089237316195423570985008687907853269984665640564039457584007913129639936","x":"',
  ),
  replaced('a token id with a zero in front', '"tokenId":"', '"tokenId":"0'),
  replaced('a hash in capital letters', '"genesis":"0x', '"genesis":"0X'),
  replaced('a handle that is none', '"handle":"gia"', `"handle":"${'\u20ac'.repeat(31)}"`),
  replaced('an event that organisations do not have', '"name":"KeySet"', '"name":"Transfer"'),
  harmless(
    'white space around',
    '{"schema"',
    ' \r\n\t{ "schema"',
    'White space between the tokens of JSON says nothing.',
  ),
  harmless(
    'a letter written as an escape',
    '"handle":"atelier',
    '"handle":"\\u0061telier',
    'Escapes are read before anything is compared.',
  ),
  harmless(
    'a whole number written with a fraction of zero',
    '"rangeEvents":0',
    '"rangeEvents":0.0',
    'Numbers are compared by value.',
  ),
  harmless('a whole number written with an exponent', '"count":3', '"count":30e-1', 'Numbers are compared by value.'),
  harmless(
    'a member twice, the last as it was',
    '{"schema"',
    '{"owner":"0x00","schema"',
    'Of members with one name the last counts, wherever it stands.',
  ),
  {
    name: 'a member twice, the last forged',
    base: 'plain',
    text: { replace: ['"conflicts":[]', '"conflicts":[],"owner":"0x00000000000000000000000000000000000000aa"'] },
    headline: 'not-genuine',
    checks: { 'owner-as-told': 'fail', 'history-complete': 'fail' },
  },
  {
    name: 'members in another order',
    why: 'Objects have no order.',
    base: 'plain',
    text: { replace: ['"rangeEvents":0,"pieceEvents":0', '"pieceEvents":0,"rangeEvents":0'] },
    headline: 'genuine-record',
  },
];
