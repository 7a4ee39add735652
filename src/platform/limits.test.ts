import t from 'tap';
import { LIMITS, checkLimits } from './limits.ts';

t.test('the limits agree with each other', (t) => {
  t.doesNotThrow(() => checkLimits());
  t.end();
});

t.test('limits that contradict each other are refused', (t) => {
  const contradictions: readonly Partial<Record<keyof typeof LIMITS, number>>[] = [
    { bodyBytes: LIMITS.inFlightBytes + 1 },
    { bodyBytes: LIMITS.commitBatchBytes + 1 },
    { inFlightRequests: LIMITS.rpcInFlight + 1 },
    { pageSizeDefault: LIMITS.pageSizeMax + 1 },
    { rpcDeadlineMs: LIMITS.requestDeadlineMs },
    { filterLength: LIMITS.targetBytes + 1 },
    { headerBlockBytes: LIMITS.headerTokenBytes },
    { walPagesAlarm: LIMITS.checkpointPages },
    { filterDepth: 0 },
    { filterDepth: 1.5 },
    { filterDepth: Number.NaN },
  ];
  for (const change of contradictions) {
    t.throws(
      () => checkLimits({ ...LIMITS, ...change }),
      { name: 'AssertionFailed' },
      JSON.stringify(change),
    );
  }
  t.end();
});
