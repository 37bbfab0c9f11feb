// Owns the technical words about certificates, and the way to the evidence file: both folded away with the rest of the
// proof. What a certificate says never enters it.
import type { PassportCertificate } from '../core/passport.ts';
import { certifierOf, typeWords } from './certificate-words.ts';
import { type Html, html } from './html.ts';
import { blockWords, type Fact, facts, listOf, type Telling, transactionLink } from './telling.ts';

/** As many as the page tells of; the evidence file has all. */
const MOST_SHOWN = 40;

export function renderCertificateProofs(telling: Telling): Html | null {
  const { passport, words } = telling;
  const { certificates } = passport;
  if (certificates.length === 0) return null;
  const name = (view: PassportCertificate) => listOf(words, [typeWords(telling, view), certifierOf(telling, view)]);
  return html`<h3>${words.text('certificates.heading')}</h3>
${certificates.slice(0, MOST_SHOWN).map((view) => html`<h4>${name(view)}</h4>${facts(proofOf(telling, view))}`)}`;
}

function proofOf({ context, words }: Telling, view: PassportCertificate): Fact[] {
  const { id, issue, certifier, contentHash, revoked, about } = view;
  return [
    { name: words.text('certificates.fact.id'), value: html`<code>${id}</code>` },
    { name: words.text('certificates.fact.about'), value: words.text(`certificates.about.${about}`) },
    {
      name: words.text('certificates.fact.issued-in'),
      value:
        issue.id !== id &&
        words.tell('certificates.fact.batch-index', { batch: html`<code>${issue.id}</code>`, index: issue.index }),
    },
    { name: words.text('certificates.fact.content-hash'), value: html`<code>${contentHash}</code>` },
    {
      name: words.text('certificates.fact.certifier'),
      value: html`<code>${certifier.handle}</code> <code>${certifier.address}</code>`,
    },
    { name: words.text('certificates.fact.issued'), value: blockWords(context, words, view) },
    {
      name: words.text('certificates.fact.revoked'),
      value:
        revoked &&
        words.tell('certificates.fact.revoked-by', {
          reason: html`<code>${revoked.reason}</code>`,
          transaction: transactionLink(context, revoked.transaction),
        }),
    },
  ];
}

/** Nothing for what isn't on the chain: there is no evidence of it yet. */
export function evidenceLine({ passport, words }: Telling, api: string): Html | null {
  const { tokenId, asOf } = passport;
  if (tokenId === null || asOf === null) return null;
  return html`<ul class="papers"><li><a href="${api}/evidence">${words.text('passport.proof.evidence')}</a></li></ul>
<p>${words.text('passport.proof.command')}</p>
<p class="command"><code>touchstone verify evidence-${tokenId.slice(-12)}.json --registry ${asOf.chainId}:${asOf.registry}</code></p>`;
}
