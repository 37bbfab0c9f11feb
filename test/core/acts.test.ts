// Acts as descriptions: that each fits the contract's own types and functions, what a request may hold, and what is taken
// for a secret. That the messages are those the contract hashes shows where acts really reach it (test/http).

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { type Act, actTypedData } from '../../src/core/act.ts';
import { refusalOf } from '../../src/core/act-refusals.ts';
import { ACTS, actNamed, actRequest, refuseSecrets, wishOf } from '../../src/core/acts.ts';
import { LOT_ACTS } from '../../src/core/acts-lots.ts';
import { ERROR_CODES } from '../../src/core/errors.ts';
import { ZERO_32 } from '../../src/core/merkle.ts';

const address = (digit: string) => `0x${digit.repeat(40)}`;
const PIECE = '/p/atelier-lune/00000000000000000';

/** Only the registry's own callers meet them, or nobody whom an act's description lets ask. */
const NOT_BY_ACTS = new Set([
  'InvalidHeader',
  'BatchAlreadyRegistered',
  'NotPublished',
  'PartMismatch',
  'CardDead',
  'NotReleased',
  'StaleRange',
  'RangeIsSplit',
  'DepartedDiffer',
  'NothingToPass',
  'NotLifeEvents',
]);

const sourceOf = (name: string) => readFileSync(new URL(`../../contracts/${name}.sol`, import.meta.url), 'utf8');
const interfaceOf = (contract: string) =>
  contractInterface(
    ({ pieces: 'Pieces', lifeEvents: 'LifeEvents', certificates: 'Certificates' } as const)[contract as 'pieces'],
  );

/** Any fields, standing and signatures that fit the act. */
function anyOf(act: Act) {
  const header = { organisation: address('1'), root: ZERO_32, count: 1, mode: 0, payloadHash: ZERO_32, parts: 0 };
  const piece = { tokenId: '1', path: null, owner: address('1'), moves: 0, events: 0, state: 0, day: 0, is: [] };
  const range = { batchId: '1', part: 0, holder: address('1'), departed: [], rangeEvents: 0 };
  const one = { ...piece, ...range, header, index: 0, leaf: null };
  const standing = (act.subject === 'pieces' ? { owner: address('1'), pieces: [one] } : one) as never;
  const fields = {
    to: address('3'),
    claimKey: address('4'),
    handoverKey: address('5'),
    recoverable: false,
    organisation: address('6'),
    arbiter: address('8'),
    words: 'why',
    kind: (act.fields.shape['kind'] as { options?: string[] } | undefined)?.options?.[0],
  };
  const given = { key: address('2'), deadline: 1, signature: '0x' };
  const signed = Object.fromEntries(Object.keys(act.signers).map((who) => [who, given]));
  return { fields, standing, signed };
}

function callsOf(act: Act) {
  const { fields, standing, signed } = anyOf(act);
  return act.calls(fields, standing, signed);
}

describe('acts', () => {
  it('have names of their own', () => {
    expect(new Set(ACTS.map(({ name }) => name)).size).to.equal(ACTS.length);
    expect(() => actNamed('steal')).to.throw(/no act named steal/);
  });

  it('sign types that stand in the contracts’ sources to the letter', () => {
    for (const [contract, files, atLeast] of [
      ['pieces', ['parts/PieceClaims', 'parts/PieceRanges', 'parts/PieceShipments', 'Pieces'], 10],
      ['lifeEvents', ['parts/LifeEventRules'], 20],
    ] as const) {
      const sources = files.map(sourceOf).join('\n');
      const types = ACTS.filter((act) => act.contract === contract).flatMap(({ signers }) =>
        Object.values(signers).map(({ type }) => type),
      );
      expect(types).to.have.length.of.at.least(atLeast);
      for (const type of types) expect(sources).to.include(`"${type}"`);
    }
  });

  it('reach every function of life events that writes', () => {
    const source = sourceOf('interfaces/ILifeEvents').replace(/\s+/g, ' ');
    const functions = [...source.matchAll(/function (\w+)\([^)]*\) external;/g)].map(([, name]) => name);
    expect(functions).to.have.length(12);
    const own = ACTS.filter(({ contract }) => contract === 'lifeEvents');
    const calls = new Set(own.flatMap((act) => callsOf(act).map(({ name }) => name)));
    expect([...calls]).to.include.members(functions);
  });

  it('expect events that their contract knows, with arguments it names', () => {
    for (const act of ACTS.filter(({ contract }) => contract !== 'lots')) {
      for (const { contract, name, args } of callsOf(act)) {
        expect(() => interfaceOf(contract).encodeFunctionData(name, args), act.name).to.not.throw();
      }
      const { fields, standing, signed } = anyOf(act);
      const outcome = act.outcome?.(fields, standing, signed);
      // What is only kept and asks for consent expects the event of what it asks for.
      expect(outcome === undefined, act.name).to.equal(act.work === 0n && act.asks === undefined);
      if (!outcome) continue;
      const inputs = interfaceOf(outcome.contract)
        .getEvent(outcome.event)
        ?.inputs.map(({ name }) => name);
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

  it('have words for every error of the contracts that checks them', () => {
    for (const name of ['interfaces/ILifeEvents', 'interfaces/IPieces']) {
      const errors = [...sourceOf(name).matchAll(/^ {4}error (\w+)\(/gm)].map(([, error]) => error as string);
      expect(errors).to.have.length.above(10);
      for (const error of errors.filter((one) => !NOT_BY_ACTS.has(one))) {
        for (const act of ACTS.filter(({ contract }) => contract === 'lifeEvents')) {
          expect(refusalOf(act, error)[1], error).to.not.include('The registry refuses this');
        }
      }
    }
  });

  it('say what is wrong with a statement before anybody signs', () => {
    const statement = (kind: string) => ({ schema: 'touchstone/life-event/1', kind, language: 'en', words: 'Done.' });
    const faults = (fields: object, is: readonly string[] = []) => {
      const { standing } = anyOf(actNamed('record'));
      return actNamed('record').unfit?.({ kind: 'repair', ...fields }, { ...(standing as object), is } as never);
    };
    expect(faults({ statement: statement('repair') })).to.equal(undefined);
    expect(faults({ statement: statement('service') })?.[1]).to.match(/says service, the act repair/);
    const hash = `0x${'ab'.repeat(32)}`;
    expect(faults({ statement: statement('repair'), contentHash: hash })?.[1]).to.match(/not both/);
    expect(faults({ contentHash: hash, publish: true })?.[1]).to.match(/Only a statement that is given/);
    expect(faults({}, ['ended'])?.[1]).to.match(/at its end/);
    const { standing } = anyOf(actNamed('correct'));
    expect(actNamed('correct').unfit?.({ words: 'so' }, standing)?.[1]).to.match(/needs the statement/);
  });

  it('publish a statement with a piece whose record is public, or where that is asked for', () => {
    const statement = { schema: 'touchstone/life-event/1', kind: 'repair', language: 'en', words: 'Prong mended.' };
    const posted = (mode: number, publish?: boolean) => {
      const { standing, signed } = anyOf(actNamed('record'));
      const header = { ...(standing as { header: object }).header, mode };
      const fields = { kind: 'repair', organisation: address('7'), statement, publish };
      return actNamed('record')
        .calls(fields, { ...(standing as object), header } as never, signed)
        .some(({ contract, name }) => contract === 'certificates' && name === 'postContent');
    };
    expect([posted(1), posted(0), posted(0, true), posted(1, false)]).to.deep.equal([true, false, true, false]);
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
