// A process that owns an embedded PostgreSQL in the folder named on its command line, says its pid and waits.
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres.ts';

const database = await startEmbeddedPostgres({ dataDir: process.argv[2]!, log: () => {} });
process.stdout.write(`${database.pid}\n`);
process.stdin.resume();
