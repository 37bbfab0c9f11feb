// Owns the piece as it is now, where work or a correction has made it another than its record says: what of it changed,
// and by which entry of its life. What the record says stays to be read beside it.
import type { LifeEntry } from '../core/timeline.ts';
import { measures } from './change-words.ts';
import { type Html, html } from './html.ts';
import { materialItem } from './materials.ts';
import { speakerName } from './standing-words.ts';
import { type Fact, facts, notKnown, quote, section, type Telling } from './telling.ts';
import { grams } from './words.ts';

export function renderPresent(telling: Telling): Html | null {
  const { words } = telling;
  const { present, record } = telling.passport;
  if (!present) return null;
  const { record: now, materialsBy } = present;
  const entries = changingEntries(telling);
  const differs = (name: 'materials' | 'inscriptions') => JSON.stringify(now[name]) !== JSON.stringify(record[name]);
  const materials = now.materials.map((material, i) =>
    materialItem(telling, material, changedBy(telling, entries, materialsBy[i] ?? null)),
  );
  const list: Fact[] = [
    {
      name: words.text('passport.piece.weight'),
      value: now.massMg !== record.massMg && (now.massMg === 'unknown' ? notKnown(telling) : grams(words, now.massMg)),
    },
    {
      name: words.text('passport.piece.measures'),
      value:
        now.dimensions &&
        JSON.stringify(now.dimensions) !== JSON.stringify(record.dimensions) &&
        measures(telling, now.dimensions),
    },
  ];
  return section(
    'present',
    words.text('passport.present'),
    html`<p class="lead">${leadOf(telling, entries)}</p>`,
    facts(list),
    differs('materials') && html`<ul class="materials">${materials}</ul>`,
    differs('inscriptions') && renderInscriptions(telling, now.inscriptions ?? []),
    html`<p class="quiet">${words.tell('passport.present.beside', { life: html`<a href="#timeline">${words.text('passport.present.life')}</a>` })}</p>`,
  );
}

function renderInscriptions(telling: Telling, inscriptions: readonly { readonly text: string }[]): Html {
  const { words } = telling;
  if (inscriptions.length === 0) return html`<p>${words.text('passport.present.no-inscriptions')}</p>`;
  return html`<h3 class="sub">${words.text('passport.present.inscriptions')}</h3><ul class="claims">${inscriptions.map(({ text }) => html`<li class="inscription">${quote(telling, text)}</li>`)}</ul>`;
}

function changingEntries({ passport }: Telling): LifeEntry[] {
  return passport.timeline.flatMap((entry) => (entry.kind === 'life' && entry.outcome === 'changed' ? [entry] : []));
}

function leadOf(telling: Telling, entries: readonly LifeEntry[]): string {
  const { words } = telling;
  const names = (corrections: boolean) =>
    words.list([
      ...new Set(
        entries
          .filter(({ event }) => (event === 'corrected') === corrections)
          .map(({ by }) => speakerName(telling, by)),
      ),
    ]);
  const [workers, correctors] = [names(false), names(true)];
  const worked = workers && words.text('passport.present.worked', { who: workers });
  const corrected = correctors && words.text('passport.present.corrected', { who: correctors });
  return [worked, corrected].filter(Boolean).join(words.gap);
}

function changedBy(telling: Telling, entries: readonly LifeEntry[], number: number | null): string | undefined {
  const entry = number === null ? undefined : entries.find((one) => one.number === number);
  if (!entry) return undefined;
  const values = { who: speakerName(telling, entry.by), day: telling.words.day(entry.at) };
  return telling.words.text(
    entry.event === 'corrected' ? 'passport.present.corrected-by' : 'passport.present.changed-by',
    values,
  );
}
