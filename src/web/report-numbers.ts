// Owns what is said of the report numbers that a record states: whether the laboratory itself names this piece, another
// one or none, and who else states them. Certificates never enter it.
import { MOST_OTHER_USES, type ReportUse } from '../core/attestation.ts';
import { type Shape, shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import { listOf, say, type Telling } from './telling.ts';

/** What is known of the report numbers that the record states for its stones. */
export function renderReports(telling: Telling): Html | null {
  const { reports } = telling.passport;
  if (reports.length === 0) return null;
  return html`<h3 class="sub">${telling.words.text('certificates.reports', { count: reports.length })}</h3>
<ul class="reports">${reports.map((use) => html`<li>${shape(reportMark(use))}<span>${reportWords(telling, use)}</span></li>`)}</ul>`;
}

function reportMark({ named, otherUses }: ReportUse): Shape {
  if (named === 'this-piece') return 'tick';
  if (named === 'another-piece') return 'cross';
  return otherUses.length > 0 ? 'bar' : 'open';
}

/** A sentence or two about one report; also a note of the verdict where it is worth one. */
export function reportWords(telling: Telling, use: ReportUse): Html {
  const { words, registrant: who } = telling;
  const { report, named, otherUses } = use;
  const issuer = say(telling, report.issuer);
  const number = say(telling, report.number);
  const elsewhere = otherUses.length > 0 && otherPieces(telling, use);
  if (named === 'no-piece') {
    return elsewhere
      ? words.tell('certificates.report.doubted', { others: elsewhere, issuer, number })
      : words.tell('certificates.report.unsaid', { issuer, number, who });
  }
  const more = elsewhere && words.tell(`certificates.report.elsewhere.${named}`, { others: elsewhere });
  return html`${words.tell(`certificates.report.${named}`, { issuer, number })}${more && html`${words.gap}${more}`}`;
}

const MOST_LINKS = 3;

/** 'at least 20 other pieces on this ledger (piece 2, piece 3, …)' */
function otherPieces(telling: Telling, { otherUses }: ReportUse): Html {
  const { words } = telling;
  const count = otherUses.length;
  const many = words.text(
    count < MOST_OTHER_USES ? 'certificates.report.other-pieces' : 'certificates.report.at-least-other-pieces',
    { count },
  );
  const links = renderOthers(telling, otherUses);
  return html`${many}${links && words.tell('certificates.report.which', { links })}`;
}

function renderOthers({ context, words }: Telling, otherUses: ReportUse['otherUses']): Html | null {
  const url = context.recordUrl;
  if (!url) return null;
  const name = (i: number) =>
    otherUses.length === 1
      ? words.text('certificates.report.that-one')
      : words.text('certificates.report.piece-number', { number: i + 2 });
  const links = otherUses
    .slice(0, MOST_LINKS)
    .map((tokenId, i) => html`<a href="${words.to(url(tokenId))}">${name(i)}</a>`);
  return listOf(words, [...links, otherUses.length > MOST_LINKS && '…']);
}
