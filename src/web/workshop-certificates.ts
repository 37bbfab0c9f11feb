// Owns how the console's pages of certificates look.
import { pager, pieceLink, stateWords, table } from './console-words.ts';
import { type Html, html } from './html.ts';

export interface IssuedCertificate {
  readonly id: string;
  readonly state: string;
  readonly statement: { readonly title: string; readonly type: string; readonly statement: string } | null;
  readonly validUntil: string | null;
  readonly revocation: { readonly state: string } | null;
  readonly error: { readonly detail: string } | null;
}

export interface CertificatesPage {
  readonly about: readonly {
    readonly id: string;
    readonly title: string | null;
    readonly by: string;
    readonly about: string;
    readonly path: string | null;
    readonly revoked: boolean;
  }[];
  readonly issued: readonly IssuedCertificate[];
  readonly next: number | null;
  readonly later: boolean;
  readonly mayCertify: boolean;
}

const standing = ({ state, revocation }: IssuedCertificate): string =>
  revocation === null ? stateWords(state) : `revoked (${stateWords(revocation.state)})`;

export function certificatesMain({ about, issued, next, later, mayCertify }: CertificatesPage): Html {
  return html`${mayCertify && html`<p class="actions"><a class="button" href="/workshop/certificates/issue">Issue a certificate</a></p>`}
<section class="part" aria-labelledby="about"><h2 id="about">About you and your pieces</h2>
${
  about.length === 0
    ? html`<p>Nobody has certified any of them.</p>`
    : table(
        'The newest fifty',
        [
          {
            head: 'Certificate',
            cell: ({ title, id }) => title ?? html`<span class="code">${id.slice(0, 18)}…</span>`,
          },
          { head: 'By', cell: ({ by }) => by },
          { head: 'About', cell: ({ path, about: what }) => (path === null ? `your ${what}` : pieceLink(path)) },
          { head: 'Stands', cell: ({ revoked }) => (revoked ? 'revoked' : 'yes') },
        ],
        about,
      )
}</section>
${
  (issued.length > 0 || mayCertify) &&
  html`<section class="part" aria-labelledby="issued"><h2 id="issued">Issued by you</h2>
${
  issued.length === 0
    ? html`<p>None yet.</p>`
    : table(
        'Newest first',
        [
          {
            head: 'Certificate',
            cell: ({ id, statement }) =>
              html`<a href="/workshop/certificates/${id}">${statement?.title ?? 'without words'}</a>`,
          },
          { head: 'What', cell: ({ statement }) => statement?.type.replaceAll('-', ' ') ?? '' },
          { head: 'State', cell: standing },
        ],
        issued,
      )
}${pager('/workshop/certificates', {}, next, later)}</section>`
}`;
}

export function certificateMain(certificate: IssuedCertificate & { readonly mayRevoke: boolean }): Html {
  const { id, statement, validUntil, error, mayRevoke } = certificate;
  return html`${error && html`<div class="faults" role="alert"><p>${error.detail}</p></div>`}
<dl class="facts"><div><dt>State</dt><dd>${standing(certificate)}</dd></div>
${statement && html`<div><dt>What</dt><dd>${statement.type.replaceAll('-', ' ')}</dd></div>`}
<div><dt>Holds until</dt><dd>${validUntil?.slice(0, 10) ?? 'no end'}</dd></div><div><dt>Id</dt><dd class="code">${id}</dd></div></dl>
${statement && html`<blockquote class="said quote">${statement.statement}</blockquote>`}
${mayRevoke && html`<ul class="actions"><li><a class="button beside" href="/workshop/certificates/${id}/revoke">Revoke it</a></li></ul>`}`;
}
