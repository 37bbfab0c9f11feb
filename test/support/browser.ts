// Owns the browser of the journeys: a Chromium that comes from the registry, unpacked once beside the modules, with the
// libraries it needs where the system has none. It trusts the system for nothing but a C library.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * Flags meant for a one-process sandbox in a cloud function; here they make Chromium unsteady or less like a browser. Those of
 * graphics imitate a graphics card, which took up to half of what the browser computed, and no page draws in three dimensions.
 */
const UNWANTED =
  /^--(?:use-gl|use-angle|enable-unsafe-swiftshader|ignore-gpu-blocklist|single-process|no-zygote|headless|no-sandbox|in-process-gpu|disable-web-security|disable-site-isolation-trials|allow-running-insecure-content|disable-features|enable-features|disk-cache-size)(?:=|$)/;

/** Nothing but what a test asks for goes over the wire. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-client-side-phishing-detection',
  '--no-first-run',
  '--metrics-recording-only',
  '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

export interface BrowserOptions {
  /** A video (y4m, mjpeg) that the only camera sees, over and over (fake-camera.ts). Without one there is no camera. */
  readonly camera?: string;
  /** For a tool that speaks the browser's own protocol. */
  readonly debuggingPort?: number;
}

/** A headless Chromium; whoever launches it closes it. Several test processes may launch at once. */
export async function launchBrowser({ camera, debuggingPort }: BrowserOptions = {}): Promise<Browser> {
  const home = await unpacked();
  const env: Record<string, string> = { ...definedEnv(), HOME: process.env['HOME'] ?? home };
  if (lacksLibraries(join(home, 'chromium'))) {
    env['LD_LIBRARY_PATH'] = [join(home, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  }
  if (!existsSync('/usr/share/fonts') && env['FONTCONFIG_PATH'] === undefined) {
    env['FONTCONFIG_PATH'] = join(home, 'fonts');
  }
  const root = process.getuid?.() === 0;
  return driver.launch({
    executablePath: join(home, 'chromium'),
    args: [
      ...chromium.args.filter((flag) => !UNWANTED.test(flag)),
      ...QUIET,
      '--disable-gpu',
      ...(root ? ['--no-sandbox'] : []),
      ...(camera
        ? [
            '--use-fake-device-for-media-stream',
            '--use-fake-ui-for-media-stream',
            `--use-file-for-fake-video-capture=${camera}`,
          ]
        : []),
      ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : []),
    ],
    headless: true,
    chromiumSandbox: !root,
    env,
  });
}

/** The unpacked browser's folder. A half unpacked one is never seen: it appears by one rename. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(MODULES, '@sparticuz/chromium/package.json'), 'utf8')) as {
    version: string;
  };
  const cache = join(MODULES, '.cache');
  const home = join(cache, `chromium-${version}`);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'chromium-'));
  await unpackInto(draft);
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

/** The package unpacks into the system's temporary folder, whichever that is at the time. */
async function unpackInto(folder: string): Promise<void> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const bin = join(MODULES, '@sparticuz/chromium/bin');
    await Promise.all([chromium.executablePath(), inflate(join(bin, 'al2023.tar.br'))]);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

function lacksLibraries(binary: string): boolean {
  try {
    return execFileSync('ldd', [binary], { encoding: 'utf8' }).includes('not found');
  } catch {
    return true;
  }
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
