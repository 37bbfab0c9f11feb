// Owns what is said of a certificate: what its certifier did, to what, and when. Plain sentences without markup; the
// certifier's own words, and how any of it looks, never enter it.

import { type CertificateStatement, reportsAlike } from '../core/certificate.ts';
import type { PassportCertificate } from '../core/passport.ts';
import { CERTIFICATE_TYPES } from '../core/vocabulary.ts';
import { nameOf, type Telling } from './telling.ts';
import { count, day } from './words.ts';

type CertificateType = keyof typeof CERTIFICATE_TYPES;

/** What a certifier did to whatever the certificate is about. */
const ACTS: Readonly<Record<CertificateType, (what: string) => string>> = {
  hallmark: (what) => `hallmarked ${what}`,
  assay: (what) => `assayed ${what}`,
  grading: (what) => `graded ${what}`,
  identification: (what) => `identified ${what}`,
  origin: (what) => `looked into where ${what} came from`,
  authenticity: (what) => `looked into whether ${what} is authentic`,
  appraisal: (what) => `valued ${what}`,
  'restricted-substances': (what) => `tested ${what} for restricted substances`,
  'chain-of-custody': (what) => `looked into the chain of custody of ${what}`,
  'mass-balance': (what) => `added up what ${what} is made of`,
  audit: (what) => `audited ${what}`,
  membership: (what) => `entered ${what} on its list of members`,
  other: (what) => `certified ${what}`,
};
/** Of a piece with stones, these are about the stones. */
const OF_STONES: readonly CertificateType[] = ['grading', 'identification'];

export function certifierOf({ context }: Telling, { certifier }: PassportCertificate): string {
  return nameOf(context, certifier.handle);
}

/** 'graded the stone on 16 January 2026, and put its name to that here on 3 May 2026' */
export function actWords(telling: Telling, view: PassportCertificate): string {
  const { statement } = view;
  const signed = day(view.issuedAt);
  if (!statement) return `put its name to a certificate about ${subjectOf(telling, view)} on ${signed}`;
  const looked = examinedOn(statement);
  const act =
    view.about === 'report'
      ? `spoke of ${subjectOf(telling, view)}`
      : ACTS[statement.type](OF_STONES.includes(statement.type) ? stonesOf(telling, view) : subjectOf(telling, view));
  if (looked === signed) return `${act} and put its name to that here on ${signed}`;
  return `${act}${looked === undefined ? '' : ` on ${looked}`}, and put its name to that here on ${signed}`;
}

/** The day on which the certifier looked, where it names one day. */
export function examinedOn({ examined }: CertificateStatement): string | undefined {
  const { from, to } = examined ?? {};
  return typeof from === 'string' && from === to && from !== 'unknown' ? day(from) : undefined;
}

function subjectOf({ registrant, passport }: Telling, { about, statement }: PassportCertificate): string {
  const subject = statement?.subject;
  if (about === 'organisation') return registrant;
  if (about === 'report')
    return subject?.kind === 'report' ? `report ${subject.number} of ${subject.issuer}` : 'a report';
  if (about !== 'batch' || !passport.batch) return 'this piece';
  return `the batch of ${count(passport.batch.count, 'piece', 'pieces')} that this one was registered in`;
}

/** 'the stone': the only one there is, or the one whose report this is. */
function stonesOf(telling: Telling, view: PassportCertificate): string {
  const stones = telling.passport.record.materials.filter((material) => material.type === 'stone');
  if (stones.length === 0 || (view.about !== 'piece' && view.about !== 'record')) return subjectOf(telling, view);
  const reported = view.statement?.report;
  const meant = stones.filter(({ report }) => reported && report && reportsAlike(report, reported));
  const [only, ...others] = meant.length > 0 ? meant : stones;
  if (others.length > 0) return 'its stones';
  return only?.count === 1 ? 'the stone' : 'the stones';
}

export function typeWords({ statement }: PassportCertificate): string {
  return statement ? CERTIFICATE_TYPES[statement.type] : 'Certificate';
}
