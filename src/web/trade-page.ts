// Owns the page for trade: many codes at once, a table of how each stands, and shipments. It has the places and the words;
// what stands in them a script puts there.
import { shapes } from './check-page.ts';
import { attr, type Html, html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { messagesFor, type Words } from './language.ts';
import { page } from './layout.ts';
import type { MessageKey } from './messages.ts';
import { viewer } from './scan-page.ts';

/** As many codes as one list may have: a large tray, a small auction. */
export const MOST_CODES = 500;

export interface TradePage {
  readonly words: Words;
  /** As many as one question to the service may name. */
  readonly mostAtOnce: number;
  readonly publicUrl: string;
}

export function renderTrade({ words, mostAtOnce, publicUrl }: TradePage): string {
  const data = { most: MOST_CODES, atOnce: mostAtOnce, origin: new URL(publicUrl).origin };
  return page({
    words,
    title: words.text('trade.title'),
    description: words.text('trade.description'),
    path: '/trade',
    sheets: ['trade'],
    scripts: ['trade'],
    wide: true,
    main: html`<h1>${words.text('trade.title')}</h1>
<p class="opening">${words.text('trade.opening', { most: MOST_CODES })}</p>
<noscript><p class="notice">${words.text('trade.no-script')}</p></noscript>
<div id="trade" hidden>
${entry(words)}
${table(words)}
${shipments(words)}
</div>
${shapes()}
${dataBlock(messagesFor(words, 'trade', 'check'), { id: 'words' })}
${dataBlock(data, { id: 'trade-data' })}`,
  });
}

function entry(words: Words): Html {
  return html`<form id="codes-form" class="fields">
<div class="field"><label for="codes">${words.text('trade.codes')}</label><p class="quiet" id="codes-hint">${words.text('trade.codes-hint')}</p>
<textarea id="codes" dir="ltr" rows="7" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="codes-hint codes-told"></textarea></div>
<div class="field"><label for="table-file">${words.text('trade.file')}</label><p class="quiet" id="table-hint">${words.text('trade.file-hint')}</p>
<input id="table-file" type="file" accept=".csv,.tsv,.txt,text/csv" aria-describedby="table-hint"></div>
<div class="field" id="column-field" hidden><label for="column">${words.text('trade.column')}</label><select id="column"></select></div>
${viewer(words)}
<p class="actions"><button type="submit" id="check-codes">${words.text('trade.check')}</button><button type="button" class="plain-button" id="clear">${words.text('trade.clear')}</button></p>
<p id="codes-told" role="status"></p>
</form>`;
}

const SHOWN = ['all', 'warning', 'missing', 'fine', 'yours'] as const;

function table(words: Words): Html {
  const columns: readonly MessageKey[] = [
    'trade.choose',
    'trade.standing',
    'trade.piece',
    'trade.warnings',
    'trade.owner',
    'trade.certificates',
    'trade.last',
    'trade.more',
  ];
  return html`<section id="results" class="part" aria-labelledby="results-heading" hidden>
<h2 id="results-heading" tabindex="-1">${words.text('trade.results')}</h2>
<p id="results-told" role="status"></p>
<fieldset class="filters"><legend>${words.text('trade.show')}</legend>${SHOWN.map((one) => html`<label><input type="radio" name="shown" value="${one}"${attr('checked', one === 'all')}>${words.text(`trade.show.${one}`)}</label>`)}</fieldset>
<div class="table"><table><thead><tr>${columns.map((key) => html`<th scope="col">${words.text(key)}</th>`)}</tr></thead><tbody id="rows"></tbody></table></div>
<p class="actions"><button type="button" class="plain-button" id="export-csv">${words.text('trade.export-csv')}</button><button type="button" class="plain-button" id="export-json">${words.text('trade.export-json')}</button></p>
</section>`;
}

function shipments(words: Words): Html {
  return html`<section class="part" aria-labelledby="lots-heading"><h2 id="lots-heading">${words.text('trade.lots')}</h2>
<p>${words.text('trade.lots-words')}</p>
<form id="key-form" class="fields"><div class="field"><label for="key">${words.text('trade.key')}</label><input id="key" type="password" dir="ltr" autocomplete="off" spellcheck="false" maxlength="200" required aria-describedby="key-told"></div>
<p><button type="submit">${words.text('trade.use-key')}</button></p></form>
<p id="key-told" role="status"></p>
<div id="signed-in" hidden>
<p><button type="button" class="plain-button" id="forget-key">${words.text('trade.forget-key')}</button></p>
<form id="offer-form" class="fields">
<div class="field"><label for="to">${words.text('trade.to')}</label><p class="quiet" id="to-hint">${words.text('trade.to-hint')}</p><input id="to" type="text" dir="ltr" required maxlength="60" autocomplete="off" spellcheck="false" autocapitalize="off" aria-describedby="to-hint offer-told"></div>
<div class="field"><label for="note">${words.text('trade.note')}</label><input id="note" type="text" maxlength="200" autocomplete="off"></div>
<p><button type="submit" id="offer">${words.text('trade.offer')}</button></p></form>
<p id="offer-told" role="status"></p>
<h3 class="sub">${words.text('trade.shipments')}</h3>
<div id="shipment-list"></div>
</div></section>`;
}
