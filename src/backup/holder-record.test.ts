import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { HolderRecord } from './holder-record.ts';

function recorded(path: string, ownId: string): HolderRecord {
  const record = new HolderRecord(path, ownId);
  record.setOwnHere(true);
  return record;
}

t.test('every process of this disk is known, and nobody else', async (t) => {
  const path = join(t.testdir(), 'holders.json');
  recorded(path, 'first');
  const second = recorded(path, 'second');
  t.ok(second.wasHere('first'));
  t.ok(second.wasHere('second'));
  t.notOk(second.wasHere('elsewhere'));
});

t.test('a process that has not come to the end of a restore was not here', async (t) => {
  const path = join(t.testdir(), 'holders.json');
  recorded(path, 'first');
  const restoring = recorded(path, 'restoring');
  restoring.setOwnHere(false);
  const next = new HolderRecord(path, 'next');
  t.ok(next.wasHere('first'));
  t.notOk(next.wasHere('restoring'));
  t.notOk(next.wasHere('next'), 'not before it says so');
});

t.test('only the newest of many processes are kept', async (t) => {
  const path = join(t.testdir(), 'holders.json');
  for (let number = 0; number <= 200; number += 1) recorded(path, `p${number}`);
  const next = new HolderRecord(path, 'next');
  t.notOk(next.wasHere('p0'));
  t.ok(next.wasHere('p1'));
});

t.test('a record that is torn knows nobody', async (t) => {
  const path = join(t.testdir(), 'holders.json');
  recorded(path, 'first');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -4));
  const next = recorded(path, 'next');
  t.notOk(next.wasHere('first'));
  t.ok(next.wasHere('next'));
});
