// Owns serving what browsers run. Making it is adapters/browser-code.ts's.
import { Router } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { ReadyBody } from './ready-body.ts';

export interface BrowserFile {
  readonly text: string;
  readonly lasting: boolean;
}
export type BrowserFiles = () => Promise<ReadonlyMap<string, BrowserFile>>;

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Entries keep their names; a browser asks whether they are still the same. */
const ASKED_AGAIN = 'public, no-cache';

export function browserFiles(files: BrowserFiles): Router {
  const router = Router();
  const ready = new Map<string, ReadyBody>();
  router.get('/assets/js/:file', async (request, response) => {
    response.locals['route'] = '/assets/js/:file';
    const name = String(request.params['file']);
    const file = (await files()).get(name);
    if (!file) throw new TouchstoneError('not-found', 'There is no such part of these pages.');
    const headers = { 'cache-control': file.lasting ? FOR_EVER : ASKED_AGAIN };
    const body = ready.get(name) ?? new ReadyBody(file.text, 'text/javascript; charset=utf-8', headers);
    ready.set(name, body);
    body.answer(request, response);
  });
  return router;
}
