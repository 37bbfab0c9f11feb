// Owns a connection that sends whatever bytes it is given and reads HTTP answers off it one by one. Nothing is corrected
// on the way out; what a service may answer to it, tests say.
import { connect, type Socket } from 'node:net';

export interface RawReply {
  readonly status: number;
  /** Names in lower case; as they came, repeated ones too. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** An answer; or that the connection ended before a whole one was there; or that nothing came for too long. */
export type RawOutcome = RawReply | 'closed' | 'silence';

export interface RawConnection {
  readonly open: boolean;
  readonly socket: Socket;
  /** @param head the answer to a HEAD request has no body whatever its headers say */
  ask(bytes: string | Buffer, options?: { head?: boolean; withinMs?: number }): Promise<RawOutcome>;
  /** The next answer, e.g. of several requests sent at once. */
  next(options?: { head?: boolean; withinMs?: number }): Promise<RawOutcome>;
  close(): void;
}

const PATIENCE_MS = 10_000;

export function rawConnection(base: string): Promise<RawConnection> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(over(socket));
    });
  });
}

function over(socket: Socket): RawConnection {
  let got: Buffer = Buffer.alloc(0);
  let ended = false;
  let changed = () => {};
  const end = () => {
    ended = true;
    changed();
  };
  socket.on('data', (chunk) => {
    got = Buffer.concat([got, chunk]);
    changed();
  });
  socket.on('error', end).on('end', end).on('close', end);
  const next: RawConnection['next'] = ({ head = false, withinMs = PATIENCE_MS } = {}) =>
    new Promise((resolve) => {
      const settle = (outcome: RawOutcome) => {
        clearTimeout(timer);
        changed = () => {};
        resolve(outcome);
      };
      const timer = setTimeout(() => settle('silence'), withinMs);
      changed = () => {
        const reply = answerIn(got, head, ended);
        if (reply) {
          got = got.subarray(reply.length);
          settle(reply.reply);
        } else if (ended) settle('closed');
      };
      changed();
    });
  return {
    socket,
    get open() {
      return !ended && socket.writable;
    },
    ask(bytes, options) {
      socket.write(bytes);
      return next(options);
    },
    next,
    close: () => socket.destroy(),
  };
}

/** The first answer in these bytes and how many it took; undefined while it isn't whole. Interim answers are passed over. */
function answerIn(bytes: Buffer, head: boolean, ended: boolean): { reply: RawReply; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  if (status >= 100 && status < 200) {
    const rest = answerIn(bytes.subarray(end + 4), head, ended);
    return rest && { ...rest, length: rest.length + end + 4 };
  }
  const body =
    head || status === 204 || status === 304 ? { text: '', end: end + 4 } : bodyAt(bytes, end + 4, headers, ended);
  return body && { reply: { status, headers, body: body.text }, length: body.end };
}

function bodyAt(
  bytes: Buffer,
  from: number,
  headers: RawReply['headers'],
  ended: boolean,
): { text: string; end: number } | undefined {
  const length = headers.find(([name]) => name === 'content-length')?.[1];
  if (length !== undefined) {
    const end = from + Number(length);
    return bytes.length < end ? undefined : { text: bytes.toString('utf8', from, end), end };
  }
  if (!headers.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked')) {
    return ended ? { text: bytes.toString('utf8', from), end: bytes.length } : undefined;
  }
  const pieces: Buffer[] = [];
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { text: Buffer.concat(pieces).toString('utf8'), end };
    pieces.push(bytes.subarray(line + 2, line + 2 + size));
    at = end;
  }
}

export function headerOf(reply: RawReply, name: string): string | undefined {
  return reply.headers.find(([other]) => other === name)?.[1];
}
