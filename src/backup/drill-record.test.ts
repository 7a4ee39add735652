/** The age of the last drill outlives a restart, and never stands in the way of one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { DrillRecord } from './drill-record.ts';
import type { DrillResult } from './status.ts';

const RESULT: DrillResult = {
  at: 1_700_000_000_000,
  storage: 'folder /backup',
  ok: true,
  sequence: 7,
  durationMs: 12,
  problem: undefined,
};

t.test('the next process finds the last result', (t) => {
  const path = `${t.testdir()}/drill.json`;
  const record = new DrillRecord(path);
  t.equal(record.last, undefined);
  record.keep({ ...RESULT, sequence: 3 });
  record.keep(RESULT);
  t.same(record.last, RESULT);
  t.same(new DrillRecord(path).last, RESULT);
  t.end();
});

t.test('a failed drill is found with its problem', (t) => {
  const path = `${t.testdir()}/drill.json`;
  const failed = { ...RESULT, ok: false, problem: 'the content differs' };
  new DrillRecord(path).keep(failed);
  t.same(new DrillRecord(path).last, failed);
  t.end();
});

for (const text of ['', '{"at":1', '[]', 'null', '{"at":"now"}', '{"at":1,"storage":"s"}']) {
  t.test(`${JSON.stringify(text)} is no result`, (t) => {
    const path = `${t.testdir()}/drill.json`;
    writeFileSync(path, text);
    t.equal(new DrillRecord(path).last, undefined);
    t.end();
  });
}

t.test('a disk that takes nothing does not undo the drill', (t) => {
  const path = `${t.testdir()}/drill.json`;
  mkdirSync(`${path}.draft`);
  const record = new DrillRecord(path);
  record.keep(RESULT);
  t.same(record.last, RESULT);
  t.equal(new DrillRecord(path).last, undefined);
  t.end();
});
