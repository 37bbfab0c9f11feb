// Owns the short memory of passports: what was read may be shown again for a second, and says as of which block it is;
// and with it the page and the JSON that were made of it. Another replica needs nothing of it.
import type { Request, RequestHandler } from 'express';
import { codePath, type PieceCode } from '../core/code.ts';
import type { Passport } from '../core/passport.ts';
import { passportOf } from '../ledger/find.ts';
import type { Words } from '../web/language.ts';
import type { VisitorNotes } from '../web/telling.ts';
import { readSwitch } from './asked-language.ts';
import { Bounded } from './bounded.ts';
import { type Kept, keptPapers } from './kept-papers.ts';
import { ReadyBody } from './ready-body.ts';
import type { Context } from './route.ts';
import { visitorNotes } from './visitor-notes.ts';

const STALE_AFTER_MS = 1_000;
/**
 * Some 350 pieces with a page, JSON and compressed forms: about as many as two cores read anew in about the second after which
 * they are of little use.
 */
const MOST_BYTES = 32 * 1024 * 1024;
/** An entry in which nothing is yet. */
const EMPTY_BYTES = 1_024;
/** A passport in memory, for every character of its JSON. */
const BYTES_PER_CHARACTER = 3;

const JSON_PREFIX = '/api/v1/pieces';
const JSON_ROUTE = '/api/v1/pieces/*path';
/** The passport as JSON, or its page in these words. */
type View = 'json' | Words;

type Reading = Promise<Passport | undefined>;

interface Entry {
  until: number;
  reading: Reading;
  passportBytes: number;
  /** Who registered the piece, once that is read. */
  registrant: string;
  /** What was made of a reading. Left here for the next one: if that gives the same, so are its compressed forms. */
  readonly shown: Map<View, { readonly body: ReadyBody; readonly of: Reading }>;
}

const memories = new WeakMap<object, Bounded<Entry>>();

function memoryOf(ledger: object): Bounded<Entry> {
  const memory = memories.get(ledger) ?? new Bounded<Entry>(MOST_BYTES);
  memories.set(ledger, memory);
  return memory;
}

/** The passport of a code, read at most once a second however many ask. */
export function cachedPassport(context: Context, code: PieceCode, options: { fresh?: boolean } = {}): Reading {
  return entryOf(context, code, options).reading;
}

const NOTHING_BESIDE: readonly [Kept, VisitorNotes] = [{}, {}];

/** A view of a passport, made at most once of each reading; undefined if nothing is registered under the code. */
export async function passportAs(
  view: View,
  context: Context,
  code: PieceCode,
  render: (passport: Passport, kept: Kept, visitors: VisitorNotes) => string,
): Promise<ReadyBody | undefined> {
  const entry = entryOf(context, code, {});
  const { reading } = entry;
  const passport = await reading;
  if (!passport) return undefined;
  const made = entry.shown.get(view);
  if (made?.of === reading) return made.body;
  const { ledger } = context;
  const [kept, visitors] =
    view === 'json'
      ? NOTHING_BESIDE
      : await Promise.all([keptPapers(ledger, passport), visitorNotes(ledger, passport)]);
  // Somebody else may have made it while this looked for papers.
  const shown = entry.shown.get(view);
  if (shown?.of === reading) return shown.body;
  const text = render(passport, kept, visitors);
  const body = shown?.body.says(text) ? shown.body : bodyOf(view, text);
  // Read anew meanwhile: this one is for whoever waited for it, and for nobody else.
  if (entry.reading !== reading) return body;
  entry.shown.set(view, { body, of: reading });
  const weigh = () => memoryOf(context.ledger).weigh(codePath(code), entry, bytesOf(entry));
  body.onGrowth = weigh;
  weigh();
  return body;
}

function bodyOf(view: View, text: string): ReadyBody {
  if (view === 'json') return new ReadyBody(text, 'application/json; charset=utf-8');
  return new ReadyBody(text, 'text/html; charset=utf-8', {
    vary: 'accept-encoding, accept-language',
    'content-language': view.language,
  });
}

/** Answers at once what was made ready under exactly this address within the last second; all else goes on. */
export function recall(context: () => Context): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const { ledger, scans } = context();
    const asked = viewAsked(request);
    const entry = asked && memoryOf(ledger).get(asked.address);
    const shown = asked && entry?.shown.get(asked.view);
    if (!entry || !shown || shown.of !== entry.reading || entry.until <= ledger.now()) return next();
    response.locals['route'] = asked.view === 'json' ? JSON_ROUTE : 'passport page';
    if (asked.view !== 'json') scans?.saw(request, asked.address, entry.registrant);
    shown.body.answer(request, response);
  };
}

function viewAsked({ url, headers }: Request): { readonly address: string; readonly view: View } | undefined {
  if (url.startsWith(JSON_PREFIX)) return { address: url.slice(JSON_PREFIX.length), view: 'json' };
  const asked = readSwitch(url, headers['accept-language']);
  return asked && { address: asked.address, view: asked.words };
}

function entryOf({ ledger }: Context, code: PieceCode, { fresh = false }: { fresh?: boolean }): Entry {
  const memory = memoryOf(ledger);
  const path = codePath(code);
  const before = memory.get(path);
  const now = ledger.now();
  if (!fresh && before && before.until > now) return before;
  const reading = passportOf(ledger.db, ledger.chain, code);
  const entry = before ?? { until: 0, reading, passportBytes: EMPTY_BYTES, registrant: '', shown: new Map() };
  entry.until = now + STALE_AFTER_MS;
  entry.reading = reading;
  memory.put(path, entry, bytesOf(entry));
  const settle = (passport?: Passport) => {
    if (entry.reading !== reading) return;
    // Codes that nobody registered are endless: only those who ask while one is looked up share it.
    if (!passport) return memory.drop(path, entry);
    entry.registrant = passport.registrant.address;
    entry.passportBytes = EMPTY_BYTES + BYTES_PER_CHARACTER * JSON.stringify(passport).length;
    memory.weigh(path, entry, bytesOf(entry));
  };
  reading.then(settle, () => settle());
  return entry;
}

function bytesOf({ passportBytes, shown }: Entry): number {
  let bytes = passportBytes;
  for (const { body } of shown.values()) bytes += body.size;
  return bytes;
}

/** Who registered a piece, if that is remembered. */
export function registrantOf({ ledger }: Context, code: PieceCode): string | undefined {
  return memoryOf(ledger).get(codePath(code))?.registrant;
}

/** How much is remembered now. */
export function rememberedBytes(ledger: object): number {
  return memoryOf(ledger).bytes;
}
