// Owns drawings and words for how a check came out: copies of what the server drew into the page (#shapes).
import type { CheckResult } from '../../core/passport.ts';
import { byId } from './dom.ts';

export type Shape = 'tick' | 'bar' | 'cross' | 'open' | 'genuine' | 'pending' | 'warning';

export const SHAPE_OF: Readonly<Record<CheckResult, Shape>> = {
  pass: 'tick',
  warn: 'bar',
  fail: 'cross',
  unknown: 'open',
};

/** A copy of the drawing. @throws Error if the page lacks it: a mistake of the page's author */
export function shape(which: Shape): Node {
  const drawn = byId('shapes').querySelector(`.shape-${which}`);
  if (!drawn) throw new Error(`the page has no shape ${which}`);
  return drawn.cloneNode(true);
}
