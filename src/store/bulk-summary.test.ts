import t from 'tap';
import { bulkSummary } from './bulk-summary.ts';
import type { BulkOutcome } from './results.ts';

const result = { created: 0, lastModified: 0, version: 1, changed: true, sequence: 1 };
const DONE: BulkOutcome = { kind: 'done', result: { ...result, document: undefined } };

function outcomes(...list: BulkOutcome[]): Map<number, BulkOutcome> {
  return new Map(list.entries());
}

t.test('one line that sums a bulk up', async (t) => {
  const some = outcomes(DONE, { kind: 'wrong' }, { kind: 'needsFailed', position: 1 });
  t.equal(
    bulkSummary(3, { outcomes: some, interrupted: undefined }, undefined),
    '3 operations: 1 done, 2 failed',
  );
  t.equal(
    bulkSummary(12, { outcomes: some, interrupted: undefined }, 'warning: ignored'),
    '12 operations: 1 done, 2 failed, 9 not begun; warning: ignored',
  );
  t.equal(
    bulkSummary(3, { outcomes: some, interrupted: new Error('the disk is full') }, undefined),
    '3 operations: 1 done, 2 failed; interrupted: the disk is full',
  );
});
