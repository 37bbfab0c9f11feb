// Owns what a passport's page proves, what it can't, how to compare it with the piece in hand, and, folded away, how it
// is proven: the one place for technical words. An owner's address never enters it, folded or not.
import type { CheckResult } from '../core/passport.ts';
import type { Record1 } from '../core/record.ts';
import { isOwnerEntry, ownerEntries, type TimelineEntry } from '../core/timeline.ts';
import { evidenceLine, renderCertificateProofs } from './certificate-proof.ts';
import { type Shape, shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import type { Words } from './language.ts';
import type { MessageKey } from './messages.ts';
import { measureList } from './piece.ts';
import { blockWords, type Fact, facts, listOf, say, section, type Telling } from './telling.ts';
import { commas, grams, metalWords } from './words.ts';

export function renderProves(telling: Telling): Html {
  const { passport, registrant: who, context, words } = telling;
  return section(
    'proves',
    words.text('passport.proves'),
    html`<ul class="proves">${provenBy(telling).map(({ sign, sentence }) => html`<li>${shape(sign)}<span>${sentence}</span></li>`)}</ul>`,
    html`<h3 class="sub">${words.text('passport.proves-not')}</h3>`,
    html`<ul class="proves proves-not">${[
      words.text('passport.proves-not.piece'),
      words.text('passport.proves-not.truth', { who }),
      passport.certificates.length > 0 && words.text('passport.proves-not.certificates'),
      passport.record.history && words.text('passport.proves-not.history'),
      context.embedded && words.text('passport.proves-not.alone'),
    ].map((sentence) => sentence && html`<li>${shape('open')}<span>${sentence}</span></li>`)}</ul>`,
    renderCompare(telling),
  );
}

interface Proven {
  readonly sign: Shape;
  readonly sentence: string;
}

function provenBy({ passport, registrant: who, words }: Telling): Proven[] {
  if (!passport.batch) return [{ sign: 'open', sentence: words.text('passport.proves.nothing') }];
  const day = words.day(new Date(passport.batch.time * 1000).toISOString());
  const first: Proven = { sign: 'tick', sentence: words.text('passport.proves.unchanged', { who, day }) };
  if (passport.headline === 'warning') {
    return [first, { sign: 'bar', sentence: words.text('passport.proves.no-more') }];
  }
  const moved = ownerEntries(passport.timeline).length > 1;
  const passed = words.text(moved ? 'passport.proves.passed' : 'passport.proves.not-passed');
  const certified: Proven[] =
    passport.certificates.length > 0 ? [{ sign: 'tick', sentence: words.text('passport.proves.certified') }] : [];
  return [first, { sign: 'tick', sentence: passed }, ...certified];
}

/** What is in hand is the piece as it is now. */
function presentRecord({ passport }: Telling): Record1 {
  return passport.present?.record ?? passport.record;
}

/** What somebody with the piece in hand can look at; only what the record gives. */
function renderCompare(telling: Telling): Html {
  const { words } = telling;
  const record = presentRecord(telling);
  const measures = record.dimensions && measureList(words, record.dimensions);
  const link = (to: string, label: string) => html`<a href="${to}">${label}</a>`;
  const looks = [
    record.inscriptions &&
      words.tell('passport.compare.inscriptions', {
        read: link('#inscriptions', words.text('passport.compare.read-inscriptions')),
      }),
    fineness(words, record),
    record.massMg !== 'unknown' && words.text('passport.compare.weight', { weight: grams(words, record.massMg) }),
    measures && words.tell('passport.compare.measures', { measures }),
    stones(telling, record),
    (record.images || record.dimensions?.stated) &&
      words.tell('passport.compare.picture', {
        picture: link('#piece-name', words.text('passport.compare.its-picture')),
      }),
  ].filter((look) => look !== undefined && look !== false && look !== null && look !== '');
  return html`<h3 class="sub" id="compare" tabindex="-1">${words.text('passport.compare')}</h3>
${
  looks.length > 0
    ? html`<ol class="compare">${looks.map((look) => html`<li>${look}</li>`)}</ol>`
    : html`<p>${words.text('passport.compare.nothing')}</p>`
}
<p class="quiet">${words.text('passport.compare.advice')}</p>`;
}

function fineness(words: Words, { materials }: Record1): string | undefined {
  const named = materials.flatMap((material) =>
    material.type === 'metal' && material.fineness !== 'unknown'
      ? [{ told: metalWords(words, material.metal, material.fineness), marked: material.hallmarks !== undefined }]
      : [],
  );
  if (named.length === 0) return undefined;
  const list = commas(words, [...new Set(named.map(({ told }) => told))]);
  const marked = named.some((one) => one.marked);
  return words.text(marked ? 'passport.compare.hallmarks' : 'passport.compare.marks', { list });
}

function stones(telling: Telling, { materials }: Record1): Html | undefined {
  const { words } = telling;
  const counted = materials.flatMap((material) =>
    material.type === 'stone' && material.count !== 'unknown' && material.species !== 'unknown'
      ? [html`${words.decimal(material.count)}\u00a0× ${say(telling, material.species)}`]
      : [],
  );
  return counted.length === 0 ? undefined : words.tell('passport.compare.stones', { list: listOf(words, counted) });
}

export function renderProof(telling: Telling): Html {
  const { passport, context, words } = telling;
  const api = `/api/v1/pieces${passport.path}`;
  const papers = [
    [api, 'passport.proof.json'],
    [`${api}/history`, 'passport.proof.history-json'],
    [`${api}/qr.svg`, 'passport.proof.qr'],
  ] as const;
  return html`<details class="proof" id="proof"><summary><h2>${words.text('passport.proof')}</h2></summary>
<p>${words.text('passport.proof.how')}</p>
${context.embedded && html`<p>${words.text('passport.proof.alone')}</p>`}
<h3>${words.text('passport.proof.checked')}</h3>
<ul class="checks">${passport.checks.map(({ name, result }) => html`<li>${shape(RESULT_SHAPES[result])}<span>${words.tell('passport.check.line', { check: words.text(`passport.check.${name}`), result: html`<strong>${words.text(`passport.result.${result}`)}</strong>` })}</span></li>`)}</ul>
<h3>${words.text('passport.proof.where')}</h3>
${facts(proofFacts(telling))}
${renderCertificateProofs(telling)}
${renderFingerprints(telling)}
<h3>${words.text('passport.proof.yourself')}</h3>
${evidenceLine(telling, api)}<ul class="papers">${papers.map(([to, key]) => html`<li><a href="${to}">${words.text(key)}</a></li>`)}</ul>
</details>`;
}

const RESULT_SHAPES: Readonly<Record<CheckResult, Shape>> = {
  pass: 'tick',
  warn: 'bar',
  fail: 'cross',
  unknown: 'open',
};

type FactKey = Extract<MessageKey, `passport.fact.${string}`>;

function proofFacts(telling: Telling): Fact[] {
  const { passport, context, words } = telling;
  const { asOf, batch, tokenId, registrant, recordHash, record } = passport;
  const hex = (value: string | null | undefined) => value && html`<code>${value}</code>`;
  const fact = (name: FactKey, value: Fact['value'] | string): Fact => ({ name: words.text(name), value });
  const { handle, address } = registrant;
  return [
    fact('passport.fact.address', html`<code>${context.publicUrl.replace(/\/+$/, '')}${passport.path}</code>`),
    fact('passport.fact.chain', asOf && html`<code>${asOf.chainId}</code>`),
    fact('passport.fact.registry', hex(asOf?.registry)),
    fact('passport.fact.registrant', html`<code>${handle}</code> <code>${address}</code>`),
    fact('passport.fact.record-hash', hex(recordHash)),
    fact('passport.fact.schema', html`<code>${record.schema}</code>, <code>${record.language}</code>`),
    fact('passport.fact.annex', hex(record.annexRoot)),
    fact('passport.fact.token', hex(tokenId)),
    fact('passport.fact.batch', batch && html`<code>${batch.id}</code>`),
    fact(
      'passport.fact.place',
      batch &&
        words.text('passport.fact.index', {
          index: batch.index,
          records: words.text('vocabulary.records', { count: batch.count }),
        }),
    ),
    fact('passport.fact.root', hex(batch?.root)),
    fact(
      'passport.fact.kept',
      batch && words.text(batch.published ? 'passport.fact.published' : 'passport.fact.root-only'),
    ),
    ...passport.timeline.map((entry) => ({ name: entryName(words, entry), value: entryProof(telling, entry) })),
    fact(
      'passport.fact.read-up-to',
      asOf &&
        words.text('passport.fact.blocks', {
          block: words.decimal(asOf.block),
          final: words.decimal(asOf.finalBlock),
        }),
    ),
    fact('passport.fact.state', words.text(`passport.state.${passport.state}`)),
  ];
}

function entryProof({ context, words }: Telling, entry: TimelineEntry): Html {
  const hash = entry.kind === 'life' && entry.outcome !== null && entry.contentHash;
  return listOf(words, [blockWords(context, words, entry), hash && html`<code>${hash}</code>`]);
}

function entryName(words: Words, entry: TimelineEntry): string {
  if (!isOwnerEntry(entry)) {
    const { number, event } = entry;
    const values = { number, event: words.apart(event) };
    return words.text(entry.kind === 'life' ? 'passport.fact.event' : 'passport.fact.batch-event', values);
  }
  return entry.kind === 'registered'
    ? words.text('passport.fact.registered')
    : words.text('passport.fact.passed', { number: entry.to.number });
}

function renderFingerprints({ passport, words }: Telling): Html {
  const { record, conflicts, certificates, timeline } = passport;
  const files = [
    ...(record.images ?? []).map((image) => ({ ...image, title: image.alt })),
    ...(record.documents ?? []),
    ...certificates.flatMap(({ statement }) => statement?.document ?? []),
    ...timeline.flatMap((entry) => (entry.kind === 'life' && entry.statement?.documents) || []),
  ];
  const other = (hash: string) => html`${words.text('passport.fact.other-hash')} <code>${hash}</code>`;
  return html`${
    files.length > 0 &&
    html`<h3>${words.text('passport.proof.fingerprints')}</h3>
<dl class="facts">${files.map(({ title, mediaType, sha256 }) => html`<div><dt dir="auto">${title}</dt><dd><code>${mediaType}</code> <code>${sha256}</code></dd></div>`)}</dl>`
  }${
    conflicts.length > 0 &&
    html`<h3>${words.text('passport.proof.conflicts')}</h3>
<dl class="facts">${conflicts.map(({ tokenId, recordHash }) => html`<div><dt>${words.text('passport.fact.token')}</dt><dd>${listOf(words, [html`<code>${tokenId}</code>`, other(recordHash)])}</dd></div>`)}</dl>`
  }`;
}
