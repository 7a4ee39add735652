/**
 * What can happen to a server and its backup, as data: drawn by fast-check, carried out by
 * `lab-run.ts`. Weights make a life in which most steps write, and each kind of trouble comes up.
 */
import fc from 'fast-check';
import type { PlannedFault } from './lab-storage.ts';

export type Step =
  | { readonly do: 'write'; readonly commands: readonly string[] }
  | { readonly do: 'purge' | 'housekeeping' | 'truncateWal' | 'pass' | 'ship' | 'snapshot' }
  /** A segment ends here, and no later one begins before it. */
  | { readonly do: 'cut' }
  /** Somebody else's connection. */
  | { readonly do: 'stray'; readonly what: 'update' | 'vacuum' }
  | { readonly do: 'clock'; readonly ms: number }
  | { readonly do: 'fault'; readonly storage: number; readonly faults: readonly PlannedFault[] }
  | { readonly do: 'restart'; readonly flush: boolean }
  | { readonly do: 'kill'; readonly disk: 'kept' | 'lost' };

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;

const user = fc.constantFrom('ada', 'bob', 'cyd', 'dan', 'eve', 'fay');
const group = fc.constantFrom('staff', 'night');
const endpoint = fc.constantFrom('e1', 'e2');

/** Words for `commandsOf`. */
const command: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: user.map((id) => `create ${id}`) },
  {
    weight: 3,
    arbitrary: fc.tuple(user, fc.nat(999)).map(([id, title]) => `patch ${id} ${title}`),
  },
  { weight: 2, arbitrary: user.map((id) => `delete ${id}`) },
  group.map((id) => `group ${id}`),
  { weight: 2, arbitrary: fc.tuple(group, user).map(([id, member]) => `join ${id} ${member}`) },
  endpoint.map((id) => `endpoint ${id}`),
);

const write = fc
  .array(command, { minLength: 1, maxLength: 4 })
  .map((commands): Step => ({ do: 'write', commands }));
/** More pages than the WAL may have before it begins anew. */
const bigWrite = fc.tuple(endpoint, fc.integer({ min: 2, max: 8 })).map(([id, users]): Step => ({
  do: 'write',
  commands: [`endpoint ${id}`, `fill ${id} ${users}`],
}));
const shrink = endpoint.map((id): Step => ({ do: 'write', commands: [`drop ${id}`] }));

const passing: fc.Arbitrary<PlannedFault> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constant({ fault: { kind: 'before', code: 'unavailable' } } as const),
  },
  { weight: 3, arbitrary: fc.constant({ fault: { kind: 'after', code: 'unavailable' } } as const) },
  // A lost acknowledgement of what moves the chain on.
  fc.constantFrom('head/', 'manifest/').map((prefix) => ({
    fault: { kind: 'after', code: 'unavailable' } as const,
    operation: 'create' as const,
    prefix,
  })),
  fc.constant({
    fault: { kind: 'cut', at: 20, code: 'unavailable' },
    operation: 'create',
  } as const),
  // Not for snapshots: their time is longer than a test's.
  fc
    .tuple(
      fc.constantFrom('hang' as const, 'deaf' as const),
      fc.constantFrom('head/', 'manifest/', 'wal/'),
    )
    .map(([kind, prefix]) => ({ fault: { kind }, prefix })),
);
const spoiling: fc.Arbitrary<PlannedFault> = fc
  .tuple(fc.constantFrom('wal/', 'snapshots/'), fc.integer({ min: 0, max: 900 }))
  .map(([prefix, at]) => ({
    fault: { kind: 'cut', at } as const,
    operation: 'create' as const,
    prefix,
  }));
const fault = fc
  .tuple(
    fc.constantFrom(0, 1),
    fc.oneof(
      { weight: 12, arbitrary: fc.array(passing, { minLength: 1, maxLength: 5 }) },
      { weight: 1, arbitrary: spoiling.map((one) => [one]) },
    ),
  )
  .map(([storage, faults]): Step => ({ do: 'fault', storage, faults }));

const just = (step: Step): fc.Arbitrary<Step> => fc.constant(step);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: write },
    { weight: 4, arbitrary: bigWrite },
    { weight: 3, arbitrary: shrink },
    { weight: 5, arbitrary: just({ do: 'purge' }) },
    { weight: 14, arbitrary: just({ do: 'housekeeping' }) },
    { weight: 3, arbitrary: just({ do: 'truncateWal' }) },
    { weight: 10, arbitrary: just({ do: 'pass' }) },
    { weight: 4, arbitrary: just({ do: 'cut' }) },
    { weight: 8, arbitrary: just({ do: 'ship' }) },
    { weight: 6, arbitrary: just({ do: 'snapshot' }) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom('update' as const, 'vacuum' as const)
        .map((what): Step => ({ do: 'stray', what })),
    },
    {
      weight: 5,
      arbitrary: fc
        .constantFrom(MINUTE_MS, 20 * MINUTE_MS, -20 * MINUTE_MS, YEAR_MS, -YEAR_MS)
        .map((ms): Step => ({ do: 'clock', ms })),
    },
    { weight: 7, arbitrary: fault },
    { weight: 3, arbitrary: fc.boolean().map((flush): Step => ({ do: 'restart', flush })) },
    { weight: 3, arbitrary: just({ do: 'kill', disk: 'kept' }) },
    { weight: 3, arbitrary: just({ do: 'kill', disk: 'lost' }) },
  ),
  { minLength: 12, maxLength: 45 },
);
