// Owns the API's description: an OpenAPI 3.1 document made from the routes' own schemas, and a page to read it that
// needs no script.
import { z } from 'zod';
import { certificateStatementSchema } from '../core/certificate.ts';
import { ERROR_CODES } from '../core/errors.ts';
import { lifeStatementSchema } from '../core/life-statement.ts';
import { type Html, html } from '../web/html.ts';
import { page } from '../web/layout.ts';
import { statementForDocs } from './piece-routes.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: [...ERROR_CODES] },
    detail: { type: 'string', description: 'What happened, what was kept, what to do' },
    instance: { type: 'string', description: 'urn:request:{request id}' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, reason: { type: 'string' } } },
    },
  },
};

export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/\*path/g, '{path}').replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, path) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Touchstone',
      version: '1',
      description:
        'Register pieces of jewellery, look them up, pass them on, certify, check. Errors are RFC 9457 problems with a stable `code`. ' +
        'Writes need an `Idempotency-Key` and answer 202 once stored durably.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, ts_…' } },
      schemas: {
        Record: jsonSchema(statementForDocs),
        CertificateStatement: jsonSchema(certificateStatementSchema),
        LifeStatement: jsonSchema(lifeStatementSchema),
        Problem: PROBLEM,
      },
    },
  };
}

function operation(route: Route, path: string): Json {
  return {
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [route.tag],
    ...(route.scope ? { security: [{ apiKey: [] }], 'x-scope': route.scope } : {}),
    ...(route.mayUseKey ? { security: [{}, { apiKey: [] }], 'x-scope-if-any': route.mayUseKey } : {}),
    parameters: [
      ...pathParameters(path),
      ...queryParameters(route),
      ...(route.method === 'post' && route.writes !== false ? [IDEMPOTENCY] : []),
    ],
    ...(route.body || route.rawBody ? { requestBody: requestBody(route) } : {}),
    responses: {
      [route.success.status]: {
        description: route.success.description,
        content: {
          [route.success.type ?? 'application/json']: route.success.schema
            ? { schema: jsonSchema(route.success.schema) }
            : {},
        },
      },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  description: 'Any unique text, e.g. a UUID. The same key and request give the same answer.',
};

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    ...(name === 'path'
      ? { description: 'Public path of the piece without its first slash: 01/{gtin}/21/{serial} or p/{handle}/{code}' }
      : {}),
  }));
}

function queryParameters(route: Route): Json[] {
  if (!route.query) return [];
  const schema = jsonSchema(route.query) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: 'query',
      required: schema.required?.includes(name) ?? false,
      schema: rest,
      ...(description ? { description } : {}),
    };
  });
}

function requestBody(route: Route): Json {
  if (route.rawBody) {
    const content = Object.fromEntries(route.rawBody.types.map((type) => [type, {}]));
    return { required: true, description: route.rawBody.description, content };
  }
  const schema = jsonSchema(route.body as z.ZodType) as { properties?: Json };
  // The edge takes a record as an object and lets the record's own schema judge it; readers want to see that one.
  if (schema.properties?.['record']) schema.properties['record'] = { $ref: '#/components/schemas/Record' };
  return { required: true, content: { 'application/json': { schema } } };
}

function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return rest;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters: { name: string; in: string; required: boolean; description?: string }[];
  readonly 'x-scope'?: string;
  readonly responses: Record<string, { description: string }>;
}

/** The document for people. */
export function docsPage(document: Json): string {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => describe(path, method, operation)),
  );
  return page({
    title: 'The API',
    description: 'What programs can ask of this ledger, and how.',
    main: html`<h1>The API</h1>
<p class="opening">Everything a program can ask of this ledger. The same as a machine reads it: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<section class="part" aria-labelledby="rules"><h2 id="rules">Rules that hold everywhere</h2>
<ul class="crafts"><li>Send your key as <span class="code">Authorization: Bearer ts_…</span>. Looking a piece up needs none.</li><li>Every write needs an <span class="code">Idempotency-Key</span>; sending it again with the same key does nothing twice.</li><li>A write is answered once it is stored durably (202). It goes from accepted to sealed, anchored and final.</li><li>Errors are RFC 9457 problems with a stable code; 429 and 503 say when to come back.</li></ul></section>
<section class="part" aria-labelledby="public-codes"><h2 id="public-codes">Public codes</h2>
<p>A piece’s address is <span class="code">/01/{gtin}/21/{serial}</span> or <span class="code">/p/{handle}/{code}</span>. The first is a GS1 Digital Link: a variant (22) and a lot (10) may stand between GTIN and serial in GS1’s order, and lead to the same address. Other GS1 keys, and GS1 attributes in the query, are not supported and answered with 404; what isn’t as GS1 prescribes, with 400. <span class="code">/find?code=</span> takes all that from any host, and GS1 element strings as scanners send them.</p></section>
${operations}
<section class="part" aria-labelledby="record"><h2 id="record">A record</h2><p>All fields stand in <a href="/openapi.json">openapi.json</a> under components, schemas, Record.</p></section>
<section class="part" aria-labelledby="codes"><h2 id="codes">Error codes</h2><ul class="crafts">${ERROR_CODES.map((code) => html`<li id="${code}"><span class="code">${code}</span></li>`)}</ul></section>`,
  });
}

function describe(path: string, method: string, operation: Operation): Html {
  const id = `${method}${path.replace(/\W+/g, '-')}`;
  return html`<section class="part" aria-labelledby="${id}"><h2 id="${id}">${operation.summary}</h2>
<p><span class="code">${method.toUpperCase()} ${path}</span></p>
${operation.description && html`<p>${operation.description}</p>`}
${operation['x-scope'] && html`<p class="quiet">Needs a key with the scope <span class="code">${operation['x-scope']}</span>.</p>`}
${operation.parameters.length > 0 && html`<ul class="crafts">${operation.parameters.map((p) => html`<li><span class="code">${p.name}</span> (${p.in}${p.required ? ', required' : ''})${p.description && html`: ${p.description}`}</li>`)}</ul>`}
<p>${Object.entries(operation.responses)
    .filter(([status]) => status !== 'default')
    .map(([status, response]) => html`${status}: ${response.description}`)}</p></section>`;
}
