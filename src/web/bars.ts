// Owns bars beside numbers: drawn for the eye, left out for whoever hears the numbers. No style, which the policy forbids.
import { type Html, html } from './html.ts';

/** A bar as long as `value` is of `most`. */
export function bar(value: number, most: number): Html {
  const length = most <= 0 ? 0 : Math.round((1000 * Math.max(0, value)) / most) / 10;
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width="${length}" height="10"/></svg>`;
}
