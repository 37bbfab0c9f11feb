// Owns what is said of the report numbers that a record states: whether the laboratory itself names this piece, another
// one or none, and who else states them. Certificates never enter it.
import { MOST_OTHER_USES, type ReportUse } from '../core/attestation.ts';
import { type Shape, shape } from './drawings.ts';
import { type Html, html, joined } from './html.ts';
import { say, type Telling } from './telling.ts';
import { count } from './words.ts';

/** What is known of the report numbers that the record states for its stones. */
export function renderReports(telling: Telling): Html | null {
  const { reports } = telling.passport;
  if (reports.length === 0) return null;
  return html`<h3 class="sub">${reports.length === 1 ? 'The report it names' : 'The reports it names'}</h3>
<ul class="reports">${reports.map((use) => html`<li>${shape(reportMark(use))}<span>${reportWords(telling, use)}</span></li>`)}</ul>`;
}

function reportMark({ named, otherUses }: ReportUse): Shape {
  if (named === 'this-piece') return 'tick';
  if (named === 'another-piece') return 'cross';
  return otherUses.length > 0 ? 'bar' : 'open';
}

/** A sentence or two about one report; also a note of the verdict where it is worth one. */
export function reportWords(telling: Telling, use: ReportUse): Html {
  const { report, named, otherUses } = use;
  const issuer = say(telling, report.issuer);
  const number = say(telling, report.number);
  const elsewhere =
    otherUses.length > 0 &&
    html`The same report number is stated for ${otherPieces(use)} on this ledger${renderOthers(telling, use)}`;
  if (named === 'this-piece') {
    return html`${issuer} itself names this piece for its report ${number}.${elsewhere && html` ${elsewhere}, which the laboratory doesn’t name.`}`;
  }
  if (named === 'another-piece') {
    return html`${issuer} itself names another piece for its report ${number}, not this one, whose record states it as well.${elsewhere && html` ${elsewhere}.`}`;
  }
  if (elsewhere)
    return html`${elsewhere}: report ${number} of ${issuer}. Have the laboratory confirm which piece it is about.`;
  return html`${issuer} has not said on this ledger which piece its report ${number} is about. That it is this one is the word of ${telling.registrant}.`;
}

const MOST_LINKS = 3;

function renderOthers({ context }: Telling, { otherUses }: ReportUse): Html | null {
  const url = context.recordUrl;
  if (!url) return null;
  const links = otherUses
    .slice(0, MOST_LINKS)
    .map((tokenId, i) => html`<a href="${url(tokenId)}">${otherUses.length === 1 ? 'that one' : `piece ${i + 2}`}</a>`);
  return html` (${joined(links, ', ')}${otherUses.length > MOST_LINKS && ', …'})`;
}

/** 'at least 20 other pieces' */
function otherPieces({ otherUses }: ReportUse): string {
  const others = count(otherUses.length, 'other piece', 'other pieces');
  return otherUses.length < MOST_OTHER_USES ? others : `at least ${others}`;
}
