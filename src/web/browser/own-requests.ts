// Owns what others ask of a piece's owner: reading it with her signature or by a request's own link, telling each in words with
// everything that is signed, agreeing and declining.
import { ownerReadsData } from '../../core/live-proof.ts';
import type { PieceData } from '../owner-parts.ts';
import { chainOf, type Receipt } from './acts.ts';
import { byId, element, show } from './dom.ts';
import type { Signer } from './keyring.ts';
import { attempt, fault, surely } from './own-say.ts';
import { type Answer, Failure, get, post } from './service.ts';
import { hasWord, word } from './words.ts';

type Asked = Receipt & {
  readonly organisation: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
};
type Confirm = (act: string, about: string, run: () => Promise<void>) => void;

const RECORDS: Readonly<Record<string, string>> = { 'request-record': 'record', 'request-consignment': 'consign' };
/** So long a signature for reading is good: for this one question. */
const READ_WITHIN_S = 120;

let confirm: Confirm = () => {};
let sign: (wish: { act: string } & Record<string, unknown>) => Promise<void> = async () => {};

/** @param ask the page's one step before something is signed */
export function consentTo(ask: Confirm, signing: typeof sign): void {
  confirm = ask;
  sign = signing;
}

/** @throws Failure signature-invalid where the key is not the owner's */
export async function listRequests({ path, tokenId }: PieceData, signer: Signer): Promise<void> {
  const place = await surely(chainOf);
  const deadline = (await serviceTime()) + READ_WITHIN_S;
  const signature = await signer.sign(ownerReadsData(place, String(tokenId), deadline));
  const { items } = await surely(() => post(`/api/v1/pieces${path}/requests`, { deadline, signature }));
  await fill(items);
}

/** By a link that whoever asks gave her: its id can't be guessed. */
export async function oneRequest(id: string, path: string): Promise<void> {
  const one = await surely(() => get(`/api/v1/acts/${id}`));
  if (one.path !== path || !one.asked) throw new Failure('not-found', 'another piece');
  await fill([one]);
}

/** The last block's time would do as well, where nothing happened for days it would not. */
async function serviceTime(): Promise<number> {
  const response = await fetch('/healthz', { cache: 'no-store' });
  const told = Date.parse(response.headers.get('date') ?? '');
  return Math.floor((Number.isNaN(told) ? Date.now() : told) / 1000);
}

async function fill(items: readonly Asked[]): Promise<void> {
  const { items: organisations } = await surely(() => get('/api/v1/organisations'));
  const names = new Map<string, string>(organisations.map(({ address, handle }: Answer) => [address, handle]));
  const shown = items.map((one) => itemOf(one, names.get(one.organisation ?? '') ?? word('owner.ask.somebody')));
  byId('own-requests-list').replaceChildren(...shown);
  show('own-requests-none', items.length === 0);
}

function itemOf(one: Asked, who: string): HTMLElement {
  const { fields, act, state } = one;
  const recovery = act === 'request-recovery';
  const what = `owner.kind.${String(fields['kind'])}`;
  const told = recovery
    ? word('owner.ask.recovery', { who })
    : word('owner.ask.record', { who, what: hasWord(what) ? word(what) : String(fields['kind']) });
  const words = (fields['statement'] as { words?: string } | undefined)?.words;
  const item = element('li', { class: 'own-request' }, element('p', {}, told));
  if (words) item.append(element('blockquote', { class: 'said quote', dir: 'auto' }, words));
  item.append(whole(fields));
  if (state !== 'kept') item.append(element('p', { class: 'quiet' }, stateOf(state)));
  else if (!recovery) item.append(buttons(one, told));
  return item;
}

function whole(fields: Asked['fields']): HTMLElement {
  const { piece: _, ...said } = fields;
  const text = element('pre', { dir: 'ltr' }, JSON.stringify(said, null, 1));
  return element('details', { class: 'own-more' }, element('summary', {}, word('owner.ask.whole')), text);
}

function stateOf(state: string): string {
  return word(`owner.ask.state.${state === 'agreed' || state === 'declined' ? state : 'void'}`);
}

function buttons(one: Asked, told: string): HTMLElement {
  const agree = element('button', { type: 'button' }, word('owner.ask.agree'));
  const decline = element('button', { type: 'button', class: 'second' }, word('owner.ask.decline'));
  const place = element('p', { class: 'buttons' }, agree, ' ', decline);
  const act = RECORDS[one.act] ?? 'record';
  agree.addEventListener('click', () => {
    const { piece: _, ...said } = one.fields;
    const wish = { ...said, act, signatures: one.signatures };
    confirm(act, `${told} ${word('owner.ask.agree.about')}`, () => sign(wish));
  });
  decline.addEventListener('click', () => {
    if (decline.getAttribute('aria-disabled') === 'true') return;
    decline.setAttribute('aria-disabled', 'true');
    fault('');
    void attempt(async () => {
      await surely(() => post(`/api/v1/acts/${one.id}/decline`, {}));
      place.replaceWith(element('p', { class: 'quiet' }, stateOf('declined')));
    }).finally(() => decline.removeAttribute('aria-disabled'));
  });
  return place;
}
