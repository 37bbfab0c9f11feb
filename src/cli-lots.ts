// Owns how the commands about lots are called. What they do stands in lot-commands.ts.
import type { Command } from 'commander';
import { asClient, asOwner, collect } from './cli-acts.ts';
import { readConfig } from './config.ts';

const lots = () => import('./lot-commands.ts');

const config = () => readConfig(process.env);

export function materialLots(touchstone: Command): void {
  const lot = touchstone.command('lot').description('lots of material: declare, pass on, divide, join, refine');
  asOwner(lot.command('declare'))
    .description('declare a lot you have; that it is there is your word')
    .argument('<file>', 'its statement as JSON (docs/format.md, "Lot statement"), or - for standard input')
    .action(async (file, options) => (await lots()).declareLot(config(), file, options));
  asClient(lot.command('list'))
    .description('the lots you hold, newest first')
    .option('--all', 'also those that are used up')
    .action(async (options) => (await lots()).listLots(config(), options));
  asClient(lot.command('show'))
    .description('a lot as it stands, and what became of it')
    .argument('<lot>', 'its id')
    .action(async (id, options) => (await lots()).showLot(config(), id, options));
  asOwner(lot.command('transfer'))
    .description('pass what is left of a lot on; to pass on less, split first')
    .argument('<lot>', 'its id')
    .argument('<to>', 'handle or address')
    .action(async (id, to, options) => (await lots()).transferLot(config(), id, to, options));
  asOwner(lot.command('split'))
    .description('divide amounts off a lot')
    .argument('<lot>', 'its id')
    .argument('<amounts...>', 'such as 1.5kg, 200g, 30mg, 0.25ct, or a number of pieces')
    .action(async (id, amounts, options) => (await lots()).splitLot(config(), id, amounts, options));
  asOwner(lot.command('merge'))
    .description('join all that is left of lots of one kind')
    .argument('<lots...>', 'their ids')
    .action(async (ids, options) => (await lots()).mergeLots(config(), ids, options));
  asOwner(lot.command('refine'))
    .description('make lots of a metal from lots of it, of another fineness; never more fine metal')
    .argument('<inputs...>', 'a lot and how much of it: 0x…=1.5kg')
    .requiredOption('--into <file>', 'statement of a lot that comes out (may be repeated)', collect, [])
    .action(async (inputs, options) => (await lots()).refineLots(config(), inputs, options));
  asOwner(lot.command('return'))
    .description('make lots of a piece that was melted or dismantled, once')
    .argument('<code>', 'the piece’s address or path')
    .option('--to <who>', 'handle or address of who gets them; the owner, if that is an organisation')
    .action(async (code, options) => (await lots()).returnPiece(config(), code, options));
}
