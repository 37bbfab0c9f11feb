// Owns showing a verdict: headline, facts, every check with its shape, its words and why. Text of a file becomes text on the
// page and nothing else.
import type { CheckResult } from '../../core/passport.ts';
import type { JudgedCertificate, JudgedCheck, Verdict, VerdictHeadline } from '../../core/verdict.ts';
import type { Asked } from './check.page.ts';
import { byId, element, setText, show } from './dom.ts';
import { SHAPE_OF, type Shape, shape } from './shapes.ts';
import { word } from './words.ts';

export interface Circumstances {
  /** What judging took, without waiting for a node. */
  readonly ms: number;
  readonly node: Asked | undefined;
  /** The record's canonical text, if the file could be read. */
  readonly record: string | undefined;
}

const TONES: Readonly<Record<VerdictHeadline, readonly [shape: Shape, tone: string]>> = {
  'genuine-record': ['genuine', 'verdict-genuine-record'],
  warning: ['warning', 'verdict-warning'],
  'not-genuine': ['warning', 'verdict-warning'],
  'not-confirmed': ['pending', 'verdict-pending'],
};
/** Between one check's appearance and the next one's. */
const TICK_MS = 22;

/** @param current whether this is still the verdict that is wanted */
export async function showVerdict(
  verdict: Verdict,
  circumstances: Circumstances,
  current: () => boolean,
): Promise<void> {
  const list = byId('checks');
  list.replaceChildren();
  byId('headline').replaceChildren();
  setText('took', '');
  showAbout(verdict, circumstances);
  showCertificates(verdict.certificates);
  show(
    'in-english',
    verdict.checks.some(({ detail }) => detail !== undefined),
  );
  show('result');
  byId('result').setAttribute('aria-busy', 'true');
  const heading = byId('result-heading');
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: 'start' });
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  for (const check of verdict.checks) {
    if (!still) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    if (!current()) return;
    list.append(lineOf(check));
  }
  showHeadline(verdict, circumstances);
  byId('result').setAttribute('aria-busy', 'false');
}

function lineOf({ name, result, detail }: JudgedCheck): HTMLElement {
  const words = element('span', {}, `${word(`check.is.${name}`)}: `, element('strong', {}, word(`check.${result}`)));
  if (detail !== undefined) words.append(element('span', { class: 'beneath', lang: 'en', dir: 'ltr' }, detail));
  return element('li', { 'data-check': name, 'data-result': result }, shape(SHAPE_OF[result]), words);
}

function showHeadline({ headline, checks }: Verdict, { ms, node }: Circumstances): void {
  const [which, tone] = TONES[headline];
  const box = byId('headline');
  box.className = `verdict ${tone}`;
  box.append(shape(which), element('p', { class: 'verdict-sentence' }, word(sentenceOf(headline, checks, node))));
  const values = { count: checks.length, ms: rounded(ms), node: rounded(node?.ms ?? 0) };
  setText('took', word(node ? 'check.took-node' : 'check.took', values));
}

/** What is missing, where that is all that is missing. */
function sentenceOf(headline: VerdictHeadline, checks: readonly JudgedCheck[], node: Asked | undefined): string {
  const registry = checks.find(({ name }) => name === 'registry-expected')?.result;
  if (headline !== 'not-confirmed' || registry !== 'pass' || node?.witness) return `check.head.${headline}`;
  return node ? 'check.head.node-away' : 'check.head.no-node';
}

const rounded = (ms: number) => (ms < 10 ? Math.max(0.1, Math.round(ms * 10) / 10) : Math.round(ms));

function showAbout({ about }: Verdict, { record }: Circumstances): void {
  const facts = about
    ? [
        ['title', about.title ?? about.tokenId],
        ['registrant', about.registrant],
        ['moves', String(about.moves)],
        [
          'as-of',
          `${about.asOf.block} (${new Date(about.asOf.time * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC)`,
        ],
        ['registry', `${about.registry.chainId}:${about.registry.address}`],
      ]
    : [];
  const rows = facts
    .filter(([, value]) => value)
    .map(([name, value]) =>
      element('div', {}, element('dt', {}, word(`check.about.${name}`)), element('dd', { dir: 'auto' }, String(value))),
    );
  byId('about').replaceChildren(...rows);
  show('record', record !== undefined);
  setText('record-text', record === undefined ? '' : pretty(record));
}

function pretty(record: string): string {
  try {
    return JSON.stringify(JSON.parse(record), null, 2);
  } catch {
    return record;
  }
}

const WORST_FIRST: readonly CheckResult[] = ['fail', 'warn', 'unknown', 'pass'];

function showCertificates(certificates: readonly JudgedCertificate[]): void {
  show('certificates', certificates.length > 0);
  byId('certificate-list').replaceChildren(
    ...certificates.map(({ id, view, checks }) => {
      const worst = WORST_FIRST.find((result) => checks.some((check) => check.result === result)) ?? 'pass';
      const title = element('strong', { dir: 'auto' }, view?.statement?.title ?? id);
      const words = element('span', {}, title, ` (${view?.certifier.handle ?? '?'})`);
      for (const { name, result, detail } of checks) {
        if (result === 'pass') continue;
        const why = `${name}: ${detail ?? result}`;
        words.append(element('span', { class: 'beneath', lang: 'en', dir: 'ltr' }, why));
      }
      return element('li', { 'data-result': worst }, shape(SHAPE_OF[worst]), words);
    }),
  );
}
