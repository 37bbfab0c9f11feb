// Owns the API about papers for print and about what an organisation says of itself: certificates of authenticity, labels,
// profiles and the domains they name.
import { z } from 'zod';
import { codePath } from '../core/code.ts';
import { domainStatement } from '../core/domain-statement.ts';
import { TouchstoneError } from '../core/errors.ts';
import { LABEL_FORMAT_NAMES, LABEL_FORMATS } from '../core/label-formats.ts';
import { profileSchema } from '../core/profile.ts';
import type { Caller } from '../ledger/accounts.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { MAX_LABELS } from '../ledger/labels.ts';
import { addressOfHandle } from '../ledger/organisations.ts';
import { checkDomain, keepProfile, profileOf } from '../ledger/profiles.ts';
import { LANGUAGES } from '../web/languages.ts';
import { certificateName, certificateOf } from './certificate.ts';
import { piecePath } from './fields.ts';
import { planLabels, sendLabels } from './labels.ts';
import { wordsFor } from './page-answer.ts';
import { cachedPassport } from './passports.ts';
import { codeIn } from './piece-routes.ts';
import { level } from './qr.ts';
import { type Route, route } from './route.ts';

const labelsOf = z.union([
  z.strictObject({ codes: z.array(piecePath).min(1).max(MAX_LABELS) }),
  z.strictObject({ importId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
  z.strictObject({ batchId: z.string().regex(/^0x[0-9a-f]{1,64}$|^\d{1,78}$/, 'must be the id of a batch') }),
]);

export const labelWish = z.strictObject({
  format: z.enum(LABEL_FORMAT_NAMES).describe(LABEL_FORMATS.map(({ name, words }) => `${name}: ${words}`).join('. ')),
  of: labelsOf.describe('Codes by their public paths, or all of an import or a batch of yours'),
  level,
  start: z.number().int().min(1).max(100).default(1).describe('The first label of the sheet that is not used up yet'),
  title: z.boolean().default(false).describe('With the piece’s title'),
  mostMm: z.number().min(6).max(100).optional().describe('The code’s width, if it is to be smaller than it could be'),
});

export const paperRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/pieces/*path/certificate.pdf',
    summary: 'Certificate of authenticity of a piece, to print',
    description:
      'What the passport says as of now, with its code and the reference for checking. The same state gives the same file.',
    tag: 'Pieces',
    costly: true,
    query: z.strictObject({ lang: z.enum(LANGUAGES).optional().describe('Left out: as Accept-Language wishes') }),
    success: { status: 200, description: 'A tagged PDF of one or more pages, A4.', type: 'application/pdf' },
    async handle({ request, context }) {
      const code = codeIn(request.params['path']);
      const passport = found(await cachedPassport(context, code), `The piece ${codePath(code)}`);
      if (passport.tokenId === null) {
        const message = 'The piece is not on the ledger yet, so there is nothing to print yet. Try again in a moment.';
        throw new TouchstoneError('piece-not-anchored', message, { retry: { afterSeconds: 2 } });
      }
      const words = wordsFor(request);
      const headers = {
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="${certificateName(passport)}"`,
        'content-language': words.language,
        'cache-control': 'no-cache',
        vary: 'accept-language',
      };
      return { status: 200, body: await certificateOf(context, passport, words), headers };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/labels',
    summary: 'Labels of pieces, as sheets to print',
    description:
      `At most ${MAX_LABELS}. The header label-module-mm says how wide a module of the densest code is; label-note, what to ` +
      'try before printing them all.',
    tag: 'Pieces',
    scope: 'read',
    costly: true,
    writes: false,
    maxBodyBytes: 2 * 1024 * 1024,
    body: labelWish,
    success: { status: 200, description: 'A PDF, sent as it is made.', type: 'application/pdf' },
    async handle({ body, caller, context, response }) {
      const planned = await planLabels(context, caller.organisation, body);
      await sendLabels(context, response, planned, body);
      return undefined;
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/label-formats',
    summary: 'Sizes of labels that sheets are made for',
    tag: 'Pieces',
    success: { status: 200, description: 'In millimetres.' },
    handle: async () => ({ status: 200, body: { items: LABEL_FORMATS } }),
  }),
  route({
    method: 'get',
    path: '/api/v1/organisations/:handle/profile',
    summary: 'What an organisation says of itself now',
    description: 'Its own current words, with the day they were changed last; they are not on the chain.',
    tag: 'Organisations',
    success: { status: 200, description: 'The profile, and what its domain said when it was last looked at.' },
    async handle({ request, context }) {
      const organisation = await organisationOf(context.ledger.db, request.params['handle']);
      const profile = found(await profileOf(context.ledger.db, organisation), 'A profile of this organisation');
      return { status: 200, body: profile, headers: { 'cache-control': 'no-cache' } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/organisations/:handle/profile',
    summary: 'Say something else of your organisation',
    description: 'Takes the place of what stood there, as a whole.',
    tag: 'Organisations',
    scope: 'pieces:write',
    body: profileSchema,
    success: { status: 200, description: 'As it stands now.' },
    async handle({ request, body, caller, context, idempotencyKey }) {
      mustBeOwn(caller, request.params['handle']);
      const { ledger } = context;
      const keep = async (sql: typeof ledger.db | Parameters<typeof keepProfile>[0]) => {
        await keepProfile(sql, caller.organisation, body);
        return { kept: true };
      };
      await once(ledger.db, caller.organisation, idempotencyKey, ['profile', body], async () => undefined, keep);
      return { status: 200, body: await profileOf(ledger.db, caller.organisation) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/organisations/:handle/domain-check',
    summary: 'Look whether the domain in your profile says it is yours',
    description:
      'Fetches https://{domain}/.well-known/touchstone.json, from an address of the open internet, without following ' +
      'redirections; docs/format.md, "Domain", says what it must hold. GET …/profile shows what came of it.',
    tag: 'Organisations',
    scope: 'pieces:write',
    costly: true,
    writes: false,
    success: { status: 200, description: 'How it ended, and when; `statement` is what the domain must answer with.' },
    async handle({ request, caller, context }) {
      mustBeOwn(caller, request.params['handle']);
      const { ledger, press } = context;
      const check = await checkDomain(ledger, press.wellKnown, caller.organisation);
      const { chainId, pieces: registry } = ledger.chain;
      const statement = domainStatement({ chainId, registry, organisation: caller.organisation });
      return { status: 200, body: { ...check, statement } };
    },
  }),
];

async function organisationOf(sql: Parameters<typeof addressOfHandle>[0], handle: unknown): Promise<string> {
  return found(await addressOfHandle(sql, String(handle).slice(0, 100)), 'This organisation');
}

function mustBeOwn({ handle }: Caller, named: unknown): void {
  if (named !== handle) throw new TouchstoneError('forbidden', `This API key speaks for ${handle} alone.`);
}
