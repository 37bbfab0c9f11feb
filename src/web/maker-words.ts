// Owns what a passport's page says in the maker's current words: care, services, story, how to reach it. They are kept
// apart from the record, which they are no part of, and dated; a domain is named as the maker's only where it says so itself.

import { photoPath } from '../core/photo.ts';
import { careFor, type ProfileWords, type ShownProfile, wordsFor } from '../core/profile.ts';
import { attr, type Html, html } from './html.ts';
import { facts, inLanguage, outward, quote, say, section, type Telling, timeOf } from './telling.ts';

export function renderMakerWords(telling: Telling): Html | null {
  const { context, passport, registrant: name, words } = telling;
  const shown = context.profile;
  // Who is suspended says nothing here that isn't on record.
  if (!shown || passport.registrant.suspendedSince !== null) return null;
  const said = wordsFor(shown.profile, words.language);
  const theirs = inLanguage(telling, said?.language);
  return section(
    'maker',
    words.text('paper.maker.heading', { name }),
    html`<p class="lead">${words.tell('paper.maker.lead', { name, day: timeOf(shown.at, words.day(shown.at)) })}</p>`,
    renderLogo(telling, shown),
    said && renderCareWords(theirs, said),
    said && renderServices(theirs, said),
    said?.story !== undefined &&
      html`<h3 class="sub">${words.text('paper.maker.story', { name })}</h3>${quote(theirs, said.story)}`,
    renderContact(telling, shown),
  );
}

function renderLogo({ context, registrant: name, words }: Telling, { profile: { logo } }: ShownProfile): Html | null {
  const size = logo === undefined ? undefined : context.photo?.(logo);
  if (logo === undefined || !size) return null;
  const path = photoPath(logo, size.width > 480 ? 480 : undefined);
  return html`<p class="logo"><img src="${path}"${attr('width', size.width)}${attr('height', size.height)} alt="${words.text('paper.maker.logo', { name })}" loading="lazy" decoding="async"></p>`;
}

function renderCareWords(theirs: Telling, said: ProfileWords): Html | null {
  const care = careFor(said, theirs.passport.present?.record ?? theirs.passport.record);
  if (care.length === 0) return null;
  return html`<h3 class="sub">${theirs.words.text('paper.maker.care', { name: theirs.registrant })}</h3>
<ul class="plain">${care.map(({ text }) => html`<li>${quote(theirs, text)}</li>`)}</ul>`;
}

function renderServices(theirs: Telling, { services }: ProfileWords): Html | null {
  if (!services) return null;
  const { words } = theirs;
  return html`<h3 class="sub">${words.text('paper.maker.services', { name: theirs.registrant })}</h3>
${facts(
  services.map(({ kind, text, where, link }) => ({
    name: words.text(`paper.service.${kind}`),
    value: html`${say(theirs, text)}${where !== undefined && html`<span class="beneath">${words.tell('paper.maker.where', { where: say(theirs, where) })}</span>`}${link !== undefined && html` ${outward(link, words.text('paper.maker.more'))}`}`,
  })),
)}`;
}

function renderContact({ registrant: name, words }: Telling, { profile, domain }: ShownProfile): Html | null {
  const { contact = {}, website } = profile;
  const reach = facts([
    {
      name: words.text('paper.maker.email'),
      value: contact.email !== undefined && html`<a href="mailto:${contact.email}">${contact.email}</a>`,
    },
    {
      name: words.text('paper.maker.phone'),
      value:
        contact.phone !== undefined &&
        html`<a href="tel:${contact.phone.replace(/[^+0-9]/g, '')}" dir="ltr">${contact.phone}</a>`,
    },
    {
      name: words.text('paper.maker.postal'),
      value: contact.postal !== undefined && html`<span class="said quote" dir="auto">${contact.postal}</span>`,
    },
    {
      name: words.text('paper.maker.website'),
      value: website !== undefined && outward(website, html`<span dir="ltr">${website}</span>`),
    },
  ]);
  const controls = domain?.outcome === 'controls';
  if (!reach && !controls) return null;
  return html`<h3 class="sub">${words.text('paper.maker.contact', { name })}</h3>${reach}${
    controls &&
    html`<p class="quiet">${words.tell('paper.maker.domain', { name, domain: html`<bdi class="domain">${domain.domain}</bdi>`, day: timeOf(domain.at, words.day(domain.at)) })}</p>`
  }`;
}
