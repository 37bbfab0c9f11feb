// Owns what visitors leave and find at a passport's end: the giver's message, the note about unusual scans, and the plain
// ways to tell the maker something. None of it is the record's, and none of it ever enters the headline.
import { SCAN_RULE } from '../core/scan-rule.ts';
import { shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { section, type Telling, timeOf } from './telling.ts';

/** The giver's message, apart from everything the maker says. */
export function renderGift({ passport, context, registrant, words }: Telling): Html | null {
  const gift = context.visitors?.gift;
  if (!gift) return null;
  const language = gift.language === words.language ? undefined : gift.language;
  return section(
    'gift',
    words.text('visitor.gift.title'),
    html`<blockquote class="gift"${attr('lang', language)} dir="auto">${gift.words.split('\n').map((line) => html`<p>${line}</p>`)}</blockquote>
<p class="quiet">${words.tell('visitor.gift.note', { day: timeOf(gift.day, words.day(gift.day)), maker: registrant })} <a href="${words.to(`/suspicion${passport.path}?about=message`)}">${words.text('visitor.gift.report')}</a></p>`,
  );
}

/** Where a visitor can go from here, and the note about scans, if there is one. */
export function renderVisitorLinks(telling: Telling): Html {
  const { passport, registrant, words } = telling;
  const ways = [
    ['feedback', words.text('visitor.links.feedback-hint', { maker: registrant })],
    ['suspicion', words.text('visitor.links.suspicion-hint')],
    ['gift', words.text('visitor.links.gift-hint')],
  ] as const;
  return section(
    'visitors',
    words.text('visitor.links.title', { maker: registrant }),
    renderScanNote(telling),
    html`<ul class="ways">${ways.map(([way, hint]) => html`<li><a href="${words.to(`/${way}${passport.path}`)}">${words.text(`visitor.links.${way}`)}</a><span class="beneath">${hint}</span></li>`)}</ul>`,
  );
}

function renderScanNote({ context, registrant, words }: Telling): Html | null {
  const scans = context.visitors?.scans;
  if (!scans) return null;
  const { displayUntil } = scans;
  const told =
    displayUntil === null
      ? html`${words.text('visitor.scans.note')}`
      : words.tell('visitor.scans.display', {
          maker: registrant,
          day: timeOf(displayUntil, words.day(displayUntil)),
        });
  const rule = words.text('visitor.scans.rule', {
    places: SCAN_RULE.placesADay,
    countries: SCAN_RULE.countriesADay,
    week: SCAN_RULE.placesAWeek,
  });
  return html`<div class="scan-note">${shape('open')}<div><p>${told}</p><p class="quiet">${rule}</p></div></div>`;
}
