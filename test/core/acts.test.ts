// Acts as descriptions: that each fits the contract's own types and functions, what a request may hold, and what is taken
// for a secret. That the messages are those the contract hashes shows where acts really reach it (test/http).

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { actTypedData } from '../../src/core/act.ts';
import { refusalOf } from '../../src/core/act-refusals.ts';
import { ACTS, actNamed, actRequest, refuseSecrets, wishOf } from '../../src/core/acts.ts';
import { LOT_ACTS } from '../../src/core/acts-lots.ts';
import { ERROR_CODES } from '../../src/core/errors.ts';

const address = (digit: string) => `0x${digit.repeat(40)}`;
const PIECE = '/p/atelier-lune/00000000000000000';

describe('acts', () => {
  it('have names of their own', () => {
    expect(new Set(ACTS.map(({ name }) => name)).size).to.equal(ACTS.length);
    expect(() => actNamed('steal')).to.throw(/no act named steal/);
  });

  it('sign types that stand in the contracts’ sources to the letter', () => {
    const sources = ['parts/PieceClaims', 'parts/PieceRanges', 'parts/PieceShipments', 'Pieces']
      .map((name) => readFileSync(new URL(`../../contracts/${name}.sol`, import.meta.url), 'utf8'))
      .join('\n');
    const types = ACTS.filter(({ contract }) => contract === 'pieces').flatMap(({ signers }) =>
      Object.values(signers).map(({ type }) => type),
    );
    expect(types).to.have.length.above(9);
    for (const type of types) expect(sources).to.include(`"${type}"`);
  });

  it('expect events that their contract knows, with arguments it names', () => {
    const pieces = contractInterface('Pieces');
    const standing = {
      tokenId: '1',
      owner: address('1'),
      moves: 0,
      events: 0,
      batchId: '1',
      part: 0,
      holder: address('1'),
      departed: [],
      leaf: null,
      path: null,
    };
    const signed = { key: address('2'), deadline: 1, signature: '0x' };
    for (const act of ACTS.filter(({ contract }) => contract === 'pieces')) {
      const subject = act.subject === 'pieces' ? { owner: address('1'), pieces: [standing] } : standing;
      const all = Object.fromEntries(Object.keys(act.signers).map((who) => [who, signed]));
      const fields = { to: address('3'), claimKey: address('4'), handoverKey: address('5'), recoverable: false };
      for (const { name, args } of act.calls(fields, subject as never, all)) {
        expect(() => pieces.encodeFunctionData(name, args), act.name).to.not.throw();
      }
      const outcome = act.outcome?.(fields, subject as never, all);
      expect(outcome === undefined, act.name).to.equal(act.work === 0n);
      if (!outcome) continue;
      const inputs = pieces.getEvent(outcome.event)?.inputs.map(({ name }) => name);
      expect(inputs, act.name).to.include.members(Object.keys(outcome.args));
    }
  });

  it('about lots sign types of the contract to the letter, and have words for each of its errors', () => {
    const read = (name: string) => readFileSync(new URL(`../../contracts/${name}.sol`, import.meta.url), 'utf8');
    const types = LOT_ACTS.flatMap(({ signers }) => Object.values(signers).map(({ type }) => type));
    expect(types).to.have.length(7);
    for (const type of types) expect(read('Lots')).to.include(`"${type}"`);
    const errors = [...read('interfaces/ILots').matchAll(/^ +error (\w+)\(/gm)].map(([, name = '']) => name);
    expect(errors).to.have.length.above(18);
    for (const act of LOT_ACTS) {
      for (const name of errors) expect(refusalOf(act, name)[1], name).not.to.contain(name);
    }
  });

  it('that would join more than a lot can hold ask for no more than that, which the contract refuses', () => {
    const zero = `0x${'0'.repeat(64)}`;
    const header = { organisation: address('1'), material: zero, fineness: 0, unit: 2, custody: 0, origin: zero };
    const full = { ...header, quantity: 2 ** 53 - 1, contentHash: zero, parents: zero, salt: zero };
    const lots = ['1', '2'].map((n) => ({
      lotId: `0x${n.repeat(64)}`,
      header: full,
      remaining: full.quantity,
      events: 1,
    }));
    const standing = { holder: address('1'), lots, batch: null };
    const [call] = actNamed('merge-lots').calls({}, standing as never, {
      holder: { key: address('2'), deadline: 1, signature: '0x' },
    });
    expect(() =>
      contractInterface('Lots').encodeFunctionData(call?.name ?? '', [...(call?.args ?? [])]),
    ).not.to.throw();
  });

  it('make typed data with the deadline last', () => {
    const { signers, contract } = actNamed('claim');
    const standing = { tokenId: '7', owner: address('1'), moves: 3, events: 1 };
    const data = actTypedData(
      { chainId: 5, address: address('9') },
      contract,
      signers['card'] as never,
      {
        fields: { to: address('a'), recoverable: true },
        standing,
        deadline: 99,
      } as never,
    );
    expect(data).to.deep.equal({
      domain: { name: 'Touchstone Pieces', version: '1', chainId: 5, verifyingContract: address('9') },
      types: {
        Claim: [
          { name: 'tokenId', type: 'uint256' },
          { name: 'to', type: 'address' },
          { name: 'recoverable', type: 'bool' },
          { name: 'moves', type: 'uint24' },
          { name: 'deadline', type: 'uint48' },
        ],
      },
      primaryType: 'Claim',
      message: { tokenId: '7', to: address('a'), recoverable: true, moves: 3, deadline: 99 },
    });
  });

  it('take requests with their own members only', () => {
    const good = { act: 'claim', piece: PIECE, to: address('A') };
    expect(wishOf(actRequest.parse(good)).fields).to.deep.include({ to: address('a'), recoverable: false });
    const signature = `0x${'1b'.repeat(65)}`;
    for (const bad of [
      {},
      { ...good, act: 'steal' },
      { ...good, claimKey: address('1') },
      { ...good, to: address('0') },
      { ...good, to: '0x12' },
      { ...good, piece: '/nowhere' },
      { ...good, piece: '-1' },
      { ...good, recoverable: 'yes' },
      { ...good, deadline: -1 },
      { ...good, deadline: 2 ** 48 },
      { ...good, signatures: { owner: { signature, deadline: 1 } } },
      { ...good, signatures: { card: { signature: `0x${'1b'.repeat(63)}`, deadline: 1 } } },
      { ...good, signatures: { card: { signature } } },
      { act: 'pass-range', batch: '0', to: address('1') },
      { act: 'pass-range', batch: '1', part: 513, to: address('1') },
      { act: 'transfer-many', pieces: [], to: address('1') },
      { act: 'transfer-many', pieces: Array.from({ length: 501 }, () => PIECE), to: address('1') },
    ]) {
      expect(actRequest.safeParse(bad).success, JSON.stringify(bad).slice(0, 200)).to.equal(false);
    }
  });

  it('refuse private keys wherever they stand, and nothing that only looks long', () => {
    const key = 'ab'.repeat(32);
    for (const body of [
      { piece: `0x${key}` },
      { words: `my key is ${key}, thanks` },
      { a: [{ b: key }] },
      { secret: 'sixteen letters long' },
      { piece: `${PIECE}#abcdefghijklmnop` },
    ]) {
      expect(() => refuseSecrets(body), JSON.stringify(body)).to.throw(/looks like a private key/);
    }
    const ids = {
      contentHash: `0x${key}`,
      lotIds: [`0x${key}`],
      piece: '1'.repeat(64),
      signature: `0x${'ab'.repeat(65)}`,
      to: address('1'),
      words: '# 1',
    };
    expect(() => refuseSecrets(ids)).to.not.throw();
  });

  it('are refused in words, with codes that exist, whatever the contract says', () => {
    for (const act of ACTS) {
      for (const name of [...Object.keys(act.refusals ?? {}), 'StaleMoves', 'NobodyKnowsThis', 'constructor']) {
        const [code, words] = refusalOf(act, name);
        expect(ERROR_CODES).to.include(code);
        expect(words).to.match(/\. Nothing was done\.$/);
      }
    }
  });
});
