/** Raising the versions is one counted commit, in the file and in its segment alike. */
import { copyFileSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { hashContents } from '../sqlite/contents.ts';
import { LiveDatabase } from './jobs/test/live-database.ts';
import { CHANGE_JUMP, raiseVersions } from './raise-versions.ts';
import { applySegment } from './segment.ts';

function stateOf(path: string) {
  const db = new Database(path);
  const state = db.prepare('SELECT commit_sequence, change_sequence FROM state').get();
  const hash = hashContents(db);
  db.close();
  return { state, hash };
}

t.test('the file and its segment come to the same', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(20);
  t.ok(live.emptyWal());
  const path = `${live.folder}/restored.db`;
  copyFileSync(live.path, path);
  const before = stateOf(path);
  copyFileSync(path, `${live.folder}/base.db`);
  raiseVersions(path, `${live.folder}/segment`);
  for (const suffix of ['-wal', '-shm']) t.notOk(existsSync(path + suffix), 'it stands alone');
  const after = stateOf(path);
  t.same(before.state, { commit_sequence: 1, change_sequence: 0 });
  t.same(after.state, { commit_sequence: 2, change_sequence: CHANGE_JUMP });
  applySegment(`${live.folder}/segment`, `${live.folder}/base.db`);
  t.equal(stateOf(`${live.folder}/base.db`).hash, after.hash);
});
