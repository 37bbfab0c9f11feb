// Owns what a page of the console is: one description, which workshop-pages.ts mounts behind the sign-in, the check that a
// form came from here, and the frame. What a page does stands in the files that list pages.
import type { Request, Response } from 'express';
import type { Caller, Scope } from '../ledger/accounts.ts';
import type { WorkshopContent } from '../web/workshop-frame.ts';
import type { Context } from './route.ts';
import type { Fields } from './workshop-form.ts';
import type { Session } from './workshop-session.ts';

export interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly context: Context;
  /** Whose session it is: everything shown and done is this organisation's. */
  readonly caller: Caller;
  readonly session: Session;
  /** Stands in every form of the page (`formOf({ token })`). */
  readonly token: string;
  /** What a form sent; empty for a GET, and for uploads, which their pages read themselves. */
  readonly fields: Fields;
}

/** A page in the console's frame. */
export interface Shown extends WorkshopContent {
  readonly status?: number;
}

/** Where to go after something was done: so that fetching the page again does nothing twice. */
export interface Elsewhere {
  readonly to: string;
}

export interface ConsoleRoute {
  readonly method: 'get' | 'post';
  /** Express path under /workshop. */
  readonly path: string;
  /** What the key signed in with must be allowed; reading, if not given. */
  readonly scope?: Scope;
  /** Where a form may be larger than most. */
  readonly maxBytes?: number;
  /** A form with files (multipart): the page reads it by itself (multipart.ts), its token first of all. */
  readonly upload?: true;
  /** Costs as much as dozens of others. */
  readonly costly?: true;
  /** Undefined where it has answered by itself: a file, a stream. @throws TouchstoneError told in the console's frame */
  handle(visit: Visit): Promise<Shown | Elsewhere | undefined>;
}
