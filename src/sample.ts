// Owns the sample workshop of an empty embedded ledger: a maker, a shop, an assay office, a gem laboratory, a refiner and
// a goldsmith, about a dozen pieces, most of them certified, some passed on, one with a claim card to try. It goes through the same steps as anybody's; what its records
// and certificates state is made up. Repeating it after a crash finishes it.

import { type Admitted, createOrganisation } from './admission.ts';
import { apiKeyFile, type Config } from './config.ts';
import { cardKey } from './core/card.ts';
import { codeOfPath, type PieceCode, randomSerial } from './core/code.ts';
import type { LotId } from './core/lot.ts';
import { prepare, store } from './ledger/accept.ts';
import { passportOf } from './ledger/find.ts';
import { registrantOf } from './ledger/imports.ts';
import { SAMPLE_PIECES, SAMPLE_PREFIX } from './sample/pieces.ts';
import { CERTIFIERS, type SamplePiece, TRADE } from './sample/workshop.ts';
import { giveCard, type SampleCard, sampleCard, sampleSecret } from './sample-card.ts';
import { certify } from './sample-certifying.ts';
import { deliverLot } from './sample-material.ts';
import { passOn } from './sample-selling.ts';
import { service as serviced } from './sample-servicing.ts';
import { type Registered, until } from './sample-steps.ts';
import type { Service } from './service.ts';

export interface Sample {
  readonly maker: Admitted;
  readonly shop: Admitted;
  readonly office: Admitted;
  readonly laboratory: Admitted;
  readonly featuredPath: string;
  readonly card: SampleCard | undefined;
}

/** A piece that whoever runs the ledger can claim, and the file with its card. */
/** Whether this ledger is embedded and has nobody on it yet, or a sample that was begun and not finished. */
export async function wantsSample({ ledger }: Service): Promise<boolean> {
  if (!ledger.chain.embedded) return false;
  const [row] = await ledger.db.query<{ accounts: number; sample: string | null }>(
    `SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT value->>'state' FROM settings WHERE name = 'sample') AS sample`,
  );
  return row?.sample === 'begun' || (row?.accounts === 0 && row.sample === null);
}

const AS_CERTIFIER = { roles: ['certifier'], prefixes: [] } as const;

export async function makeSample(service: Service, config: Config, say: (text: string) => void): Promise<Sample> {
  const { ledger } = service;
  const seed = await begin(service);
  say('making the sample workshop');
  const maker = await createOrganisation(service, config, {
    handle: 'atelier-lune',
    name: 'Atelier Lune',
    roles: ['maker', 'custodian'],
    prefixes: [SAMPLE_PREFIX],
  });
  const made = await register(service, maker, seed, DRAWN_FROM_NO_LOT);
  // While the pieces are on their way to the chain.
  const shop = await createOrganisation(service, config, {
    handle: 'maison-verre',
    name: 'Maison Verre',
    roles: ['reseller'],
    prefixes: [],
  });
  const office = await createOrganisation(service, config, { ...CERTIFIERS.office, ...AS_CERTIFIER });
  const laboratory = await createOrganisation(service, config, { ...CERTIFIERS.laboratory, ...AS_CERTIFIER });
  const goldsmith = await createOrganisation(service, config, { ...TRADE.goldsmith, prefixes: [] });
  const refiner = await createOrganisation(service, config, { ...TRADE.refiner, prefixes: [] });
  say('registering its pieces');
  const lot = await deliverLot(ledger, refiner, maker);
  const pieces = [...made, ...(await register(service, maker, seed, DRAWN_FROM_LOT, lot))];
  await until('the sample pieces are anchored', async () => {
    const passports = await Promise.all(pieces.map(({ code }) => passportOf(ledger.db, ledger.chain, code)));
    return passports.every((passport) => passport?.tokenId) || undefined;
  });
  say('certifying them, and passing some of them on');
  const withCard = pieces.find(({ sample }) => sample.card) as Registered;
  await Promise.all([
    certify(service, { certifiers: { office, laboratory }, maker, pieces }),
    giveCard(service, config, { piece: withCard, owner: maker, seed }),
    ...pieces.map(async (piece) => {
      await passOn(service, piece, { maker, shop, seed });
      await serviced(ledger, goldsmith, piece, seed);
    }),
  ]);
  const featuredPath = (pieces.find(({ sample }) => sample.featured) ?? pieces[0])?.path ?? '/';
  await noteMade(service, featuredPath, withCard.path);
  const card = await sampleCard(service, config, withCard.path);
  return { maker, shop, office, laboratory, featuredPath, card };
}

const DRAWN_FROM_LOT = SAMPLE_PIECES.filter(({ fromLot }) => fromLot);
const DRAWN_FROM_NO_LOT = SAMPLE_PIECES.filter(({ fromLot }) => !fromLot);

/** The sample that this ledger has, for telling about it at a later start. */
export async function sampleOf(
  service: Service,
  config: Config,
): Promise<{ path: string; apiKeyFile: string; card: SampleCard | undefined } | undefined> {
  const [row] = await service.ledger.db.query<{ path: string | null; card: string | null }>(
    `SELECT value->>'path' AS path, value->>'card' AS card FROM settings
     WHERE name = 'sample' AND value->>'state' = 'made'`,
  );
  const card = row?.card ? await sampleCard(service, config, row.card) : undefined;
  return row?.path ? { path: row.path, apiKeyFile: apiKeyFile(config, 'atelier-lune'), card } : undefined;
}

/** Notes that the sample is begun. @returns what its private owners' keys follow from: the same until it is made */
async function begin({ ledger }: Service): Promise<string> {
  const seed = Buffer.from(ledger.randomBytes(32)).toString('hex');
  const [row] = await ledger.db.query<{ seed: string }>(
    `INSERT INTO settings (name, value) VALUES ('sample', $1)
     ON CONFLICT (name) DO UPDATE SET value = settings.value RETURNING value->>'seed' AS seed`,
    [JSON.stringify({ state: 'begun', seed })],
  );
  return row?.seed ?? seed;
}

/** From here on nobody has the private owners' keys. */
async function noteMade({ ledger }: Service, path: string, card: string): Promise<void> {
  await ledger.db.query(`UPDATE settings SET value = $1 WHERE name = 'sample'`, [
    JSON.stringify({ state: 'made', path, card }),
  ]);
}

/** In one transaction: all of these were stored before a crash, or none was. */
async function register(
  { ledger }: Service,
  maker: Admitted,
  seed: string,
  samples: readonly SamplePiece[],
  lot?: LotId,
): Promise<Registered[]> {
  return ledger.db.transaction(async (sql) => {
    const before = await sql.query<{ path: string; title: string }>(
      `SELECT path, title FROM (SELECT path, record::json->>'title' AS title FROM pieces WHERE organisation = $1) AS all_its
       WHERE title = ANY($2)`,
      [maker.organisation, samples.map(({ statement }) => statement.title)],
    );
    if (before.length > 0) return samples.map((sample) => foundAgain(before, sample));
    const registrant = await registrantOf(sql, maker.organisation);
    const prepared = samples.map((sample) => {
      const code = sample.gtin ? { gtin: sample.gtin, serial: randomSerial(ledger.randomBytes(8)) } : undefined;
      const besides = sample.card ? { claimKey: cardKey(sampleSecret(seed)).address } : {};
      const outcome = prepare(ledger.randomBytes, registrant, statementOf(sample, lot), code, besides);
      if (!outcome.ok) throw new Error(`sample piece: ${JSON.stringify(outcome.faults)}`);
      return { sample, candidate: outcome.candidate };
    });
    const candidates = prepared.map((one) => one.candidate);
    const refused = (await store(sql, maker.organisation, candidates, null)).find(({ kind }) => kind !== 'accepted');
    if (refused) throw new Error(`sample piece: ${JSON.stringify(refused)}`);
    ledger.nudge();
    return prepared.map(({ sample, candidate }) => ({ code: candidate.code, path: candidate.path, sample }));
  });
}

function statementOf({ statement }: SamplePiece, lot: LotId | undefined): object {
  if (lot === undefined) return statement;
  return { ...statement, materials: statement.materials.map((one, i) => (i === 0 ? { ...one, lot } : one)) };
}

function foundAgain(rows: readonly { path: string; title: string }[], sample: Registered['sample']): Registered {
  const path = rows.find(({ title }) => title === sample.statement.title)?.path ?? '';
  const code: PieceCode | undefined = codeOfPath(path);
  if (!code) throw new Error(`the sample lacks “${sample.statement.title}”`);
  return { code, path, sample };
}
