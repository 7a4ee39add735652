/** What changes a file is seen, what only reads it is not; and nothing here opens it. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import t, { type Test } from 'tap';
import { RestRecord } from './rest-record.ts';

const NOW = Date.now();

function database(t: Test): string {
  return `${t.testdir({ 'data.db': 'content of a database' })}/data.db`;
}

function recorded(path: string): void {
  new RestRecord(path).record(NOW + 10_000);
}

t.test('a file holds as long as nobody writes to it', async (t) => {
  const path = database(t);
  t.notOk(new RestRecord(path).holds, 'nothing was recorded yet');
  recorded(path);
  readFileSync(path);
  t.ok(new RestRecord(path).holds);
});

t.test('an edit that leaves the size is seen by the time', async (t) => {
  const path = database(t);
  recorded(path);
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(path, 'CONTENT of a database');
  utimesSync(path, atimeMs / 1000, (mtimeMs + 1) / 1000);
  t.notOk(new RestRecord(path).holds);
});

t.test('an edit that leaves the time is seen by the size', async (t) => {
  const path = database(t);
  const { atimeMs } = statSync(path);
  utimesSync(path, atimeMs / 1000, 1_700_000_000.25);
  recorded(path);
  appendFileSync(path, '!');
  utimesSync(path, atimeMs / 1000, 1_700_000_000.25);
  t.notOk(new RestRecord(path).holds);
});

t.test('another file of the same size and time is seen', async (t) => {
  const path = database(t);
  utimesSync(path, 1_700_000_000.25, 1_700_000_000.25);
  recorded(path);
  copyFileSync(path, `${path}.copy`);
  utimesSync(`${path}.copy`, 1_700_000_000.25, 1_700_000_000.25);
  renameSync(`${path}.copy`, path);
  t.notOk(new RestRecord(path).holds);
});

t.test('a file that is gone holds nothing', async (t) => {
  const path = database(t);
  recorded(path);
  renameSync(path, `${path}.away`);
  t.notOk(new RestRecord(path).holds);
});

t.test(
  'where times are whole seconds, one that was written just now is not recorded',
  async (t) => {
    const path = database(t);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    new RestRecord(path).record(1_700_000_000_900);
    t.notOk(new RestRecord(path).holds);
    new RestRecord(path).record(1_700_000_002_000);
    t.ok(new RestRecord(path).holds);
  },
);

t.test('while the server runs it is recorded only with an empty log', async (t) => {
  const path = database(t);
  writeFileSync(`${path}-wal`, 'frames');
  new RestRecord(path).recordWhenQuiet(NOW + 10_000);
  t.notOk(new RestRecord(path).holds);
  truncateSync(`${path}-wal`);
  new RestRecord(path).recordWhenQuiet(NOW + 10_000);
  t.ok(new RestRecord(path).holds);
});

t.test('a record that cannot be written leaves one that says nothing', async (t) => {
  const path = database(t);
  recorded(path);
  appendFileSync(path, '!');
  // A folder in the place of the draft: also who is root cannot write that.
  mkdirSync(`${path}.spool.rest.json.draft`);
  recorded(path);
  t.notOk(new RestRecord(path).holds);
});
