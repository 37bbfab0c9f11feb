// The memory that never takes more than it may: what stays, what goes, and that its account is right whatever happens.
import { expect } from 'chai';
import fc from 'fast-check';
import { Bounded } from '../../src/http/bounded.ts';

describe('a bounded memory', () => {
  it('lets go of what was put in longest ago, and keeps what was put in again', () => {
    const memory = new Bounded<string>(30);
    memory.put('a', 'A', 10);
    memory.put('b', 'B', 10);
    memory.put('c', 'C', 10);
    memory.put('a', 'A', 10);
    memory.put('d', 'D', 10);
    expect(['a', 'b', 'c', 'd'].map((name) => memory.get(name))).to.deep.equal(['A', undefined, 'C', 'D']);
  });

  it('makes room when something in it grows, also of that itself', () => {
    const memory = new Bounded<string>(30);
    memory.put('a', 'A', 10);
    memory.put('b', 'B', 10);
    memory.weigh('b', 'B', 25);
    expect([memory.get('a'), memory.get('b'), memory.bytes]).to.deep.equal([undefined, 'B', 25]);
    memory.weigh('b', 'B', 31);
    expect([memory.size, memory.bytes]).to.deep.equal([0, 0]);
  });

  it('neither weighs nor drops what stands under a name no longer', () => {
    const memory = new Bounded<object>(30);
    const [old, current] = [{}, {}];
    memory.put('a', old, 10);
    memory.put('a', current, 10);
    memory.weigh('a', old, 20);
    memory.drop('a', old);
    expect([memory.get('a'), memory.bytes]).to.deep.equal([current, 10]);
    memory.drop('a', current);
    expect([memory.get('a'), memory.bytes]).to.deep.equal([undefined, 0]);
  });

  it('never takes more than it may, and always knows how much it takes', () => {
    const step = fc.record({
      what: fc.constantFrom('put', 'weigh', 'drop'),
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      bytes: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new Bounded<string>(100);
        const weights = new Map<string, number>();
        for (const { what, name, bytes } of steps) {
          if (what === 'put') memory.put(name, name, bytes);
          else if (what === 'weigh') memory.weigh(name, name, bytes);
          else memory.drop(name, name);
          if (what !== 'drop') weights.set(name, bytes);
          const held = ['a', 'b', 'c', 'd', 'e'].filter((each) => memory.get(each) !== undefined);
          expect(held.length).to.equal(memory.size);
          expect(held.reduce((sum, each) => sum + (weights.get(each) ?? 0), 0)).to.equal(memory.bytes);
          expect(memory.bytes).to.be.at.most(100);
        }
      }),
      { seed: 1 },
    );
  });
});
