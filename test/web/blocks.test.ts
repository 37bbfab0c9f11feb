// What a printed sheet takes out of a page: every word that is read on it, each once, and nothing that is drawn or folded.
import { expect } from 'chai';
import { blocksOf, textOf } from '../../src/web/blocks.ts';
import { html } from '../../src/web/html.ts';

describe('blocks of a page', () => {
  it('are headings, names, sentences, items and facts, in their order', () => {
    const part = html`<section><h2>What it is</h2><p class="lead">The maker states:</p><ul><li><h3>Gold</h3><p>3.2 g</p></li><li>loose</li></ul><dl><div><dt>Shape</dt><dd>round <span>brilliant</span><span class="beneath"><p>more</p></span></dd></div></dl><blockquote>Words</blockquote>after</section>`;
    expect(blocksOf(part)).to.deep.equal([
      { kind: 'heading', text: 'What it is' },
      { kind: 'paragraph', text: 'The maker states:', quiet: true },
      { kind: 'name', text: 'Gold' },
      { kind: 'paragraph', text: '3.2 g' },
      { kind: 'item', text: 'loose' },
      { kind: 'fact', name: 'Shape', text: 'round brilliant more' },
      { kind: 'paragraph', text: 'Words' },
      { kind: 'paragraph', text: 'after' },
    ]);
  });

  it('leave out what is drawn, folded, or the sheet’s own heading', () => {
    const part = html`<h1>Ring</h1><figure><p>drawn</p></figure><details><summary>How</summary><p>folded</p></details><p>left<svg><path d=""/></svg></p>`;
    expect(blocksOf(part)).to.deep.equal([{ kind: 'paragraph', text: 'left' }]);
    expect(blocksOf(null)).to.deep.equal([]);
  });

  it('read markup in words as words', () => {
    const words = '<p>&amp; "quoted" \u2028 \'';
    expect(blocksOf(html`<p>${words}</p>`)).to.deep.equal([
      { kind: 'paragraph', text: textOf(words.replace('\u2028', ' ')) },
    ]);
    expect(textOf(html`<em>${words}</em>`)).to.include('<p>&amp; "quoted"');
  });
});
