// Owns what a certificate of authenticity says: the passport's own words as of one moment, and what such a paper proves.
// Its photograph and its code come from outside; how it looks is an adapter's business.
import type { Passport } from '../core/passport.ts';
import type { Block, PrintedSheet } from '../core/printed-sheet.ts';
import { blocksOf, textOf } from './blocks.ts';
import { renderMaterials } from './materials.ts';
import { renderPiece } from './piece.ts';
import { type PassportContext, type Telling, tellingOf } from './telling.ts';
import { verdictOf } from './verdict.ts';
import { renderInscriptions, renderVouching } from './vouching.ts';

export type SheetWords = Omit<PrintedSheet, 'code' | 'photo'> & { readonly caption: string };

/** @param passport of a piece that is on the chain */
export function certificateWords(passport: Passport, context: PassportContext): SheetWords {
  const telling = tellingOf(passport, context);
  const { words } = telling;
  const { title } = passport.record;
  const at = new Date((passport.asOf?.time ?? 0) * 1000).toISOString();
  const moment = words.moment(at);
  const verdict = verdictOf(telling);
  return {
    language: words.language,
    direction: words.direction,
    title: words.text('paper.certificate.title', { title }),
    subject: words.text('paper.certificate.subject', { title, moment }),
    kind: words.text('paper.certificate.kind'),
    heading: title,
    byline: words.text('paper.certificate.registered', { name: telling.registrant }),
    verdict: {
      tone: verdict.tone,
      word: verdict.word,
      sentence: `${verdict.sentence} ${words.text('paper.certificate.as-of', { moment, block: words.number(passport.asOf?.block ?? 0) })}`,
    },
    caption: words.text('paper.certificate.scan'),
    blocks: [
      ...notesOf(telling),
      ...pieceOf(telling),
      ...blocksOf(renderMaterials(telling)),
      ...blocksOf(renderVouching(telling)),
      ...blocksOf(renderInscriptions(telling)),
      ...provesOf(telling, moment),
      ...referenceOf(telling),
    ],
    foot: words.text('paper.certificate.foot', { address: addressOf(telling), moment }),
    lacking: words.text('paper.certificate.lacking'),
    at,
  };
}

function addressOf({ passport, context }: Telling): string {
  return context.publicUrl.replace(/\/+$/, '') + passport.path;
}

function notesOf(telling: Telling): Block[] {
  const { notes, settled } = verdictOf(telling);
  const said = [
    ...notes.map(({ words }) => textOf(words)),
    ...(settled ? [`${settled.word}. ${settled.sentence}`] : []),
  ];
  if (said.length === 0) return [];
  return [
    heading(telling.words.text('paper.certificate.notes')),
    ...said.map((text): Block => ({ kind: 'item', text })),
  ];
}

/** What the page says of the piece beneath its name. */
function pieceOf(telling: Telling): Block[] {
  const known = blocksOf(renderPiece(telling)).filter(({ kind }) => kind === 'fact' || kind === 'paragraph');
  return [heading(telling.words.text('paper.certificate.piece')), ...known];
}

function provesOf({ words, context }: Telling, moment: string): Block[] {
  const item = (text: string): Block => ({ kind: 'item', text });
  return [
    heading(words.text('paper.certificate.proves')),
    item(words.text('paper.certificate.proves-then', { moment })),
    item(words.text('paper.certificate.not-now')),
    item(words.text('paper.certificate.not-piece')),
    item(words.text('paper.certificate.not-owner')),
    item(words.text('paper.certificate.not-true')),
    ...(context.embedded ? [item(words.text('paper.certificate.embedded'))] : []),
  ];
}

function referenceOf(telling: Telling): Block[] {
  const { words, passport } = telling;
  const address = addressOf(telling);
  const evidence = address.slice(0, -passport.path.length) + `/api/v1/pieces${passport.path}/evidence`;
  const fact = (name: string, text: string): Block => ({ kind: 'fact', name, text, fixed: true });
  return [
    heading(words.text('paper.certificate.reference')),
    fact(words.text('paper.certificate.address'), address),
    fact(words.text('paper.certificate.evidence'), evidence),
    fact(words.text('paper.certificate.record-hash'), passport.recordHash),
    fact(words.text('paper.certificate.token'), passport.tokenId ?? ''),
    fact(words.text('paper.certificate.chain'), String(passport.asOf?.chainId ?? '')),
    fact(words.text('paper.certificate.registry'), passport.asOf?.registry ?? ''),
  ];
}

function heading(text: string): Block {
  return { kind: 'heading', text };
}
