// Owns the page that scans a code with the camera of the visitor's device, from a photo, or as it is typed. It only leads
// on: what a code leads to stands elsewhere.
import { type Html, html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { messagesFor, type Words } from './language.ts';
import { page } from './layout.ts';

export interface ScanPage {
  readonly words: Words;
  /** Origin that this ledger's codes carry. */
  readonly publicUrl: string;
}

export function renderScan({ words, publicUrl }: ScanPage): string {
  return page({
    words,
    title: words.text('check.scan.title'),
    description: words.text('check.scan.description'),
    path: '/scan',
    sheets: ['trade'],
    scripts: ['scan'],
    main: html`<h1>${words.text('check.scan.title')}</h1>
<p class="opening">${words.text('check.scan.opening')}</p>
<noscript><p class="notice">${words.text('check.scan.no-script')}</p></noscript>
${viewer(words)}
<form class="find" id="typed-form" action="/find" method="get" role="search">
<label for="typed">${words.text('check.scan.typed')}</label>
<p class="quiet" id="typed-hint">${words.text('check.scan.typed-hint')}</p>
<div class="find-row"><input id="typed" name="code" type="text" dir="ltr" required maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="typed-hint trouble"><button type="submit">${words.text('check.scan.go')}</button></div>
</form>
<p id="trouble" class="wrong" role="alert"></p>
<section id="elsewhere" class="part" aria-labelledby="elsewhere-heading" hidden><h2 id="elsewhere-heading">${words.text('check.scan.elsewhere')}</h2>
<p id="elsewhere-words"></p>
<p class="actions"><a class="button" id="elsewhere-open" rel="noopener noreferrer nofollow"></a><a class="button plain-button" id="elsewhere-here" hidden>${words.text('check.scan.look-here')}</a><button type="button" class="plain-button" id="again">${words.text('check.scan.again')}</button></p></section>
${dataBlock(messagesFor(words, 'check'), { id: 'words' })}
${dataBlock({ origin: new URL(publicUrl).origin }, { id: 'scan-data' })}`,
  });
}

/** The camera's picture and what turns it on: for every page that scans. All of it is hidden until a script is there. */
export function viewer(words: Words): Html {
  return html`<div id="camera" hidden>
<div class="viewer" id="viewer" hidden><video id="video" muted playsinline aria-label="${words.text('check.scan.looking')}"></video></div>
<p id="camera-state" role="status"></p>
<p class="actions"><button type="button" id="camera-start">${words.text('check.scan.start')}</button><button type="button" id="camera-stop" hidden>${words.text('check.scan.stop')}</button><label class="button plain-button" for="picture">${words.text('check.scan.picture')}</label></p>
<input id="picture" class="unseen" type="file" accept="image/*" capture="environment">
</div>`;
}
