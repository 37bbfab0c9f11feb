// Owns what a passport's page must say of certificates and report numbers: who said what, since when and whether it
// still stands; every word of a certifier, inert; no hash and no address outside the folded part.
import { expect } from 'chai';
import fc from 'fast-check';
import type { CertificateFacts, ReportUse } from '../../src/core/attestation.ts';
import type { BatchId, TokenId } from '../../src/core/batch.ts';
import { type CertificateStatement, REVOCATION_REASONS, type Subject } from '../../src/core/certificate.ts';
import type { Passport, PieceFacts } from '../../src/core/passport.ts';
import { CERTIFICATE_TYPES } from '../../src/core/vocabulary.ts';
import { renderPassport } from '../../src/web/passport-page.ts';
import {
  ASSAY_OFFICE,
  type CertificateWish,
  certificateOf,
  ISSUED,
  LABORATORY,
  pieceSubject,
} from '../support/certificate-facts.ts';
import { flat, mainText, readText, withoutFold } from '../support/page-text.ts';
import { ATELIER, passportOf, pendingPassportOf, SAMPLE_PASSPORTS, TOKEN } from '../support/passports.ts';
import { FINE_RING, hex32 } from '../support/pieces.ts';

const CONTEXT = { publicUrl: 'https://ledger.example', embedded: false };
const ABOUT_IT = pieceSubject(TOKEN);
const DAY = 86_400;
const ON_A_DAY = { text: '4 March 2026', from: '2026-03-04', to: '2026-03-04' };

type More = Partial<Parameters<typeof renderPassport>[1]>;
const render = (passport: Passport, more: More = {}) => renderPassport(passport, { ...CONTEXT, ...more });
const partOf = (page: string, id: string) =>
  new RegExp(`<section class="[a-z -]*"(?: id="${id}"| aria-label="${id}")[\\s\\S]*?</section>`).exec(page)?.[0] ?? '';
const vouching = (passport: Passport, more: More = {}) =>
  readText(`<main>${partOf(render(passport, more), 'vouching')}</main>`);
const verdict = (passport: Passport, more: More = {}) =>
  readText(`<main>${partOf(render(passport, more), 'Verdict')}</main>`);
const foldOf = (page: string) => /<details[\s\S]*<\/details>/.exec(page)?.[0] ?? '';

/** A ring with these certificates. */
const certified = (certificates: readonly CertificateFacts[], more: Partial<PieceFacts> = {}) =>
  passportOf(FINE_RING, { certificates, ...more });
const withOne = (
  members: Partial<CertificateStatement> = {},
  wish: CertificateWish = {},
  subject: Subject = ABOUT_IT,
) => certified([certificateOf(subject, members, wish)]);

describe('passport page: certificates', () => {
  it('say who did what, on which day, and since when it stands', () => {
    const text = vouching(withOne({ examined: ON_A_DAY }));
    expect(text).to.contain(
      'Example Gemmological Laboratory graded its stones on 4 March 2026, and put its name to that here on 10 May 2026:',
    );
    expect(text).to.contain('One natural diamond, round brilliant, 0.52 ct');
    expect(text).to.contain('Checked by an accredited independent body, by its own account');
  });

  it('are told for every type there is, with or without the day of looking', () => {
    for (const type of Object.keys(CERTIFICATE_TYPES) as CertificateStatement['type'][]) {
      const signed = /Example Gemmological Laboratory \w[\w ]+, and put its name to that here on 10 May 2026:/;
      expect(vouching(withOne({ type })), type).to.match(signed);
      const both = / on 4 March 2026, and put its name to that here on 10 May 2026:/;
      expect(vouching(withOne({ type, examined: ON_A_DAY })), type).to.match(both);
    }
    const sameDay = { text: '10 May 2026', from: '2026-05-10', to: '2026-05-10' };
    expect(vouching(withOne({ examined: sameDay }))).to.contain('and put its name to that here on 10 May 2026:');
  });

  it('name the stone where it is the only one, or the one whose report it is', () => {
    const report = { issuer: 'example gemmological laboratory', number: '2201447710' };
    expect(vouching(withOne({ report }))).to.contain('graded the stone,');
    expect(vouching(withOne({ report: { ...report, number: '1' } }))).to.contain('graded its stones,');
    expect(vouching(passportOf({}, { certificates: [certificateOf(ABOUT_IT)] }))).to.contain('graded this piece,');
  });

  it('show every word of the certifier, in its language, in a quiet table where it listed findings', () => {
    const members: Partial<CertificateStatement> = {
      language: 'fr',
      title: 'Rapport d’expertise',
      statement: 'Diamant naturel,\nsans traitement décelé.',
      examined: { text: 'au printemps 2026', from: '2026-03-20', to: '2026-06-20' },
      method: 'Au microscope.',
      standards: ['ISO 24016:2020', 'Livre bleu'],
      report: { issuer: 'Un autre nom', number: 'N° 12' },
      findings: [{ name: 'Poids', value: '0,52 ct' }],
      document: { sha256: hex32('d0c5'), mediaType: 'application/pdf', title: 'Le rapport' },
    };
    const page = withoutFold(render(withOne(members)));
    const { language: _language, evidence: _evidence, document, examined, report, ...rest } = members;
    const words = JSON.stringify([rest, document?.title, examined?.text, report]);
    for (const [, said] of words.matchAll(/(?<=[:[,])"((?:[^"\\]|\\.)+)"(?!:)/g)) {
      expect(mainText(page)).to.contain(JSON.parse(`"${said}"`));
    }
    expect(page).to.contain('<span class="said" lang="fr" dir="auto">Poids</span>');
    expect(page).to.contain('<blockquote class="said quote" lang="fr" dir="auto">Diamant naturel');
    expect(page).to.contain('<span class="said" lang="fr" dir="auto">Rapport d’expertise</span>');
    expect(readText(page)).to.contain('au printemps 2026 (20 March 2026 – 20 June 2026)');
  });

  it('say what they are about, and keep what is about the maker apart', () => {
    const batch = certificateOf({ kind: 'batch', batchId: '12089258196146291747061760' as BatchId }, { type: 'assay' });
    expect(vouching(certified([batch]))).to.contain(
      'assayed the batch of 2,400 pieces that this one was registered in',
    );
    const record = withOne({ type: 'audit' }, {}, { kind: 'record', recordHash: hex32('1') });
    expect(vouching(record)).to.contain('Speaks of the piece as its record describes it, word for word');
    const report = withOne({}, {}, { kind: 'report', issuer: 'EGL', number: '22' });
    expect(vouching(report)).to.contain('spoke of report 22 of EGL, and put its name to that');
    const maker = withOne({ type: 'membership' }, {}, { kind: 'organisation', organisation: ATELIER });
    const text = vouching(maker);
    expect(text).to.contain('entered Atelier Lune on its list of members');
    expect(text).not.to.contain('Certified on this ledger');
    expect(text.indexOf('About Atelier Lune itself')).to.be.below(text.indexOf('entered Atelier Lune'));
  });

  it('say who stands behind the piece: its registrant alone, or others by name', () => {
    const office = { by: { address: ASSAY_OFFICE, handle: 'assay-office' } };
    const two = certified([certificateOf(ABOUT_IT), certificateOf(ABOUT_IT, { type: 'hallmark' }, office)]);
    const names = 'Example Gemmological Laboratory and Assay Office have put their own name to something about it.';
    expect(vouching(two)).to.contain(names);
    const plain = (...certificates: CertificateFacts[]) => vouching(passportOf({}, { certificates }));
    const alone = 'The record names nobody else who checked it.';
    expect(plain(certificateOf(ABOUT_IT))).not.to.contain(alone);
    const back = plain(certificateOf(ABOUT_IT, {}, { revoked: { reason: 'mistake' } }));
    expect(back).to.contain(`${alone} What others had certified about it was taken back.`);
    expect(plain(certificateOf({ kind: 'organisation', organisation: ATELIER }))).to.contain(alone);
    expect(plain(certificateOf(ABOUT_IT, {}, { by: { address: ATELIER, handle: 'atelier-lune' } }))).to.contain(alone);
  });

  it('tell that only a fingerprint is known, where it is so', () => {
    const text = vouching(withOne({ title: 'Unseen' }, { silent: true }));
    expect(text).to.contain('put its name to a certificate about this piece on 10 May 2026. What it says is not known');
    expect(text).not.to.contain('Unseen');
  });

  it('link the document where it is kept, and name it with its fingerprint below where it is not', () => {
    const document = { sha256: hex32('d0c5'), mediaType: 'application/pdf', title: 'Report 22' };
    const passport = withOne({ document });
    const kept = render(passport, { documentUrl: (sha256: string) => `/documents/${sha256}` });
    expect(kept).to.contain(`<a href="/documents/${document.sha256}">`);
    expect(vouching(passport)).to.contain('Report 22PDF, not kept here; its fingerprint stands below');
    expect(partOf(render(passport), 'vouching')).not.to.contain('<a ');
    expect(foldOf(render(passport))).to.contain(document.sha256);
  });

  it('are shown in part where they are too many to read, and say so', () => {
    const many = Array.from({ length: 45 }, (_, i) => certificateOf(ABOUT_IT, { title: `Number ${i}` }));
    const text = vouching(certified(many));
    expect(text).to.contain('Number 39');
    expect(text).not.to.contain('Number 40');
    expect(text).to.contain('5 more certificates stand in its JSON and its evidence file.');
  });
});

describe('passport page: how certificates stand', () => {
  it('an old assay was valid when made; an audit that is over ran out, and the verdict says so', () => {
    const over = { validUntil: ISSUED + DAY };
    const assay = withOne({ type: 'assay' }, over);
    expect(vouching(assay)).to.contain('Valid when made. Its time ended on 11 May 2026.');
    expect(verdict(assay)).not.to.contain('ran out');
    const audit = withOne({ type: 'audit', title: 'Audit' }, over, { kind: 'organisation', organisation: ATELIER });
    expect(vouching(audit)).to.contain('Run out. It ran out on 11 May 2026 and says nothing about today.');
    expect(verdict(audit)).to.contain('Audit about Atelier Lune, of Example Gemmological Laboratory, ran out on');
    expect(verdict(audit)).to.contain('This record is genuine');
    const later = { validUntil: ISSUED + 1000 * DAY };
    expect(vouching(withOne({}, later))).to.contain('Holds until 3 February 2029');
  });

  it('what was taken back is struck through, readable, with who, when, why and in whose words', () => {
    const because: Record<keyof typeof REVOCATION_REASONS, string> = {
      mistake: 'on 11 May 2026, because it was a mistake. In its words: “So it is.”',
      replaced: 'on 11 May 2026, because another certificate replaces it.',
      'piece-changed': 'on 11 May 2026, because the piece has changed since.',
      deceit: 'on 11 May 2026, because it was obtained by deceit.',
      other: 'on 11 May 2026. In its words: “So it is.”',
    };
    for (const reason of Object.keys(REVOCATION_REASONS) as (keyof typeof REVOCATION_REASONS)[]) {
      const findings = [{ name: 'Weight', value: '1.84 ct' }];
      const passport = withOne({ title: 'Letter', findings }, { revoked: { reason, words: 'So it is.' } });
      const text = vouching(passport);
      expect(text).to.contain(`Taken back. Example Gemmological Laboratory took it back ${because[reason]}`);
      const page = render(passport);
      expect(page).to.match(/<del><span class="said" dir="auto">Letter<\/span><\/del>/);
      expect(page).to.match(/<del><blockquote[^>]*>One natural diamond/);
      expect(page).to.match(/<del><span class="said" dir="auto">1.84 ct<\/span><\/del>/);
      expect(page).to.match(/standing-cross"><svg class="shape shape-cross/);
      expect(passport.headline === 'warning', reason).to.equal(reason !== 'replaced');
    }
  });

  it('what was taken back is a cause of the warning, with the way to it; what was replaced is not', () => {
    const revoked = { revoked: { reason: 'deceit' as const, words: 'Another stone.' } };
    const bad = certified([certificateOf(ABOUT_IT), certificateOf(ABOUT_IT, { title: 'Letter' }, revoked)]);
    expect(verdict(bad)).to.contain(
      'A certificate was taken back: Letter. Example Gemmological Laboratory took it back',
    );
    expect(partOf(render(bad), 'Verdict')).to.match(/class="cause">.*href="#certificate-2"/);
    expect(render(bad)).to.contain('id="certificate-2"');
    const replaced = withOne({}, { revoked: { reason: 'replaced' } });
    expect(verdict(replaced)).not.to.contain('taken back');
    const ofMaker = withOne({}, revoked, { kind: 'organisation', organisation: ATELIER });
    expect(ofMaker.headline).to.equal('genuine-record');
    expect(partOf(render(ofMaker), 'Verdict')).to.match(/class="beside">.*About Atelier Lune itself: A certificate/);
  });

  it('the verdict names a few of very many that were taken back', () => {
    const revoked = { revoked: { reason: 'deceit' as const } };
    const many = Array.from({ length: 90 }, (_, i) => certificateOf(ABOUT_IT, { title: `Number ${i}` }, revoked));
    const text = verdict(certified(many));
    expect(text).to.contain('Number 3').and.not.contain('Number 4');
    expect(text).to.contain('And 86 more of the same kind.');
  });

  it('what a certifier issued before it was suspended was issued in good standing', () => {
    const by = { address: LABORATORY, handle: 'egl', suspendedAt: ISSUED + 3 * DAY };
    const text = vouching(withOne({}, { by }));
    expect(text).to.contain('Certifier suspended. Egl has been suspended from this ledger since 13 May 2026.');
    expect(text).to.contain('This was issued before that, while in good standing.');
  });

  it('what is not final yet says so, and the verdict does not call the page final', () => {
    const passport = withOne({}, { block: 1890 });
    const settling = { ...passport, certificates: passport.certificates.map((view) => ({ ...view, final: false })) };
    expect(vouching(settling)).to.contain(
      'Settling. It is on the ledger, but for a short while it could still be undone.',
    );
    expect(verdict(settling)).to.contain('The registration is final. A certificate shown here is on the ledger, but');
    expect(verdict(settling)).not.to.contain('Final.');
    expect(verdict(passport)).to.contain('Final.');
  });
});

describe('passport page: report numbers', () => {
  const report = { issuer: 'Example Gemmological Laboratory', number: '2201 4477 10' };
  const used = (named: ReportUse['named'], others: number): Passport => {
    const otherUses = Array.from({ length: others }, (_, i) => String(70 + i) as TokenId);
    return passportOf(FINE_RING, { reports: [{ report, otherUses, named }] });
  };

  it('are this piece’s where the laboratory itself says so, however many others claim them', () => {
    const text = vouching(used('this-piece', 2));
    expect(text).to.contain('itself names this piece for its report 2201 4477 10.');
    expect(text).to.contain('stated for 2 other pieces on this ledger, which the laboratory doesn’t name.');
    expect(verdict(used('this-piece', 2))).not.to.contain('report');
  });

  it('are a cause of the warning where the laboratory names another piece', () => {
    expect(verdict(used('another-piece', 0))).to.contain('Don’t rely on this record as it stands.');
    expect(partOf(render(used('another-piece', 0)), 'Verdict')).to.match(
      /class="cause">.*names another piece for its report/,
    );
  });

  it('are to be confirmed where others state them as well and nobody says whose they are', () => {
    const text = 'The same report number is stated for 1 other piece on this ledger';
    for (const said of [verdict(used('no-piece', 1)), vouching(used('no-piece', 1))]) {
      expect(said).to.contain(text);
      expect(said).to.contain('Have the laboratory confirm which piece it is about.');
    }
    expect(verdict(used('no-piece', 1))).to.contain('This record is genuine');
    expect(vouching(used('no-piece', 20))).to.contain('for at least 20 other pieces');
    const links = render(used('no-piece', 20), { recordUrl: (tokenId: string) => `/token/${tokenId}` });
    expect(links).to.contain('href="/token/70"').and.not.contain('href="/token/73"');
  });

  it('are the registrant’s word where nobody else has said anything', () => {
    const text = vouching(used('no-piece', 0));
    expect(text).to.contain('has not said on this ledger which piece its report 2201 4477 10 is about.');
    expect(verdict(used('no-piece', 0))).not.to.contain('report');
  });
});

describe('passport page: safety and proof of certificates', () => {
  const nasty = fc.constantFrom(
    `<script>alert("1")</script> & '" <img src=x onerror=alert(1)>`,
    `"><svg onload=alert(1)>`,
    `javascript:alert(1)`,
    `</blockquote></li></ul></section><h1>Genuine</h1>`,
    `' onmouseover='alert(1)`,
    `&lt;b&gt; שלום 💍 ]]> -->`,
  );

  it('shows markup in whatever a certifier wrote as words', () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, (a, b, c) => {
        const members: Partial<CertificateStatement> = {
          title: a,
          statement: b,
          method: c,
          standards: [a, b],
          examined: { text: c, from: 'unknown', to: 'unknown' },
          report: { issuer: a, number: b },
          findings: [{ name: c, value: a }],
          document: { sha256: hex32('1'), mediaType: 'text/html', title: b },
        };
        const revoked = { revoked: { reason: 'other' as const, words: c } };
        const reports: ReportUse[] = [{ report: { issuer: a, number: b }, otherUses: [], named: 'another-piece' }];
        const passport = certified([certificateOf(ABOUT_IT, members, revoked)], { reports });
        const page = render(passport, { documentUrl: (sha256: string) => `/documents/${sha256}` });
        const bare = page.replace(/"[^"]*"/g, '""');
        expect(bare).not.to.match(/<script|<img|<[^>]*\son[a-z]+|<svg onload/i);
        expect(bare.match(/<h1/g)).to.have.length(1);
        expect(page).not.to.contain('href="javascript');
        for (const words of [a, b, c]) expect(flat(mainText(withoutFold(page)))).to.contain(flat(words));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps ids, hashes and addresses in the folded part, with everything a sceptic needs', () => {
    const revoked = { revoked: { reason: 'mistake' as const }, issue: { id: hex32('ba'), index: 3 } };
    const passport = withOne({}, revoked);
    const page = render(passport, { explorer: 'https://scan.example/' });
    expect(withoutFold(page)).not.to.match(/0x[0-9a-f]{16}/);
    const [view] = passport.certificates;
    const fold = foldOf(page);
    for (const value of [
      view?.id,
      view?.issue.id,
      'index 3',
      view?.contentHash,
      LABORATORY,
      'reason <code>mistake</code>',
      `href="https://scan.example/tx/${view?.transaction}"`,
      `href="https://scan.example/tx/${view?.revoked?.transaction}"`,
    ]) {
      expect(fold).to.contain(String(value));
    }
  });

  it('leads to the evidence file and says how to check it, except for what is not on the chain', () => {
    const passport = passportOf(FINE_RING);
    const fold = foldOf(render(passport));
    expect(fold).to.contain(`<a href="/api/v1/pieces${passport.path}/evidence">Evidence file: everything needed`);
    const command = `touchstone verify evidence-${TOKEN.slice(-12)}.json --registry 918273:${passport.asOf?.registry}`;
    expect(fold).to.contain(command);
    const pending = render(pendingPassportOf(FINE_RING));
    expect(pending).not.to.contain('/evidence').and.not.contain('touchstone verify');
  });

  it('keeps the page of a ring with certificates of every kind within 60 kB', () => {
    for (const name of ['certified-ring', 'doubted-ring']) {
      expect(Buffer.byteLength(render(SAMPLE_PASSPORTS[name] as Passport))).to.be.below(60_000);
    }
  });
});
