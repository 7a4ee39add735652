import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { HolderRecord } from './holder-record.ts';

t.test('every process of this disk is known, and nobody else', async (t) => {
  const path = join(t.testdir(), 'holders.json');
  new HolderRecord(path, 'first');
  const second = new HolderRecord(path, 'second');
  t.ok(second.wasHere('first'));
  t.ok(second.wasHere('second'));
  t.notOk(second.wasHere('elsewhere'));
});

t.test('a record that is torn knows nobody but the process itself', async (t) => {
  const path = join(t.testdir(), 'holders.json');
  new HolderRecord(path, 'first');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -4));
  const next = new HolderRecord(path, 'next');
  t.notOk(next.wasHere('first'));
  t.ok(next.wasHere('next'));
});
