// Owns the statements of life events as this ledger has them: kept by their hash, beside certificates' statements, whether
// they were filed here or posted on the chain. What they say is core/life-statement.ts's; which event one belongs to, the
// events themselves tell by its hash.
import { TouchstoneError } from '../core/errors.ts';
import type { Hex32 } from '../core/hash.ts';
import {
  canonicalLifeStatement,
  type LifeStatement,
  type LifeStatementHash,
  lifeStatementHash,
  readLifeStatement,
} from '../core/life-statement.ts';
import type { Sql } from '../ports.ts';

/**
 * Keeps a statement; the same one again is no fault. Part of the caller's transaction.
 * @param text its canonical form
 * @throws TouchstoneError internal if it is none, which the caller has to have read before
 */
export async function noteLifeStatement(sql: Sql, text: string): Promise<LifeStatementHash> {
  const statement = readLifeStatement(text);
  if (!statement) throw new TouchstoneError('internal', 'a life statement was to be kept that is none');
  const hash = lifeStatementHash(canonicalLifeStatement(statement));
  await sql.query('INSERT INTO certificate_contents (hash, content) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    hash,
    text,
  ]);
  return hash;
}

/** Those of these statements that are known. */
export async function lifeStatements(sql: Sql, hashes: readonly Hex32[]): Promise<Map<Hex32, LifeStatement>> {
  if (hashes.length === 0) return new Map();
  const rows = await sql.query<{ hash: Hex32; content: string }>(
    'SELECT hash, content FROM certificate_contents WHERE hash = ANY($1)',
    [hashes],
  );
  return new Map(
    rows.flatMap(({ hash, content }) => {
      const statement = readLifeStatement(content);
      return statement ? [[hash, statement] as const] : [];
    }),
  );
}
