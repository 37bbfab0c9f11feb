import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { guessColumn, guessColumns } from '../../src/core/column-guess.ts';
import { textOfHtml } from '../../src/core/html-text.ts';
import { readRow } from '../../src/core/piece-form.ts';
import { kindOf, SHOP_HEADER, type ShopTable, shopTable } from '../../src/core/shop-columns.ts';
import { shopifyFile, wooCommerceFile } from '../support/shop-files.ts';

function read(file: string): ShopTable {
  const [header = [], ...rows] = parse(file) as string[][];
  return shopTable(header, rows) as ShopTable;
}

const named = ({ rows }: ShopTable) =>
  rows.map((cells) => Object.fromEntries(SHOP_HEADER.flatMap((name, i) => (cells[i] ? [[name, cells[i]]] : []))));

describe('a product export of Shopify', () => {
  const table = read(shopifyFile());
  const [first, second, third] = named(table) as Record<string, string>[];

  it('makes a row of every variant, and none of a row that only holds a picture', () => {
    expect(table.shop).to.equal('Shopify');
    expect(named(table).map(({ title }) => title)).to.deep.equal([
      'Halo ring – 52, 18k yellow gold',
      'Halo ring – 54, Sterling silver',
      'Glass beads',
    ]);
  });

  it('gives variants what their product says, as words without markup', () => {
    expect([first?.['story'], second?.['story']]).to.deep.equal(Array(2).fill('Hand made in Porto & polished.'));
    expect([first?.['maker'], second?.['maker']]).to.deep.equal(['Atelier Lune', 'Atelier Lune']);
    expect([first?.['kind'], third?.['kind']]).to.deep.equal(['ring', 'necklace']);
  });

  it('reads metal, fineness and size where the shop states them, and says unknown where it does not', () => {
    expect(first).to.include({ metal_1: 'gold', metal_1_fineness: '750', metal_1_colour: 'yellow', ring_size: '52' });
    expect(second).to.include({ metal_1: 'silver', metal_1_fineness: '925', metal_1_stated: 'Sterling silver' });
    expect(third).to.include({ metal_1: 'unknown', gtin: '9506000134352' });
  });

  it('takes nothing from prices, stock and shipping weights, and says so', () => {
    const text = JSON.stringify(table.rows);
    for (const number of ['1200', '700.00', '"40"', '"3"', 'cdn.example']) expect(text).to.not.contain(number);
    expect(table.left).to.include.members(['Variant Price', 'Variant Inventory Qty', 'Variant Grams', 'Image Src']);
  });
});

describe('a product export of WooCommerce', () => {
  const pieces = named(read(wooCommerceFile()));

  it('makes a row of every variation and of every simple product, none of what only holds variations', () => {
    expect(pieces.map(({ title }) => title)).to.deep.equal(['Plain band – 50', 'Plain band – 52', 'Pearl earrings']);
  });

  it('gives variations what their parent says of all of them', () => {
    expect(pieces[1]).to.include({
      kind: 'ring',
      story: '– Comfort fit\n– Made to order',
      metal_1: 'silver',
      metal_1_fineness: '925',
      ring_size: '52',
    });
    expect(pieces[2]).to.include({ kind: 'pair-of-earrings', stone_1: 'pearl' });
    expect(pieces[2]).to.not.have.property('mass_g');
  });
});

describe('any row of a shop’s export', () => {
  it('reads as a statement by the columns of a file', () => {
    for (const piece of [...named(read(shopifyFile())), ...named(read(wooCommerceFile()))]) {
      expect(readRow(piece as Record<string, string>).faults, piece['title']).to.deep.equal([]);
    }
  });

  for (const [said, metal, fineness] of [
    ['14k rose gold', 'gold', '585'],
    ['Gold plated brass', 'unknown', undefined],
    ['Gold vermeil', 'unknown', undefined],
    ['Silver and gold', 'unknown', undefined],
    ['Titan', 'titanium', undefined],
    ['Silver 925', 'silver', '925'],
    ['something shiny', 'unknown', undefined],
  ] as const) {
    it(`reads “${said}” as ${metal}`, () => {
      const header = ['Handle', 'Title', 'Option1 Name', 'Option1 Value', 'Variant SKU'];
      const [piece] = named(shopTable(header, [['a', 'A', 'Metal', said, 'S']]) as ShopTable);
      expect([piece?.['metal_1'], piece?.['metal_1_fineness'], piece?.['metal_1_stated']]).to.deep.equal([
        metal,
        fineness,
        said,
      ]);
    });
  }

  it('is no shop’s where the columns are others', () => {
    expect(shopTable(['title', 'kind', 'metal_1'], [])).to.equal(undefined);
    expect(shopTable(['Title', 'Handle'], [])).to.equal(undefined);
  });

  it('knows the last step of a category as a kind', () => {
    expect(kindOf(['', 'Apparel & Accessories > Jewelry > Brooches & Lapel Pins'])).to.equal('brooch');
    expect(kindOf(['Clothing > Rings'])).to.equal('ring');
    expect(kindOf(['Candles'])).to.equal('');
  });
});

describe('the words of HTML', () => {
  for (const [html, text] of [
    ['a<br>b<BR/>c', 'a\nb\nc'],
    ['&lt;b&gt; &amp;lt; &#169; &#x1F48D; &unknown;', '<b> &lt; © 💍 &unknown;'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['<script>x</script>y<style>z', 'y'],
    ['<!-- a -->b<!-- c', 'b'],
    ['&#0;&#8;&#xD800;ok&#1114112;', 'ok'],
    ['<p onclick="x">  many   spaces </p>\n\n<p>  </p>', 'many spaces'],
  ] as const) {
    it(`of ${html} are ${JSON.stringify(text)}`, () => expect(textOfHtml(html)).to.equal(text));
  }

  it('are found however tags are left open', () => {
    const hostile = [
      '<'.repeat(50_000),
      '<a '.repeat(20_000),
      '<!--'.repeat(20_000),
      '<script>'.repeat(10_000),
      '&#'.repeat(50_000),
    ];
    for (const html of hostile) expect(textOfHtml(html).length).to.be.at.most(html.length);
  });
});

describe('what a file’s column is taken for', () => {
  it('is what it is called, or is called in other words', () => {
    expect(['Title', 'Gewicht', 'Weight (g)', 'metal 1', 'Mass G'].map(guessColumn)).to.deep.equal([
      'title',
      'mass_g',
      'mass_g',
      'metal_1',
      'mass_g',
    ]);
    expect(guessColumn('Price')).to.equal(undefined);
  });

  it('is offered once in a file, to the column that has the very name', () => {
    expect([...guessColumns(['Name', 'title', 'Titel'])]).to.deep.equal([['title', 'title']]);
  });
});
