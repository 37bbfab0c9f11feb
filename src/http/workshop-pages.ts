// Owns the console's addresses: who is let in to which page, that what changes something came from a form of the console,
// and in what frame a page, or why there is none, leaves. What the pages do stands in the files listed below.
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { TouchstoneError } from '../core/errors.ts';
import { alertOf } from '../web/form-fields.ts';
import { html } from '../web/html.ts';
import { ENGLISH } from '../web/language.ts';
import { workshopPage } from '../web/workshop-frame.ts';
import { mayDo } from './auth.ts';
import type { RateLimits } from './limits.ts';
import { answerPage } from './page-answer.ts';
import { known, problemOf } from './problem.ts';
import type { Context } from './route.ts';
import { batchRoutes } from './workshop-batches.ts';
import { certificateRoutesOfConsole } from './workshop-certificates.ts';
import { NO_FIELDS, readForm } from './workshop-form.ts';
import { importRoutesOfConsole } from './workshop-imports.ts';
import { keyRoutes } from './workshop-keys.ts';
import { lotRoutesOfConsole } from './workshop-lots.ts';
import { overviewRoutes } from './workshop-overview.ts';
import { paperRoutesOfConsole } from './workshop-papers.ts';
import { pieceRoutesOfConsole } from './workshop-pieces.ts';
import { registerRoutes } from './workshop-register.ts';
import { requestRoutes } from './workshop-requests.ts';
import type { ConsoleRoute, Elsewhere, Shown } from './workshop-route.ts';
import { scanConsoleRoutes } from './workshop-scans.ts';
import { mustComeFromHere, mustHoldToken, type Session, signedIn } from './workshop-session.ts';
import { shipmentRoutesOfConsole } from './workshop-shipments.ts';
import { signInPages, toSignIn } from './workshop-sign-in.ts';
import { visitorConsoleRoutes } from './workshop-visitors.ts';

/** Every page for somebody signed in. Another slice of the console is another list here. */
const CONSOLE_ROUTES: readonly ConsoleRoute[] = [
  ...overviewRoutes,
  ...registerRoutes,
  ...importRoutesOfConsole,
  ...pieceRoutesOfConsole,
  ...batchRoutes,
  ...requestRoutes,
  ...shipmentRoutesOfConsole,
  ...certificateRoutesOfConsole,
  ...lotRoutesOfConsole,
  ...keyRoutes,
  ...paperRoutesOfConsole,
  ...visitorConsoleRoutes,
  ...scanConsoleRoutes,
];

export interface ConsoleOptions {
  readonly context: () => Context;
  readonly limits: RateLimits;
  /** How long a form may take to arrive. */
  readonly formMs: number;
}

export function workshopPages(options: ConsoleOptions): Router {
  const router = Router();
  router.use('/workshop', (_request, response, next) => {
    response.locals['route'] = '/workshop';
    next();
  });
  signInPages(router, options);
  for (const route of CONSOLE_ROUTES) {
    const steps: RequestHandler[] = route.costly ? [options.limits.costly] : [];
    router[route.method](route.path, ...steps, (request, response) => visit(route, request, response, options));
  }
  return router;
}

async function visit(
  route: ConsoleRoute,
  request: Request,
  response: Response,
  { context, formMs }: ConsoleOptions,
): Promise<void> {
  response.locals['route'] = route.path;
  const current = context();
  if (route.method === 'post') mustComeFromHere(request, current);
  const session = await signedIn(request, current);
  if (!session) return toSignIn(request, response);
  try {
    const reads = route.method === 'post' && !route.upload;
    const fields = reads ? await readForm(request, formMs, route.maxBytes) : NO_FIELDS;
    if (reads) mustHoldToken(session, fields.get('token'));
    const caller = mayDo(session.caller, route.scope ?? 'read');
    const { token } = session;
    const answer = await route.handle({ request, response, context: current, caller, session, token, fields });
    if (answer) send(response, answer, session);
  } catch (thrown) {
    const error = known(thrown);
    // What nobody foresaw is logged and told by whoever does that for all pages.
    if (error.code === 'internal' || response.headersSent || !request.complete) throw thrown;
    send(response, refusalPage(error, String(response.locals['requestId'])), session);
  }
}

function send(response: Response, answer: Shown | Elsewhere, { caller, token }: Session): void {
  if ('to' in answer) {
    response.set('cache-control', 'no-store').redirect(303, answer.to);
    return;
  }
  const { displayName, handle } = caller;
  const markup = workshopPage(answer, { displayName, handle, token });
  answerPage(response, markup, {
    words: ENGLISH,
    ...(answer.status !== undefined && { status: answer.status }),
    scripted: (answer.scripts ?? []).length > 0,
  });
}

function refusalPage(error: TouchstoneError, requestId: string): Shown {
  const problem = problemOf(error, requestId);
  return {
    title: 'That was not done',
    current: '',
    status: problem.status,
    main: html`${alertOf(problem.detail)}
${error.faults.length > 0 && html`<ul class="crafts">${error.faults.map(({ field, reason }) => html`<li>${`${field} ${reason}`.trim()}</li>`)}</ul>`}
<p class="quiet">Request ${requestId}</p>`,
  };
}
