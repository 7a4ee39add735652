import t from 'tap';
import { mkdirSync, writeFileSync } from 'node:fs';
import { LineageRecord } from './lineage-record.ts';

t.test('what is entered stays entered, until another history begins', async (t) => {
  const database = `${t.testdir()}/data.db`;
  const record = new LineageRecord(database);
  t.notOk(record.leadsHere('folder a'));
  record.add('folder a');
  record.add('folder b');
  record.add('folder a');
  const next = new LineageRecord(database);
  t.ok(next.leadsHere('folder a') && next.leadsHere('folder b'));
  next.beginAnew();
  t.notOk(next.leadsHere('folder a'));
  t.notOk(new LineageRecord(database).leadsHere('folder b'));
});

for (const [what, text] of [
  ['a torn record', '["folder a'],
  ['one of another shape', '{"folder a":true}'],
] as const) {
  t.test(`${what} knows no storage`, async (t) => {
    const database = `${t.testdir()}/data.db`;
    writeFileSync(`${database}.spool.lineage.json`, text);
    t.notOk(new LineageRecord(database).leadsHere('folder a'));
  });
}

t.test('one that cannot be written knows less; what must be forgotten is told', async (t) => {
  const database = `${t.testdir()}/data.db`;
  const record = new LineageRecord(database);
  record.add('folder a');
  mkdirSync(`${database}.spool.lineage.json.draft`);
  record.add('folder b');
  t.notOk(record.leadsHere('folder b'));
  t.throws(() => record.beginAnew(), { code: 'EISDIR' });
});
