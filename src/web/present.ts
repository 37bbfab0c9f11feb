// Owns the piece as it is now, where work or a correction has made it another than its record says: what of it changed,
// and by which entry of its life. What the record says stays to be read beside it.
import type { LifeEntry } from '../core/timeline.ts';
import { measures } from './change-words.ts';
import { type Html, html } from './html.ts';
import { materialItem } from './materials.ts';
import { speakerName } from './standing-words.ts';
import { type Fact, facts, notKnown, quote, section, type Telling } from './telling.ts';
import { day, grams, listed } from './words.ts';

export function renderPresent(telling: Telling): Html | null {
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
      name: 'Weight',
      value: now.massMg !== record.massMg && (now.massMg === 'unknown' ? notKnown : grams(now.massMg)),
    },
    {
      name: 'Measures',
      value:
        now.dimensions &&
        JSON.stringify(now.dimensions) !== JSON.stringify(record.dimensions) &&
        measures(telling, now.dimensions),
    },
  ];
  return section(
    'present',
    'As it is now',
    html`<p class="lead">${leadOf(telling, entries)}</p>`,
    facts(list),
    differs('materials') && html`<ul class="materials">${materials}</ul>`,
    differs('inscriptions') && renderInscriptions(telling, now.inscriptions ?? []),
    html`<p class="quiet">What was changed, and how it was before, stands in <a href="#timeline">its life on the ledger</a>. Below is what its record says.</p>`,
  );
}

function renderInscriptions(telling: Telling, inscriptions: readonly { readonly text: string }[]): Html {
  if (inscriptions.length === 0)
    return html`<p>It carries none of the marks and inscriptions of its record any more.</p>`;
  return html`<h3 class="sub">Marks and inscriptions on it now</h3><ul class="claims">${inscriptions.map(({ text }) => html`<li class="inscription">${quote(telling, text)}</li>`)}</ul>`;
}

function changingEntries({ passport }: Telling): LifeEntry[] {
  return passport.timeline.flatMap((entry) => (entry.kind === 'life' && entry.outcome === 'changed' ? [entry] : []));
}

function leadOf(telling: Telling, entries: readonly LifeEntry[]): string {
  const names = (corrections: boolean) =>
    listed([
      ...new Set(
        entries
          .filter(({ event }) => (event === 'corrected') === corrections)
          .map(({ by }) => speakerName(telling, by, 'an organisation of this ledger')),
      ),
    ]);
  const [workers, correctors] = [names(false), names(true)];
  const worked =
    workers && `Since its record was made, the piece was worked on. By the word of ${workers}, this is how it is now.`;
  const corrected = correctors && `Corrected since by ${correctors}.`;
  return [worked, corrected].filter(Boolean).join(' ');
}

function changedBy(telling: Telling, entries: readonly LifeEntry[], number: number | null): string | undefined {
  const entry = number === null ? undefined : entries.find((one) => one.number === number);
  if (!entry) return undefined;
  const who = speakerName(telling, entry.by, 'an organisation of this ledger');
  return `${entry.event === 'corrected' ? 'Corrected' : 'Changed'} by ${who}, ${day(entry.at)}`;
}
