// Owns the claim card of the sample, for trying out how a piece is claimed: its secret, which stands in a file of whoever
// runs the ledger and nowhere else, and the release that lets it be used.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { type CardSecret, cardSecret } from './core/card.ts';
import { cardUrl } from './core/card-address.ts';
import { keccak, utf8 } from './core/hash.ts';
import { SECRET_BYTES } from './core/secret-text.ts';
import { passportOf } from './ledger/find.ts';
import { actOnce } from './sample-acting.ts';
import { callerOf, type Registered } from './sample-steps.ts';
import type { Service } from './service.ts';

export const sampleCardFile = ({ dataDir }: Config): string => join(dataDir, 'sample-card.txt');

/** The same until the sample is made, so that a crash leaves no piece whose card nobody has. */
export function sampleSecret(seed: string): CardSecret {
  return cardSecret(keccak(utf8(`${seed} card`)).slice(0, SECRET_BYTES));
}

/** Writes the card down, as its QR code would say it, and lets it be used. A card that was written before stays. */
export async function giveCard(
  { ledger, publicUrl }: Service,
  config: Config,
  { piece, owner, seed }: { piece: Registered; owner: { organisation: string; handle: string }; seed: string },
): Promise<void> {
  const file = sampleCardFile(config);
  if (!existsSync(file)) writeWhole(file, `${cardUrl(publicUrl, piece.code, sampleSecret(seed))}\n`);
  const passport = await passportOf(ledger.db, ledger.chain, piece.code);
  await actOnce(ledger, {
    caller: callerOf(owner.organisation, owner.handle),
    request: { act: 'release', piece: piece.path },
    subject: `piece ${passport?.tokenId}`,
  });
}

/** What has its own name is whole. */
function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.part`;
  const fd = openSync(unfinished, 'w', 0o600);
  writeSync(fd, text);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(unfinished, file);
}
