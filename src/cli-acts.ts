// Owns how commands about what passes between hands are called: claims, handovers, ranges, shipments; and the options that
// clients of a service share. What they do stands in act-commands.ts and ship-commands.ts.
import type { Command } from 'commander';
import { readConfig } from './config.ts';

const acting = () => import('./act-commands.ts');
const shipping = () => import('./ship-commands.ts');

/** Of an option that may be repeated. */
export const collect = (value: string, before: string[]) => [...before, value];

export function asClient(command: Command): Command {
  return command
    .option('--as <handle>', 'use the API key kept for this organisation (or set TOUCHSTONE_API_KEY)')
    .option('--url <url>', 'the service, if it is not the one running on DATA_DIR')
    .option('--json', 'print JSON');
}

export const asOwner = (command: Command) =>
  asClient(command).option('--owner-key <file>', 'the owner’s own key; without it your organisation’s signs');

export function hands(touchstone: Command): void {
  asClient(touchstone.command('claim'))
    .description('become the owner of a piece by its claim card; the secret stays here')
    .argument('<card>', 'the piece’s code; or the card’s address, which other programs of this machine can see')
    .option('--secret-file <file>', 'the card’s address or secret, or - for standard input')
    .requiredOption('--to <address>', 'the new owner')
    .option('--recoverable', 'allow that a lost key is recovered')
    .action(async (card, options) => (await acting()).claim(readConfig(process.env), card, options));
  const handover = touchstone.command('handover').description('hand a piece to whoever gets a file from you');
  asOwner(handover.command('make'))
    .description('write the file: whoever has it can take the piece')
    .argument('<code>', 'the piece’s address or path')
    .argument('<file>', 'where to; nothing is written over')
    .option('--until <day>', 'the last day, YYYY-MM-DD; a week if left out')
    .action(async (code, file, options) => (await acting()).makeHandover(readConfig(process.env), code, file, options));
  asClient(handover.command('accept'))
    .description('take the piece of such a file')
    .argument('<file>')
    .requiredOption('--to <address>', 'the new owner')
    .action(async (file, options) => (await acting()).acceptHandover(readConfig(process.env), file, options));
  asOwner(handover.command('withdraw'))
    .description('make every handover and release of a piece worthless')
    .argument('<code>', 'the piece’s address or path')
    .action(async (code, options) => (await acting()).withdrawHandovers(readConfig(process.env), code, options));
  asOwner(touchstone.command('range').description('whole batches and blocks').command('pass'))
    .description('pass a batch on to another organisation, without touching its pieces')
    .argument('<batch>', 'its id')
    .argument('<to>', 'handle or address')
    .option('--block <n>', 'only this block of 256 pieces, from 1')
    .action(async (batch, to, options) => (await acting()).passRange(readConfig(process.env), batch, to, options));
}

export function shipments(touchstone: Command): void {
  const ship = touchstone.command('ship').description('offer many pieces to another organisation, and answer offers');
  asClient(ship.command('make'))
    .description('offer pieces; nothing moves before the recipient accepts')
    .argument('<to>', 'handle or address')
    .argument('[codes...]', 'the pieces')
    .option('--file <file>', 'more pieces, one a line')
    .option('--batch <id[/block]>', 'a whole batch, or a block of it (may be repeated)', collect, [])
    .option('--note <text>', 'for the recipient')
    .action(async (to, codes, options) => (await shipping()).makeShipment(readConfig(process.env), to, codes, options));
  asClient(ship.command('list'))
    .description('yours, newest first')
    .action(async (options) => (await shipping()).listShipments(readConfig(process.env), options));
  for (const [step, description] of [
    ['accept', 'take it: then the sender’s key signs'],
    ['decline', 'leave it with the sender'],
    ['withdraw', 'take an offer of yours back'],
    ['return', 'send all of an accepted one back'],
  ] as const) {
    asClient(ship.command(step))
      .description(description)
      .argument('<id>')
      .action(async (id, options) => (await shipping()).stepOfShipment(readConfig(process.env), step, id, options));
  }
}
