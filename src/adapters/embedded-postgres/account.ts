// Owns: the system account PostgreSQL runs under. It refuses to run as root, and an account that it is given
// instead may be unable to walk down to the data or the programs.
// Never enters: creating accounts, or loosening any folder but the data folder itself.
import { type SpawnOptions, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, statSync } from 'node:fs';

export interface Account {
  /** How to start a program as this account. */
  command(program: string, args: readonly string[]): { program: string; args: string[]; options: SpawnOptions };
  /** Makes a file or folder the account's own. */
  own(path: string): void;
}

interface Ids {
  uid: number;
  gid: number;
}

export interface Places {
  dataDir: string;
  /** The database cluster, which may not exist yet. */
  cluster: string;
  /** A program that must be runnable. */
  postgres: string;
}

const CANDIDATES = ['postgres', 'nobody'];

export function chooseAccount(places: Places): Account {
  const owner = existsSync(places.cluster) ? statSync(places.cluster) : undefined;
  if (process.getuid?.() !== 0) {
    const me = process.getuid?.();
    if (me !== undefined && owner !== undefined && owner.uid !== me) {
      throw new Error(`${places.cluster} belongs to user id ${owner.uid}, not to ${me}: run as that user or as root`);
    }
    return { command: (program, args) => ({ program, args: [...args], options: {} }), own: () => {} };
  }
  const ids = owner !== undefined && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : findUnprivileged();
  const plain = asUser(ids);
  if (reaches(plain, places) || reachesAfterGroup(plain, places, ids)) return plain;
  const capable = asUserWhoMaySearch(ids);
  if (process.platform === 'linux' && reaches(capable, places)) return capable;
  throw new Error(
    `PostgreSQL cannot run as root, and user id ${ids.uid} cannot reach ${places.dataDir} or ${places.postgres}: ` +
      'set DATA_DIR to a folder others may enter, or set DATABASE_URL, or do not run as root',
  );
}

function findUnprivileged(): Ids {
  for (const name of CANDIDATES) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return status === 0 ? Number.parseInt(stdout, 10) : undefined;
    });
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL cannot run as root and there is no user postgres or nobody: set DATABASE_URL, or do not run as root',
  );
}

function asUser({ uid, gid }: Ids): Account {
  return {
    command: (program, args) => ({ program, args: [...args], options: { uid, gid } }),
    own: (path) => chownSync(path, uid, gid),
  };
}

/**
 * The same user with the one capability to pass folders closed to it, for a checkout or a data folder below a 0700
 * home. The bounding set ends there. PostgreSQL asks access(2), which ignores capabilities of a user who is not root
 * unless no_setuid_fixup is set.
 */
function asUserWhoMaySearch({ uid, gid }: Ids): Account {
  const only = '-all,+dac_read_search';
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  const prefix = [...become, `--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`];
  return {
    command: (program, args) => ({ program: 'setpriv', args: [...prefix, program, ...args], options: {} }),
    own: (path) => chownSync(path, uid, gid),
  };
}

/** Tries it, rather than reading permissions: access lists, mounts and containers have their say too. */
function reaches(account: Account, { dataDir, postgres }: Places): boolean {
  const { program, args, options } = account.command('/bin/sh', [
    '-c',
    '"$1" --version && cd "$2"',
    'sh',
    postgres,
    dataDir,
  ]);
  return spawnSync(program, args, { ...options, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** The data folder itself is often the only closed one: let the account's group pass, and nobody look into it. */
function reachesAfterGroup(account: Account, places: Places, { gid }: Ids): boolean {
  const before = statSync(places.dataDir);
  chownSync(places.dataDir, before.uid, gid);
  chmodSync(places.dataDir, (before.mode & 0o7707) | 0o010);
  if (reaches(account, places)) return true;
  chownSync(places.dataDir, before.uid, before.gid);
  chmodSync(places.dataDir, before.mode & 0o7777);
  return false;
}
