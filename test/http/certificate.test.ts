// The certificate of authenticity: in every language it says what the passport says, its code leads to the piece, nothing
// of it is a box, and it promises nothing of the present.
import { expect } from 'chai';
import sharp from 'sharp';
import { wordsIn } from '../../src/web/language.ts';
import { LANGUAGES } from '../../src/web/languages.ts';
import {
  type Admitted,
  anchored,
  freshKey,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { decodedBy, holdsWords, printed, readInPlace } from '../support/printed.ts';
import { refusal } from '../support/refusal.ts';

const PUBLIC = 'https://ledger.example';
/** Scripts beside each other, and characters no font of ours has. */
const TITLE = 'Ring “Ночь” 夜の指輪 خاتم Ωμέγα';
const RARE = 'Stamped \u{1F48E} and ᚠᚢᚦ inside';

describe('certificates of authenticity', function () {
  this.timeout(120_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let path: string;
  let passport: Json;
  before(async () => {
    ledger = await startLedger({ PUBLIC_URL: PUBLIC });
    maker = await ledger.admit('atelier-lune');
    const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#c9a227' } })
      .jpeg()
      .toBuffer();
    const { sha256, mediaType } = (
      await maker.api.raw('/api/v1/photos', {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg', 'idempotency-key': freshKey() },
        body: new Uint8Array(picture),
      })
    ).body;
    path = await register(
      maker.api,
      statement(TITLE, { images: [{ sha256, mediaType, alt: 'From above' }], inscriptions: [{ text: RARE }] }),
    );
    passport = await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const fetched = async (query = '', headers: Record<string, string> = {}) => {
    const response = await fetch(`${ledger.url}/api/v1/pieces${path}/certificate.pdf${query}`, { headers });
    expect(response.status).to.equal(200);
    return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
  };

  for (const language of LANGUAGES) {
    it(`in ${language}: the passport’s words, the reference for checking, and what paper can’t prove`, async () => {
      const { bytes, headers } = await fetched(`?lang=${language}`);
      expect(headers.get('content-language')).to.equal(language);
      expect(headers.get('content-type')).to.equal('application/pdf');
      const { pages } = await printed(bytes);
      // What is written from right to left is drawn as signs, and says beside them what it says.
      const text = `${pages.join('\n')}\n${readInPlace(bytes)}`;
      const words = wordsIn(language);
      for (const key of ['kind', 'not-now', 'not-piece', 'not-owner', 'scan', 'lacking'] as const) {
        const said = words.text(`paper.certificate.${key}`);
        // Lines end where the paper does: word by word.
        for (const word of said.split(/[\s[\]…]+/)) expect(holdsWords(text, word), `${key}: ${word}`).to.equal(true);
      }
      const by = words.text('paper.certificate.registered', { name: 'The atelier-lune' });
      for (const word of `${TITLE} ${by}`.split(' ')) expect(holdsWords(text, word), word).to.equal(true);
      for (const fixed of [
        passport.recordHash,
        passport.tokenId,
        passport.asOf.registry,
        String(passport.asOf.chainId),
        PUBLIC + path,
      ]) {
        expect(holdsWords(text, fixed), fixed).to.equal(true);
      }
      // What is lacking stands as its number, and nothing stands as an empty box.
      expect(text).to.include('[U+1F48E]').and.to.include('[U+16A0][U+16A2][U+16A6]');
      for (const box of ['\ufffd', '\0']) expect(text.includes(box)).to.equal(false);
    });
  }

  it('carry the piece’s code, which both decoders read, and its photograph', async () => {
    const pdf = await printed((await fetched('?lang=ar')).bytes);
    const pixels = await pdf.pixels(0, 150);
    expect(await decodedBy(pixels)).to.deep.equal([[PUBLIC + path], [PUBLIC + path]]);
    const gold = [...Array(pixels.data.length / 4).keys()].filter((i) => {
      const [red = 0, green = 0, blue = 0] = pixels.data.subarray(4 * i, 4 * i + 3);
      return Math.abs(red - 0xc9) < 12 && Math.abs(green - 0xa2) < 12 && Math.abs(blue - 0x27) < 14;
    });
    expect(gold.length).to.be.greaterThan(20_000);
  });

  it('are tagged, titled and told in which language they are, for readers who don’t see', async () => {
    const text = (await fetched('?lang=fr')).bytes.toString('latin1');
    for (const sign of [
      '/MarkInfo',
      '/Marked true',
      '/StructTreeRoot',
      '/Lang (fr)',
      '/DisplayDocTitle true',
      '/S /H1',
      '/S /Figure',
    ]) {
      expect(text, sign).to.include(sign);
    }
  });

  it('are the same file as long as nothing happens, and in the language the browser likes best', async () => {
    const [one, two, other] = [
      await fetched('?lang=ja'),
      await fetched('', { 'accept-language': 'ja' }),
      await fetched('?lang=zh'),
    ];
    expect(Buffer.compare(one.bytes, two.bytes)).to.equal(0);
    expect(Buffer.compare(one.bytes, other.bytes)).to.not.equal(0);
    expect(two.headers.get('vary')).to.match(/accept-language/i);
  });

  it('stand behind a link on the passport', async () => {
    const page = (await ledger.api.get(path, { accept: 'text/html' })).text;
    expect(page).to.include(`href="/api/v1/pieces${path}/certificate.pdf?lang=en"`);
  });

  it('are of pieces that are there, in languages that are spoken here', async () => {
    await refusal(
      ledger,
      () => ledger.api.get('/api/v1/pieces/p/atelier-lune/00000000000000000/certificate.pdf'),
      404,
      'not-found',
    );
    await refusal(ledger, () => ledger.api.get('/api/v1/pieces/x/certificate.pdf'), 400, 'invalid-code');
    await refusal(
      ledger,
      () => ledger.api.get(`/api/v1/pieces${path}/certificate.pdf?lang=xx`),
      400,
      'invalid-request',
    );
  });
});
