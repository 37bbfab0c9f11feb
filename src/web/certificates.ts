// Owns how certificates stand on a passport's page: each with who says what, since when and whether it still does. Ids,
// hashes and addresses never enter it.
import type { CertificateStatement } from '../core/certificate.ts';
import type { PassportCertificate } from '../core/passport.ts';
import { lastDay, standingWords, takenBack } from './certificate-standing.ts';
import { actWords, certifierOf, examinedOn } from './certificate-words.ts';
import { shape } from './drawings.ts';
import { attr, type Html, html, joined } from './html.ts';
import { renderReports } from './report-numbers.ts';
import { dateWords, type Fact, facts, inLanguage, quote, say, type Telling } from './telling.ts';
import { capital, evidenceWords, mediaWords } from './words.ts';

/** More than anybody reads on a page; the passport as JSON and the evidence file have them all. */
const MOST_SHOWN = 40;

/** What others put their name to about the piece, and what is known of the reports that the record names. */
export function renderCertificates(telling: Telling): Html {
  const { certificates } = telling.passport;
  const shown = shownOf(telling).filter(({ about }) => about !== 'organisation');
  const untold = certificates.length - Math.min(certificates.length, MOST_SHOWN);
  return html`${shown.length > 0 && html`<h3 class="sub">Certified on this ledger</h3>${cards(telling, shown)}`}
${
  certificates.length > 0 &&
  html`<p class="quiet known">${untold > 0 && `${untold} more certificates stand in its JSON and its evidence file. `}There may be others that this service doesn’t know of. Those it knows are marked if they were taken back.</p>`
}${renderReports(telling)}`;
}

/** What others put their name to about whoever registered the piece: apart, lest it be taken for a word on the piece. */
export function renderOfRegistrant(telling: Telling): Html | null {
  const shown = shownOf(telling).filter(({ about }) => about === 'organisation');
  if (shown.length === 0) return null;
  return html`<h3 class="sub">About ${telling.registrant} itself</h3>
<p class="quiet">This speaks of the organisation that registered the piece, not of the piece.</p>${cards(telling, shown)}`;
}

function shownOf({ passport }: Telling): PassportCertificate[] {
  return inReadingOrder(passport.certificates).slice(0, MOST_SHOWN);
}

/** What was taken back comes first, because it is the cause of a warning; what was merely replaced comes last. */
function inReadingOrder(certificates: readonly PassportCertificate[]): PassportCertificate[] {
  const rank = (view: PassportCertificate) =>
    takenBack(view) ? 0 : view.standing === 'in-force' ? 1 : view.standing === 'ended' ? 2 : 3;
  return [...certificates].sort((a, b) => rank(a) - rank(b));
}

export function anchorOf({ passport }: Telling, view: PassportCertificate): string {
  return `certificate-${passport.certificates.indexOf(view) + 1}`;
}

function cards(telling: Telling, views: readonly PassportCertificate[]): Html {
  return html`<ul class="certificates">${views.map((view) => html`<li class="certificate certificate-${view.standing}"${attr('id', anchorOf(telling, view))}>${renderCard(telling, view)}</li>`)}</ul>`;
}

function renderCard(telling: Telling, view: PassportCertificate): Html {
  const { statement } = view;
  const theirs = inLanguage(telling, statement?.language);
  return html`<h4 class="certificate-title">${statement ? struck(view, say(theirs, statement.title)) : 'Certificate whose words aren’t known here'}</h4>
${renderStanding(telling, view)}
<p>${certifierOf(telling, view)} ${actWords(telling, view)}${statement ? ':' : '. What it says is not known to this service: the ledger holds its fingerprint only.'}</p>
${statement && html`${struck(view, quote(theirs, statement.statement))}${renderEvidence(theirs, statement)}${renderFindings(theirs, view, statement)}${renderDetails(theirs, view, statement)}`}`;
}

/** Readable still, and read out as what no longer holds. */
function struck({ revoked }: PassportCertificate, words: Html): Html {
  return revoked ? html`<del>${words}</del>` : words;
}

function renderStanding(telling: Telling, view: PassportCertificate): Html {
  const words = view.revoked?.words;
  const theirs = inLanguage(telling, view.statement?.language);
  return html`${standingWords(telling, view).map(
    ({ mark, word, sentence }) =>
      html`<p class="standing standing-${mark}">${shape(mark)}<span><strong>${word}.</strong> ${sentence}${
        mark === 'cross' && words ? html` In its words: ${quoted(theirs, words)}` : null
      }</span></p>`,
  )}`;
}

function quoted(theirs: Telling, words: string): Html {
  return html`“${say(theirs, words)}”`;
}

function renderEvidence({ passport }: Telling, { evidence }: CertificateStatement): Html {
  const words = capital(evidenceWords(evidence, passport.registrant.recordedAs));
  return html`<p class="beneath"><span class="evidence">${words}</span>, by its own account</p>`;
}

function renderFindings(theirs: Telling, view: PassportCertificate, { findings }: CertificateStatement): Html | null {
  if (!findings) return null;
  const rows = findings.map(
    ({ name, value }) => html`<div><dt>${say(theirs, name)}</dt><dd>${struck(view, say(theirs, value))}</dd></div>`,
  );
  return html`<dl class="facts findings">${rows}</dl>`;
}

function renderDetails(theirs: Telling, view: PassportCertificate, statement: CertificateStatement): Html | null {
  const { examined, method, standards, report, document } = statement;
  const last = view.standing === 'ended' ? undefined : lastDay(view);
  const list: Fact[] = [
    { name: 'Speaks of', value: view.about === 'record' && 'the piece as its record describes it, word for word' },
    {
      name: 'Looked at',
      value: examined && examinedOn(statement) !== examined.text && dateWords(theirs, examined),
    },
    { name: 'Method', value: method !== undefined && say(theirs, method) },
    {
      name: 'By the rules of',
      value:
        standards &&
        joined(
          standards.map((one) => say(theirs, one)),
          ', ',
        ),
    },
    { name: 'Its number', value: report && numberWords(theirs, view, report) },
    { name: 'Holds until', value: last },
    { name: 'Document', value: document && renderDocument(theirs, document) },
  ];
  const known = facts(list);
  return known && html`<div class="details">${known}</div>`;
}

function numberWords(
  theirs: Telling,
  view: PassportCertificate,
  { issuer, number }: { issuer: string; number: string },
) {
  const own = issuer === certifierOf(theirs, view);
  return html`${say(theirs, number)}${!own && html`, ${say(theirs, issuer)}`}`;
}

function renderDocument(theirs: Telling, { sha256, mediaType, title }: NonNullable<CertificateStatement['document']>) {
  const url = theirs.context.documentUrl?.(sha256);
  const kind = mediaWords(mediaType);
  return url === undefined
    ? html`${say(theirs, title)}<span class="beneath">${kind}, not kept here; its fingerprint stands below</span>`
    : html`<a href="${url}">${say(theirs, title)}</a> <span class="quiet">(${kind})</span>`;
}
