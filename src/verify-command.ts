// Owns `touchstone verify`: reads an evidence file, asks a node if one is named, and prints the core's verdict. It needs no
// service, no DATA_DIR and no trust in whoever made the file.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { openRpc } from './adapters/rpc.ts';
import { askNode } from './adapters/witness.ts';
import type { CertificateView } from './core/attestation.ts';
import { MAX_EVIDENCE_BYTES, readEvidence } from './core/evidence.ts';
import { type ExpectedRegistry, judgeText, type Verdict, type VerdictHeadline } from './core/verdict.ts';

export interface VerifyOptions {
  readonly registry?: ExpectedRegistry;
  readonly rpc?: string;
  readonly payload: boolean;
  readonly json?: boolean;
}

/** What a script is told: only a genuine record is 0. */
const EXIT: Readonly<Record<VerdictHeadline, number>> = {
  'genuine-record': 0,
  warning: 1,
  'not-genuine': 1,
  'not-confirmed': 3,
};

const SENTENCE: Readonly<Record<VerdictHeadline, string>> = {
  'genuine-record':
    'GENUINE RECORD. Whether the piece before you is the one it describes, you see by comparing the two.',
  warning: 'WARNING. The record is genuine, but something about the piece is wrong: see below.',
  'not-genuine': 'NOT GENUINE. Something this file says is not so: see below.',
  'not-confirmed':
    'NOT CONFIRMED. Nothing in the file was found false, but not everything could be checked: see below.',
};

/** @returns the exit code: 0 genuine, 1 not genuine or a warning, 2 if there is no such file, 3 not confirmed */
export async function verify(file: string, options: VerifyOptions): Promise<number> {
  let text: string;
  try {
    text = textOf(file);
  } catch (error) {
    // What can't be read is judged in no way: a script must not take it for a forgery.
    process.stderr.write(`touchstone: ${(error as Error).message}\n`);
    return 2;
  }
  const parsed = readEvidence(text);
  const rpc = options.rpc === undefined ? undefined : openRpc(() => options.rpc as string);
  const { payload } = options;
  const witness = parsed.ok && rpc ? await askNode(rpc, parsed.evidence, { payload, finality: 'tag' }) : undefined;
  const verdict = judgeText(text, { registry: options.registry, witness });
  process.stdout.write(options.json ? `${JSON.stringify(verdict, null, 2)}\n` : told(verdict, options));
  return EXIT[verdict.headline];
}

/** No more of a file is read than a file may have. */
function textOf(file: string): string {
  if (file === '-') return readFileSync(0, 'utf8');
  const descriptor = openSync(file, 'r');
  try {
    const size = Math.min(fstatSync(descriptor).size, MAX_EVIDENCE_BYTES + 1);
    const bytes = Buffer.alloc(size);
    let read = 0;
    while (read < size) {
      const some = readSync(descriptor, bytes, read, size - read, read);
      if (some === 0) break;
      read += some;
    }
    return bytes.subarray(0, read).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

const MARKS = { pass: 'pass   ', warn: 'WARN   ', fail: 'FAIL   ', unknown: 'unknown' } as const;

function told({ headline, about, checks, certificates }: Verdict, options: VerifyOptions): string {
  const lines = [SENTENCE[headline], ''];
  if (about) {
    lines.push(
      `${printable(about.title ?? 'unreadable record')}  ${about.path ?? ''}`,
      `registered by ${about.registrant ?? 'unknown'}; owner ${about.owner} after ${about.moves} moves`,
      `told as of block ${about.asOf.block}, ${new Date(about.asOf.time * 1000).toISOString()}`,
      `registry ${about.registry.chainId}:${about.registry.address}`,
      '',
    );
  }
  for (const { name, result, detail } of checks) {
    lines.push(`${MARKS[result]}  ${name}${detail === undefined ? '' : `: ${printable(detail)}`}`);
  }
  for (const { id, view, checks: own } of certificates) {
    lines.push('', `certificate ${id}`, ...(view ? certificateLines(view) : []));
    for (const { name, result, detail } of own) {
      if (result !== 'pass') lines.push(`${MARKS[result]}  ${name}: ${printable(detail ?? '')}`);
    }
  }
  if (!options.rpc) lines.push('', 'Name a node with --rpc URL, best your own, to have the chain asked.');
  if (!options.registry) {
    lines.push('Name the registry you trust with --registry CHAIN:ADDRESS, from its publisher and not from this file.');
  }
  return `${lines.join('\n')}\n`;
}

function certificateLines({
  statement,
  certifier,
  issuedAt,
  validUntil,
  standing,
  revoked,
}: CertificateView): string[] {
  const what = statement
    ? `${statement.type}: ${printable(statement.title)} (${statement.evidence})`
    : 'statement not at hand';
  const until = validUntil === null ? '' : `, until ${validUntil}`;
  const suspended =
    certifier.suspendedSince === null ? '' : `; ${certifier.handle} is suspended since ${certifier.suspendedSince}`;
  return [
    `  ${what}`,
    `  by ${certifier.handle}, ${issuedAt}${until}: ${standing}${suspended}`,
    ...(revoked ? [`  revoked ${revoked.at}: ${revoked.reason} ${printable(revoked.words)}`.trimEnd()] : []),
  ];
}

/** A file's own words must not steer the terminal they are shown on. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
