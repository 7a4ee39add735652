/** The folder passes what every storage passes, with hard links and without. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LocalFolder } from './local-folder.ts';
import { testStorage } from './test/conformance.ts';

t.test('a folder does what every storage does', async (t) => {
  const root = t.testdir();
  await testStorage(t, async () => new LocalFolder(mkdtempSync(join(root, 'backup-'))));
});

t.test('so does a folder on a file system without hard links', async (t) => {
  const root = t.testdir();
  await testStorage(
    t,
    async () => new LocalFolder(mkdtempSync(join(root, 'backup-')), { link: cannotLink }),
  );
});

async function cannotLink(): Promise<void> {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
}
