// Owns the claim card of the sample, for trying out how a piece is claimed: its secret, which stands in a file of whoever
// runs the ledger and nowhere else, and the release that lets it be used.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { type CardSecret, cardSecret } from './core/card.ts';
import { cardUrl, readCard } from './core/card-address.ts';
import { keccak, utf8 } from './core/hash.ts';
import { SECRET_BYTES } from './core/secret-text.ts';
import { passportOf } from './ledger/find.ts';
import { actOnce } from './sample-acting.ts';
import { callerOf, type Registered } from './sample-steps.ts';
import type { Service } from './service.ts';

export const sampleCardFile = ({ dataDir }: Config): string => join(dataDir, 'sample-card.txt');

export interface SampleCard {
  readonly path: string;
  readonly file: string;
  /** What its QR code would say; whoever opens it can claim the piece. */
  readonly url: string;
}

/** The card of a piece that can still be claimed with it; none where it was used, or is not there. */
export async function sampleCard(
  { ledger, publicUrl }: Service,
  config: Config,
  path: string,
): Promise<SampleCard | undefined> {
  const file = sampleCardFile(config);
  const read = existsSync(file) ? readCard(readFileSync(file, 'utf8')) : undefined;
  if (!read?.ok || !read.code) return undefined;
  const passport = await passportOf(ledger.db, ledger.chain, read.code);
  if (passport?.standing.card !== 'made') return undefined;
  // Where the ledger is now: it may have moved since the card was written.
  return { path, file, url: cardUrl(publicUrl, read.code, read.secret) };
}

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
