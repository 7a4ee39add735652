import t from 'tap';
import { BackupRefused } from './http/ports.ts';
import { NoBackup } from './no-backup.ts';

t.test('without a storage the status says so, and nothing is there', async (t) => {
  const backup = new NoBackup('./data/scimlane.db');
  t.match(await backup.stats(), {
    mode: 'none',
    backupCount: 0,
    lastBackupTime: null,
    hasSnapshots: false,
    restoredFromSnapshot: false,
    localDbPath: './data/scimlane.db',
  });
  t.same(await backup.snapshots(), []);
  t.same(await backup.restorePoints(), []);
});

t.test('without a storage what would need one is refused with what to set', async (t) => {
  const backup = new NoBackup('x.db');
  for (const act of ['trigger', 'verify', 'restore'] as const) {
    const refused = await backup[act]().catch((error: unknown) => error);
    t.ok(refused instanceof BackupRefused, act);
    t.match(refused, { status: 503, message: /BACKUP_FOLDER.*BLOB_BACKUP_ACCOUNT/ });
  }
});
