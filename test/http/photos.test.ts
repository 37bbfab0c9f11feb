// Photographs: what is left of them, what is refused, what pages show of them, and that a record's hash is of what is
// kept.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import sharp from 'sharp';
import { MAX_PHOTO_BYTES } from '../../src/core/photo.ts';
import {
  type Admitted,
  anchored,
  freshKey,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { decoded } from '../support/page-text.ts';
import { refusal } from '../support/refusal.ts';

const AT = '/api/v1/photos';
const hashOf = (data: Uint8Array) => `0x${createHash('sha256').update(data).digest('hex')}`;
const GPS = {
  IFD0: { Copyright: 'Nadia', Make: 'Kamera' },
  IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' },
};

/** Left half red, right half blue, so that turning shows. */
function picture(width: number, height: number) {
  const half = {
    input: { create: { width: width / 2, height, channels: 3 as const, background: '#00f' } },
    left: width / 2,
    top: 0,
  };
  return sharp({ create: { width, height, channels: 3, background: '#f00' } }).composite([half]);
}

describe('photographs', function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  let maker: Admitted;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier');
  });
  after(() => ledger.stop());

  const send = (type: string, data: Uint8Array, more: Record<string, string> = {}): Promise<Reply> =>
    maker.api.raw(AT, {
      method: 'POST',
      headers: { 'content-type': type, 'idempotency-key': freshKey(), ...more },
      body: data as Uint8Array<ArrayBuffer>,
    });
  const bytesAt = async (path: string) => Buffer.from(await (await fetch(ledger.url + path)).arrayBuffer());
  const stored = async () => (await ledger.sql<{ n: number }>('SELECT count(*) AS n FROM photos'))[0]?.n;

  it('are kept without place, owner, camera or thumbnail, upright, under the hash of what is kept', async () => {
    // Orientation 6: the camera was held upright, so it is shown turned by a quarter.
    const sent = await picture(1600, 1000)
      .withExif(GPS)
      .withMetadata({ orientation: 6 })
      .withExifMerge(GPS)
      .jpeg()
      .toBuffer();
    const before = await sharp(sent).metadata();
    expect([before.orientation, before.exif?.includes('Kamera')]).to.deep.equal([6, true]);
    const reply = await send('image/jpeg', sent);
    expect(reply.status, reply.text).to.equal(201);
    const { sha256, width, height, mediaType, url, sizes } = reply.body;
    expect([width, height, mediaType]).to.deep.equal([1000, 1600, 'image/jpeg']);
    expect(reply.headers.get('location')).to.equal(url);
    expect(sizes).to.deep.equal([{ width: 480, url: `/photos/${sha256}/480` }]);
    const kept = await bytesAt(url);
    expect(hashOf(kept)).to.equal(sha256);
    for (const words of ['Exif', 'GPS', 'Nadia', 'Kamera', 'xmp', 'ICC_PROFILE'])
      expect(kept.includes(words), words).to.equal(false);
    const { orientation, exif, icc, xmp } = await sharp(kept).metadata();
    expect([orientation, exif, icc, xmp]).to.deep.equal([undefined, undefined, undefined, undefined]);
    // Red is on top now.
    const { data } = await sharp(kept)
      .extract({ left: 500, top: 100, width: 1, height: 1 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[0]).to.be.greaterThan(200);
    const small = await bytesAt(sizes[0].url);
    const seen = await sharp(small).metadata();
    expect([seen.format, seen.width, seen.height, seen.exif]).to.deep.equal(['webp', 480, 768, undefined]);
  });

  for (const [type, format] of [
    ['image/png', 'png'],
    ['image/webp', 'webp'],
  ] as const) {
    it(`of ${type} keep their type and lose what stands beside them as well`, async () => {
      const sent = await picture(2400, 1600).withExif(GPS).toFormat(format).toBuffer();
      const { sha256, mediaType, sizes } = (await send(type, sent)).body;
      expect([mediaType, sizes.map((one: { width: number }) => one.width)]).to.deep.equal([type, [480, 1200]]);
      const kept = await bytesAt(`/photos/${sha256}`);
      expect(hashOf(kept)).to.equal(sha256);
      expect((await sharp(kept).metadata()).exif).to.equal(undefined);
      expect(kept.includes('Nadia')).to.equal(false);
    });
  }

  it('end where the picture ends: what was hung on behind it is gone', async () => {
    const sent = Buffer.concat([await picture(64, 64).jpeg().toBuffer(), Buffer.from('PK hidden archive')]);
    const { sha256 } = (await send('image/jpeg', sent)).body;
    expect((await bytesAt(`/photos/${sha256}`)).includes('hidden')).to.equal(false);
  });

  it('are served for ever, to everybody, as pictures and nothing else', async () => {
    const { sha256 } = (await send('image/jpeg', await picture(640, 640).jpeg().toBuffer())).body;
    for (const [path, type] of [
      [`/photos/${sha256}`, 'image/jpeg'],
      [`/photos/${sha256}/480`, 'image/webp'],
    ] as const) {
      const { headers, status } = await ledger.api.get(path);
      expect([status, headers.get('content-type')]).to.deep.equal([200, type]);
      expect(headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect(headers.get('content-security-policy')).to.match(/^default-src 'none'; .*sandbox$/);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      const again = await ledger.api.get(path, {
        'if-none-match': headers.get('etag') as string,
        'cache-control': 'max-age=0',
      });
      expect([again.status, again.text]).to.deep.equal([304, '']);
    }
    for (const path of [
      `/photos/${sha256}/1200`,
      `/photos/${sha256}/481`,
      `/photos/0x${'00'.repeat(32)}`,
      '/photos/x',
      `/photos/${sha256.toUpperCase()}`,
      `/photos/${sha256}/constructor`,
    ]) {
      expect((await ledger.api.get(path)).status, path).to.equal(404);
    }
  });

  it('that would not fit into memory once decoded are refused by their first bytes', async () => {
    const before = await stored();
    // 30,000 × 30,000 pixels of one colour: some kilobytes of PNG, 2.7 GB decoded.
    const bomb = await sharp({
      create: { width: 12_000, height: 12_000, channels: 3, background: '#000' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 9, palette: true })
      .toBuffer();
    expect(bomb.length).to.be.lessThan(300_000);
    const reply = await refusal(ledger, () => send('image/png', bomb), 422, 'invalid-file');
    expect(reply.body.detail).to.match(/50 million pixels/);
    // The same, by a header alone that promises four thousand million pixels.
    const small = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const lying = Buffer.from(small);
    lying.writeUInt32BE(65_535, 16);
    lying.writeUInt32BE(65_535, 20);
    await refusal(ledger, () => send('image/png', lying), 422, 'invalid-file');
    expect(await stored()).to.equal(before);
  });

  it('are refused when they are no photographs, broken, moving, or too large', async () => {
    const before = await stored();
    const jpeg = await picture(64, 64).jpeg().toBuffer();
    const moving = await sharp(
      [await picture(64, 64).png().toBuffer(), await picture(64, 64).negate().png().toBuffer()],
      { join: { animated: true } },
    )
      .webp()
      .toBuffer();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>');
    const cases: [string, Uint8Array, number, string][] = [
      ['image/png', jpeg, 415, 'unsupported-media-type'],
      ['image/jpeg', svg, 415, 'unsupported-media-type'],
      ['image/svg+xml', svg, 415, 'unsupported-media-type'],
      ['image/gif', Buffer.from('GIF89a'), 415, 'unsupported-media-type'],
      ['image/*', jpeg, 415, 'unsupported-media-type'],
      ['image/jpeg', Buffer.alloc(0), 415, 'unsupported-media-type'],
      ['image/jpeg', jpeg.subarray(0, 200), 422, 'invalid-file'],
      ['image/webp', moving, 422, 'invalid-file'],
      ['image/jpeg', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(5000, 7)]), 422, 'invalid-file'],
    ];
    for (const [type, data, status, code] of cases) await refusal(ledger, () => send(type, data), status, code);
    const huge = Buffer.concat([jpeg, Buffer.alloc(MAX_PHOTO_BYTES)]);
    await refusal(ledger, () => send('image/jpeg', huge), 413, 'body-too-large');
    expect(await stored()).to.equal(before);
  });

  it('come from whoever may register pieces, with an Idempotency-Key; the same one again answers the same', async () => {
    const data = new Uint8Array(await picture(100, 60).jpeg().toBuffer());
    const init = { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: data };
    await refusal(ledger, () => ledger.api.raw(AT, init), 401, 'unauthenticated');
    await refusal(ledger, () => maker.api.raw(AT, init), 400, 'idempotency-key-required');
    const key = { 'idempotency-key': freshKey() };
    const replies = await Promise.all([
      send('image/jpeg', data, key),
      send('image/jpeg', data, key),
      send('image/jpeg', data),
    ]);
    expect(new Set(replies.map(({ body }) => body.sha256)).size).to.equal(1);
    const { items } = (await maker.api.get(AT)).body;
    expect(items.filter((one: { sha256: string }) => one.sha256 === replies[0]?.body.sha256)).to.have.length(1);
    const other = await ledger.admit('other-house');
    expect((await other.api.get(AT)).body.items).to.deep.equal([]);
  });

  it('stand on the passport’s page in the sizes there are, with room left for them; a drawing where there is none', async () => {
    const { sha256, mediaType } = (await send('image/jpeg', await picture(1600, 1200).jpeg().toBuffer())).body;
    const alt = 'The ring from above, “Aube” <inside>';
    const absent = { sha256: `0x${'ab'.repeat(32)}`, mediaType: 'image/jpeg', alt: 'A picture nobody kept here' };
    const path = await register(maker.api, statement('Pictured', { images: [{ sha256, mediaType, alt }, absent] }));
    await anchored(ledger.api, path);
    const page = (await ledger.api.get(path, { accept: 'text/html' })).text;
    const img = decoded(/<img [^>]*>/.exec(page)?.[0] ?? '');
    expect(img).to.include(
      `srcset="/photos/${sha256}/480 480w, /photos/${sha256}/1200 1200w, /photos/${sha256} 1600w"`,
    );
    expect(img)
      .to.include('width="1600" height="1200"')
      .and.to.include(`alt="${alt}"`)
      .and.to.match(/ sizes="[^"]+"/);
    expect(decoded(page)).to.include(absent.alt);
    expect(page).to.not.include('class="drawing"');
    const bare = await register(maker.api, statement('Bare'));
    const drawn = (await ledger.api.get(bare, { accept: 'text/html' })).text;
    expect(drawn).to.include('class="drawing"').and.to.not.include('<img');
  });
});
