// Owns the list of jobs and the order they are measured in: later ones build on what earlier ones left.
import { measureCertificates } from './certificates.ts';
import { measureClaims } from './claims.ts';
import { measureLife } from './life.ts';
import { measureLots } from './lots.ts';
import { measurePasskeysAndBundles } from './passkeys.ts';
import { measureRegistrations, measureTransfers } from './pieces.ts';
import { type Measurement, Stage } from './stage.ts';
import { measureErc721a, measureOpenZeppelin } from './tokens.ts';

/** Jobs on the project's own contracts, and on OpenZeppelin's ERC-721 beside them. */
export async function measureJobs(): Promise<readonly Measurement[]> {
  const stage = await Stage.open();
  const registered = await measureRegistrations(stage);
  await measureTransfers(stage, registered);
  await measureOpenZeppelin(stage);
  await measureCertificates(stage, registered.token);
  await measureClaims(stage);
  await measureLife(stage);
  await measurePasskeysAndBundles(stage);
  await measureLots(stage);
  return stage.measured;
}

/** Jobs on ERC721A; and the largest batch it mints in one transaction. */
export async function measureMints(): Promise<{ readonly jobs: readonly Measurement[]; readonly most: number }> {
  const stage = await Stage.open();
  const most = await measureErc721a(stage);
  return { jobs: stage.measured, most };
}
