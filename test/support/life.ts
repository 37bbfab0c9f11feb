// Owns made-up statements of life events, written and generated. Nobody and nothing in them exists. Sampling is seeded by
// who samples.
import fc from 'fast-check';
import type { LifeKind } from '../../src/core/life.ts';
import { mayChangePiece } from '../../src/core/life.ts';
import { type LifeStatement, lifeStatementSchema, STATED_KINDS } from '../../src/core/life-statement.ts';
import { anyRecord } from './any-record.ts';

export function lifeStatement(kind: LifeKind, members: object = {}): LifeStatement {
  return lifeStatementSchema.parse({
    schema: 'touchstone/life-event/1',
    kind,
    language: 'en',
    words: 'Cleaned, and the claws looked at.',
    ...members,
  });
}

const text = fc.constantFrom('é', 'Claws', '한글', '<b>', '"');
const massMg = fc.oneof(fc.constant('unknown'), fc.integer({ min: 1, max: 100_000 }));
const index = fc.integer({ min: 0, max: 3 });
export const anyMaterial = anyRecord.map(({ materials }) => materials[0]);
const members = fc.oneof(
  fc.record({ massMg }),
  fc.record({ count: fc.integer({ min: 1, max: 9 }), setting: text }),
  fc.record({ plating: fc.constantFrom('none', [{ metal: 'rhodium', thicknessNm: 250 }]) }),
);
const materialChange = fc.oneof(
  fc.record({ action: fc.constant('added'), with: anyMaterial }),
  fc.record({ action: fc.constant('replaced'), material: index, with: anyMaterial }),
  fc.record({ action: fc.constant('removed'), material: index }),
  fc.record({ action: fc.constant('altered'), material: index, members }),
);
const inscriptionChange = fc.oneof(
  fc.record({ action: fc.constant('added'), with: fc.record({ text }) }),
  fc.record({ action: fc.constant('removed'), inscription: index }),
);
const once = (change: object) => {
  const named = change as { material?: number; inscription?: number };
  return named.material ?? named.inscription ?? change;
};
const changes = fc
  .record(
    {
      materials: fc.uniqueArray(materialChange, { minLength: 1, maxLength: 3, selector: once }),
      inscriptions: fc.uniqueArray(inscriptionChange, { minLength: 1, maxLength: 2, selector: once }),
      massMg,
      dimensions: fc.record(
        { widthUm: fc.integer({ min: 1, max: 9000 }), ringSize: fc.record({ system: fc.constant('eu'), value: text }) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .filter((all) => Object.keys(all).length > 0);
const correction = fc.oneof(
  fc.record({ path: fc.constant('/title'), value: text }),
  fc.record({ path: fc.constant('/dimensions/widthUm'), value: fc.integer({ min: 1, max: 9000 }) }),
  fc.record({ path: fc.constant('/story') }),
  fc.record({ path: fc.constant('/materials/-'), value: anyMaterial }),
  fc.record({ path: fc.nat(3).map((at) => `/materials/${at}`) }),
  fc.record({ path: fc.nat(3).map((at) => `/materials/${at}/massMg`), value: massMg }),
  fc.record({ path: fc.nat(3).map((at) => `/inscriptions/${at}/text`), value: text }),
  fc.record({ path: fc.nat(3).map((at) => `/claims/${at}`) }),
);
const corrections = fc
  .uniqueArray(correction, { minLength: 1, maxLength: 3, selector: ({ path }) => path })
  .map((all) => all.map((one) => ({ ...one, why: 'It was a slip of the pen.' })));

/** Of any kind, with changes that may or may not suit a piece. */
export const anyLifeStatement: fc.Arbitrary<LifeStatement> = fc
  .record({ kind: fc.constantFrom(...STATED_KINDS), by: fc.option(text, { nil: undefined }), changes, corrections })
  .map(({ kind, by, changes: changed, corrections: wrong }) =>
    lifeStatement(kind, {
      ...(by ? { by } : {}),
      ...(mayChangePiece(kind) ? { changes: changed } : {}),
      ...(kind === 'corrected' ? { corrections: wrong } : {}),
    }),
  );
