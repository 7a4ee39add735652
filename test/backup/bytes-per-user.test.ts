/** What a created user costs in shipped bytes: issue 3 allows 3 KB for one of 1.2 KB under load. */
import t from 'tap';
import { WrittenUsers } from '../../bench/written-users.ts';
import { writeSegment } from '../../src/backup/segment.ts';
import { WalFile } from '../../src/backup/wal-scan.ts';

const USERS = 5000;
const PER_COMMIT = 40;

t.test('a second of full load ships less than 3 KB per user', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const users = new WrittenUsers(path, 1);
  t.teardown(() => users.close());
  users.create(USERS, 1000);
  users.db.pragma('wal_checkpoint(TRUNCATE)');
  const commands = users.create(USERS, PER_COMMIT);
  const documents = commands.reduce((sum, { document }) => sum + Buffer.byteLength(document), 0);
  t.ok(documents / USERS > 1100, 'these are users of full size');
  const wal = new WalFile(`${path}-wal`);
  t.teardown(() => wal.close());
  const start = wal.start();
  if (start === undefined) throw new Error('nothing was written');
  const span = wal.scan(start);
  t.equal(span.commits, USERS / PER_COMMIT);
  const { bytes } = writeSegment(wal, span, `${path}.segment`);
  t.comment(`${Math.round(bytes / USERS)} bytes per user`);
  t.ok(bytes / USERS < 3000);
});
