// Owns the commands that are a service, or take its place: serve, reindex, deploy, and the registrar's beside a running one.
// How they are called stands in cli.ts.
import { dirname } from 'node:path';
import { browserCode } from './adapters/browser-code.ts';
import { secretFile } from './adapters/keys.ts';
import { deploy as deployContracts, nonceOf } from './adapters/registrar.ts';
import { openRpc } from './adapters/rpc.ts';
import { createLog } from './adapters/telemetry.ts';
import { serviceFile } from './client.ts';
import { say } from './client-commands.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';
import { ZERO_ADDRESS } from './core/merkle.ts';
import { qrText } from './http/qr.ts';
import { type Infrastructure, lockDataDir, startInfrastructure } from './infrastructure.ts';
import { dropIndex, rebuildIndex } from './ledger/reindex.ts';
import { makeSample, sampleOf, wantsSample } from './sample.ts';
import type { SampleCard } from './sample-card.ts';
import { type Foundation, layFoundation, type Service, startService } from './service.ts';

const PARENT_POLL_MS = 500;
/** After the start and what follows it: the first visitor of a page with a script doesn't wait for its making then. */
const BROWSER_CODE_AFTER_MS = 5_000;

export async function serve(config: Config, { sample }: { sample: boolean }): Promise<void> {
  let service: Service | undefined;
  let stopping = false;
  const end = async (started: Service): Promise<never> => {
    try {
      await started.stop();
      process.exit(0);
    } catch (error) {
      say(`stopped with a fault: ${(error as Error).message}`);
      process.exit(1);
    }
  };
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    say(`stopping (${signal})`);
    if (service) void end(service);
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  if (config.underNpm) whenParentDies(() => stop('npm is gone'));
  service = await startService(config, say);
  // Asked to stop while starting: what was started is ended in order, or the database would go on by itself.
  if (stopping) return end(service);
  try {
    await greet(service, config, sample);
    // Where it fails, whoever asks for it is told.
    setTimeout(() => void browserCode().catch(() => {}), BROWSER_CODE_AFTER_MS).unref();
  } catch (error) {
    // Of a stop under way, which ends the process.
    if (stopping) return;
    await service.stop();
    throw error;
  }
}

/** npm passes a signal to the shell between it and us, which dies of it without passing it on. */
function whenParentDies(callback: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, PARENT_POLL_MS);
  timer.unref();
}

async function greet(service: Service, config: Config, sample: boolean): Promise<void> {
  if (sample && (await wantsSample(service))) {
    const made = await makeSample(service, config, say);
    const { featuredPath: path, maker, card } = made;
    await welcome(config, service.publicUrl, { path, apiKey: maker.apiKey, file: maker.apiKeyFile, card });
  } else {
    const known = await sampleOf(service, config);
    if (known) await welcome(config, service.publicUrl, { ...known, file: known.apiKeyFile });
  }
  if (!config.publicUrl)
    say(`PUBLIC_URL is not set: QR codes lead to ${service.publicUrl}, which only this machine reaches`);
  process.stdout.write(`ready ${service.url}\n`);
}

async function welcome(
  config: Config,
  publicUrl: string,
  { path, apiKey, file, card }: { path: string; apiKey?: string; file: string; card: SampleCard | undefined },
): Promise<void> {
  const url = publicUrl + path;
  const lines = [
    '',
    await qrText(url),
    `A piece of the sample workshop:  ${url}`,
    apiKey ? `API key of atelier-lune:         ${apiKey}` : `API key of atelier-lune:         in ${file}`,
    ...(apiKey ? [`  (shown once; kept for you in   ${file})`] : []),
    `Its console, with that key:      ${publicUrl}/workshop`,
    `Keys of its shop and certifiers: in ${dirname(file)}`,
    `Data lives in:                   ${config.dataDir}`,
    `The API:                         ${publicUrl}/docs`,
    `Next, in another terminal:       npm run touchstone -- piece list --as atelier-lune`,
    ...(card
      ? [`To claim a piece by its card:    ${card.url}`, `  (or without a browser)         ${claimCommand(card)}`]
      : []),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function claimCommand({ path, file }: SampleCard): string {
  const name = /^[\w./-]+$/.test(file) ? file : JSON.stringify(file);
  return `npm run touchstone -- claim ${path} --secret-file ${name} --to 0x…`;
}

export async function reindex(config: Config): Promise<void> {
  const lock = lockDataDir(config.dataDir);
  const log = createLog(config.logLevel);
  let infrastructure: Infrastructure | undefined;
  let foundation: Foundation | undefined;
  try {
    infrastructure = await startInfrastructure(config, log, say);
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
    foundation = await layFoundation(config, infrastructure, log, say, { publicUrl, nudge: () => {} });
    await dropIndex(foundation.ledger);
    const block = await rebuildIndex(foundation.ledger, (number) => say(`block ${number}`));
    process.stdout.write(`rebuilt from the chain up to block ${block}\n`);
  } finally {
    await foundation?.stop();
    await infrastructure?.stop();
    lock.release();
  }
}

export async function deploy(config: Config, options: { predecessor?: string }): Promise<void> {
  if (!config.rpcUrl || !config.publicUrl) {
    throw new TouchstoneError(
      'configuration',
      'deploy needs RPC_URL and PUBLIC_URL. The embedded ledger deploys by itself.',
    );
  }
  const lock = lockDataDir(config.dataDir);
  try {
    const rpc = openRpc(() => config.rpcUrl as string);
    const chainId = Number(await rpc.call<string>('eth_chainId'));
    const registrar = { rpc, privateKey: secretFile(config.registrarKeyFile), chainId };
    const baseUri = `${config.publicUrl}/api/v1/tokens/`;
    say(`deploying to chain ${chainId}`);
    const deployment = await deployContracts(
      registrar,
      baseUri,
      options.predecessor ?? ZERO_ADDRESS,
      await nonceOf(registrar),
    );
    process.stdout.write(
      `${JSON.stringify({ chainId, ...deployment }, null, 2)}\nREGISTRY_ADDRESS=${deployment.pieces}\n`,
    );
  } finally {
    lock.release();
  }
}

/** Database and chain of the running service, for the registrar's commands beside it. */
export async function besideService<T>(config: Config, work: (base: Foundation) => Promise<T>): Promise<T> {
  const external = config.databaseUrl !== undefined && config.rpcUrl !== undefined;
  const found = external ? undefined : serviceFile(config);
  const infrastructure: Infrastructure = {
    embeddedNode: config.rpcUrl === undefined,
    embeddedDatabase: config.databaseUrl === undefined,
    databaseUrl: () => config.databaseUrl ?? (found?.databaseUrl as string),
    rpcUrl: () => config.rpcUrl ?? (found?.rpcUrl as string),
    onRestart: () => {},
    stop: async () => {},
  };
  const log = createLog(config.logLevel);
  const publicUrl = config.publicUrl ?? found?.url ?? '';
  const base = await layFoundation(config, infrastructure, log, () => {}, { publicUrl, nudge: () => {} });
  try {
    return await work(base);
  } finally {
    await base.stop();
  }
}
