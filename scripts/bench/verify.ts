// Owns the bench of verifying: how many evidence files a second the judge decides, by itself and with a node asked about
// each, how many the service makes, and how large one is. On a ledger of its own, with a batch of full size.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openRpc } from '../../src/adapters/rpc.ts';
import { askNode } from '../../src/adapters/witness.ts';
import { readEvidence } from '../../src/core/evidence.ts';
import { type ExpectedRegistry, judgeText, type Witness } from '../../src/core/verdict.ts';
import { DIAMOND_MAPPING } from '../real/diamonds.ts';
import { inParallel } from '../real/tally.ts';
import { Client, type ImportState } from './client.ts';
import { generatedDiamonds } from './diamonds.ts';
import { OwnLedger } from './ledger.ts';
import { figure, type Row } from './report.ts';

export const about = `verify: evidence files judged a second, alone and with a node asked about each; how large one is
  --files N      so many different files (200)`;

const UPLOAD = `/api/v1/imports?format=csv&mode=published&mapping=${encodeURIComponent(JSON.stringify(DIAMOND_MAPPING))}`;
/** A batch as large as an import seals them. */
const PIECES = 8_192;
const JUDGED_MS = 4_000;
const AT_ONCE = 16;
const POLL_MS = 100;

export async function run(args: readonly string[]): Promise<Row[]> {
  const { values } = parseArgs({ args: [...args], options: { files: { type: 'string', default: '200' } } });
  const ledger = await OwnLedger.prepare();
  try {
    await ledger.start();
    return await measure(ledger, Number(values.files));
  } finally {
    await ledger.remove();
  }
}

async function measure(ledger: OwnLedger, files: number): Promise<Row[]> {
  const { apiKey } = await ledger.organisation('bench');
  const lab = await ledger.organisation('bench-lab', ['certifier']);
  const maker = new Client(() => ledger.url, apiKey);
  const paths = (await imported(maker)).slice(0, files);
  await certified(new Client(() => ledger.url, lab.apiKey), paths);
  console.log(`fetching ${paths.length} evidence files`);
  const texts: string[] = [];
  // The first one grows the batch's tree, which is kept.
  await maker.must(`/api/v1/pieces${paths[0]}/evidence`);
  const making = await timed(async () => {
    await inParallel(paths, AT_ONCE, async (path, i) => {
      texts[i] = JSON.stringify(await maker.must(`/api/v1/pieces${path}/evidence`));
    });
  });
  const rpc = openRpc(() => ledger.rpcUrl());
  const registry = registryIn(texts[0] as string);
  const witnesses: Witness[] = [];
  const asking = await timed(async () => {
    await inParallel(texts, AT_ONCE, async (text, i) => {
      const witness = await witnessOf(rpc, text, false);
      witnesses[i] = witness;
      mustBeGenuine(text, registry, witness);
    });
  });
  const whole = await timed(async () =>
    mustBeGenuine(texts[0] as string, registry, await witnessOf(rpc, texts[0] as string, true)),
  );
  const sizes = texts.map((text) => Buffer.byteLength(text)).sort((a, b) => a - b);
  return [
    figure('verify', 'files/s', judgedPerSecond(texts, registry, witnesses)),
    figure('verify-with-node', 'files/s', (texts.length * 1000) / asking),
    figure('verify-payload', 'ms a batch', whole),
    figure('verify-size', 'bytes', sizes[sizes.length >> 1] as number),
    figure('verify-made', 'files/s', (texts.length * 1000) / making),
  ];
}

/** Pieces of one full batch, by path. */
async function imported(maker: Client): Promise<string[]> {
  const file = generatedDiamonds(PIECES);
  console.log(`importing ${PIECES} generated rows`);
  const { body } = await maker.sendFile<ImportState>(UPLOAD, 'bench-verify', file.path);
  for (;;) {
    const state = await maker.must<ImportState>(`/api/v1/imports/${body.id}`);
    if (state.state === 'failed') throw new Error(`the import failed: ${state.failure}`);
    if (state.state === 'done' && state.final >= PIECES) break;
    await wait(POLL_MS);
  }
  rmSync(dirname(file.path), { recursive: true, force: true });
  return (await maker.importedPieces(body.id)).map((piece) => piece.path);
}

/** One certificate each, all under one root. */
async function certified(lab: Client, paths: readonly string[]): Promise<void> {
  const certificates = paths.map((path) => ({
    statement: {
      schema: 'touchstone/certificate/1',
      language: 'en',
      type: 'grading',
      subject: { kind: 'piece', path },
      title: 'Grading report',
      statement: 'One natural diamond, as the record describes it.',
      evidence: 'third-party',
    },
  }));
  const { status, body } = await lab.post<{ certificates: string[] }>('/api/v1/certificates/batches', 'bench', {
    certificates,
  });
  if (status !== 202) throw new Error(`the certificates were not accepted: ${status} ${JSON.stringify(body)}`);
  for (;;) {
    const { state } = await lab.must<{ state: string }>(`/api/v1/certificates/${body.certificates.at(-1)}`);
    if (state === 'final') return;
    if (state === 'failed') throw new Error('the certificates failed');
    await wait(POLL_MS);
  }
}

function registryIn(text: string): ExpectedRegistry {
  const parsed = readEvidence(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return { chainId: parsed.evidence.chain.chainId, address: parsed.evidence.chain.pieces };
}

async function witnessOf(rpc: ReturnType<typeof openRpc>, text: string, payload: boolean): Promise<Witness> {
  const parsed = readEvidence(text);
  const witness = parsed.ok ? await askNode(rpc, parsed.evidence, { payload, finality: 'tag' }) : undefined;
  if (!witness) throw new Error('the node gave no answer');
  return witness;
}

/** A verdict that isn't what it should be would be a measurement of nothing. */
function mustBeGenuine(text: string, registry: ExpectedRegistry, witness: Witness): void {
  const { headline, checks, certificates } = judgeText(text, { registry, witness });
  if (headline !== 'genuine-record' || certificates.length !== 1) throw new Error(JSON.stringify(checks));
}

function judgedPerSecond(texts: readonly string[], registry: ExpectedRegistry, witnesses: readonly Witness[]): number {
  const since = performance.now();
  let judged = 0;
  for (; performance.now() - since < JUDGED_MS; judged++) {
    const i = judged % texts.length;
    mustBeGenuine(texts[i] as string, registry, witnesses[i] as Witness);
  }
  return (judged * 1000) / (performance.now() - since);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}
