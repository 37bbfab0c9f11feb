// Owns how commands about a piece's life are called. What they do stands in life-commands.ts.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { asClient, asOwner } from './cli-acts.ts';
import { readConfig } from './config.ts';
import { CONSIGNMENT_KINDS, END_KINDS, WORK_KINDS } from './core/life.ts';
import type { Notice } from './life-commands.ts';

const living = () => import('./life-commands.ts');

const config = () => readConfig(process.env);
const CODE = 'the piece’s address or path';
const REASON = 'why, in your own words; public for ever';

const SERVICE_REQUESTS = ['request-record', 'request-consignment'];
const RECOVERY_REQUESTS = ['request-recovery'];

const withStatement = (command: Command, what: string) =>
  command
    .option('--statement <file>', `${what}: JSON, - for standard input, or the hash of one that stays with you`)
    .option('--publish', 'put the statement on the chain, though the piece’s record is not')
    .option('--no-publish', 'put only its fingerprint on the chain');

const examples = (...lines: string[]) => `\nExamples:\n${lines.map((line) => `  touchstone ${line}`).join('\n')}`;

/** The last second of a day in UTC. */
function dayEnd(text: string): number {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(start)) throw new InvalidArgumentError(`${text} is no day such as 2027-01-31.`);
  return start / 1000 + 24 * 60 * 60;
}

export function life(touchstone: Command): void {
  const piece = touchstone.commands.find((command) => command.name() === 'piece') as Command;
  owners(piece);
  registrants(piece);
  arbiters(touchstone);
  services(touchstone);
  recoveries(touchstone);
}

function owners(piece: Command): void {
  asOwner(piece.command('report'))
    .description('report a piece of yours stolen or lost: for 90 days it does not move')
    .argument('<code>', CODE)
    .option('--stolen', 'it was stolen')
    .option('--lost', 'it was lost')
    .addHelpText('after', examples('piece report /p/atelier-lune/… --stolen --owner-key mine.key'))
    .action(async (code, options) => (await living()).report(config(), code, options));
  asOwner(piece.command('withdraw-report'))
    .description('take your report back: the piece moves again')
    .argument('<code>', CODE)
    .addHelpText('after', examples('piece withdraw-report /p/atelier-lune/… --owner-key mine.key'))
    .action(async (code, options) => (await living()).ownerAct(config(), 'withdraw-report', code, options));
  asClient(piece.command('lapse-report'))
    .description('end a report’s block after its 90 days; anybody may')
    .argument('<code>', CODE)
    .action(async (code, options) => (await living()).anybodysAct(config(), 'lapse-report', code, options));
  withStatement(asOwner(piece.command('end')), 'more about it, for a single piece')
    .description('say for good that a piece, or what is left of a batch, is no more')
    .argument('[code]', CODE)
    .addOption(new Option('--as-what <kind>', 'what became of it').choices(END_KINDS).makeOptionMandatory())
    .option('--batch <id>', 'all pieces still in a batch you hold')
    .option('--reason <words>', `with --batch: ${REASON}`)
    .option('--yes', 'do it: it can not be undone')
    .addHelpText(
      'after',
      examples(
        'piece end /p/atelier-lune/… --as-what melted --owner-key mine.key --yes',
        'piece end --batch 1234… --as-what destroyed --reason "never left the safe" --as atelier-lune --yes',
      ),
    )
    .action(async (code, options) => (await living()).end(config(), options.asWhat, code, options));
}

function registrants(piece: Command): void {
  const notice = (name: Notice, description: string, example: string) => {
    const command = asClient(piece.command(name))
      .description(description)
      .argument('[code]', CODE)
      .option('--reason <words>', REASON);
    if (name !== 'correct') command.option('--batch <id>', 'all pieces born in a batch');
    if (name === 'correct') withStatement(command, 'what the record should say');
    if (name === 'withdraw') command.option('--yes', 'do it: it can not be undone');
    command
      .addHelpText('after', examples(example))
      .action(async (code, options) => (await living()).notice(config(), name, code, options));
  };
  const why = '--as atelier-lune';
  notice(
    'recall',
    'recall a piece or batch you registered',
    `piece recall --batch 1234… --reason "clasp opens" ${why}`,
  );
  notice('lift-recall', 'lift a recall', `piece lift-recall /p/atelier-lune/… --reason "clasp replaced" ${why}`);
  notice(
    'withdraw',
    'withdraw a registration for good: you do not stand by it any more',
    `piece withdraw /p/atelier-lune/… --reason "registered twice" ${why} --yes`,
  );
  notice(
    'correct',
    'correct a record by a statement beside it',
    `piece correct /p/atelier-lune/… --reason "weight misread" --statement correction.json ${why}`,
  );
}

function arbiters(touchstone: Command): void {
  const arbiter = touchstone.command('arbiter').description('what arbiters rule about a piece, with a public reason');
  for (const [name, description] of [
    ['dismiss', 'dismiss all reports of a piece: it moves again'],
    ['lock', 'keep a piece where it is'],
    ['unlock', 'let it move again'],
    ['cancel-recovery', 'cancel a recovery that is under way'],
  ] as const) {
    asClient(arbiter.command(name))
      .description(description)
      .argument('<code>', CODE)
      .requiredOption('--reason <words>', REASON)
      .addHelpText('after', examples(`arbiter ${name} /p/atelier-lune/… --reason "case 12/2027" --as court-one`))
      .action(async (code, options) => (await living()).rule(config(), name, code, options));
  }
}

function services(touchstone: Command): void {
  const service = touchstone
    .command('service')
    .description('work on pieces and consignments, recorded with the owner’s consent');
  withStatement(asClient(service.command('request')), 'what was done')
    .description('ask the owner to agree; prints the request’s id, which the owner needs')
    .argument('<code>', CODE)
    .addOption(
      new Option('--kind <kind>', 'what it was').choices([...WORK_KINDS, ...CONSIGNMENT_KINDS]).makeOptionMandatory(),
    )
    .option('--until <day>', 'the last day to agree, YYYY-MM-DD; two weeks if left out', dayEnd)
    .addHelpText(
      'after',
      examples('service request /p/atelier-lune/… --kind resizing --statement resizing.json --as goldsmith-nord'),
    )
    .action(async (code, options) => (await living()).requestConsent(config(), options.kind, code, options));
  requests(service, SERVICE_REQUESTS);
  asOwner(service.command('consent'))
    .description('agree, as the piece’s owner; then it is recorded')
    .argument('<id>', 'of the request')
    .addHelpText('after', examples('service consent 0f8c… --owner-key mine.key'))
    .action(async (id, options) => (await living()).agree(config(), id, SERVICE_REQUESTS, options));
}

/** Both sides of what waits for consent. */
function requests(group: Command, acts: readonly string[]): void {
  const name = group.name();
  asClient(group.command('list'))
    .description('what you asked for, or are asked, newest first')
    .addHelpText('after', examples(`${name} list --as atelier-lune`))
    .action(async (options) => (await living()).listRequests(config(), acts, options));
  asClient(group.command('show'))
    .description('all about one')
    .argument('<id>')
    .addHelpText('after', examples(`${name} show 0f8c…`))
    .action(async (id, options) => (await living()).showRequest(config(), id, options));
  asClient(group.command('decline'))
    .description('decline one you are asked, or withdraw one of yours')
    .argument('<id>')
    .option('--reason <words>', 'for the other side; not published')
    .addHelpText('after', examples(`${name} decline 0f8c… --reason "not what was agreed"`))
    .action(async (id, options) => (await living()).decline(config(), id, options));
}

function recoveries(touchstone: Command): void {
  const recovery = touchstone
    .command('recovery')
    .description('a piece whose owner lost her key, and had allowed this beforehand');
  for (const [name, description] of [
    ['allow', 'as the owner: allow that a lost key is recovered'],
    ['forbid', 'as the owner: forbid it, and end one that is under way'],
  ] as const) {
    asOwner(recovery.command(name))
      .description(description)
      .argument('<code>', CODE)
      .addHelpText('after', examples(`recovery ${name} /p/atelier-lune/… --owner-key mine.key`))
      .action(async (code, options) => (await living()).ownerAct(config(), `${name}-recovery`, code, options));
  }
  asClient(recovery.command('begin'))
    .description('as who registered the piece: ask an arbiter to agree; prints the request’s id')
    .argument('<code>', CODE)
    .requiredOption('--to <address>', 'the owner’s new key')
    .requiredOption('--arbiter <handle>', 'handle or address')
    .requiredOption('--reason <words>', REASON)
    .addHelpText(
      'after',
      examples('recovery begin /p/atelier-lune/… --to 0x… --arbiter court-one --reason "phone lost" --as atelier-lune'),
    )
    .action(async (code, options) => (await living()).beginRecovery(config(), code, options));
  requests(recovery, RECOVERY_REQUESTS);
  asClient(recovery.command('sign'))
    .description('as the arbiter: agree; thirty days later it may be completed')
    .argument('<id>', 'of the request')
    .addHelpText('after', examples('recovery sign 0f8c… --as court-one'))
    .action(async (id, options) => (await living()).agree(config(), id, RECOVERY_REQUESTS, options));
  asClient(recovery.command('complete'))
    .description('after the thirty days, by anybody: the piece is its owner’s new key’s')
    .argument('<code>', CODE)
    .addHelpText('after', examples('recovery complete /p/atelier-lune/…'))
    .action(async (code, options) => (await living()).anybodysAct(config(), 'complete-recovery', code, options));
}
