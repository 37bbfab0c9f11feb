// What a passport's page says of a piece's life: the sentence at its head for each warning, every kind of event in words,
// the piece as it is now beside its record; other people's words inert, owners' addresses nowhere.
import { expect } from 'chai';
import type { Hex32 } from '../../src/core/hash.ts';
import { type BatchLifeFacts, LIFE_KINDS, type LifeKind } from '../../src/core/life.ts';
import type { Passport, PieceFacts } from '../../src/core/passport.ts';
import { renderPassport } from '../../src/web/passport-page.ts';
import { certificateOf, LABORATORY, pieceSubject } from '../support/certificate-facts.ts';
import { lifeStatement } from '../support/life.ts';
import { flat, mainText, readText, withoutFold } from '../support/page-text.ts';
import {
  ATELIER,
  GALLERY,
  type LifeWish,
  lifeEvent,
  moveTo,
  OTHER_PRIVATE,
  PRIVATE,
  passportOf,
  TOKEN,
  together,
} from '../support/passports.ts';
import { FINE_RING, hex32 } from '../support/pieces.ts';

const CONTEXT = { publicUrl: 'https://ledger.example', embedded: false };
const BENCH = '0x7000000000000000000000000000000000000b07';
const COURT = '0x8000000000000000000000000000000000000c08';
const NAMES = {
  organisations: new Map([
    [ATELIER, 'atelier-lune'],
    [GALLERY, 'galerie-bleue'],
    [BENCH, 'bench-south'],
    [COURT, 'court-west'],
  ]),
};
const render = (passport: Passport) => renderPassport(passport, CONTEXT);
const readable = (passport: Passport) => readText(withoutFold(render(passport)));
const verdictText = (passport: Passport) =>
  flat(mainText(`<main>${/<section class="verdict[\s\S]*?<\/section>/.exec(render(passport))?.[0]}</main>`));
const lived = (facts: Partial<PieceFacts>) => passportOf(FINE_RING, { ...NAMES, ...facts });
const livedOnce = (kind: LifeKind, wish: LifeWish = {}) => lived(lifeEvent(kind, 1, wish));
const batchSaid = (kind: LifeKind, words: string): Partial<PieceFacts> => {
  const place = { block: 1600, logIndex: 1, time: Date.UTC(2026, 4, 20) / 1000, transaction: hex32('e') };
  const said: BatchLifeFacts = { ...place, kind, number: 1, organisation: ATELIER, key: ATELIER, words };
  return { batchLife: [said] };
};
const newStone = {
  type: 'stone',
  species: 'diamond',
  nature: 'laboratory-grown',
  count: 1,
  caratThousandths: 500,
  colour: 'D',
  clarity: 'VVS1',
  origin: 'unknown',
  custody: 'unknown',
};
const replaced = lifeStatement('stone-replaced', {
  words: 'The stone was chipped; a new one was set.',
  date: { text: '9 May 2026', from: '2026-05-09', to: '2026-05-09' },
  by: 'Ms Roux, setter',
  changes: { materials: [{ action: 'replaced', material: 1, with: newStone }], massMg: 3300 },
});

describe('passport page: verdict of a piece that has lived', () => {
  const REASON = 'Seized <b>in</b> case 12';
  const cases: readonly (readonly [string, Passport, readonly string[]])[] = [
    [
      'stolen',
      livedOnce('reported-stolen'),
      ['Its owner reported it stolen on 11 May 2026. Do not buy it.', 'at least until 10 August 2026'],
    ],
    [
      'lost',
      livedOnce('reported-lost'),
      ['Its owner reported it lost on 11 May 2026.', 'if you have found it, hand it in'],
    ],
    [
      'reported by an earlier owner',
      lived({
        ...together(lifeEvent('reported-stolen', 1), lifeEvent('report-lapsed', 2)),
        moves: [moveTo(PRIVATE, 1400), moveTo(OTHER_PRIVATE, 1700)],
      }),
      ['An earlier owner, number 2, reported it stolen on 11 May 2026, and nobody has taken that back.'],
    ],
    [
      'locked',
      livedOnce('locked', { by: COURT, words: REASON }),
      ['Court West, an arbiter of this ledger, has kept it from changing hands since 11 May 2026.', `“${REASON}”`],
    ],
    [
      'recalled',
      livedOnce('recalled', { by: ATELIER, words: 'The clasp may open.' }),
      ['Atelier Lune recalled this piece on 11 May 2026. Ask Atelier Lune what to do', '“The clasp may open.”'],
    ],
    [
      'recalled with its batch',
      lived(batchSaid('recalled', 'Nickel.')),
      ['Atelier Lune recalled the whole batch that this piece was registered in on 20 May 2026.', '“Nickel.”'],
    ],
    [
      'withdrawn',
      livedOnce('registration-withdrawn', { by: ATELIER, words: 'A double.' }),
      ['Atelier Lune withdrew the registration of this piece on 11 May 2026 and no longer stands by this record.'],
    ],
    [
      'under recovery',
      lived(together(lifeEvent('recovery-allowed', 1), lifeEvent('recovery-begun', 2, { by: COURT, words: 'Fire' }))),
      ['on 12 May 2026, who registered it and Court West began', 'can be done from 11 June 2026 on', '“Fire”'],
    ],
    [
      'melted',
      livedOnce('melted'),
      ['This piece is no more: on 11 May 2026 its owner put on the ledger that it was melted down.'],
    ],
    [
      'ended with its batch',
      lived(batchSaid('dismantled', 'Unsold.')),
      ['all pieces left in it were taken apart', '“Unsold.”'],
    ],
  ];
  for (const [name, passport, sentences] of cases) {
    it(`warns of a piece that is ${name}, says who says so and since when, and never calls it genuine`, () => {
      const text = verdictText(passport);
      expect(passport.headline).to.equal('warning');
      for (const sentence of sentences) expect(text).to.contain(sentence);
      expect(text).to.not.match(/genuine|something about it is wrong/);
      expect(render(passport)).to.contain('class="shape shape-warning"');
    });
  }

  it('says the gravest first and all the others after it', () => {
    const all = together(
      lifeEvent('recalled', 1, { by: ATELIER, words: 'The clasp.' }),
      lifeEvent('locked', 2, { by: COURT, words: 'A claim.' }),
      lifeEvent('reported-stolen', 3),
    );
    const text = verdictText(lived(all));
    const places = ['reported it stolen', 'kept it from changing hands', 'recalled this piece'].map((words) =>
      text.indexOf(words),
    );
    expect(places.every((place) => place > 0)).to.equal(true);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });

  it('is genuine again when what was said is taken back, and its life still tells of it', () => {
    const passport = lived(together(lifeEvent('reported-lost', 1), lifeEvent('report-withdrawn', 2)));
    expect(passport.headline).to.equal('genuine-record');
    expect(readable(passport)).to.contain('Reported lost by its owner');
    expect(readable(passport)).to.contain('Its owner took the report back');
  });

  it('begins with a record that is wrong by itself, and still tells of the theft', () => {
    const facts = lifeEvent('reported-stolen', 1);
    const conflicts = [{ tokenId: '7' as typeof TOKEN, recordHash: hex32('7') as never }];
    const text = verdictText(lived({ ...facts, conflicts }));
    expect(text).to.contain('Don’t rely on this record as it stands.');
    expect(text).to.contain('Its owner reported it stolen');
  });
});

describe('passport page: life', () => {
  it('has a line for every kind of event, with who did it where somebody did', () => {
    const lines = new Set<string>();
    for (const kind of Object.keys(LIFE_KINDS) as LifeKind[]) {
      const page = render(livedOnce(kind, { by: BENCH }));
      const line = /<li id="event-1"><p class="what">(.*?)<\/p>/.exec(page)?.[1];
      expect(line, kind).to.match(/^[A-Z]/);
      expect(line, kind).to.not.match(/undefined|null|0x/);
      lines.add(line as string);
    }
    expect(lines.size).to.equal(Object.keys(LIFE_KINDS).length);
    expect([...lines].filter((line) => line.includes('Bench South')).length).to.be.greaterThan(15);
  });

  it('tells what was done in the words of who did it, when, by whom, and what it changed', () => {
    const text = readable(livedOnce('stone-replaced', { by: BENCH, statement: replaced }));
    for (const words of [
      'A stone replaced by Bench South',
      'The stone was chipped; a new one was set.',
      '9 May 2026',
      'by Ms Roux, setter',
      'New: diamond, laboratory-grown (synthetic), 1 stone, 0.50 ct, instead of diamond, natural, untreated as far as stated, 1 stone, 0.52 ct',
      'Weight: 3.3 g, before that 3.304 g',
    ]) {
      expect(text).to.contain(words);
    }
  });

  it('shows the piece as it is now beside what its record says, and compares with the piece in hand as it is', () => {
    const passport = livedOnce('stone-replaced', { by: BENCH, statement: replaced });
    const text = readable(passport);
    const [now, made] = [text.indexOf('As it is now'), text.indexOf('What it was made of')];
    expect(now).to.be.greaterThan(0);
    expect(made).to.be.greaterThan(now);
    expect(text.slice(now, made)).to.contain('Changed by Bench South, 11 May 2026');
    expect(text.slice(now, made)).to.contain('0.50 ct').and.not.contain('0.52 ct');
    expect(text.slice(made)).to.contain('0.52 ct');
    expect(text).to.contain('Weigh it: 3.3 g.');
    expect(readable(lived({})))
      .to.contain('What it is made of')
      .and.not.contain('As it is now');
  });

  it('tells a correction with what the record says, what it should say, and why', () => {
    const corrections = [{ path: '/materials/0/fineness', value: 585, why: 'Read from another order.' }];
    const statement = lifeStatement('corrected', { words: 'The fineness was wrong.', corrections });
    const text = readable(livedOnce('corrected', { by: ATELIER, words: 'Wrong fineness', statement }));
    expect(text).to.contain('Atelier Lune corrected the record');
    expect(text).to.contain('Material 1, fineness: 585; the record says 750. The reason: “Read from another order.”');
    expect(text).to.contain('Corrected since by Atelier Lune.');
    expect(text).to.contain('14 carat gold (585)');
  });

  it('says where a statement is not known, or does not fit, and changes nothing by it', () => {
    const unfit = lifeStatement('repair', { changes: { materials: [{ action: 'removed', material: 9 }] } });
    expect(readable(livedOnce('repair', { by: BENCH, statement: unfit }))).to.contain('doesn’t fit the piece');
    const facts = { ...lifeEvent('repair', 1, { by: BENCH, statement: unfit }), statements: new Map() };
    const text = readable(lived(facts));
    expect(text).to.contain('What was done is not known to this service');
    expect(text).to.not.contain('As it is now');
  });

  it('marks a certificate made before the work as one of the earlier state, and not one made after it', () => {
    const certificate = certificateOf(pieceSubject(TOKEN), {}, { block: 1490 });
    const facts = {
      ...lifeEvent('stone-replaced', 1, { by: BENCH, statement: replaced }),
      certificates: [certificate],
    };
    const passport = lived(facts);
    expect(passport.certificates[0]?.madeBeforeChange).to.equal(1);
    expect(readable(passport)).to.contain(
      'Of its earlier state. This speaks of the piece as it was before Bench South worked on it (11 May 2026).',
    );
    const later = { ...certificate, fields: { ...certificate.fields, pieceEvents: 1 } };
    expect(lived({ ...facts, certificates: [later] }).certificates[0]?.madeBeforeChange).to.equal(null);
    expect(LABORATORY).to.equal(certificate.certifier.address);
  });

  it('says who has the piece to sell, and that it is not theirs', () => {
    const text = readable(livedOnce('consigned', { by: GALLERY }));
    expect(text).to.contain(
      'Galerie Bleue has had it since 11 May 2026, to sell for its owner. It doesn’t belong to Galerie Bleue.',
    );
  });

  it('says that it was claimed with its card, and what became of the card', () => {
    const note = { kind: 'claimed', recoverable: true, key: PRIVATE, to: PRIVATE, block: 1400, logIndex: 3 } as const;
    const notes = [{ ...note, time: 1, transaction: hex32('c') }];
    const text = readable(lived({ moves: [moveTo(PRIVATE, 1400)], notes, hasCard: true }));
    expect(text).to.contain('Passed to owner 2, who claimed it with its card');
    expect(text).to.contain('Its claim card has been used');
    expect(text).to.contain('Its owner allowed that a lost key be replaced');
  });

  it('shows markup in anybody’s words as words', () => {
    const nasty = `<script>alert("1")</script> & '" <img src=x onerror=alert(1)>`;
    const statement = lifeStatement('repair', {
      words: nasty,
      by: nasty,
      place: { text: nasty },
      documents: [{ sha256: hex32('d'), mediaType: 'application/pdf', title: nasty }],
      changes: {
        inscriptions: [{ action: 'added', with: { text: nasty } }],
        materials: [{ action: 'altered', material: 1, members: { setting: nasty } }],
      },
    });
    const corrections = [{ path: '/story', value: nasty, why: nasty }];
    const wrong = lifeStatement('corrected', { words: nasty, corrections });
    const page = render(
      lived(
        together(
          lifeEvent('repair', 1, { by: BENCH, statement }),
          lifeEvent('locked', 2, { by: COURT, words: nasty }),
          lifeEvent('corrected', 3, { by: ATELIER, words: nasty, statement: wrong }),
          lifeEvent('recalled', 4, { by: ATELIER, words: nasty }),
        ),
      ),
    );
    expect(page.replace(/"[^"]*"/g, '""')).not.to.match(/<script|<img src=x|<[^>]*\sonerror/i);
    expect(mainText(page).split(nasty).length).to.be.greaterThan(12);
  });

  it('writes owners’ addresses nowhere, not even of who a recovery or a fresh card is for', () => {
    const hidden = `0x${'0'.repeat(24)}${OTHER_PRIVATE.slice(2)}` as Hex32;
    const all = together(lifeEvent('recovery-allowed', 1), lifeEvent('recovery-begun', 2, { by: COURT, words: 'x' }));
    const life = [...all.life, ...lifeEvent('card-set', 3).life].map((one) => ({ ...one, contentHash: hidden }));
    const page = render(lived({ moves: [moveTo(PRIVATE, 1300)], life }));
    for (const owner of [PRIVATE, OTHER_PRIVATE]) expect(page.toLowerCase()).not.to.contain(owner.slice(2));
  });
});
