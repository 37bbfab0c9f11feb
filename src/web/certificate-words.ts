// Owns what is said of a certificate: what its certifier did, to what, and when. Plain sentences without markup; the
// certifier's own words, and how any of it looks, never enter it.

import { type CertificateStatement, reportsAlike } from '../core/certificate.ts';
import type { PassportCertificate } from '../core/passport.ts';
import { nameOf, type Telling } from './telling.ts';
import { certificateType } from './words.ts';

/** Of a piece with stones, these are about the stones. */
const OF_STONES: readonly CertificateStatement['type'][] = ['grading', 'identification'];

export function certifierOf({ context }: Telling, { certifier }: PassportCertificate): string {
  return nameOf(context, certifier.handle);
}

/** 'Laboratory graded the stone on 16 January 2026, and put its name to that here on 3 May 2026' */
export function actWords(telling: Telling, view: PassportCertificate): string {
  const { words } = telling;
  const { statement } = view;
  const who = certifierOf(telling, view);
  const signed = words.day(view.issuedAt);
  if (!statement) {
    return words.text('certificates.act-unknown', { who, what: subjectOf(telling, view), day: signed });
  }
  const looked = examinedOn(telling, statement);
  const on = looked === undefined || looked === signed ? '' : words.text('certificates.on-day', { day: looked });
  const what = OF_STONES.includes(statement.type) ? stonesOf(telling, view) : subjectOf(telling, view);
  const act =
    view.about === 'report'
      ? words.text('certificates.act.of-report', { who, what: subjectOf(telling, view), on })
      : words.text(`certificates.act.${statement.type}`, { who, what, on });
  const key = looked === signed ? 'certificates.act-and-signed' : 'certificates.act-then-signed';
  return words.text(key, { act, day: signed });
}

/** The day on which the certifier looked, where it names one day. */
export function examinedOn({ words }: Telling, { examined }: CertificateStatement): string | undefined {
  const { from, to } = examined ?? {};
  return typeof from === 'string' && from === to && from !== 'unknown' ? words.day(from) : undefined;
}

/** What was looked at, as the object of a sentence. */
function subjectOf({ registrant, passport, words }: Telling, { about, statement }: PassportCertificate): string {
  const subject = statement?.subject;
  if (about === 'organisation') return registrant;
  if (about === 'report') {
    if (subject?.kind !== 'report') return words.text('certificates.subject.some-report');
    return words.text('certificates.subject.report', {
      number: words.apart(subject.number),
      issuer: words.apart(subject.issuer),
    });
  }
  if (about !== 'batch' || !passport.batch) return words.text('certificates.subject.piece');
  const pieces = words.text('vocabulary.pieces', { count: passport.batch.count });
  return words.text('certificates.subject.batch', { pieces });
}

/** 'the stone': the only one there is, or the one whose report this is. */
function stonesOf(telling: Telling, view: PassportCertificate): string {
  const { words } = telling;
  const stones = telling.passport.record.materials.filter((material) => material.type === 'stone');
  if (stones.length === 0 || (view.about !== 'piece' && view.about !== 'record')) return subjectOf(telling, view);
  const reported = view.statement?.report;
  const meant = stones.filter(({ report }) => reported && report && reportsAlike(report, reported));
  const [only, ...others] = meant.length > 0 ? meant : stones;
  if (others.length > 0) return words.text('certificates.subject.its-stones');
  return words.text(only?.count === 1 ? 'certificates.subject.stone' : 'certificates.subject.stones');
}

export function typeWords({ words }: Telling, { statement }: PassportCertificate): string {
  return certificateType(words, statement ? statement.type : 'other');
}
