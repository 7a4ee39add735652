/** A copy beside a thread that commits, checkpoints and begins the WAL anew as fast as it can. */
import { rmSync } from 'node:fs';
import t from 'tap';
import { readSequence } from '../../sqlite/contents.ts';
import { integrityProblem, openDetached } from '../../sqlite/copy.ts';
import { migrate } from '../../sqlite/migrate.ts';
import { openWriter } from '../../sqlite/open.ts';
import { MIGRATIONS } from '../../sqlite/schema.ts';
import { LiveFile } from '../live-file.ts';
import { copyLive } from './copy-live.ts';
import { BusyWriter, wrongRow } from './test/busy-writer.ts';

const COPIES = 60;

t.test('each copy is a commit, whole', async (t) => {
  const folder = t.testdir();
  const path = `${folder}/data.db`;
  const to = `${folder}/copy.db`;
  const db = openWriter(path, { synchronous: 'NORMAL' });
  migrate(db, MIGRATIONS, 0);
  const live = new LiveFile(path);
  live.follow();
  const writer = new BusyWriter(path);
  t.teardown(async () => {
    await writer.stop();
    db.close();
    live.close();
  });
  let last = 0;
  for (let number = 0; number < COPIES; number += 1) {
    rmSync(to, { force: true });
    const pinned: number[] = [];
    const sequence = await copyLive({ path, handle: live.handle ?? -1 }, to, (commit) => {
      pinned.push(commit);
    });
    t.same(pinned, [sequence]);
    t.ok(sequence >= last);
    last = sequence;
    const copy = openDetached(to);
    try {
      t.equal(readSequence(copy), sequence);
      t.equal(integrityProblem(copy), undefined);
      t.equal(wrongRow(copy, sequence), undefined);
    } finally {
      copy.close();
    }
  }
  t.ok(last > COPIES, `${last} commits came meanwhile`);
});
