/** What keeping indexes costs, and whose keys are taken. */
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { signatureOf } from '../scim/resource/index-keys.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { IndexRig, userTypeWith } from './test/index-rig.ts';

const TITLE = 'title folded 1';
const EMAIL = 'emails.value folded beside userName 1';
const title = userTypeWith(['title']);

function open(t: Test, indexed: readonly string[]): { rig: IndexRig; statements: string[] } {
  const statements: string[] = [];
  const verbose = (statement: unknown): void => void statements.push(String(statement));
  const db = new Database(':memory:', { verbose });
  t.teardown(() => db.close());
  migrate(db, MIGRATIONS, 0);
  const rig = new IndexRig(db);
  rig.createEndpoint(indexed);
  return { rig, statements };
}

function writesOf(statements: readonly string[]): string[] {
  return statements.filter((text) => /(INSERT|DELETE).*attribute_keys/.test(text));
}

t.test('an index of an endpoint without resources is complete at once', async (t) => {
  const { rig } = open(t, ['title', 'emails']);
  t.same(rig.keysOf(TITLE), []);
  t.same(rig.keysOf(EMAIL), []);
  t.equal(rig.keysOf('title exact 1'), undefined, 'one of another signature is none');
  rig.run(rig.create(title, 'a', { title: 'Boss', emails: [{ value: 'A@x' }, { value: 'b@x' }] }));
  t.same(rig.keysOf(TITLE), [['boss', 2]]);
  t.same(
    rig.keysOf(EMAIL)?.map(([key]) => key),
    ['a@x', 'b@x'],
  );
});

t.test('a type without indexes costs no statement', async (t) => {
  const { rig, statements } = open(t, []);
  statements.length = 0;
  rig.run(
    rig.create(title, 'a', { title: 'x' }),
    rig.replace(title, 'a', { title: 'y' }),
    rig.patch('a', 'replace', 'title', 'z'),
    rig.delete('a'),
  );
  t.same(
    statements.filter((text) => text.includes('attribute_keys')),
    [],
  );
});

t.test('only what differs is written', async (t) => {
  const { rig, statements } = open(t, ['title', 'emails']);
  const emails = ['k', 'b', 'c'].map((value) => ({ value }));
  rig.run(rig.create(title, 'a', { title: 'x', emails }));
  statements.length = 0;
  rig.run(rig.patch('a', 'replace', 'nickName', 'n'));
  t.same(writesOf(statements), []);
  rig.run(rig.patch('a', 'add', 'emails', [{ value: 'd' }]));
  t.equal(writesOf(statements).length, 1);
  rig.run(rig.replace(title, 'a', { title: 'X', emails: [...emails.slice(1), { value: 'e' }] }));
  t.equal(writesOf(statements).length, 1 + 3);
  t.same(
    rig.keysOf(EMAIL)?.map(([key]) => key),
    ['b', 'c', 'e'],
  );
});

t.test('keys that come with a command are taken if they are of these indexes', async (t) => {
  const { rig } = open(t, ['title']);
  const command = rig.create(title, 'a', { title: 'x' });
  const signatures = title.indexed.map(signatureOf).join();
  t.equal(command.indexKeys?.signatures, signatures);
  // As they could not be, so that they can be told from those of the document.
  const keys = [['taken']];
  rig.run({ ...command, indexKeys: { signatures, keys } });
  const others = { signatures: 'title exact 1', keys };
  rig.run({ ...rig.create(title, 'b', { title: 'made' }), indexKeys: others });
  rig.run({ ...rig.create(title, 'c', { title: 'Made too' }), indexKeys: undefined });
  t.same(rig.keysOf(TITLE), [
    ['made', 3],
    ['made too', 4],
    ['taken', 2],
  ]);
});

t.test('a command that fails leaves no key', async (t) => {
  const { rig } = open(t, ['title']);
  rig.run(rig.create(title, 'a', { title: 'x' }));
  const sameName = { ...rig.create(title, 'b', { title: 'y' }), name: 'a' };
  const missing = { ...rig.create(title, 'c', { title: 'z' }), members: ['nobody'] };
  const outcomes = rig.run(sameName, missing);
  t.same(
    outcomes.map(({ ok }) => ok),
    [false, false],
  );
  t.same(rig.keysOf(TITLE), [['x', 2]]);
});

t.test('an index that is wanted again begins anew', async (t) => {
  const { rig } = open(t, ['title']);
  rig.run(rig.create(title, 'a', { title: 'x' }));
  rig.run(rig.setIndexed([]));
  t.equal(rig.keysOf(TITLE), undefined);
  t.equal(rig.keyCount, 1, 'its keys go by and by');
  rig.run(rig.patch('a', 'replace', 'title', 'y'), rig.setIndexed(['title']));
  t.equal(rig.keysOf(TITLE), undefined, 'it is not built yet');
  t.equal(rig.settle(), 1);
  t.same(rig.keysOf(TITLE), [['y', 2]]);
  t.equal(rig.keyCount, 1);
});

t.test('a deleted endpoint leaves no index and no key', async (t) => {
  const { rig } = open(t, ['title']);
  rig.run(rig.create(title, 'a', { title: 'x' }), rig.create(title, 'b', { title: 'y' }));
  rig.run(rig.deleteEndpoint());
  t.same(rig.signatures, []);
  while (rig.engine.purge(1));
  t.equal(rig.keyCount, 0);
});
