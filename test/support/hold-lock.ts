// A process that takes the lock named on its command line, says so and keeps it until it is ended.
import { acquireLock, LockHeld } from '../../src/adapters/lock.ts';

try {
  acquireLock(process.argv[2]!);
  process.stdout.write('held\n');
  process.stdin.resume();
} catch (error) {
  process.stdout.write(error instanceof LockHeld ? `refused ${error.pid}\n` : `${String(error)}\n`);
}
