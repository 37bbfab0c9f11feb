// Owns what the sample's assay office and gem laboratory certify: about which piece, in which words, until when. All of
// it is made up. How certificates are issued never enters it.
import type { CertificateStatement } from '../core/certificate.ts';
import { EMERALD_PENDANT, GOLD_CHAIN, LOOSE_SPINEL, TENNIS_BRACELET } from './fine-others.ts';
import { SAPPHIRE_RING, SIGNET, SOLITAIRE, WEDDING_BAND } from './fine-rings.ts';
import { ASSAY_OFFICE, type CERTIFIERS, dated, GEM_LABORATORY, type SamplePiece, SPONSOR } from './workshop.ts';

type Said = Omit<CertificateStatement, 'schema' | 'subject' | 'document'>;

export interface SampleCertificate {
  readonly by: keyof typeof CERTIFIERS;
  /** The piece; left out, it is about the workshop itself. */
  readonly of?: SamplePiece;
  readonly said: Said;
  /** It comes with a paper, under this title. */
  readonly paper?: string;
  /** No end; the end of the year so many years on; or the end of the day on which the piece was registered. */
  readonly holds?: { readonly years: number } | 'that-day';
  /** Taken back because the next one of the list replaces it, in these words. */
  readonly replaced?: string;
}

const LABORATORY_METHOD = 'Microscope, spectroscope, refractometer and carat scales; the stone was looked at loose.';
const report = (number: string) => ({ issuer: GEM_LABORATORY, number });

const SPINEL: Said = {
  language: 'en',
  type: 'identification',
  title: 'Gemstone identification report SAMPLE-0402',
  statement: 'Natural spinel. No indications of heating.',
  evidence: 'accredited',
  examined: dated('11 December 2025', '2025-12-11'),
  method: LABORATORY_METHOD,
  report: report('SAMPLE-0402'),
  findings: [
    { name: 'Weight', value: '1.48 ct' },
    { name: 'Measures', value: '6.90 × 6.40 × 4.40 mm' },
    { name: 'Cut', value: 'cushion, mixed' },
    { name: 'Colour', value: 'pink' },
    { name: 'Origin', value: 'no opinion was asked for' },
  ],
};

/** One by one, each published on the chain. */
export const SAMPLE_CERTIFICATES: readonly SampleCertificate[] = [
  {
    by: 'laboratory',
    of: SOLITAIRE,
    paper: 'Diamond grading report SAMPLE-0417',
    said: {
      language: 'en',
      type: 'grading',
      title: 'Diamond grading report SAMPLE-0417',
      statement: 'Natural diamond. No treatment found. The number was engraved on the girdle in this laboratory.',
      evidence: 'accredited',
      examined: dated('16 January 2026', '2026-01-16'),
      method: LABORATORY_METHOD,
      report: report('SAMPLE-0417'),
      findings: [
        { name: 'Weight', value: '0.71 ct' },
        { name: 'Measures', value: '5.72 – 5.75 × 3.52 mm' },
        { name: 'Shape and cut', value: 'round brilliant, excellent' },
        { name: 'Colour', value: 'F' },
        { name: 'Clarity', value: 'VS1' },
        { name: 'Depth and table', value: '61.4 %, 57 %' },
        { name: 'Fluorescence', value: 'none' },
        { name: 'Girdle', value: 'VGL SAMPLE-0417' },
      ],
    },
  },
  {
    by: 'laboratory',
    of: SAPPHIRE_RING,
    said: {
      language: 'en',
      type: 'identification',
      title: 'Gemstone identification report SAMPLE-0388',
      statement: 'Natural corundum, variety sapphire. Indications of heating; no residues in fissures.',
      evidence: 'accredited',
      examined: dated('9 October 2025', '2025-10-09'),
      method: LABORATORY_METHOD,
      report: report('SAMPLE-0388'),
      findings: [
        { name: 'Weight', value: '1.87 ct' },
        { name: 'Measures', value: '8.10 × 6.30 × 4.50 mm' },
        { name: 'Colour', value: 'medium blue' },
        { name: 'Origin', value: 'no opinion was asked for' },
      ],
    },
  },
  {
    by: 'laboratory',
    of: LOOSE_SPINEL,
    replaced: 'The weight was copied wrongly: 1.84 ct for 1.48 ct. Nothing else changed.',
    said: {
      ...SPINEL,
      findings: (SPINEL.findings ?? []).map((one) => (one.name === 'Weight' ? { ...one, value: '1.84 ct' } : one)),
    },
  },
  {
    by: 'laboratory',
    of: LOOSE_SPINEL,
    said: { ...SPINEL, title: 'Gemstone identification report SAMPLE-0402, corrected' },
  },
  {
    by: 'laboratory',
    of: EMERALD_PENDANT,
    said: {
      language: 'fr',
      type: 'identification',
      title: 'Rapport d’identification EXEMPLE-0032',
      statement: 'Béryl naturel, variété émeraude. Huile incolore dans les fissures, en faible quantité.',
      evidence: 'accredited',
      examined: dated('14 avril 2026', '2026-04-14'),
      method: 'Microscope et spectroscopie infrarouge ; la pierre était hors monture.',
      report: report('EXEMPLE-0032'),
      findings: [
        { name: 'Masse', value: '1,30 ct' },
        { name: 'Dimensions', value: '7,60 × 5,70 × 4,40 mm' },
        { name: 'Traitement', value: 'huile, faible ; peut sécher avec les années' },
      ],
    },
  },
  {
    by: 'laboratory',
    of: TENNIS_BRACELET,
    said: {
      language: 'en',
      type: 'identification',
      title: 'Screening of a parcel, SAMPLE-P-0073',
      statement: 'All 52 diamonds of the parcel are laboratory-grown. None is natural.',
      evidence: 'accredited',
      examined: dated('24 March 2026', '2026-03-24'),
      method: 'Each stone by photoluminescence, before it was set.',
      report: report('SAMPLE-P-0073'),
    },
  },
  {
    by: 'office',
    of: GOLD_CHAIN,
    holds: 'that-day',
    said: {
      language: 'en',
      type: 'appraisal',
      title: 'Metal value of the day',
      statement: 'The chain holds 3.17 g of fine gold. That is its worth for melting, at the price of this day alone.',
      evidence: 'third-party',
      method: 'Weighed; fineness as hallmarked.',
    },
  },
  {
    by: 'office',
    holds: { years: 10 },
    said: {
      language: 'en',
      type: 'membership',
      title: 'Workshop on our list',
      statement: `Atelier Lune is on the list of workshops whose pieces we mark. Its sponsor’s mark: ${SPONSOR}.`,
      evidence: 'accredited',
      report: { issuer: ASSAY_OFFICE, number: 'SAMPLE-SM-0211' },
    },
  },
];

/** The hallmarks, under one root: which piece, when it lay at the office, and what was struck. */
export const SAMPLE_HALLMARKS: readonly SampleCertificate[] = [
  hallmark(SOLITAIRE, '24 February 2026', '2026-02-24', 750, 'eagle’s head'),
  hallmark(SAPPHIRE_RING, '25 November 2025', '2025-11-25', 750, 'eagle’s head'),
  hallmark(TENNIS_BRACELET, '27 April 2026', '2026-04-27', 750, 'eagle’s head'),
  hallmark(GOLD_CHAIN, '22 January 2026', '2026-01-22', 750, 'eagle’s head'),
  hallmark(SIGNET, '18 September 2025', '2025-09-18', 585, 'scallop shell'),
  {
    by: 'office',
    of: WEDDING_BAND,
    said: {
      language: 'de',
      type: 'hallmark',
      title: 'Garantiestempel für Platin',
      statement: 'Feingehalt von 950 Tausendsteln festgestellt und mit dem Hundekopf gestempelt.',
      evidence: 'accredited',
      examined: dated('23. März 2026', '2026-03-23'),
      method: 'Röntgenfluoreszenz an drei Stellen.',
      standards: ['ISO 23345'],
    },
  },
];

function hallmark(of: SamplePiece, text: string, day: string, fineness: number, mark: string): SampleCertificate {
  return {
    by: 'office',
    of,
    said: {
      language: 'en',
      type: 'hallmark',
      title: `Guarantee mark for gold, ${fineness}`,
      statement: `Found to be gold of ${fineness} thousandths, and struck with the ${mark}.`,
      evidence: 'accredited',
      examined: dated(text, day),
      method: 'X-ray fluorescence in three places; cupellation where they differ.',
      standards: ['ISO 23345'],
    },
  };
}

/** What is printed on a certificate's paper. */
export function paperLines({ said }: SampleCertificate, title: string): string[] {
  const found = (said.findings ?? []).map(({ name, value }) => `${name}: ${value}`);
  const invented = 'Invented, for trying the ledger out: neither this laboratory nor this stone exists.';
  return [
    title,
    '',
    said.statement,
    '',
    ...found,
    '',
    `Examined: ${said.examined?.text ?? 'not stated'}`,
    '',
    invented,
  ];
}
