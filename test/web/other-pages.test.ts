// Owns what the pages without a passport say, and that what was typed stays words.
import { expect } from 'chai';
import {
  renderError,
  renderHome,
  renderMalformedCode,
  renderNotSupported,
  renderProductOnly,
  renderUnavailable,
  renderUnknownCode,
} from '../../src/web/other-pages.ts';
import { flat, mainText } from '../support/page-text.ts';

describe('other pages', () => {
  it('says honestly what an unknown code means', () => {
    const page = renderUnknownCode({ code: '"><script>x</script>' });
    const text = flat(mainText(page));
    expect(text).to.contain('No piece is registered here under this code.');
    expect(text).to.contain('A printed code proves nothing by itself');
    expect(text).to.contain('"><script>x</script>');
    expect(page).not.to.contain('<script');
    expect(page).to.contain('<meta name="robots" content="noindex">');
  });

  it('asks for another try at a code that cannot be one', () => {
    expect(mainText(renderMalformedCode({ code: 'x', reason: 'It is too short.' }))).to.contain('It is too short.');
    expect(mainText(renderMalformedCode({ code: '' }))).to.contain('A character is wrong or missing.');
  });

  it('tells a GS1 code that is not supported from one that names no single piece', () => {
    const other = flat(mainText(renderNotSupported({ code: '<b>', why: 'it names something else: (00)' })));
    expect(other).to.contain('<b> It is written as GS1 prescribes, but it names something else: (00).');
    const product = renderProductOnly({ gtin: '09506000134352' });
    expect(flat(mainText(product))).to.contain('names a product, not one piece of it 09506000134352');
    expect(product).to.contain('value="09506000134352 "');
    for (const page of [product, renderNotSupported({ code: 'x', why: 'y' })]) {
      expect(page).to.contain('href="/docs#public-codes"');
      expect(page).to.contain('<meta name="robots" content="noindex">');
    }
  });

  it('looks codes up with a plain form', () => {
    const page = renderHome();
    expect(page).to.contain('<form class="find" action="/find" method="get"');
    expect(page).to.contain('name="code"');
    expect(page).not.to.contain('<script');
  });

  it('gives an error a sentence, a request to name, and when to come back', () => {
    const text = flat(mainText(renderError({ status: 500, sentence: 'Nothing was changed.', requestId: 'r-1' })));
    expect(text).to.contain('Something went wrong here Nothing was changed.');
    expect(text).to.contain('r-1 (500)');
    const busy = flat(mainText(renderUnavailable({ requestId: 'r-2', retryAfterSeconds: 1 })));
    expect(busy).to.contain('Nothing is lost');
    expect(busy).to.contain('Try again in 1 second.');
  });
});
