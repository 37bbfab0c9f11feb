// Owns looking at many pieces at once: codes as they were typed, pasted or scanned, each answered with its piece at a glance
// or with what it is instead.
import { z } from 'zod';
import { type Glance, glanceOf } from '../core/glance.ts';
import { codeTyped } from '../core/typed-code.ts';
import { cachedPassport } from './passports.ts';
import { type Context, type Route, route } from './route.ts';

/** As many as a tray holds. Whoever has more asks again; the page for trade does so by itself. */
export const MOST_AT_ONCE = 50;
const READ_AT_ONCE = 4;

export type CheckedCode =
  | { readonly given: string; readonly found: 'piece'; readonly yours: boolean; readonly piece: Glance }
  | { readonly given: string; readonly found: 'unknown-code' | 'product' | 'no-code' };

export const checksRoute: Route = route({
  method: 'post',
  path: '/api/v1/checks',
  summary: 'Many pieces at a glance',
  description:
    `Up to ${MOST_AT_ONCE} codes, written in any way the page for looking one up reads. Answers in their order: how each ` +
    'piece stands, what warns, who has it, what to look at. Nothing is stored. With an API key, `yours` says which are.',
  tag: 'Check',
  mayUseKey: 'read',
  writes: false,
  costly: true,
  body: z.strictObject({ codes: z.array(z.string().max(2_000)).min(1).max(MOST_AT_ONCE) }),
  success: { status: 200, description: 'One entry for each code.' },
  async handle({ body, context, caller }) {
    const items: CheckedCode[] = [];
    for (let at = 0; at < body.codes.length; at += READ_AT_ONCE) {
      const some = body.codes.slice(at, at + READ_AT_ONCE);
      items.push(...(await Promise.all(some.map((given) => checked(context, given, caller?.organisation)))));
    }
    return { status: 200, body: { items }, headers: { 'cache-control': 'no-store' } };
  },
});

async function checked(context: Context, given: string, organisation: string | undefined): Promise<CheckedCode> {
  const read = codeTyped(given);
  if (read.kind !== 'code') return { given, found: read.kind === 'product' ? 'product' : 'no-code' };
  const passport = await cachedPassport(context, read.code);
  if (!passport) return { given, found: 'unknown-code' };
  const piece = glanceOf(passport);
  return { given, found: 'piece', yours: piece.keeper.address === organisation, piece };
}
