// Owns the next owner's side of a handover: whether the offer holds, in words; choosing a key; taking the piece with the
// one-time key; and being told where somebody was quicker. The one-time key signs here and is sent nowhere.
import { type HandoverOffer, oneTimeAddress, readOffer, signOnce } from '../../core/handover-offer.ts';
import { signedBy } from '../../core/live-proof.ts';
import type { LifeEntry, TimelineEntry } from '../../core/timeline.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import type { PieceData } from '../owner-parts.ts';
import { dataFor, prepare, type Receipt, type Signs } from './acts.ts';
import { type Chosen, chosenKey, offerKeys } from './choose-key.ts';
import { byId, onClick, setText, showOnly } from './dom.ts';
import { forgetPiece, rememberPiece } from './memory.ts';
import { owned, perform } from './own-act.ts';
import { attempt, pause, receiptLink, said, stateWords, surely } from './own-say.ts';
import { type Answer, Failure, get, post } from './service.ts';
import { momentWords, word } from './words.ts';

const PARTS = ['take-offer', 'take-done', 'take-not'];

/** Why an offer does not hold; undefined where it does. */
type Why = 'expired' | 'used' | 'yours' | 'withdrawn' | 'changed' | 'forged' | 'blocked';

/** The piece taken here, by its receipt: the page tells so in any language. */
let done: Receipt | undefined;

/** @param text what stood behind # */
export async function taking(piece: PieceData, text: string): Promise<void> {
  if (done) return tellTaken(done);
  said(word('owner.take.checking'));
  const offer = readOffer(text);
  if (!offer) return not('owner.take.damaged');
  const why = await surely(() => wrongWith(piece, offer));
  said('');
  if (why) return notNow(why, offer);
  setText('take-until', word('owner.take.until', { moment: momentOf(offer) }));
  onClick('take-accept', () => attempt(() => take(piece, offer)));
  onClick('take-decline', () => not('owner.take.declined'));
  await offerKeys({ title: piece.title, path: piece.path });
  showOnly(PARTS, 'take-offer');
}

const momentOf = ({ deadline }: HandoverOffer) => momentWords(new Date(deadline * 1000));

/** Nothing more comes of this offer. */
function not(why: string, values: Readonly<Record<string, string>> = {}): void {
  said('');
  setText('take-why', word(why, values));
  showOnly(PARTS, 'take-not');
}

function notNow(why: Why, offer: HandoverOffer): void {
  not(`owner.take.${why}`, { moment: momentOf(offer) });
}

async function wrongWith({ path }: PieceData, offer: HandoverOffer): Promise<Why | undefined> {
  const wish = { act: 'handover', piece: path, handoverKey: oneTimeAddress(offer.secret) };
  const prepared = await prepare(wish);
  const { owner, moves, events } = prepared.standing;
  if (moves > offer.moves) return owned(path)?.account === owner ? 'yours' : 'used';
  if (moves < offer.moves || events < offer.events) return 'forged';
  // What keeps the piece where it is comes before what else was recorded: a report is both.
  if (prepared.refusal?.code === 'piece-blocked') return 'blocked';
  if (events > offer.events) return whatChanged(await get(`/api/v1/pieces${path}/history`), offer);
  if (offer.deadline <= serviceTime(prepared)) return 'expired';
  const signatures = prepared.signatures.map((one) => ({ ...one, deadline: offer.deadline }));
  const { data } = await dataFor(wish, 'owner', { ...prepared, signatures });
  const { key, deadline, signature } = offer;
  if (key === owner && signedBy(owner, data, signature) === 'yes') return undefined;
  // Of a contract or an organisation only the chain knows who signs for it; without the one-time key this lets nobody take it.
  const { signed } = await post('/api/v1/handovers/check', { ...wish, act: undefined, key, deadline, signature });
  return signed ? undefined : 'forged';
}

/** By the service's clock, which gives offers a week unless asked otherwise. */
function serviceTime({ signatures }: { signatures: readonly { deadline: number }[] }): number {
  return (signatures[0]?.deadline ?? 0) - 7 * 24 * 60 * 60;
}

function whatChanged({ timeline }: Answer, { events }: HandoverOffer): Why {
  const later = (timeline as TimelineEntry[]).filter(
    (entry): entry is LifeEntry => entry.kind === 'life' && entry.number > events,
  );
  return later.some(({ event }) => event === 'handovers-withdrawn') ? 'withdrawn' : 'changed';
}

async function take(piece: PieceData, offer: HandoverOffer): Promise<void> {
  const { path, tokenId, title } = piece;
  const chosen = await chosenKey({ tokenId: String(tokenId), name: title });
  if (!chosen) return;
  said(word('owner.working'));
  const handoverKey = oneTimeAddress(offer.secret);
  const wish = {
    act: 'accept-handover',
    piece: path,
    to: chosen.signer.account,
    handoverKey,
    signatures: { owner: { key: offer.key, deadline: offer.deadline, signature: offer.signature } },
  };
  const key: Signs = { account: handoverKey, sign: async (data) => signOnce(offer.secret, typedDigest(data)) };
  try {
    const receipt = await perform(wish, { key }, ({ id }) => remember(piece, chosen, id));
    done = receipt;
    tellTaken(receipt);
  } catch (error) {
    await orQuicker(piece, offer, error);
  }
}

function tellTaken({ id, state }: Receipt): void {
  setText('take-state', stateWords(state));
  byId('take-receipt').replaceChildren(receiptLink(id));
  said('');
  showOnly(PARTS, 'take-done');
}

function remember({ path, tokenId, title }: PieceData, { signer, passkey }: Chosen, receipt: string): void {
  const { way, account } = signer;
  const since = new Date().toISOString();
  const kept = { path, tokenId: String(tokenId), title, way, account, receipts: [receipt], since };
  rememberPiece(passkey ? { ...kept, passkey: passkey.id } : kept);
}

/** What the service refuses when somebody else is taking the piece, or its owner takes the offer back, at this moment. */
const MEANWHILE = [
  'stale-act',
  'act-under-way',
  'not-owner',
  'piece-blocked',
  'signature-invalid',
  'signature-expired',
];
const LOOKS = 20;

async function orQuicker(piece: PieceData, offer: HandoverOffer, error: unknown): Promise<void> {
  if (!(error instanceof Failure) || !MEANWHILE.includes(error.code)) throw error;
  for (let look = 0; look < LOOKS; look++) {
    const why = await surely(() => wrongWith(piece, offer));
    if (why === 'used') {
      forgetPiece(piece.path);
      return not('owner.take.quicker');
    }
    if (why) return notNow(why, offer);
    await pause(1_000);
  }
  throw error;
}
