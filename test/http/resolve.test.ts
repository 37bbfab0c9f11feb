// Where the addresses of codes lead: pieces, GS1 Digital Links to pieces, and everything that leads nowhere.
import { expect } from 'chai';
import { type Admitted, anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';

const GTIN = '09506000134352';
const PIECE = `/01/${GTIN}/21/A%2F7`;

describe('the way from a code to its page', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let own: string;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    own = await register(maker.api, statement('Ring'));
    const path = await register(maker.api, { ...statement('Ring with a GTIN'), code: { gtin: GTIN, serial: 'A/7' } });
    expect(path).to.equal(PIECE);
    await anchored(maker.api, path);
  });
  after(() => ledger.stop());

  const find = (typed: string) => ledger.api.get(`/find?code=${encodeURIComponent(typed)}`);

  it('is the page itself under the address that is printed, whatever other people add to the query', async () => {
    for (const address of [PIECE, `${PIECE}?utm_source=card&linkType=gs1:pip`]) {
      const reply = await ledger.api.get(address);
      expect(reply.status, address).to.equal(200);
      expect(reply.text, address).to.contain('Ring with a GTIN');
    }
  });

  it('goes on for good from every other Digital Link of the piece', async () => {
    for (const address of [
      `/01/${GTIN}/22/2A/10/LOT%2F1/21/A%2F7`,
      `/01/${GTIN}/10/L/21/A%2F7?x=1`,
      `/01/${GTIN}/22/V/21/A%2f7`,
      `/01/${GTIN}/21/%41%2F7`,
    ]) {
      const reply = await ledger.api.get(address);
      expect(reply.status, address).to.equal(301);
      expect(reply.headers.get('location'), address).to.equal(PIECE);
    }
  });

  const nowhere: Record<string, readonly [address: string, status: number, says: string]> = {
    'a product': [`/01/${GTIN}`, 404, 'names a product, not one piece of it'],
    'a lot of it': [`/01/${GTIN}/10/L`, 404, 'names a product, not one piece of it'],
    'another GS1 key': ['/00/095060001343520000', 404, 'not supported here'],
    'an address of a location': ['/414/9506000134352/254/A', 404, 'not supported here'],
    'a third party’s serial': [`/01/${GTIN}/235/XYZ`, 404, 'not supported here'],
    'GS1 attributes in the query': [`${PIECE}?17=300101`, 404, 'not supported here'],
    'a wrong check digit': ['/01/09506000134353/21/A', 400, 'wrong check digit'],
    'a GTIN of 13 digits': ['/01/9506000134352/21/A', 400, 'too short'],
    'qualifiers in another order': [`/01/${GTIN}/21/A/10/B`, 400, 'can’t follow one another'],
    'a slash at the end': [`${PIECE}/`, 400, 'ends with no GS1 key'],
    'a key of digits that is none': [`${PIECE}?89=1`, 400, 'no AI'],
    'a qualifier in the query': [`/01/${GTIN}/21/A?10=B`, 400, 'belongs in the path'],
    'a GTIN of zeros': ['/01/00000000000000/21/A', 400, 'all zeros'],
    'a mistyped own code': ['/p/atelier-lune/0000000000000000Z', 400, 'can’t be a code'],
    'a piece nobody registered': [`/01/${GTIN}/21/NEVER`, 404, 'No piece is registered here'],
  };
  for (const [name, [address, status, says]] of Object.entries(nowhere)) {
    it(`leads nowhere from ${name}: ${status}, saying so`, async () => {
      const page = await ledger.api.get(address);
      expect(page.status).to.equal(status);
      expect(page.headers.get('content-type')).to.contain('text/html');
      expect(page.text).to.contain(says);
    });
  }

  it('tells programs the same as a problem', async () => {
    const json = { accept: 'application/json' };
    for (const [address, status, code, says] of [
      [`/01/${GTIN}`, 404, 'not-found', 'add the serial'],
      ['/00/095060001343520000', 404, 'not-found', 'not supported'],
      ['/01/09506000134353/21/A', 400, 'invalid-code', 'check digit'],
    ] as const) {
      const { status: found, body } = await ledger.api.get(address, json);
      expect(found).to.equal(status);
      expect(body).to.include({ code, status });
      expect(body.detail).to.contain(says);
    }
  });

  it('is found from whatever a person or a scanner puts in', async () => {
    for (const typed of [
      PIECE,
      `${ledger.url}${PIECE}`,
      `Https://id.gs1.org/01/${GTIN}/10/L/21/A%2F7`,
      `https://shop.example/jewels/01/${GTIN}/21/A%2F7?linkType=gs1:pip#more`,
      `id.gs1.org/01/${GTIN}/21/A%2F7`,
      `(01)${GTIN}(21)A/7`,
      ` (01) ${GTIN} (10) LOT (21) A/7 `,
      `01${GTIN}21A/7`,
      `^01${GTIN}10LOT^21A/7`,
      `\u001d01${GTIN}10LOT\u001d21A/7`,
      `]d201${GTIN}22V\u001d21A/7`,
      `${GTIN} A/7`,
      `9506000134352 A/7`,
    ]) {
      const reply = await find(typed);
      expect(reply.status, typed).to.equal(303);
      expect(reply.headers.get('location'), typed).to.equal(PIECE);
    }
  });

  it('is found from an own code, as typed', async () => {
    const [, , handle = '', code = ''] = own.split('/');
    for (const typed of [
      own,
      `https://elsewhere.example${own}?x`,
      `${handle} ${code.toLowerCase()}`,
      `${handle}/${code}`,
    ]) {
      const reply = await find(typed);
      expect(reply.status, typed).to.equal(303);
      expect(reply.headers.get('location'), typed).to.equal(own);
    }
  });

  it('leads nowhere from other things typed, saying why where it is known', async () => {
    for (const [typed, status, says] of [
      [`(01)${GTIN}`, 404, 'names a product'],
      [GTIN, 404, 'names a product'],
      [`(01)${GTIN}(21)A/7(17)300101`, 404, 'not supported here'],
      ['https://id.gs1.org/8004/9506000ABC', 404, 'not supported here'],
      [`(01)${GTIN}(21)A(23)`, 400, 'no known AI'],
      ['(01)09506000134353(21)A', 400, 'wrong check digit'],
      ['(21)A', 400, 'names nothing'],
      ['', 400, 'can’t be a code'],
      ['something else', 400, 'can’t be a code'],
      ['https://example.com/', 400, 'ends with no GS1 key'],
    ] as const) {
      const reply = await find(typed);
      expect(reply.status, typed).to.equal(status);
      expect(reply.text, typed).to.contain(says);
    }
  });

  it('never writes what was typed as markup', async () => {
    const reply = await find('(01)<script>x</script>');
    expect(reply.status).to.equal(400);
    expect(reply.text).to.not.contain('<script');
  });
});
