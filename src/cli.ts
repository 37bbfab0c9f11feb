// Owns the command line: commands, options, help, and how a failure is told: one line on standard error, exit code 1
// (2 for a wrong call). What commands do stands in the *-commands.ts files, and is loaded when it is called: a client has
// done its work before all of the service would be read.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Act } from './admission.ts';
import { asClient, asOwner, collect, hands, shipments } from './cli-acts.ts';
import { life } from './cli-life.ts';
import { materialLots } from './cli-lots.ts';
import { ENVIRONMENT_HELP, readConfig } from './config.ts';
import { REVOCATION_REASONS } from './core/certificate.ts';
import { TouchstoneError } from './core/errors.ts';
import { LABEL_FORMAT_NAMES } from './core/label-formats.ts';
import type { ExpectedRegistry } from './core/verdict.ts';
import { SCOPES, type Scope } from './ledger/accounts.ts';
import { ROLES, type Role } from './ledger/organisations.ts';
import { registryOf } from './registry-name.ts';

const config = () => readConfig(process.env);
const acting = () => import('./act-commands.ts');
const certifying = () => import('./certify-commands.ts');
const clients = () => import('./client-commands.ts');
const registrar = () => import('./registrar-commands.ts');
const service = () => import('./service-commands.ts');

/**
 * Replaces this process by itself (same pid) with one glibc malloc arena instead of one a thread: what compression and
 * the driver free is then used again, and an import of any size peaks about 25 MiB lower. Only Linux with glibc knows
 * the variable; elsewhere, and where it is set already, nothing happens.
 */
function inOneArena(): void {
  if (process.platform !== 'linux' || process.env['MALLOC_ARENA_MAX'] !== undefined || !process.execve) return;
  const [, ...args] = process.argv;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...args], {
    ...process.env,
    MALLOC_ARENA_MAX: '1',
  });
}

function program(): Command {
  const touchstone = new Command('touchstone')
    .description('A provenance and authenticity ledger for jewellery.')
    .version('0.1.0')
    .addHelpText('after', ENVIRONMENT_HELP)
    .configureOutput({
      outputError: (text, write) =>
        write(
          `touchstone: ${text
            .replace(/^error: /, '')
            .trim()
            .replaceAll('\n', ' ')} (touchstone --help tells more)\n`,
        ),
    })
    .exitOverride();
  touchstone
    .command('serve')
    .description('start the ledger and serve it (npm start)')
    .option('--no-sample', 'do not make the sample workshop on an empty embedded ledger')
    .addHelpText('after', ENVIRONMENT_HELP)
    .action(async (options) => {
      inOneArena();
      return (await service()).serve(config(), options);
    });
  importing(touchstone);
  pieces(touchstone);
  labels(touchstone);
  cards(touchstone);
  hands(touchstone);
  shipments(touchstone);
  life(touchstone);
  materialLots(touchstone);
  certificates(touchstone);
  checking(touchstone);
  organisations(touchstone);
  touchstone
    .command('reindex')
    .description('drop everything that comes from the chain and rebuild it (no service may be running)')
    .action(async () => (await service()).reindex(config()));
  touchstone
    .command('deploy')
    .description('put a registry on the chain at RPC_URL, by the key in REGISTRAR_KEY_FILE')
    .option('--predecessor <address>', 'the registry this one follows')
    .action(async (options) => (await service()).deploy(config(), options));
  return touchstone;
}

const MODE = () => new Option('--mode <mode>', 'whether records go on the chain').choices(['published', 'root-only']);

function importing(touchstone: Command): void {
  asClient(touchstone.command('import'))
    .description('register the pieces of a file; run it again to resume')
    .argument('<file>', 'CSV (docs/columns.md) or NDJSON')
    .addOption(new Option('--format <format>', 'if the name does not tell').choices(['csv', 'ndjson']))
    .addOption(MODE())
    .option('--mapping <file>', 'JSON: how the file’s own columns are to be read')
    .option('--rejected <file>', 'write bad rows there, to be mended')
    .action(async (file, options) => (await clients()).importFile(config(), file, options));
}

function pieces(touchstone: Command): void {
  const piece = touchstone.command('piece').description('register and look up single pieces');
  asClient(piece.command('add'))
    .description('register one piece')
    .argument('<file>', 'JSON record, or - for standard input')
    .addOption(MODE())
    .option('--claim-key <address>', 'of its claim card (touchstone cards make)')
    .action(async (file, options) => (await clients()).addPiece(config(), file, options));
  asClient(piece.command('show'))
    .description('show a piece')
    .argument('<code>', 'its address or path')
    .action(async (code, options) => (await clients()).showPiece(config(), code, options));
  asClient(piece.command('list'))
    .description('list your pieces, newest first')
    .option('--search <text>', 'in title or code')
    .option('--limit <n>', 'how many', '50')
    .action(async (options) => (await clients()).listPieces(config(), options));
  asOwner(piece.command('release'))
    .description('let whoever holds its claim card claim a piece you sold')
    .argument('<code>', 'its address or path')
    .option('--until <day>', 'the last day, YYYY-MM-DD; a year if left out')
    .action(async (code, options) => (await acting()).releasePiece(config(), code, options));
  asClient(touchstone.command('transfer'))
    .description('pass a piece on')
    .argument('<code>', 'its address or path')
    .argument('<to>', 'the new owner’s address')
    .option('--prepare', 'only print what the owner has to sign')
    .option('--signature <hex>', 'made elsewhere by the owner; with --deadline and --moves')
    .option('--deadline <seconds>', 'as signed')
    .option('--moves <n>', 'as signed')
    .option('--key <address>', 'who signed, if a contract')
    .action(async (code, to, options) => (await clients()).transferPiece(config(), code, to, options));
  asClient(touchstone.command('export'))
    .description('write all your passports, one JSON a line')
    .argument('[file]', 'standard output if left out')
    .action(async (file, options) => (await clients()).exportPieces(config(), file, options));
}

function labels(touchstone: Command): void {
  asClient(touchstone.command('labels'))
    .description('make sheets of labels, to print at 100 %')
    .argument('[codes...]', 'addresses or paths of pieces; or all of an --import or a --batch')
    .requiredOption('--format <name>', LABEL_FORMAT_NAMES.join(', '))
    .requiredOption('--out <file>', 'where to; nothing is written over')
    .option('--import <id>', 'all pieces of a file that was imported')
    .option('--batch <id>', 'all pieces of a batch')
    .option('--level <L|M|Q|H>', 'error correction (M)')
    .option('--start <n>', 'the first label of the sheet that is not used up (1)')
    .option('--mm <width>', 'of the code; as large as fits if left out')
    .option('--title', 'with the title of the piece')
    .action(async (codes, options) => (await import('./label-commands.ts')).makeLabels(config(), codes, options));
}

function cards(touchstone: Command): void {
  const card = touchstone
    .command('cards')
    .alias('card')
    .description('claim cards: make them before anything is registered, check them, set a fresh one');
  card
    .command('make')
    .description('draw a secret card for every piece of a file, without any service')
    .argument('[file]', 'the CSV or NDJSON that is to be imported; or leave it out and say --count')
    .requiredOption('--to <folder>', 'where to put what is made; nothing there is written over')
    .option('--public-url <url>', 'where your ledger is found; goes onto every card (PUBLIC_URL)')
    .option('--handle <handle>', 'yours; for pieces without GTIN, whose codes are drawn now')
    .option('--count <n>', 'so many cards without a file')
    .option('--gtin <digits>', 'with --count: of this article, 14 digits')
    .option('--mapping <file>', 'the one of the import')
    .addOption(new Option('--format <format>', 'if the name does not tell').choices(['csv', 'ndjson']))
    .addOption(new Option('--qr <type>', 'a QR code for every card as well').choices(['svg']))
    .addHelpText('after', CARDS_HELP)
    .action(async (file, options) => (await import('./card-commands.ts')).makeCards(config(), file, options));
  card
    .command('check')
    .description('check printed cards: the file of secrets, or a card a line as scanned or typed')
    .argument('<file>', 'cards.csv, or - for standard input')
    .option('--keys <file>', 'the file that is imported: each card must open its piece there')
    .option('--online', 'ask the ledger for the pieces’ claim keys; secrets stay here')
    .option('--url <url>', 'the service, if it is not the one running on DATA_DIR')
    .action(async (file, options) => (await import('./card-checks.ts')).checkCards(config(), file, options));
  asOwner(card.command('set'))
    .description('set a fresh card for a piece you own: returned goods, a lost card')
    .argument('<code>', 'the piece’s address or path')
    .requiredOption('--key <address>', 'the fresh card’s claim key')
    .action(async (code, options) => (await acting()).setCard(config(), code, options));
}

const CARDS_HELP = `
Makes two files. cards.csv holds the secrets: for who prints the cards, readable by you alone. import.csv is your file
with codes and claim keys filled in, and no secret: import it whenever you like, labels and cards can be printed before.

  touchstone cards make rings.csv --to cards-may --handle atelier-lune --public-url https://ledger.example
  touchstone cards make --count 500 --gtin 09506000134352 --to cards-june --public-url https://ledger.example --qr svg
  touchstone cards check cards-may/cards.csv --keys cards-may/import.csv
  touchstone import cards-may/import.csv --as atelier-lune`;

function certificates(touchstone: Command): void {
  asClient(touchstone.command('certify'))
    .description('issue a certificate, or the many of an .ndjson file under one root')
    .argument('<file>', 'a statement as JSON, statements as .ndjson, or - for standard input')
    .option('--about <code>', 'the piece it is about, by its address or path')
    .option('--until <day>', 'the last day it holds, YYYY-MM-DD')
    .option('--document <file>', 'a PDF, JPEG or PNG to keep, and name in the statement')
    .option('--unpublished', 'put only its fingerprint on the chain, not the statement itself')
    .action(async (file, options) => (await certifying()).certify(config(), file, options));
  const certificate = touchstone.command('certificate').description('your certificates: list, show, revoke');
  asClient(certificate.command('list'))
    .description('newest first')
    .option('--limit <n>', 'how many', '50')
    .action(async (options) => (await certifying()).listCertificates(config(), options));
  asClient(certificate.command('show'))
    .description('all about one')
    .argument('<id>')
    .action(async (id, options) => (await certifying()).showCertificate(config(), id, options));
  asClient(certificate.command('revoke'))
    .description('take one back, for good')
    .argument('<id>')
    .addArgument(new Argument('<reason>').choices(Object.keys(REVOCATION_REASONS)))
    .option('--words <text>', 'why, in your own words; public for ever')
    .option('--yes', 'do it: it can not be undone')
    .action(async (id, reason, options) => (await certifying()).revokeCertificate(config(), id, reason, options));
}

function checking(touchstone: Command): void {
  asClient(touchstone.command('evidence'))
    .description('write the evidence file of a piece: everything needed to check it without this service')
    .argument('<code>', 'its address or path')
    .argument('[file]', 'standard output if left out')
    .action(async (code, file, options) => (await certifying()).saveEvidence(config(), code, file, options));
  touchstone
    .command('verify')
    .description('judge an evidence file, without any service')
    .argument('<file>', 'the evidence file, or - for standard input')
    .addOption(
      new Option('--registry <chain:address>', 'the registry you trust, from its publisher').argParser(
        registryArgument,
      ),
    )
    .option('--rpc <url>', 'a node of that chain, best your own')
    .option('--no-payload', 'do not read a published batch back from the chain')
    .option('--json', 'print JSON')
    .addHelpText('after', VERIFY_HELP)
    .action(async (file, options) => {
      process.exitCode = await (await import('./verify-command.ts')).verify(file, options);
    });
}

const VERIFY_HELP = `
Every check is listed as pass, warn, fail or unknown. Exit code 0: genuine record. 1: not genuine, or a warning.
2: wrong call. 3: nothing wrong was found, but not everything could be checked (no node, no registry named).`;

function registryArgument(text: string): ExpectedRegistry {
  try {
    return registryOf(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function listOf<T extends string>(known: readonly T[]) {
  return (text: string): T[] => {
    const items = text.split(',').map((item) => item.trim());
    const wrong = items.find((item) => !known.includes(item as T));
    if (wrong !== undefined) throw new InvalidArgumentError(`${wrong} is none of ${known.join(', ')}.`);
    return items as T[];
  };
}

function organisations(touchstone: Command): void {
  const organisation = touchstone
    .command('organisation')
    .description('the registrar’s commands, beside a running service');
  organisation
    .command('create')
    .description('admit an organisation; prints its API key once')
    .argument('<handle>', '3 to 31 of a-z, 0-9 and inner hyphens')
    .requiredOption('--name <name>', 'as pages show it')
    .option('--roles <roles>', `of ${Object.keys(ROLES).join(', ')}`, listOf(Object.keys(ROLES) as Role[]), ['maker'])
    .option('--prefix <digits>', 'a GS1 company prefix (may be repeated)', collect, [])
    .option('--json', 'print JSON')
    .action(async (handle, { name, roles, prefix, json }) => {
      const wish = { handle, name, roles, prefixes: prefix };
      await (await registrar()).admit(config(), wish, { json });
    });
  const act = (
    name: string,
    description: string,
    run: (handle: string, value: string) => Promise<unknown>,
    value?: [string, string],
  ) => {
    const command = organisation.command(name).description(description).argument('<handle>');
    if (value) command.argument(...value);
    command.action(async (handle: string, given: string) => {
      await run(handle, given);
      process.stdout.write(`done: ${name} ${handle}\n`);
    });
  };
  const on = async (handle: string, what: Act) => (await registrar()).act(config(), handle, what);
  act(
    'suspend',
    'from now on it can neither register nor certify',
    (handle, reason) => on(handle, { name: 'suspend', reason }),
    ['<reason>', 'public, for ever'],
  );
  act(
    'succeed',
    'name the organisation that follows it: that one may recall and correct what this one registered; once, for good',
    (handle, successor) => on(handle, { name: 'succeed', successor }),
    ['<successor>', 'its handle'],
  );
  act('reinstate', 'end a suspension', (handle) => on(handle, { name: 'reinstate' }));
  act('grant-prefix', 'attest a GS1 company prefix', (handle, prefix) => on(handle, { name: 'grantPrefix', prefix }), [
    '<digits>',
    '7 to 12 digits',
  ]);
  act(
    'withdraw-prefix',
    'end such an attestation',
    (handle, prefix) => on(handle, { name: 'withdrawPrefix', prefix }),
    ['<digits>', '7 to 12 digits'],
  );
  act('rotate-key', 'a fresh operator key; the one held so far is revoked', async (handle) =>
    (await registrar()).rotate(config(), handle),
  );
  apiKeys(organisation);
}

function apiKeys(organisation: Command): void {
  organisation
    .command('api-key')
    .description('make another API key; prints it once')
    .argument('<handle>')
    .option('--scopes <scopes>', `of ${SCOPES.join(', ')}`, listOf<Scope>(SCOPES), [...SCOPES])
    .action(async (handle, { scopes }) => (await registrar()).makeKey(config(), handle, scopes));
  organisation
    .command('revoke-api-key')
    .description('end an API key')
    .argument('<id>', 'the 12 characters behind ts_')
    .action(async (id) => (await registrar()).revokeKey(config(), id));
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be read or written',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'it is there already',
};

/** One line; a stack only where the fault is ours. A file that isn't there or may not be read is the caller's to mend. */
function toldOf(error: unknown): string {
  const { message, stack, code = '', path, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof TouchstoneError) return message;
  if (syscall === undefined) return stack ?? message;
  const why = FILE_FAULTS[code];
  return path === undefined || why === undefined ? message : `${path}: ${why}.`;
}

async function main(): Promise<void> {
  // Whoever read our output may be gone before us, as a terminal that is closed: that is no reason to stop midway.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    process.stderr.write(`touchstone: ${toldOf(error)}\n`);
    const faults = error instanceof TouchstoneError ? error.faults : [];
    for (const fault of faults) process.stderr.write(`  ${fault.field} ${fault.reason}\n`);
    process.exit(1);
  }
}

await main();
