// Owns the sample workshop of an empty embedded ledger: a maker, a shop, about a dozen pieces, some passed on. It goes
// through the same steps as anybody's; what its records state is made up. Repeating it after a crash finishes it.

import { type PrivateOwner, privateOwner } from './adapters/keys.ts';
import { type Admitted, apiKeyFile, createOrganisation } from './admission.ts';
import type { Config } from './config.ts';
import { type PieceCode, randomSerial } from './core/code.ts';
import { TouchstoneError } from './core/errors.ts';
import { transferMessage } from './core/typed-data.ts';
import { prepare, store } from './ledger/accept.ts';
import { type Caller, SCOPES } from './ledger/accounts.ts';
import { passportOf } from './ledger/find.ts';
import { registrantOf } from './ledger/imports.ts';
import { checkTransfer, prepareTransfer, readTransfer, storeTransfer } from './ledger/transfers.ts';
import { SAMPLE_PIECES, SAMPLE_PREFIX, type SamplePiece } from './sample/pieces.ts';
import type { Service } from './service.ts';

export interface Sample {
  readonly maker: Admitted;
  readonly shop: Admitted;
  readonly featuredPath: string;
}

const WAIT_MS = 60_000;

/** Whether this ledger is embedded and has nobody on it yet, or a sample that was begun and not finished. */
export async function wantsSample({ ledger }: Service): Promise<boolean> {
  if (!ledger.chain.embedded) return false;
  const [row] = await ledger.db.query<{ accounts: number; sample: string | null }>(
    `SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT value->>'state' FROM settings WHERE name = 'sample') AS sample`,
  );
  return row?.sample === 'begun' || (row?.accounts === 0 && row.sample === null);
}

export async function makeSample(service: Service, config: Config, say: (text: string) => void): Promise<Sample> {
  const { ledger } = service;
  await noteState(service, 'begun', null);
  say('making the sample workshop');
  const maker = await createOrganisation(service, config, {
    handle: 'atelier-lune',
    name: 'Atelier Lune',
    roles: ['maker', 'custodian'],
    prefixes: [SAMPLE_PREFIX],
  });
  const shop = await createOrganisation(service, config, {
    handle: 'maison-verre',
    name: 'Maison Verre',
    roles: ['reseller'],
    prefixes: [],
  });
  const paths = await register(service, maker);
  say('registering its pieces');
  await until('the sample pieces are anchored', async () => {
    const passports = await Promise.all(paths.map((piece) => passportOf(ledger.db, ledger.chain, piece.code)));
    return passports.every((passport) => passport?.tokenId) || undefined;
  });
  say('passing some of them on');
  await Promise.all(paths.map(({ code, sample }) => passOn(service, code, sample, maker, shop)));
  const featured = paths.find(({ sample }) => sample.featured) ?? paths[0];
  const featuredPath = featured?.path ?? '/';
  await noteState(service, 'made', featuredPath);
  return { maker, shop, featuredPath };
}

/** The sample that this ledger has, for telling about it at a later start. */
export async function sampleOf(
  { ledger }: Service,
  config: Config,
): Promise<{ path: string; apiKeyFile: string } | undefined> {
  const [row] = await ledger.db.query<{ path: string | null }>(
    `SELECT value->>'path' AS path FROM settings WHERE name = 'sample' AND value->>'state' = 'made'`,
  );
  return row?.path ? { path: row.path, apiKeyFile: apiKeyFile(config, 'atelier-lune') } : undefined;
}

async function noteState({ ledger }: Service, state: 'begun' | 'made', path: string | null): Promise<void> {
  await ledger.db.query(
    `INSERT INTO settings (name, value) VALUES ('sample', $1) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`,
    [JSON.stringify({ state, path })],
  );
}

interface Registered {
  readonly code: PieceCode;
  readonly path: string;
  readonly sample: SamplePiece;
}

async function register({ ledger }: Service, maker: Admitted): Promise<Registered[]> {
  return ledger.db.transaction(async (sql) => {
    const [begun] = await sql.query<{ count: number }>('SELECT count(*) FROM pieces WHERE organisation = $1', [
      maker.organisation,
    ]);
    if (begun && begun.count > 0)
      throw new TouchstoneError(
        'configuration',
        'The sample was begun and broken off. Remove DATA_DIR and start again, or use --no-sample.',
      );
    const registrant = await registrantOf(sql, maker.organisation);
    const prepared = SAMPLE_PIECES.map((sample) => {
      const code = sample.gtin ? { gtin: sample.gtin, serial: randomSerial(ledger.randomBytes(8)) } : undefined;
      const outcome = prepare(ledger.randomBytes, registrant, sample.statement, code);
      if (!outcome.ok) throw new Error(`sample piece: ${JSON.stringify(outcome.faults)}`);
      return { sample, candidate: outcome.candidate };
    });
    await store(
      sql,
      maker.organisation,
      prepared.map((one) => one.candidate),
      null,
    );
    ledger.nudge();
    return prepared.map(({ sample, candidate }) => ({ code: candidate.code, path: candidate.path, sample }));
  });
}

async function passOn(
  service: Service,
  code: PieceCode,
  sample: SamplePiece,
  maker: Admitted,
  shop: Admitted,
): Promise<void> {
  let owner: Admitted | PrivateOwner = maker;
  for (const step of sample.sold ?? []) {
    const next: Admitted | PrivateOwner = step === 'shop' ? shop : privateOwner();
    await move(service, code, owner, 'organisation' in next ? next.organisation : next.address);
    owner = next;
  }
}

const hexOf = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`;

async function move({ ledger }: Service, code: PieceCode, owner: Admitted | PrivateOwner, to: string): Promise<void> {
  const caller = callerOf(owner);
  const signed = 'organisation' in owner ? undefined : await signedBy(owner);
  async function signedBy(person: PrivateOwner) {
    const { tokenId, from, moves, deadline } = await prepareTransfer(ledger, code, to);
    const data = transferMessage(ledger.chain.chainId, ledger.chain.pieces, { tokenId, from, to, moves }, deadline);
    const signature = await person.sign(data);
    return { signature, deadline, moves };
  }
  const transfer = await checkTransfer(ledger, caller, code, to, signed);
  const id = hexOf(ledger.randomBytes(16));
  await ledger.db.transaction((sql) => storeTransfer(sql, id, caller, transfer));
  ledger.nudge();
  await until('a sample piece is passed on', async () => {
    const state = (await readTransfer(ledger.db, caller.organisation, id))?.state;
    if (state === 'failed') throw new Error('a sample transfer failed');
    return state === 'final' || state === 'anchored' || undefined;
  });
}

/** A private owner's signature is brought in by nobody in particular; the account it is filed under doesn't matter. */
function callerOf(owner: Admitted | PrivateOwner): Caller {
  const { organisation, handle } = 'organisation' in owner ? owner : { organisation: owner.address, handle: '' };
  return { organisation, handle, displayName: handle, keyId: 'sample', scopes: SCOPES };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + WAIT_MS; ; ) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
