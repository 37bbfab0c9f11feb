// Owns what a passport's page proves, what it can't, how to compare it with the piece in hand, and, folded away, how it
// is proven: the one place for technical words. An owner's address never enters it, folded or not.
import type { CheckName, CheckResult, Passport } from '../core/passport.ts';
import type { Record1 } from '../core/record.ts';
import { isOwnerEntry, ownerEntries, type TimelineEntry } from '../core/timeline.ts';
import { evidenceLine, renderCertificateProofs } from './certificate-proof.ts';
import { type Shape, shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import { measureList } from './piece.ts';
import { type Fact, facts, say, section, type Telling, transactionLink } from './telling.ts';
import { capital, count, day, decimal, grams, metalWords, plain } from './words.ts';

export function renderProves(telling: Telling): Html {
  const { passport, registrant, context } = telling;
  return section(
    'proves',
    'What this page proves, and what it cannot',
    html`<ul class="proves">${provenBy(telling).map(({ sign, sentence }) => html`<li>${shape(sign)}<span>${sentence}</span></li>`)}</ul>`,
    html`<h3 class="sub">It cannot prove</h3>`,
    html`<ul class="proves proves-not">${[
      'That the piece before you is the one described. Anybody can copy a code, and a fake can be shown with the record of a genuine piece.',
      `That what is stated is true. It is the word of ${registrant}, except where somebody else is named.`,
      passport.certificates.length > 0 && 'That what a certificate says is true: that is the word of its certifier.',
      passport.record.history && 'What happened before the piece was registered.',
      context.embedded && 'That a second party watches this ledger: it is kept by this operator alone.',
    ].map((sentence) => sentence && html`<li>${shape('open')}<span>${sentence}</span></li>`)}</ul>`,
    renderCompare(telling),
  );
}

interface Proven {
  readonly sign: Shape;
  readonly sentence: string;
}

function provenBy({ passport, registrant }: Telling): Proven[] {
  if (!passport.batch) {
    const nothing =
      'Nothing yet. What you read here was filed with this service and can still be left out of the ledger.';
    return [{ sign: 'open', sentence: nothing }];
  }
  const on = day(new Date(passport.batch.time * 1000).toISOString());
  const unchanged = `${registrant} put this record on the ledger on ${on}, and not a letter of it has changed since.`;
  const first: Proven = { sign: 'tick', sentence: unchanged };
  if (passport.headline === 'warning') {
    return [first, { sign: 'bar', sentence: 'No more than that: see the warning at the top.' }];
  }
  const passed =
    ownerEntries(passport.timeline).length > 1
      ? 'It passed from owner to owner as the ledger shows, each time with the owner’s own key.'
      : 'Since then it has not been passed on.';
  const signed =
    'Each certificate above was put on the ledger with its certifier’s own key. Those taken back are marked.';
  const certified: Proven[] = passport.certificates.length > 0 ? [{ sign: 'tick', sentence: signed }] : [];
  return [first, { sign: 'tick', sentence: passed }, ...certified];
}

/** What is in hand is the piece as it is now. */
function presentRecord({ passport }: Telling): Record1 {
  return passport.present?.record ?? passport.record;
}

/** What somebody with the piece in hand can look at; only what the record gives. */
function renderCompare(telling: Telling): Html {
  const record = presentRecord(telling);
  const measures = record.dimensions && measureList(record.dimensions);
  const looks = [
    record.inscriptions &&
      html`<a href="#inscriptions">Read its marks and inscriptions</a>, with a loupe: wording, letters, place.`,
    fineness(record),
    record.massMg !== 'unknown' && `Weigh it: ${grams(record.massMg)}.`,
    measures && html`Measure it: ${measures}.`,
    stones(telling, record),
    (record.images || record.dimensions?.stated) &&
      html`Hold it beside <a href="#piece-name">its picture or description</a>.`,
  ].filter((look) => look !== undefined && look !== false && look !== null && look !== '');
  return html`<h3 class="sub" id="compare" tabindex="-1">Compare it with the piece in hand</h3>
${
  looks.length > 0
    ? html`<ol class="compare">${looks.map((look) => html`<li>${look}</li>`)}</ol>`
    : html`<p>The record gives no weight, measure, mark or inscription that you could compare by yourself.</p>`
}
<p class="quiet">If something differs, or you are about to pay a lot, have a jeweller or a gem laboratory look at it first.</p>`;
}

function fineness({ materials }: Record1): string | undefined {
  const named = materials.flatMap((material) =>
    material.type === 'metal' && material.fineness !== 'unknown'
      ? [{ words: metalWords(material.metal, material.fineness), marked: material.hallmarks !== undefined }]
      : [],
  );
  if (named.length === 0) return undefined;
  const list = [...new Set(named.map(({ words }) => words))].join(', ');
  return named.some(({ marked }) => marked) ? `Find its hallmarks: ${list}.` : `See whether its marks agree: ${list}.`;
}

function stones(telling: Telling, { materials }: Record1): Html | undefined {
  const counted = materials.flatMap((material) =>
    material.type === 'stone' && material.count !== 'unknown' && material.species !== 'unknown'
      ? [html`${decimal(material.count, 0)}\u00a0× ${say(telling, material.species)}`]
      : [],
  );
  if (counted.length === 0) return undefined;
  return html`Count its stones: ${counted.map((one, i) => [i > 0 && ', ', one])}.`;
}

export function renderProof(telling: Telling): Html {
  const { passport, context } = telling;
  const api = `/api/v1/pieces${passport.path}`;
  return html`<details class="proof" id="proof"><summary><h2>How this is proven</h2></summary>
<p>Each record is reduced to a fingerprint. The fingerprints of a batch are joined in a tree, and the tree’s root stands in a transaction of the chain. Whoever has the record can work its fingerprint out again and follow it to that root; a changed letter would lead somewhere else.</p>
${context.embedded && html`<p>The chain under this ledger is kept by this operator alone. Nobody else can change it; whether the operator itself has, shows only beside copies that others hold.</p>`}
<h3>What was checked</h3>
<ul class="checks">${passport.checks.map(({ name, result }) => html`<li>${shape(RESULT_SHAPES[result])}<span>${CHECK_WORDS[name]}: <strong>${RESULT_WORDS[result]}</strong></span></li>`)}</ul>
<h3>Where it stands</h3>
${facts(proofFacts(telling))}
${renderCertificateProofs(telling)}
${renderFingerprints(passport)}
<h3>To check it yourself</h3>
${evidenceLine(telling, api)}<ul class="papers"><li><a href="${api}">This passport as JSON</a></li><li><a href="${api}/history">Its history as JSON</a></li><li><a href="${api}/qr.svg">Its QR code</a></li></ul>
</details>`;
}

const CHECK_WORDS: Readonly<Record<CheckName, string>> = {
  anchored: 'The record is on the ledger',
  final: 'The registration is final',
  'code-belongs-to-registrant': 'The code belongs to whoever registered it',
  'registrant-in-good-standing': 'Whoever registered it is in good standing',
  'single-record': 'The code has one record only',
  'not-reported': 'Nobody’s report of loss or theft stands',
  'not-locked': 'No arbiter keeps it from changing hands',
  'not-recalled': 'Neither the piece nor its batch is recalled',
  'registration-stands': 'Whoever registered it stands by that',
  'in-existence': 'The piece was not melted down, taken apart or destroyed',
  'no-recovery-under-way': 'Nobody is replacing its owner’s lost key',
  'certificates-not-revoked': 'No certificate was taken back, unless another replaced it',
  'certificates-current': 'No certificate about the present has run out',
  'report-numbers-single-use': 'Nobody else’s claim puts its report numbers in doubt',
  'materials-from-lots': 'The lots its materials are said to come from are of that kind',
  'mass-balance': 'All pieces of its batch together hold no more than was taken from those lots',
};
const RESULT_WORDS: Readonly<Record<CheckResult, string>> = {
  pass: 'yes',
  warn: 'warning',
  fail: 'no',
  unknown: 'not known yet',
};
const RESULT_SHAPES: Readonly<Record<CheckResult, Shape>> = {
  pass: 'tick',
  warn: 'bar',
  fail: 'cross',
  unknown: 'open',
};

function proofFacts(telling: Telling): Fact[] {
  const { passport, context } = telling;
  const { asOf, batch, tokenId, registrant, recordHash, record } = passport;
  const hex = (value: string | null | undefined) => value && html`<code>${value}</code>`;
  return [
    {
      name: 'Address of this page',
      value: html`<code>${context.publicUrl.replace(/\/+$/, '')}${passport.path}</code>`,
    },
    { name: 'Chain', value: asOf && html`<code>${asOf.chainId}</code>` },
    { name: 'Registry', value: hex(asOf?.registry) },
    { name: 'Registrant', value: html`<code>${registrant.handle}</code> <code>${registrant.address}</code>` },
    { name: 'Record hash, keccak-256', value: hex(recordHash) },
    { name: 'Schema and language', value: html`<code>${record.schema}</code>, <code>${record.language}</code>` },
    { name: 'Root of private fields', value: hex(record.annexRoot) },
    { name: 'Token', value: hex(tokenId) },
    { name: 'Batch', value: batch && html`<code>${batch.id}</code>` },
    {
      name: 'Place in the batch',
      value: batch && `index ${batch.index}, counting from 0, of ${count(batch.count, 'record', 'records')}`,
    },
    { name: 'Merkle root', value: hex(batch?.root) },
    {
      name: 'Kept',
      value:
        batch &&
        (batch.published
          ? 'Published: the records themselves stand on the chain.'
          : 'Root only: the chain holds the root; the record lives with this service and in evidence files.'),
    },
    ...passport.timeline.map((entry) => ({
      name: entryName(entry),
      value: html`block ${decimal(entry.block, 0)}, transaction ${transactionLink(context, entry.transaction)}${entry.kind === 'life' && entry.outcome !== null && entry.contentHash !== null && html`, <code>${entry.contentHash}</code>`}`,
    })),
    {
      name: 'Read up to',
      value: asOf && `block ${decimal(asOf.block, 0)}; final up to block ${decimal(asOf.finalBlock, 0)}`,
    },
    { name: 'State', value: capital(passport.state) },
  ];
}

function entryName(entry: TimelineEntry): string {
  if (isOwnerEntry(entry)) return entry.kind === 'registered' ? 'Registered' : `Passed to owner ${entry.to.number}`;
  return `${entry.kind === 'life' ? 'Event' : 'Event of the batch'} ${entry.number}: ${plain(entry.event)}`;
}

function renderFingerprints({ record, conflicts, certificates, timeline }: Passport): Html {
  const files = [
    ...(record.images ?? []).map((image) => ({ ...image, title: image.alt })),
    ...(record.documents ?? []),
    ...certificates.flatMap(({ statement }) => statement?.document ?? []),
    ...timeline.flatMap((entry) => (entry.kind === 'life' && entry.statement?.documents) || []),
  ];
  return html`${
    files.length > 0 &&
    html`<h3>Fingerprints of pictures and papers (SHA-256)</h3>
<dl class="facts">${files.map(({ title, mediaType, sha256 }) => html`<div><dt>${title}</dt><dd>${mediaType} <code>${sha256}</code></dd></div>`)}</dl>`
  }${
    conflicts.length > 0 &&
    html`<h3>Other records under this code</h3>
<dl class="facts">${conflicts.map(({ tokenId, recordHash }) => html`<div><dt>Token</dt><dd><code>${tokenId}</code>, record hash <code>${recordHash}</code></dd></div>`)}</dl>`
  }`;
}
