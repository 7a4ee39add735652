import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { checkDataFolder } from './data-folder.ts';
import { ConfigError } from './errors.ts';

const local = (): string => '1 0 0:1 / / rw - ext4 /dev/sda1 rw';

t.test('a missing folder is created, a writable one is left as it was', (t) => {
  const root = t.testdir({ there: { 'other.txt': 'stays' } });
  const options = { production: true, readMountInfo: local };
  t.equal(checkDataFolder(join(root, 'a/b/scimlane.db'), options), undefined);
  t.same(readdirSync(join(root, 'a/b')), [], 'no probe file and no database is left');
  t.equal(checkDataFolder(join(root, 'there/scimlane.db'), options), undefined);
  t.same(readdirSync(join(root, 'there')), ['other.txt']);
  t.end();
});

t.test('a folder that cannot be written is one line that names the variable', (t) => {
  const root = t.testdir({ file: 'in the way', folder: {} });
  const options = { production: false, readMountInfo: local };
  const error = thrownBy(() => checkDataFolder(join(root, 'file/scimlane.db'), options));
  t.match(error, { variable: 'DATABASE_URL', message: /folder that can be written, but .*file/ });
  t.notMatch(error.message, /\n/);
  const folder = join(root, 'folder');
  t.match(thrownBy(() => checkDataFolder(folder, options)).message, /takes a file, but .* folder/);
  t.end();
});

t.test('a network file system stops production and warns elsewhere', (t) => {
  const root = t.testdir({ real: {} });
  mkdirSync(join(root, 'share'));
  symlinkSync(join(root, 'share'), join(root, 'link'));
  const readMountInfo = (): string =>
    `${local()}\n2 1 0:2 / ${join(root, 'share')} rw - nfs4 server:/export rw`;
  const expected = /^DATABASE_URL: takes a file on a local disk, but .*share is on nfs4 \(mounted/;
  for (const folder of ['share', 'link']) {
    const path = join(root, folder, 'scimlane.db');
    const error = thrownBy(() => checkDataFolder(path, { production: true, readMountInfo }));
    t.match(error.message, expected);
    t.match(checkDataFolder(path, { production: false, readMountInfo }), expected);
  }
  const path = join(root, 'real/scimlane.db');
  t.equal(checkDataFolder(path, { production: true, readMountInfo }), undefined);
  t.end();
});

t.test('where no mount table is known the file system is not judged', (t) => {
  const path = join(t.testdir(), 'scimlane.db');
  const options = { production: true, readMountInfo: () => undefined };
  t.equal(checkDataFolder(path, options), undefined);
  t.end();
});

t.test('a database that is there is not touched', (t) => {
  const root = t.testdir({});
  writeFileSync(join(root, 'scimlane.db'), 'content');
  checkDataFolder(join(root, 'scimlane.db'), { production: false });
  t.same(readdirSync(root), ['scimlane.db']);
  t.end();
});

function thrownBy(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
