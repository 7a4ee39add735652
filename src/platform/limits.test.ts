import t from 'tap';
import { checkLimits } from './check-limits.ts';
import { LIMITS } from './limits.ts';

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
    { pageSizeMax: LIMITS.sortedRowsMax + 1, inlineOffsetMax: LIMITS.sortedRowsMax + 1 },
    { cursorLength: LIMITS.targetBytes },
    { rpcDeadlineMs: LIMITS.requestDeadlineMs },
    { filterLength: LIMITS.targetBytes + 1 },
    { headerBlockBytes: LIMITS.headerTokenBytes },
    { walPagesAlarm: LIMITS.checkpointPages },
    { storageIdleMs: LIMITS.backupRequestMs + 1 },
    { storageBackoffMsMax: LIMITS.storageBackoffMsMin - 1 },
    { bulkOperations: LIMITS.inFlightRequests + 1 },
    { bulkSliceOperations: LIMITS.commitBatchCommands + 1 },
    { bulkBudgetMs: LIMITS.requestDeadlineMs },
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
