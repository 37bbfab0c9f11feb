// Owns how certificates stand on a passport's page: each with who says what, since when and whether it still does. Ids,
// hashes and addresses never enter it.
import type { CertificateStatement } from '../core/certificate.ts';
import type { PassportCertificate } from '../core/passport.ts';
import { lastDay, standingWords, takenBack } from './certificate-standing.ts';
import { actWords, examinedOn } from './certificate-words.ts';
import { shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { renderReports } from './report-numbers.ts';
import {
  bareNameOf,
  dateWords,
  type Fact,
  facts,
  inLanguage,
  listOf,
  quote,
  quoted,
  say,
  type Telling,
} from './telling.ts';
import { capital, evidenceWords, mediaWords } from './words.ts';

/** More than anybody reads on a page; the passport as JSON and the evidence file have them all. */
const MOST_SHOWN = 40;

/** What others put their name to about the piece, and what is known of the reports that the record names. */
export function renderCertificates(telling: Telling): Html {
  const { words } = telling;
  const { certificates } = telling.passport;
  const shown = shownOf(telling).filter(({ about }) => about !== 'organisation');
  const count = certificates.length - Math.min(certificates.length, MOST_SHOWN);
  const others = count > 0 && html`${words.text('certificates.untold', { count })}${words.gap}`;
  return html`${shown.length > 0 && html`<h3 class="sub">${words.text('certificates.on-this-ledger')}</h3>${cards(telling, shown)}`}
${certificates.length > 0 && html`<p class="quiet known">${others}${words.text('certificates.never-complete')}</p>`}${renderReports(telling)}`;
}

/** What others put their name to about whoever registered the piece: apart, lest it be taken for a word on the piece. */
export function renderOfRegistrant(telling: Telling): Html | null {
  const { words, registrant: who } = telling;
  const shown = shownOf(telling).filter(({ about }) => about === 'organisation');
  if (shown.length === 0) return null;
  return html`<h3 class="sub">${words.text('certificates.about-registrant', { who })}</h3>
<p class="quiet">${words.text('certificates.not-of-piece')}</p>${cards(telling, shown)}`;
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
  const { words } = telling;
  const { statement } = view;
  const theirs = inLanguage(telling, statement?.language);
  const act = actWords(telling, view);
  return html`<h4 class="certificate-title">${statement ? struck(view, say(theirs, statement.title)) : words.text('certificates.unknown-words')}</h4>
${renderStanding(telling, view)}
<p>${words.text(statement ? 'certificates.says' : 'certificates.says-unknown', { act })}</p>
${statement && html`${struck(view, quote(theirs, statement.statement))}${renderEvidence(theirs, statement)}${renderFindings(theirs, view, statement)}${renderDetails(theirs, view, statement)}`}`;
}

/** Readable still, and read out as what no longer holds. */
function struck({ revoked }: PassportCertificate, words: Html): Html {
  return revoked ? html`<del>${words}</del>` : words;
}

function renderStanding(telling: Telling, view: PassportCertificate): Html {
  const { words } = telling;
  const said = view.revoked?.words;
  const theirs = inLanguage(telling, view.statement?.language);
  const inTheirs =
    said && html`${words.gap}${words.tell('certificates.in-its-words', { words: quoted(theirs, said) })}`;
  return html`${standingWords(telling, view).map(
    ({ mark, word, sentence }) =>
      html`<p class="standing standing-${mark}">${shape(mark)}<span><strong>${words.text('vocabulary.full-stop', { words: word })}</strong> ${sentence}${mark === 'cross' && inTheirs}</span></p>`,
  )}`;
}

function renderEvidence({ passport, words }: Telling, { evidence }: CertificateStatement): Html {
  const level = capital(evidenceWords(words, evidence, passport.registrant.recordedAs));
  return html`<p class="beneath">${words.tell('certificates.by-its-account', { level: html`<span class="evidence">${level}</span>` })}</p>`;
}

function renderFindings(theirs: Telling, view: PassportCertificate, { findings }: CertificateStatement): Html | null {
  if (!findings) return null;
  const rows = findings.map(
    ({ name, value }) => html`<div><dt>${say(theirs, name)}</dt><dd>${struck(view, say(theirs, value))}</dd></div>`,
  );
  return html`<dl class="facts findings">${rows}</dl>`;
}

function renderDetails(theirs: Telling, view: PassportCertificate, statement: CertificateStatement): Html | null {
  const { words } = theirs;
  const { examined, method, standards, report, document } = statement;
  const fact = (name: DetailName, value: Fact['value']): Fact => ({
    name: words.text(`certificates.detail.${name}`),
    value,
  });
  const known = facts([
    fact('speaks-of', view.about === 'record' && words.text('certificates.detail.record-itself')),
    fact('looked-at', examined && examinedOn(theirs, statement) !== examined.text && dateWords(theirs, examined)),
    fact('method', method !== undefined && say(theirs, method)),
    fact(
      'rules',
      standards &&
        listOf(
          words,
          standards.map((one) => say(theirs, one)),
        ),
    ),
    fact('number', report && numberWords(theirs, view, report)),
    fact('holds-until', view.standing === 'ended' ? undefined : lastDay(theirs, view)),
    fact('document', document && renderDocument(theirs, document)),
  ]);
  return known && html`<div class="details">${known}</div>`;
}

type DetailName = 'speaks-of' | 'looked-at' | 'method' | 'rules' | 'number' | 'holds-until' | 'document';

function numberWords(
  theirs: Telling,
  view: PassportCertificate,
  { issuer, number }: { issuer: string; number: string },
) {
  const own = issuer === bareNameOf(theirs.context, view.certifier.handle);
  return listOf(theirs.words, [say(theirs, number), !own && say(theirs, issuer)]);
}

function renderDocument(theirs: Telling, { sha256, mediaType, title }: NonNullable<CertificateStatement['document']>) {
  const { words } = theirs;
  const url = theirs.context.documentUrl?.(sha256);
  const kind = mediaWords(words, mediaType);
  return url === undefined
    ? html`${say(theirs, title)}<span class="beneath">${words.text('life.paper-elsewhere', { kind })}</span>`
    : html`<a href="${url}">${say(theirs, title)}</a> <span class="quiet">${words.text('vocabulary.bracketed', { words: kind })}</span>`;
}
