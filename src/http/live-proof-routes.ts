// Owns the API of live proof and of what owners ask by their keys. Who asks is told apart by address for as long as this
// process runs, and no longer: the address itself is kept nowhere.
import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { account, deadline } from '../core/act-fields.ts';
import { refuseSecrets } from '../core/acts.ts';
import { codePath } from '../core/code.ts';
import { type Hex32, lower } from '../core/hash.ts';
import { found } from '../ledger/find.ts';
import { answerProof, askForProof, readProof } from '../ledger/live-proofs.ts';
import { isOffered, piecesOwnedBy, requestsForOwner } from '../ledger/owned-pieces.ts';
import { piecePath } from './fields.ts';
import { addressOf } from './limits.ts';
import { codeIn } from './piece-routes.ts';
import { checked, type Route, route } from './route.ts';

const SALT = randomBytes(32);
const ID = /^[0-9a-f]{32}$/;

const challenge = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be 32 bytes as hexadecimal digits after 0x')
  .transform((text) => text as Hex32)
  .describe('32 bytes that your own browser drew for this question alone');
const signature = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2}){64,4096}$/, 'must be the bytes of a signature as hexadecimal digits after 0x')
  .transform(lower);
const cursor = z
  .string()
  .regex(/^\d{1,15}-\d{1,9}$/, 'must be `next` of the page before')
  .transform((text) => {
    const [block = 0, logIndex = 0] = text.split('-').map(Number);
    return { block, logIndex };
  });

export const liveProofRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/live-proofs',
    summary: 'Ask whoever shows you a piece to prove that it is theirs to show',
    description: `Keeps your challenge for two minutes and waits for one answer (docs/format.md, “Live proof”). Give the
challenge itself to the person before you, for instance as a QR code: not to anybody far away.`,
    tag: 'Live proof',
    costly: true,
    writes: false,
    body: z.strictObject({ piece: piecePath, challenge }),
    success: { status: 201, description: 'Its id, and until when it can be answered.' },
    async handle({ body, request, context }) {
      const asker = createHmac('sha256', SALT).update(addressOf(request)).digest('hex').slice(0, 32);
      const proof = await askForProof(context.ledger, { code: body.piece, challenge: body.challenge, asker });
      return { status: 201, body: proof, headers: { location: `/api/v1/live-proofs/${proof.id}` } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/live-proofs/:id',
    summary: 'Whether a challenge was answered',
    description: 'Check the signature yourself: this service is not whom you ask whether it is genuine.',
    tag: 'Live proof',
    query: z.strictObject({}),
    success: { status: 200, description: 'open, answered with the signature, or expired.' },
    async handle({ request, context }) {
      const id = String(request.params['id']);
      const proof = ID.test(id) ? await readProof(context.ledger, id) : undefined;
      return { status: 200, body: found(proof, 'This challenge'), headers: { 'cache-control': 'no-store' } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/live-proofs/:id/answer',
    summary: 'Answer a challenge with the owner’s key or the claim card',
    description: 'The signature alone: never a private key or a card’s secret. One answer is taken.',
    tag: 'Live proof',
    costly: true,
    writes: false,
    body: z.strictObject({ by: z.enum(['owner', 'card']), signature }),
    success: { status: 200, description: 'Answered.' },
    async handle({ request, body, context }) {
      const id = String(request.params['id']);
      const known = found(ID.test(id) ? id : undefined, 'This challenge');
      return { status: 200, body: await answerProof(context.ledger, known, body) };
    },
  }),
];

export const ownerRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/owners/:account/pieces',
    summary: 'Pieces an account owns',
    description: 'Those that passed to it one by one, the latest first. The chain tells the same to everybody.',
    tag: 'Owners',
    costly: true,
    query: z.strictObject({
      cursor: cursor.optional().describe('`next` of the page before'),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    success: { status: 200, description: 'Token id, path and title of each; the cursor of the next page.' },
    async handle({ request, query, context }) {
      const owner = checked(account, request.params['account'], 'address');
      const search = { owner, before: query.cursor, limit: query.limit };
      return { status: 200, body: await piecesOwnedBy(context.ledger.db, search) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/pieces/*path/requests',
    summary: 'What is asked of a piece’s owner',
    description: `Requests for consent about the piece, newest first, for whoever signs OwnerReads as its owner
(docs/format.md, “Live proof”). They hold what others say about somebody’s property, so a piece’s code is not enough.`,
    tag: 'Owners',
    costly: true,
    writes: false,
    body: z.strictObject({ deadline: z.int().min(0), signature }),
    success: { status: 200, description: 'Their receipts.' },
    async handle({ request, body, context }) {
      const code = codeIn(request.params['path']);
      return { status: 200, body: { path: codePath(code), items: await requestsForOwner(context.ledger, code, body) } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/handovers/check',
    summary: 'Whether an offer to hand a piece over is its owner’s',
    description: `For whoever was given a handover link and can’t tell by the signature alone: of contract accounts and
organisations the chain is asked. Nothing is stored. Never send the one-time key.`,
    tag: 'Owners',
    costly: true,
    writes: false,
    inspect: refuseSecrets,
    body: z.strictObject({
      piece: piecePath,
      handoverKey: account.describe('Address of the one-time key'),
      key: account.describe('Who signed'),
      deadline,
      signature,
    }),
    success: { status: 200, description: 'Whether it is signed so, as the piece stands now.' },
    async handle({ body: { piece: code, ...offer }, context }) {
      return { status: 200, body: { signed: await isOffered(context.ledger, { code, ...offer }) } };
    },
  }),
];
