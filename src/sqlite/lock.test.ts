import { join } from 'node:path';
import t from 'tap';
import { lockDataFile } from './lock.ts';

t.test('a data file is locked once, and free again after close', (t) => {
  const path = join(t.testdir(), 'data.db');
  const lock = lockDataFile(path);
  t.throws(() => lockDataFile(path), { message: /data\.db is in use by another server/ });
  const other = lockDataFile(join(t.testdirName, 'other.db'));
  other.close();
  lock.close();
  lockDataFile(path).close();
  t.end();
});
