// Owns checking an evidence file in the visitor's browser: getting the file, what she trusts, and showing every check. What
// is so and what isn't the core decides, as it does on the command line.
import { type Evidence, MAX_EVIDENCE_BYTES, readEvidence } from '../../core/evidence.ts';
import { type ExpectedRegistry, judgeText, type Witness } from '../../core/verdict.ts';
import { byId, dataOf, setText, show } from './dom.ts';
import { type Failure, get } from './service.ts';
import { showVerdict } from './show-verdict.ts';
import { hasWord, word } from './words.ts';

const { path } = dataOf<{ path: string | null }>('check-data');
let given: { readonly name: string; readonly text: string } | undefined;
/** A later wish overtakes an earlier one that still waits. */
let wish = 0;

byId('check-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});
byId<HTMLInputElement>('file').addEventListener(
  'change',
  ({ target }) => void take((target as HTMLInputElement).files),
);
const drop = byId('drop');
for (const name of ['dragover', 'dragenter', 'dragleave', 'drop'] as const) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', name === 'dragover' || name === 'dragenter');
    if (name === 'drop') void take(event.dataTransfer?.files ?? null);
  });
}
show('check-form');
if (path !== null) void check();

async function take(files: FileList | null): Promise<void> {
  const file = files?.[0];
  if (!file) return;
  setText('trouble', '');
  if (file.size > MAX_EVIDENCE_BYTES) {
    setText('trouble', word('check.trouble.too-large'));
    return;
  }
  given = { name: file.name, text: await file.text() };
  setText('file-told', word('check.chosen', { name: file.name }));
  await check();
}

async function check(): Promise<void> {
  const mine = ++wish;
  setText('trouble', '');
  const trust = trusted();
  if (!trust) return;
  try {
    setText('start', word('check.working'));
    given ??= await fetched();
    if (!given || mine !== wish) return;
    const { text } = given;
    const begun = performance.now();
    const parsed = readEvidence(text);
    let judging = performance.now() - begun;
    const asked = parsed.ok && trust.node !== '' ? await ask(trust.node, parsed.evidence) : undefined;
    const again = performance.now();
    const verdict = judgeText(text, { registry: trust.registry, witness: asked?.witness });
    judging += performance.now() - again;
    if (mine !== wish) return;
    const record = parsed.ok ? parsed.evidence.record : undefined;
    await showVerdict(verdict, { ms: judging, node: asked, record }, () => mine === wish);
  } finally {
    if (mine === wish) setText('start', word('check.start'));
  }
}

/** What she filled in; undefined where something in it is none, which is said beside it. */
function trusted(): { registry: ExpectedRegistry | undefined; node: string } | undefined {
  const written = byId<HTMLInputElement>('registry').value.trim();
  const parts = /^(\d{1,15}):(0x[0-9a-f]{40})$/i.exec(written);
  const registryWrong = written !== '' && !parts;
  const node = byId<HTMLInputElement>('node').value.trim();
  const nodeWrong = node !== '' && !mayBeAsked(node);
  for (const [id, wrong] of [
    ['registry', registryWrong],
    ['node', nodeWrong],
  ] as const) {
    show(`${id}-wrong`, wrong);
    byId(id).toggleAttribute('aria-invalid', wrong);
  }
  const first = registryWrong ? 'registry' : nodeWrong ? 'node' : undefined;
  if (first) {
    byId(first).focus();
    return undefined;
  }
  const registry = parts ? { chainId: Number(parts[1]), address: (parts[2] as string).toLowerCase() } : undefined;
  return { registry, node };
}

/** As this page's policy has it. */
function mayBeAsked(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname));
  } catch {
    return false;
  }
}

async function fetched(): Promise<typeof given> {
  if (path === null) {
    setText('trouble', word('check.trouble.no-file'));
    byId('file').focus();
    return undefined;
  }
  try {
    const evidence = await get(`/api/v1/pieces${path}/evidence`);
    const name = `evidence-${String(evidence.tokenId).slice(-12)}.json`;
    setText('file-told', word('check.fetched', { name }));
    return { name, text: JSON.stringify(evidence) };
  } catch (error) {
    const key = `check.trouble.${(error as Failure).code}`;
    setText('trouble', word(hasWord(key) ? key : 'check.trouble.other'));
    return undefined;
  }
}

export interface Asked {
  /** Undefined if the node gave no usable answer. */
  readonly witness: Witness | undefined;
  readonly ms: number;
}

async function ask(node: string, evidence: Evidence): Promise<Asked> {
  setText('start', word('check.asking'));
  const begun = performance.now();
  // Only for whoever names a node: it brings along what reads contracts.
  const { witnessOf } = await import('./ask-node.ts');
  const witness = await witnessOf(node, evidence);
  return { witness, ms: performance.now() - begun };
}
