// Owns who vouches for what, and what is written on the piece. A claim is what the record says somebody said; what
// somebody put its own name to is a certificate, told in certificates.ts.
import type { Record1 } from '../core/record.ts';
import { certifierOf } from './certificate-words.ts';
import { renderCertificates, renderOfRegistrant } from './certificates.ts';
import { type Html, html } from './html.ts';
import { dateWords, dotted, quote, say, section, type Telling } from './telling.ts';
import { capital, evidenceWords } from './words.ts';

type Claim = NonNullable<Record1['claims']>[number];

export function claimList(telling: Telling, claims: readonly Claim[]): Html {
  return html`<ul class="claims">${claims.map((claim) => renderClaim(telling, claim))}</ul>`;
}

function renderClaim(telling: Telling, { statement, evidence, by, reference, date }: Claim): Html {
  const { words, passport } = telling;
  const more = dotted([
    html`<span class="evidence">${capital(evidenceWords(words, evidence, passport.registrant.recordedAs))}</span>`,
    by !== undefined && say(telling, by),
    reference !== undefined && words.tell('certificates.reference', { reference: say(telling, reference) }),
    date && dateWords(telling, date),
  ]);
  return html`<li class="claim claim-${evidence}">${quote(telling, statement)}<p class="beneath">${more}</p></li>`;
}

export function renderVouching(telling: Telling): Html {
  const { passport, words } = telling;
  const { claims } = passport.record;
  return section(
    'vouching',
    words.text('certificates.vouching'),
    html`<p class="lead">${leadOf(telling)}</p>`,
    renderCertificates(telling),
    claims &&
      (passport.certificates.length > 0 || passport.reports.length > 0) &&
      html`<h3 class="sub">${words.text('certificates.said-in-record')}</h3>`,
    claims && claimList(telling, claims),
    renderOfRegistrant(telling),
  );
}

function leadOf(telling: Telling): string {
  const { passport, registrant: who, words } = telling;
  const ofPiece = passport.certificates.filter(
    ({ about, certifier }) => about !== 'organisation' && certifier.address !== passport.registrant.address,
  );
  const standing = ofPiece.filter(({ revoked }) => revoked === null);
  const alone = standing.length === 0 && aloneVouches(passport.record);
  const sentences = [words.text(alone ? 'certificates.word-alone' : 'certificates.word', { who })];
  if (standing.length > 0) {
    const names = [...new Set(standing.map((view) => certifierOf(telling, view)))];
    sentences.push(words.text('certificates.own-name', { count: names.length, names: words.list(names) }));
  } else if (ofPiece.length > 0) sentences.push(words.text('certificates.all-taken-back'));
  return sentences.join(words.gap);
}

/** Whether nobody but the registrant stands behind anything: no other claim, laboratory, assay office or report. */
function aloneVouches({ claims, materials, restrictedSubstances }: Record1): boolean {
  const said = [...(claims ?? []), ...materials.flatMap((material) => material.claims ?? [])];
  return (
    said.every((claim) => claim.evidence === 'self-declared' && claim.by === undefined) &&
    (restrictedSubstances ?? []).every((test) => test.laboratory === undefined) &&
    materials.every((material) => material.type !== 'stone' || material.report === undefined) &&
    materials.every((material) => material.type !== 'metal' || material.hallmarks === undefined)
  );
}

export function renderInscriptions(telling: Telling): Html | null {
  const { inscriptions } = telling.passport.record;
  if (!inscriptions) return null;
  return section(
    'inscriptions',
    telling.words.text('certificates.inscriptions'),
    html`<ul class="claims">${inscriptions.map(({ text, type, place }) => {
      const where = dotted([type !== undefined && say(telling, type), place !== undefined && say(telling, place)]);
      return html`<li class="inscription">${quote(telling, text)}${where.toString() && html`<p class="beneath">${where}</p>`}</li>`;
    })}</ul>`,
  );
}

export function renderMaking(telling: Telling): Html | null {
  const { words } = telling;
  const { craftsmanship, story } = telling.passport.record;
  if (!craftsmanship && story === undefined) return null;
  return section(
    'making',
    words.text(craftsmanship ? 'certificates.making' : 'certificates.story'),
    craftsmanship &&
      html`<ul class="crafts">${craftsmanship.map((craft) => html`<li>${say(telling, craft)}</li>`)}</ul>`,
    story !== undefined &&
      html`${craftsmanship && html`<h3 class="sub">${words.text('certificates.story')}</h3>`}<div class="story">${say(telling, story)}</div>`,
  );
}
