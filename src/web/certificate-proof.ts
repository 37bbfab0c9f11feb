// Owns the technical words about certificates, and the way to the evidence file: both folded away with the rest of the
// proof. What a certificate says never enters it.
import type { PassportCertificate } from '../core/passport.ts';
import { certifierOf, typeWords } from './certificate-words.ts';
import { type Html, html } from './html.ts';
import { type Fact, facts, type Telling, transactionLink } from './telling.ts';
import { decimal } from './words.ts';

/** As many as the page tells of; the evidence file has all. */
const MOST_SHOWN = 40;

export function renderCertificateProofs(telling: Telling): Html | null {
  const { certificates } = telling.passport;
  if (certificates.length === 0) return null;
  return html`<h3>Certificates</h3>
${certificates.slice(0, MOST_SHOWN).map((view) => html`<h4>${typeWords(view)}, ${certifierOf(telling, view)}</h4>${facts(proofOf(telling, view))}`)}`;
}

function proofOf({ context }: Telling, view: PassportCertificate): Fact[] {
  const { id, issue, certifier, contentHash, block, transaction, revoked, about } = view;
  return [
    { name: 'Id', value: html`<code>${id}</code>, about the ${about}` },
    { name: 'Issued in', value: issue.id !== id && html`batch <code>${issue.id}</code>, index ${issue.index}` },
    { name: 'Content hash, keccak-256', value: html`<code>${contentHash}</code>` },
    { name: 'Certifier', value: html`<code>${certifier.handle}</code> <code>${certifier.address}</code>` },
    {
      name: 'Issued',
      value: html`block ${decimal(block, 0)}, transaction ${transactionLink(context, transaction)}`,
    },
    {
      name: 'Revoked',
      value:
        revoked &&
        html`reason <code>${revoked.reason}</code>, transaction ${transactionLink(context, revoked.transaction)}`,
    },
  ];
}

/** Nothing for what isn't on the chain: there is no evidence of it yet. */
export function evidenceLine({ passport }: Telling, api: string): Html | null {
  const { tokenId, asOf } = passport;
  if (tokenId === null || asOf === null) return null;
  return html`<ul class="papers"><li><a href="${api}/evidence">Evidence file: everything needed to check this without us</a></li></ul>
<p>Check it with this command. It asks no service of ours; chain and registry are for you to name, and best taken from the maker rather than from this page.</p>
<p class="command"><code>touchstone verify evidence-${tokenId.slice(-12)}.json --registry ${asOf.chainId}:${asOf.registry}</code></p>`;
}
