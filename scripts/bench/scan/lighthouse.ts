// Owns asking Lighthouse about a page: its mobile profile, in the project's own Chromium, without a network beyond this
// machine. Which figures are wanted is the caller's business.
import lighthouse from 'lighthouse';
import { launchBrowser } from '../../../test/support/browser.ts';
import { freePorts } from '../../real/service.ts';

export type Category = 'performance' | 'accessibility' | 'best-practices' | 'seo';

export interface Judgement {
  /** From 0 to 100. */
  readonly scores: Readonly<Partial<Record<Category, number>>>;
  /** What cost points, by category and audit. */
  readonly lost: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const FIGURES = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
];

/** Each page with a fresh profile, one after the other. */
export async function judged(urls: readonly string[], categories: readonly Category[]): Promise<Judgement[]> {
  const [port = 0] = await freePorts(1);
  const browser = await launchBrowser({ debuggingPort: port });
  try {
    const all: Judgement[] = [];
    for (const url of urls) {
      const result = await lighthouse(url, {
        port,
        output: 'json',
        logLevel: 'silent',
        onlyCategories: [...categories],
      });
      if (!result) throw new Error(`Lighthouse says nothing of ${url}`);
      all.push(read(result.lhr as unknown as Report));
    }
    return all;
  } finally {
    await browser.close();
  }
}

interface Report {
  readonly runtimeError?: { readonly message: string };
  readonly categories: Readonly<
    Record<
      string,
      { readonly score: number | null; readonly auditRefs: readonly { readonly id: string; readonly weight: number }[] }
    >
  >;
  readonly audits: Readonly<Record<string, { readonly score: number | null; readonly numericValue?: number }>>;
}

function read({ runtimeError, categories, audits }: Report): Judgement {
  if (runtimeError) throw new Error(runtimeError.message);
  const lost = Object.entries(categories).flatMap(([category, { auditRefs }]) =>
    auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${category}: ${id}`),
  );
  const scores = Object.fromEntries(
    Object.entries(categories).map(([category, { score }]) => [category, Math.round((score ?? 0) * 100)]),
  );
  const figures = Object.fromEntries(FIGURES.map((id) => [id, audits[id]?.numericValue ?? Number.NaN]));
  return { scores, lost, figures };
}
