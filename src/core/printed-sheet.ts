// Owns what a sheet of paper says before it is set in type: headings, sentences, facts, a picture, a code. What is said is
// the web layer's, and how it looks an adapter's business.
import type { Matrix } from './label-formats.ts';

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly quiet?: boolean; readonly language?: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'item'; readonly text: string }
  | { readonly kind: 'fact'; readonly name: string; readonly text: string; readonly fixed?: boolean };

export interface PrintedSheet {
  /** Of the sheet's own words (BCP 47), and their direction. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** What the file is called in a viewer. */
  readonly title: string;
  readonly subject: string;
  /** Above the title: what kind of paper this is. */
  readonly kind: string;
  readonly heading: string;
  readonly byline: string;
  /** The verdict: its word and its sentence. */
  readonly verdict: {
    readonly tone: 'genuine-record' | 'pending' | 'warning';
    readonly word: string;
    readonly sentence: string;
  };
  /** JPEG. */
  readonly photo?: { readonly data: Uint8Array; readonly alt: string };
  readonly code: { readonly matrix: Matrix; readonly caption: string; readonly address: string };
  readonly blocks: readonly Block[];
  /** At the foot of each page. */
  readonly foot: string;
  /** Said where characters had to be put as their numbers. */
  readonly lacking: string;
  /** As of when it speaks: also the file's own date, so that the same sheet is the same file. */
  readonly at: string;
}
