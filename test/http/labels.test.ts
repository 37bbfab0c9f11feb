// Labels: every code of a sheet is read by two decoders that have nothing in common, from the page as it is printed and
// from a photograph of it; what is wished for that can't be is refused before anything is drawn.
import { expect } from 'chai';
import { labelFormat, placeOf, SMALLEST_MODULE_MM } from '../../src/core/label-formats.ts';
import { type Admitted, type Json, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { cut, decodedBy, holdsWords, type Part, type Pixels, photographed, printed } from '../support/printed.ts';
import { until } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

const AT = '/api/v1/labels';
const PUBLIC = 'https://ledger.example';
const GTIN = '09506000134352';

describe('labels', function () {
  this.timeout(120_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let importId: number;
  let paths: string[];
  before(async () => {
    ledger = await startLedger({ PUBLIC_URL: PUBLIC });
    maker = await ledger.admit('atelier', ['9506000']);
    const rows = Array.from({ length: 24 }, (_, i) => `Ring ${i + 1} “été”,ring,gold,${GTIN}`);
    const reply = await maker.api.raw('/api/v1/imports?format=csv', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': 'labels' },
      body: `title,kind,metal_1,gtin\n${rows.join('\n')}\n`,
    });
    importId = reply.body.id;
    await until(
      'the file is taken in',
      async () => (await maker.api.get(`/api/v1/imports/${importId}`)).body.accepted === 24,
    );
    const { items } = (await maker.api.get(`/api/v1/imports/${importId}/pieces`)).body;
    paths = items.map((one: { path: string }) => one.path);
  });
  after(() => ledger.stop());

  const labels = async (wish: object) => {
    const response = await fetch(ledger.url + AT, {
      method: 'POST',
      headers: { authorization: `Bearer ${maker.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.status, Buffer.from(bytes).toString().slice(0, 500)).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('application/pdf');
    return { bytes, headers: response.headers };
  };
  /** Each label of a page, cut out. */
  const partsOf = (name: string, pixels: Pixels): Part[] => {
    const format = labelFormat(name);
    if (!format) throw new Error(name);
    const scale = pixels.width / format.page.width;
    return Array.from({ length: format.columns * format.rows }, (_, i) => {
      const { x, y } = placeOf(format, i);
      const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
      const width = Math.min(pixels.width - left, Math.round(format.width * scale));
      return { left, top, width, height: Math.min(pixels.height - top, Math.round(format.height * scale)) };
    });
  };
  const urls = (from: readonly string[]) => from.map((path) => PUBLIC + path).sort();

  for (const [name, dpi] of [
    ['L7160', 150],
    ['L7651', 200],
    ['3475', 150],
    ['5160', 150],
  ] as const) {
    it(`on ${name}: two decoders read every code of the sheet, in its place`, async () => {
      const { bytes, headers } = await labels({ format: name, of: { importId }, title: true });
      expect(headers.get('label-count')).to.equal('24');
      const pdf = await printed(bytes);
      const each = (labelFormat(name)?.columns ?? 0) * (labelFormat(name)?.rows ?? 0);
      expect(pdf.pages).to.have.length(Math.ceil(24 / each));
      const pixels = await pdf.pixels(0, dpi);
      const shown = urls(paths.slice(0, each));
      expect(await decodedBy(pixels, partsOf(name, pixels))).to.deep.equal([shown, shown]);
    });
  }

  it('on tags and rolls have a page each, with what is printed on it left free of the tail', async () => {
    for (const name of ['rat-tail', 'barbell', 'roll-25x25', 'roll-50x25']) {
      const { bytes } = await labels({ format: name, of: { codes: paths.slice(0, 2) }, level: 'L' });
      const pdf = await printed(bytes);
      expect(pdf.pages).to.have.length(2);
      const pixels = await pdf.pixels(1, 400);
      expect(await decodedBy(pixels), name).to.deep.equal([urls([paths[1] as string]), urls([paths[1] as string])]);
    }
    const pdf = await printed((await labels({ format: 'rat-tail', of: { codes: paths.slice(0, 1) } })).bytes);
    const pixels = await pdf.pixels(0, 200);
    const tail = cut(pixels, {
      left: Math.ceil((34 / 66) * pixels.width),
      top: 0,
      width: Math.floor((32 / 66) * pixels.width) - 1,
      height: pixels.height,
    });
    expect([...tail.data].every((value) => value === 255)).to.equal(true);
  });

  describe('photographed', () => {
    const shots = [
      { turn: 4, shear: 0.06, blur: 0.8, seed: 1 },
      { turn: -11, shear: -0.1, blur: 1.1, seed: 2 },
      { turn: 23, shear: 0.14, blur: 0.9, seed: 3 },
      { turn: 172, shear: 0.05, blur: 1.2, seed: 4 },
    ];
    for (const name of ['L7160', 'L7651']) {
      it(`from ${name}, turned, from the side, out of focus, in poor light: both decoders read each of six labels`, async () => {
        const pdf = await printed((await labels({ format: name, of: { importId } })).bytes);
        const pixels = await pdf.pixels(0, name === 'L7160' ? 130 : 220);
        const parts = partsOf(name, pixels).slice(0, 6);
        for (const [i, part] of parts.entries()) {
          const wanted = urls([paths[i] as string]);
          const shot = shots[i % shots.length] as (typeof shots)[0];
          expect(await decodedBy(await photographed(cut(pixels, part), shot)), `label ${i + 1}`).to.deep.equal([
            wanted,
            wanted,
          ]);
        }
      });
    }
  });

  it('carry the code for people, and the title only where it is wished for', async () => {
    const [bare, titled] = await Promise.all([
      labels({ format: 'L7160', of: { importId } }),
      labels({ format: 'L7160', of: { importId }, title: true }),
    ]);
    const [bareText, titledText] = [
      (await printed(bare.bytes)).pages.join('\n'),
      (await printed(titled.bytes)).pages.join('\n'),
    ];
    for (const path of paths) {
      expect(bareText)
        .to.include(`(21)${path.split('/').at(-1)}`)
        .and.to.include(`(01)${GTIN}`);
    }
    expect(holdsWords(titledText, 'Ring 7 “été”')).to.equal(true);
    expect(bareText).to.not.include('été');
  });

  it('begin where the sheet is not used up yet', async () => {
    const { bytes } = await labels({ format: 'L7160', of: { codes: paths.slice(0, 2) }, start: 21 });
    const pdf = await printed(bytes);
    expect(pdf.pages).to.have.length(2);
    const [first, second] = [await pdf.pixels(0, 150), await pdf.pixels(1, 150)];
    const last = partsOf('L7160', first).at(-1) as Part;
    const [one, two] = [urls([paths[0] as string]), urls([paths[1] as string])];
    expect(await decodedBy(cut(first, last))).to.deep.equal([one, one]);
    expect(await decodedBy(second)).to.deep.equal([two, two]);
  });

  it('are the same file for the same wish', async () => {
    const wish = { format: '5160', of: { importId }, title: true };
    expect(Buffer.compare((await labels(wish)).bytes, (await labels(wish)).bytes)).to.equal(0);
  });

  it('of a batch are those of its pieces', async () => {
    const path = await register(maker.api, statement('In a batch by itself'));
    let batch: Json;
    await until('it is in a batch', async () => {
      batch = (await maker.api.get(`/api/v1/pieces${path}`)).body.batch;
      return batch !== null;
    });
    const { bytes, headers } = await labels({ format: 'L7160', of: { batchId: batch.id } });
    expect(Number(headers.get('label-count'))).to.equal(batch.count);
    expect((await decodedBy(await (await printed(bytes)).pixels(0, 150)))[0]).to.include(PUBLIC + path);
  });

  it('whose modules get small say how small, and that one is to be tried first', async () => {
    const codes = paths.slice(0, 1);
    const [large, small] = await Promise.all([
      labels({ format: 'L7160', of: { codes } }),
      labels({ format: 'rat-tail', of: { codes }, level: 'Q' }),
    ]);
    expect(Number(large.headers.get('label-module-mm'))).to.be.greaterThan(SMALLEST_MODULE_MM);
    expect(large.headers.get('label-note')).to.equal(null);
    expect(Number(small.headers.get('label-module-mm'))).to.be.lessThan(SMALLEST_MODULE_MM);
    expect(small.headers.get('label-note')).to.match(/less than 0\.33 mm: try one/);
    const tiny = { format: 'L7160', of: { codes }, mostMm: 6, level: 'H' };
    const { body } = await refusal(ledger, () => maker.api.post(AT, tiny), 400, 'invalid-request');
    expect(body.errors[0].field).to.equal('format');
  });

  it('are refused before a page is drawn: nobody’s codes, others’ files, too many, no format', async () => {
    const other = await ledger.admit('other-house');
    const unknown = [paths[0], `/01/${GTIN}/21/NOBODYS`];
    const { body } = await refusal(
      ledger,
      () => maker.api.post(AT, { format: 'L7160', of: { codes: unknown } }),
      400,
      'invalid-request',
    );
    expect(body.errors).to.deep.equal([
      { field: 'of.codes.1', reason: `/01/${GTIN}/21/NOBODYS is registered by nobody` },
    ]);
    await refusal(ledger, () => other.api.post(AT, { format: 'L7160', of: { importId } }), 404, 'not-found');
    await refusal(ledger, () => ledger.api.post(AT, { format: 'L7160', of: { importId } }), 401, 'unauthenticated');
    for (const wrong of [
      { format: 'L7160', of: { importId }, start: 22 },
      { format: 'L7160', of: { importId }, start: 0 },
      { format: 'A0', of: { importId } },
      { format: 'L7160', of: {} },
      { format: 'L7160', of: { codes: [] } },
      { format: 'L7160', of: { codes: Array(10_001).fill(paths[0]) } },
      { format: 'L7160', of: { importId }, level: 'X' },
    ]) {
      await refusal(ledger, () => maker.api.post(AT, wrong), 400, 'invalid-request');
    }
  });

  it('come in sizes that anybody may list', async () => {
    const { items } = (await ledger.api.get('/api/v1/label-formats')).body;
    expect(items.map(({ name }: { name: string }) => name)).to.include.members([
      'L7160',
      'L7651',
      '3475',
      '5160',
      'rat-tail',
      'roll-25x25',
    ]);
  });
});
