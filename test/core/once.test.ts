import { expect } from 'chai';
import { once } from '../../src/core/once.ts';

describe('a thing made once', () => {
  it('is made when it is first asked for, and is the same for everybody', async () => {
    let made = 0;
    const thing = once(async () => {
      made += 1;
      return { made };
    });
    expect(made).to.equal(0);
    const [one, other] = await Promise.all([thing(), thing()]);
    expect(await thing()).to.equal(one);
    expect(other).to.equal(one);
    expect(made).to.equal(1);
  });

  it('that could not be made is told to all who waited, and tried again for the next', async () => {
    let tried = 0;
    const thing = once(async () => {
      tried += 1;
      if (tried === 1) throw new Error('not today');
      return tried;
    });
    const told = await Promise.all([thing(), thing()].map((asked) => asked.catch((error: Error) => error.message)));
    expect(told).to.deep.equal(['not today', 'not today']);
    expect(await thing()).to.equal(2);
    expect(await thing()).to.equal(2);
  });
});
