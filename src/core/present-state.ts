// Owns what a piece is now: its record, with what was done to it and what was wrong in the record, event after event. The
// record itself never changes and never enters the result but where nobody said otherwise. Whether an event happened is
// the chain's to say; an event that can't be applied changes nothing and says so.
import { canonicalise } from './canonical.ts';
import type { LifeKind } from './life.ts';
import { type Changes, type Correction, type LifeStatement, STATED_KINDS } from './life-statement.ts';
import { canonicalRecord, type Material, type PieceRecord, parseRecord, type Record1 } from './record.ts';

export type Inscription = NonNullable<Record1['inscriptions']>[number];
export type Dimensions = NonNullable<Record1['dimensions']>;

/** One thing that an event changed, as it stood before and as it stands after it. */
export type Step =
  | {
      readonly what: 'material';
      readonly action: 'replaced' | 'added' | 'removed' | 'altered';
      readonly before: Material | null;
      readonly after: Material | null;
    }
  | { readonly what: 'inscription'; readonly before: Inscription | null; readonly after: Inscription | null }
  | { readonly what: 'weight'; readonly before: Record1['massMg']; readonly after: Record1['massMg'] }
  | { readonly what: 'dimensions'; readonly before: Dimensions | null; readonly after: Dimensions }
  /** A member of the record; null where it says, or should have said, nothing. */
  | {
      readonly what: 'record';
      readonly path: string;
      readonly before: unknown;
      readonly after: unknown;
      readonly why: string;
    };

/**
 * changed: as `steps` say. unchanged: the statement names no change. nothing-stated: there is no statement.
 * statement-unknown: there is one, and this reader has only its hash. other-kind: it is of another kind of event.
 * earlier-unknown: it counts from a state that isn't known here. not-applicable: the piece can't be what it would make it.
 */
export type Outcome =
  | 'changed'
  | 'unchanged'
  | 'nothing-stated'
  | 'statement-unknown'
  | 'other-kind'
  | 'earlier-unknown'
  | 'not-applicable';

export interface EventOutcome {
  readonly number: number;
  readonly outcome: Outcome;
  readonly steps: readonly Step[];
}

/** An event of the piece with what is known of its statement: null for none, undefined where only its hash is known. */
export interface StatedEvent {
  readonly number: number;
  readonly kind: LifeKind;
  readonly statement: LifeStatement | null | undefined;
}

export interface PresentState {
  /** The piece as it is. */
  readonly now: PieceRecord;
  /** The record as it should have been: with its corrections alone. */
  readonly asMade: PieceRecord;
  /** For each material of `now`, the number of the event that last changed it; null if none did. */
  readonly materialsBy: readonly (number | null)[];
  /** For each event that may come with a statement, by number. */
  readonly events: readonly EventOutcome[];
}

type Members = Readonly<Record<string, unknown>>;
/** An entry of a list, with its index in the record, if it is of the record. Empty: a correction took it out. */
interface Entry {
  readonly item: Members | null;
  readonly origin: number | null;
  readonly by: number | null;
}
interface Body {
  readonly rest: Members;
  readonly materials: readonly Entry[];
  readonly inscriptions: readonly Entry[];
}
type List = 'materials' | 'inscriptions';
interface Fold {
  readonly now: Body;
  readonly asMade: Body;
  readonly steps: readonly Step[];
}

/** Never throws. Events may come in any order: their numbers decide. */
export function presentState(record: PieceRecord, events: readonly StatedEvent[]): PresentState {
  const body = bodyOf(record);
  let fold: Fold = { now: body, asMade: body, steps: [] };
  let known: Known = { now: record, asMade: record };
  /** Somebody knows what an earlier event changed, and not here: what counts from that state can't be applied. */
  let gap = false;
  const outcomes: EventOutcome[] = [];
  const stated = events.filter(({ kind }) => (STATED_KINDS as readonly LifeKind[]).includes(kind));
  for (const event of stated.sort((a, b) => a.number - b.number)) {
    const { number, statement } = event;
    const refused = refusalOf(event, gap);
    if (statement === undefined && mayCountFrom(event.kind)) gap = true;
    const next = refused || !statement ? undefined : applied(fold, statement, number);
    const result = next && checked(next);
    if (next && result) {
      fold = next;
      known = result;
    }
    const outcome = refused ?? (result ? 'changed' : 'not-applicable');
    outcomes.push({ number, outcome, steps: outcome === 'changed' && next ? next.steps : [] });
  }
  return { ...known, materialsBy: fold.now.materials.map(({ by }) => by), events: outcomes };
}

function refusalOf({ kind, statement }: StatedEvent, gap: boolean): Exclude<Outcome, 'changed'> | undefined {
  if (statement === null) return 'nothing-stated';
  if (statement === undefined) return 'statement-unknown';
  if (statement.kind !== kind) return 'other-kind';
  if (!statement.changes && !statement.corrections) return 'unchanged';
  return gap && statement.changes && countsFrom(statement.changes) ? 'earlier-unknown' : undefined;
}

/** Corrections count from the record, which everybody has. */
function mayCountFrom(kind: LifeKind): boolean {
  return kind !== 'corrected';
}

/** Whether a change names an entry of a list as it stood before. */
function countsFrom({ materials = [], inscriptions = [] }: Changes): boolean {
  return [...materials, ...inscriptions].some(({ action }) => action !== 'added');
}

function applied(fold: Fold, { changes, corrections }: LifeStatement, number: number): Fold | undefined {
  return changes ? worked(fold, changes, number) : corrected(fold, corrections ?? [], number);
}

type Known = Pick<PresentState, 'now' | 'asMade'>;

/** What a fold has come to, if both are records. */
function checked(fold: Fold): Known | undefined {
  const now = recordOf(fold.now);
  const asMade = recordOf(fold.asMade);
  return now && asMade && { now, asMade };
}

function bodyOf({ materials, inscriptions = [], ...rest }: PieceRecord): Body {
  const entries = (list: readonly Members[]) => list.map((item, origin) => ({ item, origin, by: null }));
  return { rest, materials: entries(materials), inscriptions: entries(inscriptions) };
}

function recordOf({ rest, materials, inscriptions }: Body): PieceRecord | undefined {
  const items = (entries: readonly Entry[]) => entries.flatMap(({ item }) => item ?? []);
  const written = items(inscriptions);
  const parsed = parseRecord({
    ...rest,
    materials: items(materials),
    ...(written.length > 0 ? { inscriptions: written } : {}),
  });
  if (!parsed.ok) return undefined;
  try {
    canonicalRecord(parsed.record);
    return parsed.record;
  } catch {
    return undefined;
  }
}

function worked({ now, asMade }: Fold, changes: Changes, by: number): Fold | undefined {
  const steps: Step[] = [];
  const materials = [...now.materials];
  for (const change of changes.materials ?? []) {
    const { action } = change;
    const before = action === 'added' ? undefined : materials[change.material];
    if (action !== 'added' && !before?.item) return undefined;
    const item = action === 'altered' ? alteredBy(before?.item as Members, change.members) : undefined;
    const after = action === 'removed' ? null : (item ?? (change as { with: Members }).with);
    const entry = { item: after, origin: action === 'altered' ? (before?.origin ?? null) : null, by };
    if (action === 'added') materials.push(entry);
    else materials[change.material] = entry;
    steps.push({
      what: 'material',
      action,
      before: (before?.item ?? null) as Material | null,
      after: after as Material | null,
    });
  }
  const inscriptions = [...now.inscriptions];
  for (const change of changes.inscriptions ?? []) {
    const before = change.action === 'added' ? null : (inscriptions[change.inscription]?.item ?? null);
    if (change.action === 'removed' && !before) return undefined;
    const after = change.action === 'added' ? change.with : null;
    if (change.action === 'added') inscriptions.push({ item: change.with, origin: null, by });
    else inscriptions[change.inscription] = { item: null, origin: null, by };
    steps.push({ what: 'inscription', before: before as Inscription | null, after });
  }
  const rest = { ...now.rest };
  if (changes.massMg !== undefined) {
    steps.push({ what: 'weight', before: now.rest['massMg'] as Record1['massMg'], after: changes.massMg });
    rest['massMg'] = changes.massMg;
  }
  if (changes.dimensions) {
    const before = (now.rest['dimensions'] ?? null) as Dimensions | null;
    const after = { ...before, ...changes.dimensions };
    steps.push({ what: 'dimensions', before, after });
    rest['dimensions'] = after;
  }
  return { now: { rest, materials: left(materials), inscriptions: left(inscriptions) }, asMade, steps };
}

function alteredBy(item: Members, { plating, ...members }: Members): Members {
  const { plating: before, ...kept } = item;
  const layers = plating === undefined ? before : plating === 'none' ? undefined : plating;
  return { ...kept, ...members, ...(layers === undefined ? {} : { plating: layers }) };
}

function left(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ item }) => item !== null);
}

/** Paths count as the record does: an entry that a correction takes out keeps its place. */
function corrected({ now, asMade }: Fold, corrections: readonly Correction[], by: number): Fold | undefined {
  let body = asMade;
  const steps: Step[] = [];
  for (const { path, value, why } of corrections) {
    const before = valueAt(body, path);
    const next = withValue(body, path, value, by);
    if (!next) return undefined;
    body = next;
    steps.push({ what: 'record', path, before: before ?? null, after: value ?? null, why });
  }
  return { now: follow(now, asMade, body, by), asMade: body, steps };
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function listOf(name: string | undefined): List | undefined {
  return name === 'materials' || name === 'inscriptions' ? name : undefined;
}

function valueAt(body: Body, path: string): unknown {
  const [first, ...others] = segmentsOf(path);
  const list = listOf(first);
  let at: unknown = list ? body[list].map(({ item }) => item) : body.rest;
  for (const segment of list ? others : [first as string, ...others]) at = memberOf(at, segment);
  return at;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Members)[name]
    : undefined;
}

function withValue(body: Body, path: string, value: unknown, by: number): Body | undefined {
  const [first, place, ...inner] = segmentsOf(path);
  const list = listOf(first);
  if (!list) {
    const rest = replaced(body.rest, segmentsOf(path), value);
    return isMembers(rest) ? { ...body, rest } : undefined;
  }
  const entries = [...body[list]];
  if (place === '-') {
    if (inner.length > 0 || value === undefined) return undefined;
    return { ...body, [list]: [...entries, { item: value as Members, origin: entries.length, by }] };
  }
  const entry = entries[Number(place)];
  if (!entry?.item) return undefined;
  const item = inner.length > 0 ? replaced(entry.item, inner, value) : (value ?? null);
  if (item === undefined) return undefined;
  entries[Number(place)] = { ...entry, item: item as Members | null, by };
  return { ...body, [list]: entries };
}

/** A copy with one member set, or left out if there is no value; undefined if there is no such place. */
function replaced(at: unknown, [name, ...inner]: readonly string[], value: unknown): unknown {
  if (typeof at !== 'object' || at === null || name === undefined) return undefined;
  const last = inner.length === 0;
  if (Array.isArray(at) && name === '-') return last && value !== undefined ? [...at, value] : undefined;
  const present = Array.isArray(at) ? Number(name) < at.length : Object.hasOwn(at, name);
  if (!present && (!last || value === undefined || Array.isArray(at))) return undefined;
  const member = last ? value : replaced((at as Members)[name], inner, value);
  if (member === undefined && !last) return undefined;
  if (Array.isArray(at)) return member === undefined ? at.toSpliced(Number(name), 1) : at.with(Number(name), member);
  const { [name]: _, ...others } = at as Members;
  return member === undefined ? others : { ...others, [name]: member };
}

/** The piece follows a correction of its record in everything that no work has changed. */
function follow(now: Body, before: Body, after: Body, by: number): Body {
  const rest = followed(now.rest, before.rest, after.rest, ['dimensions']);
  const entries = (list: List) => {
    const kept = now[list].map((entry) => {
      const old = entry.origin === null ? undefined : before[list][entry.origin]?.item;
      const corrected = entry.origin === null ? undefined : after[list][entry.origin]?.item;
      if (!entry.item || !old || corrected === undefined || same(old, corrected)) return entry;
      if (corrected === null) return same(entry.item, old) ? { ...entry, item: null } : entry;
      const item = followed(entry.item, old, corrected);
      return same(item, entry.item) ? entry : { ...entry, item, by };
    });
    return left([...kept, ...after[list].slice(before[list].length)]);
  };
  return { rest, materials: entries('materials'), inscriptions: entries('inscriptions') };
}

function followed(now: Members, before: Members, after: Members, deep: readonly string[] = []): Members {
  const result: Record<string, unknown> = { ...now };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [is, was, becomes] = [now[name], before[name], after[name]];
    if (same(was, becomes)) continue;
    if (deep.includes(name) && isMembers(is) && isMembers(was) && isMembers(becomes)) {
      result[name] = followed(is, was, becomes);
    } else if (same(is, was)) {
      if (becomes === undefined) delete result[name];
      else result[name] = becomes;
    }
  }
  return result;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || canonicalise(a) === canonicalise(b);
}
