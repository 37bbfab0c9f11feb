// Owns the console's pages of shipments between organisations: offering pieces, accepting, declining, withdrawing, sending
// back. Nothing moves before the other side accepts.
import { randomUUID } from 'node:crypto';
import { pieceName } from '../core/act-fields.ts';
import { TouchstoneError } from '../core/errors.ts';
import { line } from '../core/fields.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { listShipments, shipmentReceipt } from '../ledger/shipment-receipts.ts';
import {
  accept,
  checkAcceptance,
  checkOffer,
  checkReturn,
  decide,
  MOST_SHIPPED,
  type ShipmentRow,
  shipmentOf,
  storeOffer,
  storeReturn,
} from '../ledger/shipments.ts';
import { html } from '../web/html.ts';
import { type ShipmentPage, shipmentMain, shipmentsMain } from '../web/workshop-trade.ts';
import { describedForm } from './console-forms.ts';
import { recipientIn } from './workshop-lots.ts';
import { cursorIn } from './workshop-pieces.ts';
import { onceIn } from './workshop-register.ts';
import type { ConsoleRoute, Visit } from './workshop-route.ts';

const SHIPMENTS = '/workshop/shipments';
const A_PAGE = 50;

const offering = describedForm({
  path: `${SHIPMENTS}/offer`,
  current: SHIPMENTS,
  scope: 'transfers:write',
  fieldOf: (path) => (path.startsWith('pieces') ? 'pieces' : path.startsWith('ranges') ? 'batches' : path),
  prepare: async (visit) => ({
    subject: html`Pieces or whole batches you hold.`,
    back: SHIPMENTS,
    values: { pieces: String(visit.request.query['piece'] ?? '').slice(0, 200) },
    words: {
      title: 'Offer pieces to an organisation',
      says: 'Nothing moves, and nothing is signed, before the other organisation accepts. Until then you can withdraw the offer.',
      submit: 'Offer them',
      fields: [
        {
          name: 'to',
          label: 'To which organisation',
          kind: 'literal',
          required: true,
          hint: 'Its handle, or its address',
        },
        { name: 'pieces', label: 'Pieces', kind: 'prose', hint: `Codes, one a line, ${MOST_SHIPPED} at most.` },
        { name: 'batches', label: 'Whole batches', kind: 'prose', hint: 'Their long ids, one a line.' },
        {
          name: 'note',
          label: 'Note for the other side',
          kind: 'line',
          hint: 'Such as the number of a delivery note.',
        },
      ],
    },
    async run({ context, caller, fields }, key) {
      const { ledger } = context;
      const to = await recipientIn(ledger.db, fields.get('to'));
      const pieces = linesIn(fields.get('pieces')).map((text, i) => nameIn(text, i));
      const ranges = linesIn(fields.get('batches')).map((batch) => ({ batch: batchIn(batch), part: 0 }));
      if (pieces.length + ranges.length === 0 || pieces.length > MOST_SHIPPED)
        throw wrong('pieces', 'must name a piece, unless a batch is named');
      const note = fields.get('note') === '' ? null : noteIn(fields.get('note'));
      const wish = { to, pieces, ranges, note };
      const check = () => checkOffer(ledger, caller, wish);
      const request = ['console/shipments', wish];
      const { id } = await once(
        ledger.db,
        caller.organisation,
        `console ${key}`,
        request,
        check,
        async (sql, checked) => {
          const fresh = randomUUID();
          await storeOffer(sql, fresh, checked);
          return { id: fresh };
        },
      );
      return `${SHIPMENTS}/${id}`;
    },
  }),
});

const linesIn = (text: string) => text.split(/\s+/).filter((one) => one !== '');

function nameIn(text: string, i: number) {
  const parsed = pieceName.safeParse(text.replace(/^https?:\/\/[^/]+/, ''));
  if (parsed.success) return parsed.data;
  throw wrong('pieces', `line ${i + 1} is no code of a piece: ${text.slice(0, 60)}`);
}

function batchIn(text: string): string {
  if (/^[1-9]\d{0,67}$/.test(text)) return text;
  throw wrong('batches', 'must be ids of batches: long decimal numbers');
}

function noteIn(text: string): string {
  const parsed = line(200).safeParse(text);
  if (parsed.success) return parsed.data;
  throw wrong('note', 'must be plain text of 200 characters at most');
}

const wrong = (field: string, reason: string) =>
  new TouchstoneError('invalid-request', 'Nothing was offered.', { faults: [{ field, reason }] });

function stepsOf(row: ShipmentRow, own: string, state: string, returned: boolean): ShipmentPage['steps'] {
  const mine = row.from_address === own;
  if (row.state === 'offered' && mine) return [['withdraw', 'Withdraw the offer', 'It leaves no signature behind.']];
  if (row.state === 'offered') {
    return [
      ['accept', 'Accept all of it', 'All of it becomes yours, once for all.'],
      ['decline', 'Decline it', 'Nothing moves; the sender sees it.'],
    ];
  }
  const can = state === 'delivered' && !mine && !returned && row.returns === null;
  return can ? [['return', 'Send all of it back', 'All pieces that came with it go back to who sent them.']] : [];
}

type Step = (visit: Visit, row: ShipmentRow, key: string) => Promise<string>;

/** Only the side whose step it is: the other is told there is none. */
const side = (which: 'from_address' | 'to_address', step: Step): Step => {
  return (visit, row, key) => {
    found(row[which] === visit.caller.organisation || undefined, 'This shipment');
    return step(visit, row, key);
  };
};

const STEPS: Readonly<Record<string, Step>> = {
  accept: side('to_address', async ({ context: { ledger }, caller }, row, key) => {
    const check = () => checkAcceptance(ledger, row);
    return once(ledger.db, caller.organisation, key, [row.id, 'accept'], check, async (sql, checked) => {
      await accept(sql, row, checked, randomUUID);
      return row.id;
    });
  }),
  decline: side('to_address', decision('declined')),
  withdraw: side('from_address', decision('withdrawn')),
  return: side('to_address', async ({ context: { ledger }, caller }, row, key) => {
    const check = () => checkReturn(ledger, caller, row);
    return once(ledger.db, caller.organisation, key, [row.id, 'return'], check, async (sql, checked) => {
      const id = randomUUID();
      await storeReturn(sql, id, row, checked, randomUUID);
      return id;
    });
  }),
};

function decision(state: 'declined' | 'withdrawn'): Step {
  return ({ context: { ledger }, caller }, row, key) =>
    once(
      ledger.db,
      caller.organisation,
      key,
      [row.id, state],
      async () => undefined,
      async (sql) => {
        await decide(sql, row, state);
        return row.id;
      },
    );
}

export const shipmentRoutesOfConsole: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: SHIPMENTS,
    async handle({ request, context, caller }) {
      const before = cursorIn(request.query['after']);
      const page = await listShipments(context.ledger.db, caller, before, A_PAGE);
      const main = shipmentsMain(page.items, caller.organisation, page.next, before !== undefined);
      return { title: 'Shipments', current: SHIPMENTS, main };
    },
  },
  ...offering,
  {
    method: 'get',
    path: `${SHIPMENTS}/:id`,
    async handle({ request, context, caller, token }) {
      const row = await shipmentOf(context.ledger.db, caller, String(request.params['id']));
      const receipt = found(await shipmentReceipt(context.ledger, row.id), 'This shipment');
      const steps = stepsOf(row, caller.organisation, receipt.state, receipt.returnedBy !== null);
      const underWay = receipt.state === 'accepted';
      return {
        title: 'Shipment',
        current: SHIPMENTS,
        ...(underWay && { head: html`<meta http-equiv="refresh" content="2">` }),
        main: shipmentMain({ ...receipt, steps, token, once: randomUUID() }),
      };
    },
  },
  {
    method: 'post',
    path: `${SHIPMENTS}/:id/:step`,
    scope: 'transfers:write',
    async handle(visit) {
      const { request, context, caller, fields } = visit;
      const row = await shipmentOf(context.ledger.db, caller, String(request.params['id']));
      const step = found(STEPS[String(request.params['step'])], 'This step');
      const id = await step(visit, row, `console ${onceIn(fields)}`);
      context.ledger.nudge();
      return { to: `${SHIPMENTS}/${id}` };
    },
  },
];
