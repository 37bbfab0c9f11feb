// Owns shipments on the page for trade: offering the chosen pieces to another organisation, and accepting, declining,
// withdrawing or sending back what was offered. What passes many pieces on is asked twice.
import { byId, element, setText, show } from './dom.ts';
import type { Failure } from './service.ts';
import { ask, hasKey, type Shipment, useKey } from './trade-service.ts';
import { dayWords, word } from './words.ts';

interface Means {
  readonly chosen: ReadonlySet<string>;
  /** Puts paths into the list of codes and checks them. */
  check(paths: readonly string[]): void;
  /** Who owns what may have changed, or who asks. */
  again(): void;
}

export function shipmentsPart(means: Means): void {
  byId('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void signIn(means);
  });
  byId('forget-key').addEventListener('click', () => forget(means));
  byId('offer-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void offer(means);
  });
}

async function signIn(means: Means): Promise<void> {
  const field = byId<HTMLInputElement>('key');
  useKey(field.value.trim());
  field.value = '';
  try {
    await list(means);
  } catch (error) {
    useKey(undefined);
    const { code, message } = error as Failure;
    const wrong = code === 'unauthenticated' || code === 'forbidden';
    setText('key-told', wrong ? word('trade.key-wrong') : word('trade.failed', { reason: message }));
    return;
  }
  show('key-form', false);
  show('signed-in');
  setText('key-told', word('trade.key-used'));
  byId('forget-key').focus();
  means.again();
}

function forget(means: Means): void {
  useKey(undefined);
  show('signed-in', false);
  show('key-form');
  setText('key-told', '');
  byId('shipment-list').replaceChildren();
  byId('key').focus();
  means.again();
}

async function offer(means: Means): Promise<void> {
  const pieces = [...means.chosen];
  if (pieces.length === 0) {
    setText('offer-told', word('trade.offer-none'));
    return;
  }
  const to = byId<HTMLInputElement>('to').value.trim();
  const note = byId<HTMLInputElement>('note').value.trim();
  const button = byId('offer');
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await ask('/api/v1/shipments', { to: await addressOf(to), pieces, ...(note === '' ? {} : { note }) });
    setText('offer-told', word('trade.offered', { to, count: pieces.length }));
    await list(means);
  } catch (error) {
    setText('offer-told', word('trade.failed', { reason: (error as Failure).message }));
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

async function list(means: Means): Promise<void> {
  const { items, organisation } = (await ask('/api/v1/shipments?limit=50')) as Listed;
  // She may have had the key forgotten meanwhile.
  if (!hasKey()) return;
  const shown = items.map((shipment) => shipmentOf(shipment, organisation, means));
  byId('shipment-list').replaceChildren(...(shown.length > 0 ? shown : [element('p', {}, word('trade.no-shipments'))]));
}

interface Listed {
  readonly organisation: string;
  readonly items: readonly Shipment[];
}

/** An organisation's address by what she typed: itself, or its handle. */
async function addressOf(typed: string): Promise<string> {
  if (/^0x[0-9a-f]{40}$/i.test(typed)) return typed;
  const { address } = await ask(`/api/v1/organisations/${encodeURIComponent(typed.toLowerCase())}`);
  return address;
}

type Step = 'accept' | 'decline' | 'withdraw' | 'return';

function shipmentOf(shipment: Shipment, own: string, means: Means): HTMLElement {
  const { id, state, from, to, count, note, offeredAt } = shipment;
  const side = (one: Shipment['from']) => one.handle ?? one.address;
  const values = { from: side(from), to: side(to), count, day: dayWords(new Date(offeredAt)) };
  const toMe = to.address === own;
  const fromMe = from.address === own;
  const steps: Step[] = [
    ...(state === 'offered' && toMe ? (['accept', 'decline'] as const) : []),
    ...(state === 'offered' && fromMe ? (['withdraw'] as const) : []),
    ...(state === 'delivered' && toMe && shipment.returnedBy === null ? (['return'] as const) : []),
  ];
  const look = element('button', { type: 'button', class: 'plain-button' }, word('trade.shipment.check'));
  look.addEventListener('click', async () => {
    const { pieces } = (await ask(`/api/v1/shipments/${id}`)) as Shipment;
    means.check((pieces ?? []).flatMap(({ path }) => path ?? []));
  });
  const told = element('p', { role: 'status' });
  return element(
    'article',
    { class: 'shipment', 'data-state': state },
    element('p', {}, `${word('trade.shipment', values)} `, element('strong', {}, word(`trade.shipment.${state}`))),
    ...(note === null ? [] : [element('p', { class: 'quiet', dir: 'auto' }, note)]),
    element('p', { class: 'actions' }, look, ...steps.map((step) => stepButton(id, step, told, means))),
    told,
  );
}

/** Acceptance, return and the rest can't be taken back: the first press asks, the second does it. */
function stepButton(id: string, step: Step, told: HTMLElement, means: Means): HTMLElement {
  const button = element('button', { type: 'button' }, word(`trade.shipment.${step}`));
  let asked = false;
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    if (!asked) {
      asked = true;
      button.textContent = word('trade.shipment.sure', { what: word(`trade.shipment.${step}`) });
      return;
    }
    button.setAttribute('aria-disabled', 'true');
    try {
      await ask(`/api/v1/shipments/${id}/${step}`, {});
      await list(means);
      byId('shipment-list').tabIndex = -1;
      byId('shipment-list').focus();
      means.again();
    } catch (error) {
      told.textContent = word('trade.failed', { reason: (error as Failure).message });
      button.removeAttribute('aria-disabled');
    }
  });
  return button;
}
