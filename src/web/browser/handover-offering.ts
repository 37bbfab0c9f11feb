// Owns an owner's side of a handover: a one-time key drawn here, her signature for it, the link that holds both, and seeing
// what becomes of it. Nothing of the offer goes to the service, so the page alone has it.
import { offerText, oneTimeAddress, oneTimeKey } from '../../core/handover-offer.ts';
import type { LifeEntry, TimelineEntry } from '../../core/timeline.ts';
import type { PieceData } from '../owner-parts.ts';
import { dataFor, prepare } from './acts.ts';
import { ownKey } from './choose-key.ts';
import { byId, onClick, setText, show, showOnly } from './dom.ts';
import { forgetLink, readyToCopy, showLink } from './link-box.ts';
import { owned, perform, rememberReceipt } from './own-act.ts';
import { attempt, pause, receiptLink, said, stateWords, surely } from './own-say.ts';
import { type Answer, Failure, get } from './service.ts';
import { momentWords, word } from './words.ts';

const PARTS = ['offer-form', 'offer-made', 'offer-done', 'offer-withdrawn', 'handover-not'];
const HOUR = 60 * 60;
const UNTIL: Readonly<Record<string, number>> = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR };
/** Unless another time is asked for, the service reckons with this. */
const AS_PREPARED = 7 * 24 * HOUR;
const LOOK_MS = 1_500;

interface Open {
  readonly link: string;
  readonly owner: string;
  readonly deadline: number;
  readonly moves: number;
  readonly events: number;
}

let watching: Open | undefined;

export async function offering(piece: PieceData): Promise<void> {
  readyToCopy();
  onClick('offer-make', () => attempt(() => make(piece)));
  onClick('offer-withdraw', () => attempt(() => withdraw(piece)));
  const known = owned(piece.path);
  const { keeper } = await surely(() => get(`/api/v1/pieces${piece.path}`));
  if (watching) return tellMade(watching);
  if (!known) return not('owner.handover.not-known');
  if (keeper.address !== known.account) return not('owner.my.not-yours');
  byId<HTMLInputElement>('until-day').checked = true;
  show('offer-form');
}

function not(why: string): void {
  setText('handover-why', word(why));
  showOnly(PARTS, 'handover-not');
}

async function make({ path }: PieceData): Promise<void> {
  const known = owned(path);
  const chosen = document.querySelector<HTMLInputElement>('input[name="until"]:checked')?.value ?? 'day';
  if (!known) return not('owner.handover.not-known');
  const secret = oneTimeKey(crypto.getRandomValues(new Uint8Array(32)));
  const wish = { act: 'handover', piece: path, handoverKey: oneTimeAddress(secret) };
  const prepared = await surely(() => prepare(wish));
  if (prepared.refusal) throw new Failure(prepared.refusal.code, prepared.refusal.detail);
  // By the service's clock: this device's may be wrong.
  const deadline = (prepared.signatures[0]?.deadline ?? 0) - AS_PREPARED + (UNTIL[chosen] ?? HOUR);
  const signatures = prepared.signatures.map((one) => ({ ...one, deadline }));
  const { data } = await dataFor(wish, 'owner', { ...prepared, signatures });
  const signer = await ownKey(known);
  const { owner, moves, events } = prepared.standing;
  const signature = await signer.sign(data);
  const text = offerText({ secret, deadline, moves, events, key: signer.account, signature });
  const open = { link: `${location.origin}/handover${path}#${text}`, owner, deadline, moves, events };
  watching = open;
  tellMade(open);
  // The button is free again: the next link is another one.
  void attempt(() => watch(path, open));
}

function tellMade({ link, deadline }: Open): void {
  showLink(link);
  setText('offer-until', word('owner.handover.made.until', { moment: momentWords(new Date(deadline * 1000)) }));
  said('');
  showOnly(PARTS, 'offer-made');
}

/** Until it is used, withdrawn or over. */
async function watch(path: string, open: Open): Promise<void> {
  while (watching === open) {
    const history = await surely(() => get(`/api/v1/pieces${path}/history`));
    if (watching !== open) return;
    const became = becameOf(history, open);
    if (became === 'taken') return taken(path);
    if (became === 'withdrawn') return withdrawn();
    if (Date.now() > open.deadline * 1000) {
      watching = undefined;
      forgetLink();
      return not('owner.handover.ended');
    }
    await pause(LOOK_MS);
  }
}

function becameOf({ keeper, timeline }: Answer, { owner, events }: Open): 'open' | 'taken' | 'withdrawn' {
  if (keeper.address !== owner) return 'taken';
  const later = (timeline as TimelineEntry[]).filter(
    (entry): entry is LifeEntry => entry.kind === 'life' && entry.number > events,
  );
  return later.some(({ event }) => event === 'handovers-withdrawn') ? 'withdrawn' : 'open';
}

/** Told until it is final. */
async function taken(path: string): Promise<void> {
  watching = undefined;
  forgetLink();
  showOnly(PARTS, 'offer-done');
  for (;;) {
    const { timeline } = await surely(() => get(`/api/v1/pieces${path}/history`));
    const last = (timeline as TimelineEntry[]).findLast(({ kind }) => kind === 'moved');
    if (last) {
      setText('offer-receipt', word('owner.handover.done.at', { moment: momentWords(new Date(last.at)) }));
      said(stateWords(last.final ? 'final' : 'anchored'));
      if (last.final) return;
    }
    await pause(LOOK_MS);
  }
}

function withdrawn(): void {
  watching = undefined;
  forgetLink();
  said('');
  showOnly(PARTS, 'offer-withdrawn');
}

async function withdraw({ path }: PieceData): Promise<void> {
  const known = owned(path);
  if (!known) return not('owner.handover.not-known');
  const receipt = await perform({ act: 'withdraw-handovers', piece: path }, { owner: await ownKey(known) }, ({ id }) =>
    rememberReceipt(path, id),
  );
  withdrawn();
  byId('offer-withdrawn').append(receiptLink(receipt.id));
}
