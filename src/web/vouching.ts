// Owns who vouches for what, what is written on the piece, and how a date's own words are given. Certificates on the
// chain never enter it: a claim is what the record says somebody said.
import type { HistoricalDate, Record1 } from '../core/record.ts';
import { type Html, html } from './html.ts';
import { dotted, quote, say, section, type Telling } from './telling.ts';
import { capital, evidenceWords, reading } from './words.ts';

type Claim = NonNullable<Record1['claims']>[number];

/** The date's own words, and beneath them how they were read. */
export function dateWords(telling: Telling, date: HistoricalDate): Html {
  const read = reading(date);
  return html`${say(telling, date.text)}${read !== undefined && html` <span class="quiet">(${read})</span>`}`;
}

export function claimList(telling: Telling, claims: readonly Claim[]): Html {
  return html`<ul class="claims">${claims.map((claim) => renderClaim(telling, claim))}</ul>`;
}

function renderClaim(telling: Telling, { statement, evidence, by, reference, date }: Claim): Html {
  const more = dotted([
    html`<span class="evidence">${capital(evidenceWords(evidence, telling.passport.registrant.recordedAs))}</span>`,
    by !== undefined && say(telling, by),
    reference !== undefined && html`reference ${say(telling, reference)}`,
    date && dateWords(telling, date),
  ]);
  return html`<li class="claim claim-${evidence}">${quote(telling, statement)}<p class="beneath">${more}</p></li>`;
}

export function renderVouching(telling: Telling): Html {
  const { record } = telling.passport;
  return section(
    'vouching',
    'Who vouches for what',
    html`<p class="lead">What this page says about the piece is the word of ${telling.registrant}${
      aloneVouches(record) ? '. The record names nobody else who checked it.' : ', except where somebody else is named.'
    }</p>`,
    record.claims && claimList(telling, record.claims),
  );
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
    'Marks and inscriptions',
    html`<ul class="claims">${inscriptions.map(({ text, type, place }) => {
      const where = dotted([type !== undefined && say(telling, type), place !== undefined && say(telling, place)]);
      return html`<li class="inscription">${quote(telling, text)}${where.toString() && html`<p class="beneath">${where}</p>`}</li>`;
    })}</ul>`,
  );
}

export function renderMaking(telling: Telling): Html | null {
  const { craftsmanship, story } = telling.passport.record;
  if (!craftsmanship && story === undefined) return null;
  return section(
    'making',
    craftsmanship ? 'How it was made' : 'Its story',
    craftsmanship &&
      html`<ul class="crafts">${craftsmanship.map((craft) => html`<li>${say(telling, craft)}</li>`)}</ul>`,
    story !== undefined &&
      html`${craftsmanship && html`<h3 class="sub">Its story</h3>`}<div class="story">${say(telling, story)}</div>`,
  );
}
