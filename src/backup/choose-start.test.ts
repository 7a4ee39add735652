import t from 'tap';
import { chooseStart, StartRefused, type RemotePosition } from './choose-start.ts';

const at = (sequence: number, index = 0, database = 'a'): RemotePosition => ({
  index,
  label: `storage ${index}`,
  database,
  sequence,
  overtaken: false,
});
const local = (sequence: number, database = 'a') => ({ database, sequence });

t.test('without any backup the server goes on with what is here', (t) => {
  t.same(chooseStart(undefined, [], 'refuse'), { kind: 'new' });
  t.same(chooseStart(local(0), [], 'refuse'), { kind: 'local' });
  t.same(chooseStart(local(7), [], 'refuse'), { kind: 'local' });
  t.end();
});

t.test('a lost disk is restored from the storage that leads furthest, the first of equals', (t) => {
  t.match(chooseStart(undefined, [at(5), at(9, 1), at(9, 2)], 'refuse'), {
    kind: 'restore',
    index: 1,
  });
  t.match(chooseStart(undefined, [at(9), at(9, 1)], 'refuse'), { kind: 'restore', index: 0 });
  t.match(chooseStart(local(0, 'b'), [at(5)], 'refuse'), { kind: 'restore', index: 0 });
  t.end();
});

t.test('a local database that is as new as any backup, or newer, is kept', (t) => {
  t.same(chooseStart(local(9), [at(9)], 'refuse'), { kind: 'local' });
  t.same(chooseStart(local(12), [at(9), at(3, 1)], 'refuse'), { kind: 'local' });
  t.same(chooseStart(local(0), [at(0)], 'refuse'), { kind: 'local' });
  t.end();
});

t.test('an old disk beside a newer backup is refused, unless the operator said to restore', (t) => {
  t.throws(() => chooseStart(local(4), [at(9)], 'refuse'), {
    name: 'StartRefused',
    message: /commit 4, storage 0 at 9.*BACKUP_REMOTE_AHEAD=restore/,
  });
  t.match(chooseStart(local(4), [at(9)], 'restore'), { kind: 'restore', index: 0 });
  t.end();
});

t.test(
  'a storage that another server used since wins when the operator said so, however far each is',
  (t) => {
    const overtaken = { ...at(4), overtaken: true };
    t.match(chooseStart(local(4), [overtaken], 'restore'), { kind: 'restore', index: 0 });
    t.match(chooseStart(local(9), [at(9, 1), overtaken], 'restore'), { kind: 'restore', index: 0 });
    t.end();
  },
);

t.test('backups of another database are never mixed in', (t) => {
  t.throws(() => chooseStart(local(4), [at(4), at(2, 1, 'b')], 'restore'), {
    message: /storage 1 holds backups of database b, storage 0 is a/,
  });
  t.throws(() => chooseStart(local(4, 'b'), [at(4)], 'restore'), {
    message: /storage 0 holds backups of database a, the local database is b/,
  });
  t.throws(() => chooseStart(undefined, [at(4), at(2, 1, 'b')], 'refuse'), StartRefused);
  t.end();
});

t.test('a damaged file is replaced by a backup, and kept when there is none', (t) => {
  t.match(chooseStart('damaged', [at(4)], 'refuse'), { kind: 'restore', index: 0 });
  t.throws(() => chooseStart('damaged', [], 'refuse'), StartRefused);
  t.end();
});
