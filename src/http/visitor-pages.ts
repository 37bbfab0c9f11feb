// Owns the addresses of what visitors leave: feedback, reports of suspected counterfeits, gift messages. Forms work without
// script; what was typed comes back where it can't be taken. Who sent it is counted for an hour by address, and kept nowhere.
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { codeOfPath, codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { line, prose } from '../core/fields.ts';
import { MOST_FEEDBACK_CHARACTERS, storeFeedback } from '../ledger/feedback.ts';
import { organisationAt } from '../ledger/organisations.ts';
import { MOST_SUSPICION_CHARACTERS, readerOf, storeSuspicion } from '../ledger/suspicions.ts';
import { renderGiftPage } from '../web/gift-page.ts';
import { type Words, wordsIn } from '../web/language.ts';
import { isLanguage } from '../web/languages.ts';
import { renderMalformedCode, renderUnknownCode } from '../web/other-pages.ts';
import {
  type About,
  EMPTY_FORM,
  type FormState,
  HONEY,
  renderFeedback,
  renderNobody,
  renderSuspicion,
  renderThanks,
} from '../web/visitor-forms.ts';
import { handleWords } from '../web/words.ts';
import type { RateLimits } from './limits.ts';
import { namesOf } from './names.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { cachedPassport } from './passports.ts';
import type { Context } from './route.ts';
import { typedBy } from './visitor-typed.ts';
import { type Fields, readForm } from './workshop-form.ts';

const MOST_SEEN_CHARACTERS = 300;
/** Percent-encoded, twelve bytes stand for one character. */
const MAX_FORM_BYTES = 32 * 1024;
const LIMITS = { mostWords: MOST_FEEDBACK_CHARACTERS };
const SUSPICION_LIMITS = { mostWords: MOST_SUSPICION_CHARACTERS, mostSeen: MOST_SEEN_CHARACTERS };

const feedbackFields = z.object({
  score: z
    .string()
    .regex(/^(\d|10)$/)
    .transform(Number),
  words: prose(MOST_FEEDBACK_CHARACTERS).optional(),
});
const webAddress = line(500).refine((text) => /^https?:\/\/[^\s/]+\.[^\s]+$/i.test(text) && URL.canParse(text));
const suspicionFields = z.object({
  seen: prose(MOST_SEEN_CHARACTERS),
  link: webAddress.optional(),
  difference: prose(MOST_SUSPICION_CHARACTERS),
});
const messageFields = z.object({ difference: prose(MOST_SUSPICION_CHARACTERS) });

export interface VisitorOptions {
  readonly context: () => Context;
  readonly limits: RateLimits;
  /** How long a form may take to arrive. */
  readonly formMs: number;
}

export function visitorPages({ context, limits, formMs }: VisitorOptions): Router {
  const router = Router();
  const named = (name: string): RequestHandler => {
    return (_request, response, next) => {
      response.locals['route'] = `/${name}`;
      next();
    };
  };
  router.use('/feedback', named('feedback'));
  router.use('/suspicion', named('suspicion'));
  router.use('/gift', named('gift'));
  router.get('/feedback/*rest', (request, response) => showFeedback(context(), request, response));
  router.post('/feedback/*rest', async (request, response) => {
    const form = await sentForm(request, formMs);
    await within(limits, request, response, (busy) => takeFeedback(context(), request, response, form, busy));
  });
  router.get('/suspicion/*rest', (request, response) => showSuspicion(context(), request, response));
  router.post('/suspicion/*rest', async (request, response) => {
    const form = await sentForm(request, formMs);
    await within(limits, request, response, (busy) => takeSuspicion(context(), request, response, form, busy));
  });
  router.get('/gift/*rest', (request, response) => showGift(context(), request, response));
  return router;
}

/** @throws TouchstoneError forbidden for what another site made a browser send: those would be strangers' words by its visitors */
async function sentForm(request: Request, formMs: number): Promise<Fields> {
  if (request.get('sec-fetch-site') === 'cross-site') {
    throw new TouchstoneError('forbidden', 'This did not come from a page of this ledger. Nothing was kept.');
  }
  return readForm(request, formMs, MAX_FORM_BYTES);
}

/** Whoever writes too much gets the form back with what was typed, and not an error in its place. */
async function within(
  limits: RateLimits,
  request: Request,
  response: Response,
  take: (busy: boolean) => Promise<void>,
): Promise<void> {
  const refusal = await new Promise<unknown>((resolve) => limits.visits(request, response, resolve));
  if (refusal instanceof TouchstoneError && refusal.retry !== 'never') {
    response.set('retry-after', String(refusal.retry.afterSeconds));
  }
  await take(refusal !== undefined);
}

interface Place {
  readonly words: Words;
  readonly code: PieceCode;
  /** Undefined where nothing is registered under the code. */
  readonly about: (About & { readonly organisation: string }) | undefined;
}

/** Which piece the address is about; undefined where it was answered that it is none. */
async function placeOf(
  context: Context,
  request: Request,
  response: Response,
  words = wordsFor(request),
): Promise<Place | undefined> {
  const path = request.path.slice(request.path.indexOf('/', 1));
  const code = codeOfPath(path);
  if (!code || codePath(code) !== path) {
    answerPage(response, renderMalformedCode({ code: decodeURIComponent(path).slice(0, 200) }), { words, status: 404 });
    return undefined;
  }
  const passport = await cachedPassport(context, code);
  if (!passport) return { words, code, about: undefined };
  const { record, registrant } = passport;
  const names = await namesOf(context.ledger);
  const about = {
    path,
    title: record.title,
    language: record.language === words.language ? undefined : record.language,
    maker: names.get(registrant.handle) ?? handleWords(registrant.handle),
    organisation: registrant.address,
  };
  return { words, code, about };
}

/** The form was written in the language of its page. */
function languageOf(request: Request, form: Fields): Words {
  const written = form.get('lang');
  return isLanguage(written) ? wordsIn(written) : wordsFor(request);
}

async function showFeedback(context: Context, request: Request, response: Response): Promise<void> {
  const place = await placeOf(context, request, response);
  if (!place) return;
  const { words, about } = place;
  const title = words.text('visitor.feedback.title');
  if (!about) {
    const told = words.text('visitor.feedback.unknown');
    return answerPage(response, renderNobody(words, title, told), { words, status: 404 });
  }
  if (request.query['sent'] !== undefined) {
    const told = [words.text('visitor.feedback.thanks', { maker: about.maker })];
    return answerPage(response, renderThanks(words, { path: about.path, title, told }), { words });
  }
  answerPage(response, renderFeedback(words, about, EMPTY_FORM, LIMITS), { words });
}

async function takeFeedback(
  context: Context,
  request: Request,
  response: Response,
  form: Fields,
  busy: boolean,
): Promise<void> {
  const place = await placeOf(context, request, response, languageOf(request, form));
  if (!place) return;
  const { words, about } = place;
  if (!about) {
    const told = words.text('visitor.feedback.unknown');
    return answerPage(response, renderNobody(words, words.text('visitor.feedback.title'), told), {
      words,
      status: 404,
    });
  }
  const read = typedBy(form, feedbackFields, words, { score: 'visitor.feedback.missing' });
  const again = (state: FormState, status: number) =>
    answerPage(response, renderFeedback(words, about, state, LIMITS), { words, status });
  if (!read.ok) return again(read, 422);
  const { score, words: said = null } = read.value;
  const stored =
    form.get(HONEY) !== '' ||
    (!busy &&
      (await unlessFull(() =>
        storeFeedback(context.ledger.db, about, { score, words: said, language: words.language }),
      )));
  if (!stored) return again({ typed: read.typed, wrong: {}, busy: true }, 429);
  response.redirect(303, `/feedback${about.path}?sent&lang=${words.language}`);
}

/** False where so much was left about the piece that nothing more is taken today. */
async function unlessFull(store: () => Promise<void>): Promise<boolean> {
  try {
    await store();
    return true;
  } catch (error) {
    if (error instanceof TouchstoneError && error.code === 'over-quota') return false;
    throw error;
  }
}

async function suspicionContext(context: Context, { code, about }: Place, message: boolean) {
  if (about) return { about, message, reader: about.maker, organisation: about.organisation };
  const { db } = context.ledger;
  const organisation = await readerOf(db, code);
  const handle = organisation === null ? undefined : (await organisationAt(db, organisation))?.handle;
  const names = await namesOf(context.ledger);
  const reader = handle === undefined ? undefined : (names.get(handle) ?? handleWords(handle));
  const shown = 'gtin' in code ? `${code.gtin} · ${code.serial}` : `${code.handle} · ${code.code}`;
  return { about: { path: codePath(code), code: shown }, message: false, reader, organisation };
}

async function showSuspicion(context: Context, request: Request, response: Response): Promise<void> {
  const place = await placeOf(context, request, response);
  if (!place) return;
  const { words } = place;
  const asked = await suspicionContext(context, place, request.query['about'] === 'message');
  const { path } = asked.about;
  if (request.query['sent'] !== undefined) {
    const title = words.text('visitor.suspicion.title');
    const told = [words.text('visitor.suspicion.thanks'), words.text('visitor.suspicion.paid')];
    return answerPage(response, renderThanks(words, { path, title, told }), { words });
  }
  answerPage(response, renderSuspicion(words, asked, EMPTY_FORM, SUSPICION_LIMITS), { words });
}

async function takeSuspicion(
  context: Context,
  request: Request,
  response: Response,
  form: Fields,
  busy: boolean,
): Promise<void> {
  const place = await placeOf(context, request, response, languageOf(request, form));
  if (!place) return;
  const { words } = place;
  const asked = await suspicionContext(context, place, form.get('about') === 'message');
  const { message, organisation } = asked;
  const { path } = asked.about;
  const read = message
    ? typedBy(form, messageFields, words)
    : typedBy(form, suspicionFields, words, { link: 'visitor.suspicion.link-bad' });
  const again = (state: FormState, status: number) =>
    answerPage(response, renderSuspicion(words, asked, state, SUSPICION_LIMITS), { words, status });
  if (!read.ok) return again(read, 422);
  const { difference, seen, link } = read.value as z.output<typeof suspicionFields>;
  const about = message ? 'gift-message' : place.about ? 'piece' : 'unknown-code';
  const suspicion = { about, seen: seen ?? null, link: link ?? null, difference, language: words.language } as const;
  const stored =
    form.get(HONEY) !== '' ||
    (!busy && (await unlessFull(() => storeSuspicion(context.ledger, { organisation, path }, suspicion))));
  if (!stored) return again({ typed: read.typed, wrong: {}, busy: true }, 429);
  response.redirect(303, `/suspicion${path}?sent&lang=${words.language}`);
}

/** Never redirects: a browser takes what stands behind # along, and it may be a card's secret. */
async function showGift(context: Context, request: Request, response: Response): Promise<void> {
  const place = await placeOf(context, request, response);
  if (!place) return;
  const { words, about, code } = place;
  if (!about) {
    const shown = 'gtin' in code ? `${code.gtin} · ${code.serial}` : `${code.handle} · ${code.code}`;
    return answerPage(response, renderUnknownCode({ code: shown }), { words, status: 404 });
  }
  answerPage(response, renderGiftPage(words, about), { words, scripted: true });
}
