// Owns the structured log: JSON lines on standard error, without secrets.
import { destination, pino } from 'pino';
import type { Log } from '../ports.ts';

/** Members that must never be written, whatever object they turn up in. */
const SECRETS = ['authorization', 'apiKey', 'password', 'privateKey', 'sealed', 'secret', 'databaseUrl'];

export function createLog(level: string): Log {
  const redact = { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' };
  const out = destination({ fd: 2, sync: true });
  // Nobody listens any more: the service goes on, and stops in order when it is told to.
  out.on('error', () => {});
  const logger = pino({ level, base: null, redact }, out);
  return {
    info: (data, message) => logger.info(data, message),
    warn: (data, message) => logger.warn(data, message),
    error: (data, message) => logger.error(data, message),
  };
}
