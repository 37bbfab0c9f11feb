import { expect } from 'chai';
import { ERROR_CODES, TouchstoneError } from '../../src/core/errors.ts';

describe('error', () => {
  it('carries its code, says never to retry unless told otherwise, and keeps its cause', () => {
    const cause = new Error('socket');
    const plain = new TouchstoneError('not-found', 'There is no such piece.');
    expect(plain).to.deep.include({
      name: 'TouchstoneError',
      code: 'not-found',
      retry: 'never',
      faults: [],
      extra: {},
    });
    expect(plain).to.not.have.property('cause');
    const busy = new TouchstoneError('overloaded', 'Try again.', { retry: { afterSeconds: 2 }, cause });
    expect(busy).to.deep.include({ retry: { afterSeconds: 2 }, cause });
  });

  it('has codes that are words with hyphens, each once', () => {
    expect(new Set(ERROR_CODES).size).to.equal(ERROR_CODES.length);
    for (const code of ERROR_CODES) expect(code).to.match(/^[a-z]+(-[a-z]+)*$/);
  });
});
