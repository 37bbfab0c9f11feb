// Owns the environment: every variable the service understands, checked once. Nothing else reads process.env.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { FinalityRule } from './adapters/chain.ts';
import { TouchstoneError } from './core/errors.ts';
import { type Trusts, trustedProxies } from './http/proxies.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  NODE_PORT: port.default(8545),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  RPC_URL: httpUrl.optional(),
  REGISTRY_ADDRESS: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
    .optional(),
  PUBLIC_URL: httpUrl.optional(),
  RELAYER_KEY_FILE: z.string().optional(),
  REGISTRAR_KEY_FILE: z.string().optional(),
  MASTER_KEY_FILE: z.string().optional(),
  FINALITY: z
    .string()
    .regex(/^(tag|depth:\d{1,6})$/, 'must be tag or depth:N')
    .default('tag'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  TRUSTED_PROXIES: z
    .string()
    .refine((text) => trustedProxies(text) !== undefined, 'must be none, loopback, or addresses such as 10.0.0.0/8,::1')
    .default('loopback'),
  COUNTRY_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header, such as CF-IPCountry')
    .transform((name) => name.toLowerCase())
    .optional(),
});

export interface Config {
  readonly port: number;
  /** Address to listen on; anything but loopback is the operator's decision. */
  readonly host: string;
  readonly nodePort: number;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly rpcUrl: string | undefined;
  readonly registryAddress: string | undefined;
  readonly publicUrl: string | undefined;
  readonly relayerKeyFile: string;
  readonly registrarKeyFile: string;
  readonly masterKeyFile: string;
  readonly finality: FinalityRule;
  readonly logLevel: string;
  readonly rateLimited: boolean;
  /** Whose X-Forwarded-For is believed. */
  readonly trusts: Trusts;
  /** Header in which a trusted proxy writes the caller’s country; none: no country is known. Lower case. */
  readonly countryHeader: string | undefined;
  /** Started by npm: whoever stops npm, and not its whole process group, means the service. */
  readonly underNpm: boolean;
}

/** What `touchstone --help` says of the environment. */
export const ENVIRONMENT_HELP = `
Environment:
  PORT              port of the service (3000)
  HOST              address to listen on (127.0.0.1: this machine only)
  DATA_DIR          everything the service keeps (./data)
  DATABASE_URL      a PostgreSQL of your own, instead of the embedded one
  RPC_URL           an EVM node of your own, instead of the embedded one
  REGISTRY_ADDRESS  the registry on that chain (made by: touchstone deploy)
  PUBLIC_URL        goes into every QR code; required with RPC_URL
  FINALITY          tag, or depth:N blocks (tag)
  NODE_PORT         JSON-RPC of the embedded node (8545)
  RELAYER_KEY_FILE, REGISTRAR_KEY_FILE, MASTER_KEY_FILE   (DATA_DIR/keys/…)
  LOG_LEVEL         debug, info, warn, error, silent (warn)
  RATE_LIMITS       on or off (on)
  TRUSTED_PROXIES   whose X-Forwarded-For is believed: none, loopback, or addresses (loopback)
  COUNTRY_HEADER    header in which such a proxy writes the caller’s country, e.g. CF-IPCountry (none: not known)`;

/** @throws TouchstoneError configuration, naming the variable */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // A variable set to nothing, as container files often do, is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TouchstoneError('configuration', `${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const e = parsed.data;
  if (e.RPC_URL && !e.PUBLIC_URL) {
    throw new TouchstoneError(
      'configuration',
      'PUBLIC_URL is required with RPC_URL: it goes into every printed QR code.',
    );
  }
  const dataDir = resolve(e.DATA_DIR.replace(/^~(?=\/|$)/, homedir()));
  const key = (file: string | undefined, name: string) => (file ? resolve(file) : join(dataDir, 'keys', `${name}.key`));
  return {
    port: e.PORT,
    host: e.HOST,
    nodePort: e.NODE_PORT,
    dataDir,
    databaseUrl: e.DATABASE_URL,
    rpcUrl: e.RPC_URL,
    registryAddress: e.REGISTRY_ADDRESS?.toLowerCase(),
    publicUrl: e.PUBLIC_URL,
    relayerKeyFile: key(e.RELAYER_KEY_FILE, 'relayer'),
    registrarKeyFile: key(e.REGISTRAR_KEY_FILE, 'registrar'),
    masterKeyFile: key(e.MASTER_KEY_FILE, 'master'),
    finality: e.FINALITY === 'tag' ? 'tag' : { depth: Number(e.FINALITY.slice(6)) },
    logLevel: e.LOG_LEVEL,
    rateLimited: e.RATE_LIMITS === 'on',
    trusts: trustedProxies(e.TRUSTED_PROXIES) as Trusts,
    countryHeader: e.COUNTRY_HEADER,
    underNpm: env['npm_lifecycle_event'] !== undefined,
  };
}

/** Where an organisation's API key is kept for the command line on this machine. */
export function apiKeyFile(config: Config, handle: string): string {
  return join(config.dataDir, 'api-keys', `${handle}.key`);
}
