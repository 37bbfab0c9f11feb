// Owns the HTTP edge: order of middleware, headers, limits, request ids, and how every failure leaves. What routes do
// stands in the *-routes files; pages in pages.ts.
import { randomUUID } from 'node:crypto';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { TouchstoneError } from '../core/errors.ts';
import type { Caller } from '../ledger/accounts.ts';
import { renderError, renderUnavailable } from '../web/other-pages.ts';
import { actRoutes } from './act-routes.ts';
import { authorise, mayDo } from './auth.ts';
import type { BrowserFiles } from './browser-files.ts';
import { certificateRoutes } from './certificate-routes.ts';
import { checkRoutes, evidenceRoute } from './check-routes.ts';
import { checksRoute } from './checks-route.ts';
import { documentPages } from './document-pages.ts';
import { giftRoutes } from './gift-routes.ts';
import { importRoutes } from './import-routes.ts';
import { jsonBody, mustBePlain, mustHoldNoSecret } from './json-body.ts';
import type { RateLimits } from './limits.ts';
import { liveProofRoutes, ownerRoutes } from './live-proof-routes.ts';
import { lotRoutes } from './lot-routes.ts';
import type { Metrics } from './metrics.ts';
import { docsPage, openApi } from './openapi.ts';
import { otherRoutes } from './other-routes.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { pages } from './pages.ts';
import { paperRoutes } from './paper-routes.ts';
import { recall } from './passports.ts';
import { photoPages } from './photo-pages.ts';
import { photoRoutes } from './photo-routes.ts';
import { pieceRoutes } from './piece-routes.ts';
import { known, type Problem, problemOf } from './problem.ts';
import type { Trusts } from './proxies.ts';
import { ReadyBody } from './ready-body.ts';
import { type Answer, type Context, checked, idempotencyKeyOf, type Route } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { shipmentRoutes } from './shipment-routes.ts';
import { visitorPages } from './visitor-pages.ts';
import { visitorRoutes } from './visitor-routes.ts';
import { workshopPages } from './workshop-pages.ts';

const MAX_PATH = 2_048;

export interface AppOptions {
  readonly context: () => Context;
  readonly metrics: Metrics;
  /** Whether the service can answer: database, node, index. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly parts: Readonly<Record<string, string>> }>;
  readonly limits: RateLimits;
  readonly trusts: Trusts;
  /** How long a JSON body may take to arrive. */
  readonly jsonMs: number;
  /** What browsers run. */
  readonly browserFiles: BrowserFiles;
}

/** All there are: OpenAPI describes them, and nothing else answers under /api. */
export const API_ROUTES: readonly Route[] = [
  ...importRoutes,
  evidenceRoute,
  ...paperRoutes,
  ...photoRoutes,
  ...giftRoutes,
  ...pieceRoutes,
  ...certificateRoutes,
  ...actRoutes,
  ...liveProofRoutes,
  ...ownerRoutes,
  ...shipmentRoutes,
  ...checkRoutes,
  checksRoute,
  ...lotRoutes,
  ...visitorRoutes,
  ...otherRoutes,
];

export function createApp({ context, metrics, ready, limits, trusts, jsonMs, browserFiles }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', 'strong');
  app.set('trust proxy', trusts);
  app.set('query parser', 'simple');
  app.use(identify(context, metrics));
  app.use(securityHeaders());
  app.use(saneHeaders, sanePath);
  app.get('/healthz', (_, response) => void response.json({ status: 'alive' }));
  for (const limit of limits.everything) app.use(limit);
  app.get('/readyz', async (_, response) => {
    const state = await ready();
    if (!state.ready) response.status(503).set('retry-after', '2');
    response.json(state);
  });
  app.get(
    '/metrics',
    limits.costly,
    async (_, response) => void response.type(metrics.type).send(await metrics.text()),
  );
  app.use(recall(context));
  const document = openApi(API_ROUTES);
  app.get('/openapi.json', (_, response) => void response.json(document));
  app.get('/docs', (_, response) => void response.type('html').send(docsPage(document)));
  for (const route of API_ROUTES) mount(app, route, { context, limits, jsonMs });
  app.use('/api', methodsOf(API_ROUTES));
  app.use(documentPages(context, limits.costly));
  app.use(photoPages(context, limits.costly));
  app.use(visitorPages({ context, limits, formMs: jsonMs }));
  app.use(workshopPages({ context, limits, formMs: jsonMs }));
  app.use(pages(context, browserFiles));
  app.use((request) => {
    throw new TouchstoneError('not-found', `Nothing is served at ${request.path.slice(0, 200)}.`);
  });
  app.use(failure(context));
  return app;
}

/** Gives every request an id, and logs it when it is answered: method, route, status and time, never bodies or keys. */
function identify(context: () => Context, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    response.locals['requestId'] = id;
    response.setHeader('x-request-id', id);
    const begun = performance.now();
    response.once('close', () => {
      const ms = performance.now() - begun;
      const route = (response.locals['route'] as string | undefined) ?? 'other';
      metrics.answered(request.method, route, response.statusCode, ms / 1000);
      if (response.statusCode < 500 && request.method === 'GET') return;
      const line = { id, method: request.method, route, status: response.statusCode, ms: Math.round(ms) };
      if (response.statusCode >= 500) context().ledger.log.warn(line, 'request');
      else context().ledger.log.info(line, 'request');
    });
    next();
  };
}

/** Two of one of these, and whoever stands before this service may have read the other one. */
const ONCE = ['host', 'authorization', 'content-type', 'content-encoding', 'idempotency-key'];

const saneHeaders: RequestHandler = (request, _, next) => {
  const { headersDistinct: headers } = request;
  const twice = ONCE.find((name) => (headers[name]?.length ?? 0) > 1);
  if (twice !== undefined) throw new TouchstoneError('invalid-request', `The header ${twice} is there more than once.`);
  if (request.httpVersion === '0.9') throw new TouchstoneError('invalid-request', 'HTTP/0.9 is not spoken here.');
  if (headers['host'] === undefined && request.httpVersion === '1.1') {
    throw new TouchstoneError('invalid-request', 'The header host is missing.');
  }
  next();
};

/** Most addresses: nothing in them is encoded. */
const PLAIN_ADDRESS = /^[\w./-]{1,500}$/;

/** Refuses what no route could mean before any route sees it: broken percent-encoding, %00, endless paths. */
const sanePath: RequestHandler = (request, _, next) => {
  mustHoldNoSecret(`${request.get('idempotency-key') ?? ''} ${request.url}`);
  if (PLAIN_ADDRESS.test(request.url)) return next();
  if (request.url.length > MAX_PATH * 8 || request.path.length > MAX_PATH) {
    throw new TouchstoneError('invalid-request', 'The address is too long.');
  }
  let decoded: string;
  let query: string;
  try {
    decoded = decodeURIComponent(request.path);
    query = decodeURIComponent(request.url.slice(request.path.length).replaceAll('+', ' '));
  } catch {
    throw new TouchstoneError('invalid-encoding', 'The address has broken percent-encoding.');
  }
  if (/\p{Cc}/u.test(decoded) || /%00/.test(request.url)) {
    throw new TouchstoneError('invalid-encoding', 'The address holds control characters.');
  }
  mustHoldNoSecret(`${decoded} ${query}`);
  next();
};

function mount(
  app: Express,
  route: Route,
  { context, limits, jsonMs }: Pick<AppOptions, 'context' | 'limits' | 'jsonMs'>,
): void {
  const { scope, mayUseKey, costly } = route;
  const steps: RequestHandler[] = [
    (_, response, next) => {
      response.locals['route'] = route.path;
      next();
    },
  ];
  // First of all: a stranger's body isn't read.
  const needed = scope ?? mayUseKey;
  if (needed) {
    steps.push(async (request, response, next) => {
      // A key that came but is wrong is told so: who sends one means to be known.
      if (!scope && request.get('authorization') === undefined) return next();
      const authenticate = () => authorise(context().ledger, request);
      const caller = await limits.authenticated(request, authenticate);
      response.locals['caller'] = mayDo(caller, needed);
      next();
    });
  }
  if (costly === true) steps.push(limits.costly);
  else if (costly) steps.push((request, ...rest) => (costly(request) ? limits.costly(request, ...rest) : rest[1]()));
  if (route.body) steps.push(jsonBody(jsonMs, route.maxBodyBytes));
  if (route.rawBody) steps.push(onlyTypes(route.rawBody.types));
  steps.push(async (request, response) => {
    const current = context();
    const writes = route.method === 'post' && route.writes !== false;
    const idempotencyKey = writes ? idempotencyKeyOf(request) : '';
    const query = route.query ? checked(route.query, request.query, 'query') : {};
    route.inspect?.(request.body);
    const body = route.body ? checked(route.body, request.body, 'body') : undefined;
    const caller = response.locals['caller'] as Caller;
    const call = { request, response, context: current, query, body, caller, idempotencyKey };
    const answer = await route.handle(call as never);
    if (answer) send(request, response, answer);
  });
  app[route.method](route.path, ...steps);
}

/** A file is stored as it comes: what is no file, or is compressed, is refused before a byte of it is read. */
function onlyTypes(types: readonly string[]): RequestHandler {
  return (request, _, next) => {
    mustBePlain(request);
    if (request.is([...types])) return next();
    throw new TouchstoneError('unsupported-media-type', `Send the file with a Content-Type of ${types.join(', ')}.`);
  };
}

function send(request: Request, response: Response, { status, body, headers }: Answer): void {
  response.status(status).set(headers ?? {});
  if (body instanceof ReadyBody) body.answer(request, response);
  else if (typeof body === 'string' || Buffer.isBuffer(body)) response.send(body);
  else response.json(body);
}

/** For what is under /api but no route: the path is unknown, or only the method is wrong. */
function methodsOf(routes: readonly Route[]): RequestHandler {
  return (request) => {
    const path = request.originalUrl.split('?')[0] as string;
    const matching = routes.filter((route) => patternOf(route.path).test(path));
    if (matching.length > 0 && !matching.some((route) => route.method === request.method.toLowerCase())) {
      const allow = [...new Set(matching.map((route) => route.method.toUpperCase()))].join(', ');
      throw new TouchstoneError('method-not-allowed', `Here only ${allow} is understood.`, { extra: { allow } });
    }
    throw new TouchstoneError('not-found', `Nothing is served at ${path.slice(0, 200)}.`);
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(
    `^${path
      .replace(/\./g, '\\.')
      .replace(/\*path/g, '.+')
      .replace(/:\w+/g, '[^/]+')}/?$`,
    'i',
  );
}

function failure(context: () => Context): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = known(thrown);
    const requestId = String(response.locals['requestId']);
    if (error.code === 'internal') {
      const cause = error.cause instanceof Error ? error.cause.stack : error.message;
      context().ledger.log.error({ id: requestId, cause }, 'a request failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.complete) hangUpLater(request);
    const problem = problemOf(error, requestId);
    response.status(problem.status);
    if (error.retry !== 'never') response.set('retry-after', String(error.retry.afterSeconds));
    if (problem.status === 401) response.set('www-authenticate', 'Bearer');
    if (typeof error.extra['allow'] === 'string') response.set('allow', error.extra['allow']);
    response.set('cache-control', 'no-store');
    if (wantsPage(request)) sendErrorPage(request, response, problem, error);
    else response.type('application/problem+json').send(JSON.stringify(problem));
  };
}

const HANG_UP_AFTER_MS = 2_000;

/** Somebody still sends what nobody will keep. Hung up on at once, the answer could be lost with the connection. */
function hangUpLater(request: Request): void {
  const timer = setTimeout(() => request.socket.destroy(), HANG_UP_AFTER_MS);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

function wantsPage(request: Request): boolean {
  return !/^\/api(\/|$)/i.test(request.path) && request.accepts(['html', 'json']) === 'html';
}

function sendErrorPage(
  request: Request,
  response: Response,
  { status, detail }: Problem,
  { retry }: TouchstoneError,
): void {
  const words = wordsFor(request);
  const told = {
    words,
    requestId: String(response.locals['requestId']),
    ...(retry === 'never' ? {} : { retryAfterSeconds: retry.afterSeconds }),
  };
  const page = status === 503 ? renderUnavailable(told) : renderError({ status, sentence: detail, ...told });
  answerPage(response, page, { status, words });
}
