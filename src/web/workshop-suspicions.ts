// Owns how the console shows reports of suspected counterfeits and of gift messages, and the gift messages themselves.
import { day, number, pager, pieceLink } from './console-words.ts';
import { type Choice, choiceField, formOf, textArea } from './form-fields.ts';
import { attr, type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export const SUSPICION_STATE_WORDS: Readonly<Record<string, string>> = {
  open: 'open',
  'looked-at': 'looked at',
  closed: 'closed',
};
const ABOUT: Readonly<Record<string, string>> = {
  piece: 'Suspected counterfeit',
  'gift-message': 'A gift message somebody minds',
  'unknown-code': 'A code of yours that was never registered',
};

export interface ShownSuspicion {
  readonly id: number;
  readonly path: string;
  readonly title: string | undefined;
  readonly about: string;
  readonly seen: string | null;
  readonly link: string | null;
  readonly difference: string;
  readonly language: string;
  readonly day: string;
  readonly state: string;
  readonly note: string | null;
  readonly decidedDay: string | null;
}

export interface SuspicionsPage {
  readonly token: string;
  readonly items: readonly ShownSuspicion[];
  readonly next: number | null;
  readonly later: boolean;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
}

export function suspicionsMain({ token, items, next, later, state, counts }: SuspicionsPage): Html {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (all === 0) {
    return html`<p class="opening">Nobody has reported anything. Every piece’s page, and that of every unknown code, offers to report a suspected counterfeit; what is reported is shown here and nowhere else.</p>`;
  }
  const states = Object.entries(SUSPICION_STATE_WORDS);
  const ways: readonly Choice[] = [
    ['', `all (${number(all)})`],
    ...states.map(([name, words]) => [name, `${words} (${number(counts[name] ?? 0)})`] as const),
  ];
  return html`<form class="filter" method="get" action="/workshop/suspicions">
${choiceField({ name: 'state', label: 'Which', required: true, value: state, choices: ways })}
<button type="submit">Show</button></form>
${items.length === 0 ? html`<p class="opening">None is like that.</p>` : html`<ul class="told">${items.map((item) => report(item, token))}</ul>`}
${pager('/workshop/suspicions', { state }, next, later)}`;
}

function report(item: ShownSuspicion, token: string): Html {
  const { id, path, title, about, seen, link, difference, language, state, note, decidedDay } = item;
  const heading = `report-${id}`;
  return html`<li${attr('class', state === 'closed' ? 'told-closed' : undefined)}><h2 class="told-title" id="${heading}">${ABOUT[about] ?? about}</h2>
<p class="told-head"><span>${title} ${about === 'unknown-code' ? html`<span class="code">${path}</span>` : pieceLink(path)}</span> <span class="quiet">${day(item.day)}, page in ${language}; ${SUSPICION_STATE_WORDS[state]}${decidedDay !== null && html` on ${day(decidedDay)}`}</span></p>
<dl class="facts">${fact('Seen', seen)}${fact('Web address', link, true)}${fact('What is different', difference)}${fact('Your note', note)}</dl>
<details class="told-more"${attr('open', state === 'open')}><summary>What you made of it</summary>
${decisionForm(item, token)}</details></li>`;
}

/** Strangers' words and addresses: shown, never linked, so that nobody opens a forger's page from here by a slip. */
function fact(name: string, value: string | null, literal = false): Html | null {
  if (value === null) return null;
  return html`<div><dt>${name}</dt><dd${attr('class', literal ? 'code' : 'said')} dir="auto">${value}</dd></div>`;
}

/** Several of these forms stand on the page, so its fields carry the report's number in their ids. */
function decisionForm({ id, state, note }: ShownSuspicion, token: string): Html {
  const choices = Object.entries(SUSPICION_STATE_WORDS);
  return formOf({
    action: `/workshop/suspicions/${id}`,
    token,
    submit: 'Keep',
    main: html`${choiceField({ name: `state-${id}`, label: 'It is', required: true, value: state, choices })}${textArea({ name: `note-${id}`, label: 'Note, for yourselves', value: note ?? '', maxLength: 1000 })}`,
  });
}

export interface GiftsPage {
  readonly token: string;
  readonly items: readonly {
    readonly tokenId: string;
    readonly path: string;
    readonly title: string | undefined;
    readonly words: string;
    readonly language: string;
    readonly day: string;
    readonly hidden: boolean;
  }[];
}

export function giftsMain({ token, items }: GiftsPage): Html {
  const about = html`<p class="opening">Whoever gives a piece, with its card or as its owner, may put a message on its page. It stands there as the giver’s words. You can hide one that has no place there; what is written next stays hidden too, until you show it again.</p>`;
  if (items.length === 0) return html`${about}<p>There is none on your pieces.</p>`;
  return html`${about}
<ul class="told">${items.map(
    ({ tokenId, path, title, words, language, day: when, hidden: isHidden }) =>
      html`<li><p class="told-head"><span>${title} ${pieceLink(path)}</span> <span class="quiet">${day(when)}${isHidden && ', hidden'}</span></p>
<blockquote class="said" lang="${language}" dir="auto">${words}</blockquote>
${formOf({
  action: '/workshop/gifts',
  token,
  submit: isHidden ? 'Show it again' : 'Hide it',
  main: html`${hidden('piece', tokenId)}${hidden('hidden', isHidden ? 'no' : 'yes')}`,
})}</li>`,
  )}</ul>`;
}
