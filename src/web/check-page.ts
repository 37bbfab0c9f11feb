// Owns the page on which a visitor's own browser checks an evidence file, and the same as one file to keep. What is checked
// is the core's (verdict.ts); the page only has places and words for it.
import { createHash } from 'node:crypto';
import { type Shape, shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { dataBlock, inlineScript } from './html-script.ts';
import { messagesFor, type Words } from './language.ts';
import { page } from './layout.ts';
import { STYLE_HASHES, styleElements } from './styles.ts';

/** Where a visitor's node may be: anywhere that is encrypted, and on her own machine. */
const NODES = 'https: http://localhost:* http://127.0.0.1:*';
export const CHECK_PATH = '/check';
export const CHECK_FILE = 'touchstone-check.html';

export interface CheckPage {
  readonly words: Words;
  /** The piece's public path; without one she brings a file. */
  readonly path?: string;
  /** CHAIN:ADDRESS of this service's own registry. */
  readonly registry: string;
}

export function renderCheck({ words, path, registry }: CheckPage): string {
  return page({
    words,
    title: words.text('check.title'),
    description: words.text('check.description'),
    path: CHECK_PATH + (path ?? ''),
    sheets: ['trade'],
    scripts: ['check'],
    unlisted: path !== undefined,
    main: html`<h1>${words.text('check.title')}</h1>
<p class="opening">${words.text('check.opening')}</p>
${path !== undefined && html`<p><a href="${words.to(path)}">${words.text('check.back')}</a></p>`}
<noscript><p class="notice">${words.text('check.no-script')}</p></noscript>
${form(words, { registry, hint: words.text('check.registry-hint'), path })}
${results(words)}
${proves(
  words,
  html`<p>${words.text('check.proves.file')}</p>
<p><a class="button" href="${CHECK_PATH}/${CHECK_FILE}?lang=${words.language}" download="${CHECK_FILE}">${words.text('check.save')}</a></p>`,
)}
${dataBlock(messagesFor(words, 'check'), { id: 'words' })}
${dataBlock({ path: path ?? null }, { id: 'check-data' })}`,
  });
}

/**
 * The check in one piece, for whoever wants it when this service is gone. It names no address of anybody; the policy stands
 * in the file itself, for there is no server to send one.
 * @param script the whole of what it runs
 */
export function renderCheckFile(words: Words, script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src ${STYLE_HASHES.join(' ')}; script-src 'sha256-${hash}'; connect-src ${NODES}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`;
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"${attr('content', policy)}>
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.text('check.title')} · Touchstone</title>
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${styleElements(['trade'])}
</head>
<body>
<main id="main" tabindex="-1">
<h1>${words.text('check.title')}</h1>
<p class="opening">${words.text('check.opening')}</p>
<noscript><p class="notice">${words.text('check.no-script')}</p></noscript>
${form(words, { registry: '', hint: words.text('check.registry-hint-file'), path: undefined })}
${results(words)}
${proves(words, null)}
${dataBlock(messagesFor(words, 'check'), { id: 'words' })}
${dataBlock({ path: null }, { id: 'check-data' })}
</main>
${inlineScript(script)}
</body>
</html>
`.toString();
}

/**
 * What this page alone may do besides: ask the node that its visitor names, wherever that is. No other page speaks to
 * anybody but this service.
 */
export function checkPolicy(scripted: string): string {
  return scripted.replace("connect-src 'self'", `connect-src 'self' ${NODES}`);
}

interface FormParts {
  readonly registry: string;
  readonly hint: string;
  readonly path: string | undefined;
}

function form(words: Words, { registry, hint, path }: FormParts): Html {
  return html`<form id="check-form" class="fields" novalidate hidden>
<div class="field drop" id="drop"><label for="file">${words.text('check.file')}</label><p class="quiet" id="file-hint">${words.text('check.file-hint')}</p>
<input id="file" type="file" accept=".json,application/json" aria-describedby="file-hint file-told"><p id="file-told" role="status">${path}</p></div>
<div class="field"><label for="registry">${words.text('check.registry')}</label><p class="quiet" id="registry-hint">${hint}</p>
<input id="registry" type="text" dir="ltr" spellcheck="false" autocomplete="off" autocapitalize="off" maxlength="80" aria-describedby="registry-hint registry-wrong"${attr('value', registry)}><p class="wrong" id="registry-wrong" hidden>${words.text('check.registry-wrong')}</p></div>
<div class="field"><label for="node">${words.text('check.node')}</label><p class="quiet" id="node-hint">${words.text('check.node-hint')}</p>
<input id="node" type="url" dir="ltr" spellcheck="false" autocomplete="off" inputmode="url" maxlength="500" placeholder="https://" aria-describedby="node-hint node-wrong"><p class="wrong" id="node-wrong" hidden>${words.text('check.node-wrong')}</p></div>
<p><button type="submit" id="start">${words.text('check.start')}</button></p>
<p id="trouble" class="wrong" role="alert"></p>
</form>`;
}

const SHAPES: readonly Shape[] = ['tick', 'bar', 'cross', 'open', 'genuine', 'pending', 'warning'];

/** Everything a result can need, empty: the script fills it in and makes no markup of anybody's text. */
function results(words: Words): Html {
  return html`<section id="result" class="part" aria-labelledby="result-heading" aria-busy="false" hidden>
<h2 id="result-heading" tabindex="-1">${words.text('check.result')}</h2>
<div id="headline" class="verdict" role="status"></div>
<p id="took" class="quiet"></p>
<dl id="about" class="facts"></dl>
<h3 class="sub">${words.text('check.checks')}</h3>
<ul id="checks" class="checks ticking"></ul>
<p class="quiet" id="in-english" hidden>${words.text('check.in-english')}</p>
<div id="certificates" hidden><h3 class="sub">${words.text('check.certificates')}</h3><ul id="certificate-list" class="checks"></ul></div>
<details id="record" hidden><summary>${words.text('check.about.record')}</summary><pre id="record-text" dir="auto" tabindex="0"></pre></details>
</section>
${shapes()}`;
}

/** Drawings for scripts to copy: they make no markup themselves. */
export function shapes(): Html {
  return html`<div id="shapes" hidden>${SHAPES.map((which) => shape(which))}</div>`;
}

function proves(words: Words, more: Html | null): Html {
  return html`<section class="part" aria-labelledby="proves"><h2 id="proves">${words.text('check.proves')}</h2>
<p>${words.text('check.proves.page')}</p>
<p>${words.text('check.proves.command')}</p>
<p class="command" dir="ltr"><code>touchstone verify evidence.json --registry CHAIN:ADDRESS --rpc URL</code></p>
<p>${words.text('check.piece')}</p>
${more}</section>`;
}
