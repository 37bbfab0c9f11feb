// Owns the plain forms visitors fill in, which need no script: feedback, and the report of a suspected counterfeit. What they
// typed comes back into them beside what is wrong with it. What becomes of it is the service's.
import { attr, type Html, html } from './html.ts';
import type { Words } from './language.ts';
import { page } from './layout.ts';
import type { MessageKey } from './messages.ts';

/** What was typed, by field. */
export type Typed = Readonly<Record<string, string>>;
/** What is wrong, by field, in the page's language. */
export type Wrong = Readonly<Record<string, string>>;

export interface FormState {
  readonly typed: Typed;
  readonly wrong: Wrong;
  /** Refused as a whole: nothing of it is at fault. */
  readonly busy?: boolean;
}

export const EMPTY_FORM: FormState = { typed: {}, wrong: {} };

/** The piece a form is about. */
export interface About {
  readonly path: string;
  readonly title: string;
  /** Language of the title, where it isn't the page's. */
  readonly language: string | undefined;
  readonly maker: string;
}

/** A field that people don't see and programs fill in. */
export const HONEY = 'homepage';

export function renderFeedback(
  words: Words,
  about: About,
  state: FormState,
  limits: { readonly mostWords: number },
): string {
  const { maker } = about;
  const title = words.text('visitor.feedback.title');
  const { typed, wrong } = state;
  return page({
    words,
    title,
    description: words.text('visitor.feedback.description'),
    sheets: ['visit'],
    path: `/feedback${about.path}`,
    unlisted: true,
    main: html`<h1>${title}</h1>
${aboutPiece(words, about)}
${alert(words, state)}
<form class="visit" method="post" action="/feedback${about.path}" novalidate>
${language(words)}
<fieldset class="scale"${attr('aria-describedby', wrong['score'] === undefined ? 'scale-hint' : 'scale-hint score-fault')}><legend>${words.text('visitor.feedback.question', { maker })}</legend>
<p class="quiet" id="scale-hint">${words.text('visitor.feedback.scale')}</p>
${fault('score', wrong)}
<div class="scores" dir="ltr">${Array.from({ length: 11 }, (_, score) => html`<label><input type="radio" name="score" id="score-${score}" value="${score}" required${attr('checked', typed['score'] === String(score))}><span>${score}</span></label>`)}</div></fieldset>
${area(words, { name: 'words', label: 'visitor.feedback.words', optional: true, most: limits.mostWords }, state)}
${honey(words)}
<p class="quiet">${words.text('visitor.private', { maker })}</p>
<p><button type="submit">${words.text('visitor.feedback.send')}</button></p>
</form>`,
  });
}

export interface SuspicionContext {
  /** A piece that is registered; the code alone where none is. */
  readonly about: About | { readonly path: string; readonly code: string };
  /** A gift message, and not the piece itself. */
  readonly message: boolean;
  /** Who reads it; none: the ledger's operator. */
  readonly reader: string | undefined;
}

export function renderSuspicion(
  words: Words,
  { about, message, reader }: SuspicionContext,
  state: FormState,
  limits: { readonly mostWords: number; readonly mostSeen: number },
): string {
  const title = words.text(message ? 'visitor.suspicion.message-title' : 'visitor.suspicion.title');
  const most = limits.mostWords;
  return page({
    words,
    title,
    description: words.text('visitor.suspicion.description'),
    sheets: ['visit'],
    path: `/suspicion${about.path}`,
    unlisted: true,
    main: html`<h1>${title}</h1>
${'code' in about ? html`<p class="opening">${words.text('visitor.suspicion.unknown')}</p><p class="typed"><span class="code" dir="ltr">${about.code}</span></p>` : aboutPiece(words, about)}
<p>${reader === undefined ? words.text('visitor.suspicion.to-operator') : words.text('visitor.suspicion.to-maker', { maker: reader })} ${message && reader !== undefined && words.text('visitor.suspicion.message-about', { maker: reader })}</p>
${alert(words, state)}
<form class="visit" method="post" action="/suspicion${about.path}" novalidate>
${language(words)}
<input type="hidden" name="about" value="${message ? 'message' : 'piece'}">
${!message && area(words, { name: 'seen', label: 'visitor.suspicion.seen', hint: 'visitor.suspicion.seen-hint', most: limits.mostSeen, rows: 2 }, state)}
${!message && webAddress(words, state)}
${area(words, { name: 'difference', label: message ? 'visitor.suspicion.message-difference' : 'visitor.suspicion.difference', most }, state)}
${honey(words)}
<p class="quiet">${words.text('visitor.suspicion.private')}</p>
<p><button type="submit">${words.text('visitor.suspicion.send')}</button></p>
</form>`,
  });
}

/** What is said once something was sent. */
export function renderThanks(
  words: Words,
  { path, title, told }: { path: string; title: string; told: readonly string[] },
): string {
  return page({
    words,
    title,
    description: title,
    sheets: ['visit'],
    unlisted: true,
    main: html`<h1>${words.text('visitor.thanks')}</h1>
${told.map((sentence, i) => html`<p${attr('class', i === 0 ? 'opening' : undefined)}>${sentence}</p>`)}
<p><a class="button" href="${path}">${words.text('visitor.back')}</a></p>`,
  });
}

/** Where there is nobody to send it to. */
export function renderNobody(words: Words, title: string, told: string): string {
  return page({
    words,
    title,
    description: told,
    unlisted: true,
    main: html`<h1>${title}</h1><p class="opening">${told}</p>`,
  });
}

function aboutPiece(words: Words, { path, title, language: of, maker }: About): Html {
  const named = html`<a href="${path}"${attr('lang', of)} dir="auto">${title}</a>`;
  return html`<p class="opening">${words.tell('visitor.about', { title: named, maker })}</p>`;
}

function language(words: Words): Html {
  return html`<input type="hidden" name="lang" value="${words.language}">`;
}

/** Says first of all what is wrong, and leads there. */
function alert(words: Words, { wrong, busy }: FormState): Html | null {
  if (busy) return html`<div class="faults" role="alert"><p>${words.text('visitor.busy')}</p></div>`;
  const faults = Object.entries(wrong);
  if (faults.length === 0) return null;
  const place = (name: string) => (name === 'score' ? 'score-0' : name);
  return html`<div class="faults" role="alert"><p><strong>${words.text('visitor.fault')}</strong></p>
<ul>${faults.map(([name, why]) => html`<li><a href="#${place(name)}">${why}</a></li>`)}</ul></div>`;
}

function fault(name: string, wrong: Wrong): Html | null {
  const why = wrong[name];
  return why === undefined ? null : html`<p class="fault" id="${name}-fault">${why}</p>`;
}

interface Area {
  readonly name: string;
  readonly label: MessageKey;
  readonly hint?: MessageKey;
  readonly optional?: boolean;
  readonly most: number;
  readonly rows?: number;
}

function area(words: Words, { name, label, hint, optional, most, rows = 5 }: Area, { typed, wrong }: FormState): Html {
  const described = wrong[name] === undefined ? `${name}-hint` : `${name}-hint ${name}-fault`;
  return html`<p><label for="${name}">${words.text(label)}${optional && html` <span class="quiet">(${words.text('visitor.optional')})</span>`}</label>
<span class="quiet hint" id="${name}-hint">${hint !== undefined && `${words.text(hint)} `}${words.text('visitor.most', { most })}</span>
</p>${fault(name, wrong)}
<textarea id="${name}" name="${name}" rows="${rows}" dir="auto"${attr('required', !optional)} aria-describedby="${described}"${attr('aria-invalid', wrong[name] === undefined ? undefined : 'true')}>
${typed[name]}</textarea>`;
}

function webAddress(words: Words, { typed, wrong }: FormState): Html {
  return html`<p><label for="link">${words.text('visitor.suspicion.link')} <span class="quiet">(${words.text('visitor.optional')})</span></label></p>
${fault('link', wrong)}
<input id="link" name="link" type="url" dir="ltr" maxlength="500" autocomplete="off"${attr('value', typed['link'])}${attr('aria-describedby', wrong['link'] === undefined ? undefined : 'link-fault')}${attr('aria-invalid', wrong['link'] === undefined ? undefined : 'true')}>`;
}

function honey(words: Words): Html {
  return html`<div class="honey" aria-hidden="true"><label for="${HONEY}">${words.text('visitor.honey')}</label><input id="${HONEY}" name="${HONEY}" type="text" tabindex="-1" autocomplete="off"></div>`;
}
