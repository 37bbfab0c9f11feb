// Owns the run on the pages of a museum's jewellery: every entry is registered, its page is opened in a real Chromium, and
// every material, inscription, step of its history and term of the source must stand there to be read; the same in the
// other languages, where the record's own words stay what they are.
import type { Browser, Page } from 'playwright-core';
import { LANGUAGES } from '../../src/web/languages.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { missingFrom, visibleText } from './museum-missing.ts';
import { type MuseumObject, museumRecord } from './museum-record.ts';
import type { Api, OwnService } from './service.ts';
import { inParallel, seconds, type Tally } from './tally.ts';

const IMPORT_PATH = '/api/v1/imports?format=ndjson&mode=root-only';
const IMPORT_MINUTES = 10;
const WINDOWS = 3;
const READS_AT_ONCE = 6;
const PHONE = { width: 360, height: 740 };
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

interface Entry {
  readonly object: MuseumObject;
  readonly path: string;
}

export async function runMuseumPages(service: OwnService, file: string, tally: Tally): Promise<void> {
  const objects = file
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as MuseumObject);
  const api = await service.createOrganisation('real-museum', 'A Museum');
  const entries = await register(api, objects, tally);
  const browser = await launchBrowser();
  try {
    await inChromium(browser, service.url, entries, tally);
  } finally {
    await browser.close();
  }
  await inOtherLanguages(api, entries, tally);
}

async function register(api: Api, objects: readonly MuseumObject[], tally: Tally): Promise<Entry[]> {
  const since = performance.now();
  const body = `${objects.map((object) => JSON.stringify(museumRecord(object).statement)).join('\n')}\n`;
  const { id } = await api.sendFile(IMPORT_PATH, 'application/x-ndjson', body);
  await api.importDone(id, IMPORT_MINUTES);
  const pieces = await api.importedPieces(id);
  const paths = new Map(pieces.map(({ row, path }) => [row, path]));
  for (const [i, object] of objects.entries()) {
    tally.check(paths.has(i + 1), `${object.source_id} was not registered`);
  }
  console.log(`${pieces.length} of ${objects.length} entries registered after ${seconds(since)}.`);
  return objects.flatMap((object, i) => {
    const path = paths.get(i + 1);
    return path === undefined ? [] : [{ object, path }];
  });
}

/** As a reader with a phone and without JavaScript gets it; what is folded away is unfolded. */
async function inChromium(browser: Browser, url: string, entries: readonly Entry[], tally: Tally): Promise<void> {
  const since = performance.now();
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', javaScriptEnabled: false });
  const complaints: string[] = [];
  context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const windows = await Promise.all(Array.from({ length: WINDOWS }, () => context.newPage()));
  const wide: string[] = [];
  await inParallel(entries, WINDOWS, async ({ object, path }) => {
    const page = windows.pop() as Page;
    try {
      const answer = await page.goto(url + path, { waitUntil: 'domcontentloaded' });
      const { text, sideways } = await read(page);
      if (sideways) wide.push(path);
      const missing = missingFrom(object, text);
      const said = `${object.source_id}: ${answer?.status()}, its page lacks ${JSON.stringify(missing)}`;
      tally.check(answer?.status() === 200 && missing.length === 0, said);
    } finally {
      windows.push(page);
    }
  });
  tally.check(complaints.length === 0, `the browser complains: ${complaints.slice(0, 3).join(' | ')}`);
  tally.check(wide.length === 0, `pages wider than a phone: ${wide.slice(0, 5).join(' ')}`);
  console.log(`${entries.length} pages read in Chromium after ${seconds(since)}.`);
}

function read(page: Page): Promise<{ text: string; sideways: boolean }> {
  return page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true;
    const { scrollWidth, clientWidth } = document.documentElement;
    return { text: document.body.innerText, sideways: scrollWidth > clientWidth };
  });
}

/** Each page in one of the other languages, in turn: all of them come up, and often. */
async function inOtherLanguages(api: Api, entries: readonly Entry[], tally: Tally): Promise<void> {
  const since = performance.now();
  await inParallel(entries, READS_AT_ONCE, async ({ object, path }, index) => {
    const language = OTHERS[index % OTHERS.length] as string;
    const html = await api.page(`${path}?lang=${language}`);
    // “unknown” is an answer of the record's format and no word of the source's: pages give it in their own language.
    const missing = missingFrom(object, visibleText(html)).filter(({ text }) => text !== 'unknown');
    const right = html.includes(`<html lang="${language}"`);
    const said = `${object.source_id} in ${language}: ${right ? '' : 'another language; '}it lacks ${JSON.stringify(missing)}`;
    tally.check(right && missing.length === 0, said);
  });
  console.log(`${entries.length} pages read in ${OTHERS.join(', ')} after ${seconds(since)}.`);
}
