/** The handle on the live file costs SQLite no lock. */
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import t, { type Test } from 'tap';
import { openWriter } from '../sqlite/open.ts';
import { LiveFile } from './live-file.ts';

function openDatabase(t: Test, path: string): void {
  const db = openWriter(path, { synchronous: 'NORMAL' });
  t.teardown(() => db.close());
  db.exec('CREATE TABLE a (x TEXT) STRICT');
}

/** POSIX locks that this process has on a file. */
function locksOn(path: string): number {
  const file = `:${statSync(path).ino} `;
  const own = ` ${process.pid} `;
  return readFileSync('/proc/locks', 'latin1')
    .split('\n')
    .filter((line) => line.includes('POSIX') && line.includes(own) && line.includes(file)).length;
}

const skip = existsSync('/proc/locks') ? false : 'this system does not tell locks';

t.test("SQLite's lock stays while the file is followed", { skip }, async (t) => {
  const path = `${t.testdir()}/data.db`;
  openDatabase(t, path);
  t.equal(locksOn(path), 1);
  const live = new LiveFile(path);
  t.equal(live.handle, undefined);
  live.follow();
  const { handle } = live;
  live.follow();
  t.equal(live.handle, handle, 'the file is the same');
  t.equal(locksOn(path), 1);
  // The control: this is why it stays open.
  live.close();
  t.equal(locksOn(path), 0);
});

t.test('it follows to the file that takes the place', { skip }, async (t) => {
  const path = `${t.testdir()}/data.db`;
  openDatabase(t, path);
  const live = new LiveFile(path);
  t.teardown(() => live.close());
  live.follow();
  const former = live.handle;
  for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}.aside${suffix}`);
  openDatabase(t, path);
  live.follow();
  t.not(live.handle, former);
  t.equal(locksOn(path), 1);
});
