// Owns the load of the page bench: a process of its own that asks over plain sockets, keep-alive and one request at a
// time on each, and looks at every answer: its status, its length, and that it is about what was asked. It does no more
// with an answer than that, so that on two cores the server is what is measured.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Views by what says it is a program aren't counted, which costs something. */
const BROWSER = 'user-agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) Version/18.2 Mobile Safari/604.1';

export interface Order {
  readonly port: number;
  readonly connections: number;
  /** Asked in turn; each once, unless there is a time. */
  readonly paths: readonly string[];
  /** Goes on from the beginning of the paths until so many milliseconds are over. */
  readonly forMs?: number;
  readonly headers?: readonly string[];
  /** Every answer has so many bytes; without it, every answer holds the address it was asked under. */
  readonly length?: number;
}

export interface Outcome {
  readonly answered: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly middleMs: number;
  readonly p99Ms: number;
}

/** A message of the parent, and what comes back. */
export type Report = { readonly outcome: Outcome } | { readonly failure: string };

const HEAD_END = Buffer.from('\r\n\r\n');
const GIVE_UP_MS = 60_000;

/** Which path comes next; undefined when there is nothing more to ask. */
type Next = () => string | undefined;

interface Tally {
  readonly latencies: number[];
  bytes: number;
}

export async function load(order: Order): Promise<Outcome> {
  const tally: Tally = { latencies: [], bytes: 0 };
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => open(order.port)));
  const since = performance.now();
  const next = turns(order, since);
  try {
    await Promise.all(sockets.map((socket) => askAll(socket, order, next, tally)));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (performance.now() - since) / 1000;
  const sorted = Float64Array.from(tally.latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { answered: sorted.length, seconds, bytes: tally.bytes, middleMs: at(0.5), p99Ms: at(0.99) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function turns({ paths, forMs }: Order, since: number): Next {
  let asked = 0;
  if (forMs === undefined) return () => paths[asked++];
  return () => (performance.now() - since < forMs ? paths[asked++ % paths.length] : undefined);
}

function askAll(socket: Socket, order: Order, next: Next, tally: Tally): Promise<void> {
  const head = [
    '',
    `host: 127.0.0.1:${order.port}`,
    BROWSER,
    'connection: keep-alive',
    ...(order.headers ?? []),
    '',
    '',
  ];
  const rest = ` HTTP/1.1${head.join('\r\n')}`;
  return new Promise((resolve, reject) => {
    let held: Buffer[] = [];
    let size = 0;
    /** Bytes of head and body together, once the head is there. */
    let whole = 0;
    let path = '';
    let begun = 0;
    const fail = (what: string) => reject(new Error(`GET ${path}: ${what}`));
    const ask = () => {
      const following = next();
      if (following === undefined) return resolve();
      path = following;
      begun = performance.now();
      socket.write(`GET ${path}${rest}`, 'latin1');
    };
    socket.setTimeout(GIVE_UP_MS, () => fail('no answer'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('the connection was closed'));
    socket.on('data', (chunk) => {
      held.push(chunk);
      size += chunk.length;
      if (whole === 0) {
        const answer = held.length === 1 ? chunk : Buffer.concat(held);
        held = [answer];
        const end = answer.indexOf(HEAD_END);
        if (end < 0) return;
        const { length, fault } = readHead(answer.toString('latin1', 0, end + 2), order.length);
        if (fault !== undefined) return fail(`${fault}\n${answer.toString('utf8', 0, 500)}`);
        whole = end + HEAD_END.length + length;
      }
      if (size < whole) return;
      if (size > whole) return fail('more bytes came than were announced');
      tally.latencies.push(performance.now() - begun);
      tally.bytes += size;
      if (order.length === undefined && !Buffer.concat(held).includes(path))
        return fail('the answer is of another piece');
      held = [];
      size = 0;
      whole = 0;
      ask();
    });
    ask();
  });
}

function readHead(head: string, expected: number | undefined): { length: number; fault?: string } {
  if (!head.startsWith('HTTP/1.1 200 ')) return { length: 0, fault: `answered ${head.slice(9, 12)}` };
  const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1]);
  if (!(length > 0)) return { length: 0, fault: 'no content-length' };
  if (expected !== undefined && length !== expected) return { length, fault: `${length} bytes instead of ${expected}` };
  return { length };
}

if (process.send) {
  process.on('message', (order: Order) => {
    const told = (report: Report) => process.send?.(report);
    load(order).then(
      (outcome) => told({ outcome }),
      (error: Error) => told({ failure: error.message }),
    );
  });
}
