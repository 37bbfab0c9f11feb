// Owns test/vectors: what every implementation of docs/format.md must compute, as JSON. `npm run vectors` writes it;
// a difference to what is committed is a change of the format, and no accident.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cardVectors } from './vectors/cards.ts';
import { certificateVectors } from './vectors/certificates.ts';
import { batchVectors, leafVectors, organisationVectors, treeVectors, typedDataVectors } from './vectors/chain.ts';
import { codeVectors } from './vectors/codes.ts';
import { evidenceVectors } from './vectors/evidence/files.ts';
import { linkVectors } from './vectors/links.ts';
import { liveProofVectors } from './vectors/live-proofs.ts';
import { lotVectors } from './vectors/lots.ts';
import { paperKeyVectors } from './vectors/paper-keys.ts';
import { passkeyVectors } from './vectors/passkeys.ts';
import { recordVectors } from './vectors/records.ts';

export const VECTORS_FOLDER = join(import.meta.dirname, '..', 'test', 'vectors');

/** File name to text; the same at every call. */
export function vectorFiles(): Map<string, string> {
  const files = {
    'records.json': recordVectors(),
    'leaves.json': leafVectors(),
    'trees.json': treeVectors(),
    'batches.json': batchVectors(),
    'codes.json': codeVectors(),
    'digital-links.json': linkVectors(),
    'organisations.json': organisationVectors(),
    'typed-data.json': typedDataVectors(),
    'passkeys.json': passkeyVectors(),
    'certificates.json': certificateVectors(),
    'cards.json': cardVectors(),
    'paper-keys.json': paperKeyVectors(),
    'lots.json': lotVectors(),
    'live-proofs.json': liveProofVectors(),
    ...evidenceVectors(),
  };
  return new Map(Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 1)}\n`]));
}

if (import.meta.main) {
  mkdirSync(join(VECTORS_FOLDER, 'evidence'), { recursive: true });
  for (const [name, text] of vectorFiles()) writeFileSync(join(VECTORS_FOLDER, name), text);
}
