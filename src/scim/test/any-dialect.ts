/** Settings of an endpoint at random, for the property tests: each lenience on or off. */
import fc from 'fast-check';
import type { Dialect } from '../dialect.ts';
import type { PatchOptions } from '../patch/operation.ts';

export const anyDialect: fc.Arbitrary<Dialect> = fc.record({
  textBooleans: fc.boolean(),
  flatKeys: fc.boolean(),
  bareValues: fc.boolean(),
  valuePathSuffix: fc.boolean(),
  looseDateTimes: fc.boolean(),
  severalPrimaries: fc.constantFrom('first' as const, 'refuse' as const),
  unknownSchemas: fc.constantFrom('ignore' as const, 'refuse' as const),
  loosePatchMessages: fc.boolean(),
  removeWithValue: fc.boolean(),
  readOnlyEchoes: fc.boolean(),
  dropLabels: fc.boolean(),
});

export const anyOptions: fc.Arbitrary<PatchOptions & Dialect> = fc
  .tuple(
    anyDialect,
    fc.record({
      unknownAttributes: fc.constantFrom('drop' as const, 'keep' as const, 'refuse' as const),
      patchReplaceCreatesValuePathTarget: fc.boolean(),
      allowRemoveAllMembers: fc.boolean(),
    }),
  )
  .map(([dialect, others]) => ({ ...dialect, ...others }));
