// Owns what `html` promises: values can't become markup, and an unsafe template doesn't render.
import { expect } from 'chai';
import fc from 'fast-check';
import { attr, escapeHtml, type Html, html, joined, type Slot } from '../../src/web/html.ts';
import { decoded } from '../support/page-text.ts';

describe('html', () => {
  it('escapes text and attribute values, and nothing twice', () => {
    const nasty = `<script>"&'</script>`;
    const escaped = '&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;';
    expect(html`<p title="${nasty}">${nasty}</p>`.toString()).to.equal(`<p title="${escaped}">${escaped}</p>`);
    expect(html`<div>${html`<p>${'&'}</p>`}</div>`.toString()).to.equal('<div><p>&amp;</p></div>');
  });

  it('joins arrays and renders nothing for null, undefined and false', () => {
    const items: Slot[] = ['a', null, ['b', [html`<i>c</i>`, undefined]], false, 0];
    expect(html`${items}`.toString()).to.equal('ab<i>c</i>0');
  });

  it('takes no look-alike for markup', () => {
    const forged = { toString: () => '<b>' } as unknown as Html;
    expect(html`${forged}`.toString()).to.equal('&lt;b&gt;');
  });

  it('writes attributes only with attr, and only where they belong', () => {
    expect(html`<p${attr('lang', 'fr')}${attr('hidden', true)}${attr('id', undefined)}></p>`.toString()).to.equal(
      '<p lang="fr" hidden></p>',
    );
    expect(() => html`<p ${'onclick=alert(1)'}></p>`).to.throw('place "tag"');
    expect(() => html`<p>${attr('lang', 'fr')}</p>`).to.throw('place "text"');
    expect(() => html`<p title="${html`x`}"></p>`).to.throw('place "value"');
    expect(() => attr('onclick', 'x')).to.throw('onclick');
    expect(() => attr('style', 'x')).to.throw('style');
  });

  it('refuses templates with unquoted attributes, script, style or event attributes', () => {
    expect(() => html`<p title=${'x'}></p>`).to.throw('quotes');
    expect(() => html`<script>${'x'}</script>`).to.throw('<script');
    expect(() => html`<style>p{}</style>`).to.throw('<style');
    expect(() => html`<p style="color:red"></p>`).to.throw('style=');
    expect(() => html`<p onclick="x"></p>`).to.throw('onclick=');
    expect(() => html`<p title="${'x'}"`).to.throw('inside a tag');
  });

  it('joins what is there with what stands between', () => {
    expect(joined(['a', undefined, '', html`<b>b</b>`, false], ' · ').toString()).to.equal('a · <b>b</b>');
  });

  it('gives any string back unchanged after decoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decoded(escapeHtml(text))).to.equal(text);
        expect(escapeHtml(text)).not.to.match(/[<>"']/);
      }),
    );
  });
});
