// Owns what every refusal of the API has in common: a problem with a stable code, its request's id, nothing of the
// service's innards, and nothing stored.
import { expect } from 'chai';
import type { Reply, TestLedger } from './ledger.ts';

/** Of an internal fault: stacks, files, modules, SQL. */
export const INNARDS = /\bat .+:\d+:\d+|node_modules|\/src\/|\.ts\b|file:\/\/|SELECT |INSERT |pg_|zod/;

/** The problem that came back. */
export async function refusal(
  ledger: TestLedger,
  send: () => Promise<Reply>,
  status: number,
  code: string,
): Promise<Reply> {
  const before = await ledger.stored();
  const reply = await send();
  expect(reply.status, reply.text).to.equal(status);
  expect(reply.body).to.include({ code, status, type: `/docs#${code}` });
  expect(reply.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
  expect(reply.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  expect(reply.body.instance).to.equal(`urn:request:${reply.headers.get('x-request-id')}`);
  expect(reply.text).to.not.match(INNARDS);
  expect(await ledger.stored()).to.deep.equal(before);
  return reply;
}
