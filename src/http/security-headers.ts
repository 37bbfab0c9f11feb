// Owns the headers that every answer carries, whatever it is. Helmet decides them; as they are the same for every
// request, it is asked once.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { PAGE_POLICY } from '../web/layout.ts';

export function securityHeaders(): RequestHandler {
  const headers = [...headersOnce()];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function headersOnce(): Map<string, string> {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  const decide = helmet({ contentSecurityPolicy: { useDefaults: false, directives: directivesOf(PAGE_POLICY) } });
  decide({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error) throw error;
  });
  return headers;
}

function directivesOf(policy: string): Record<string, string[]> {
  return Object.fromEntries(
    policy.split(';').map((part) => {
      const [name, ...sources] = part.trim().split(' ');
      return [name as string, sources];
    }),
  );
}
