/** A folder may be a mount: it can be missing, go away, be full of other things, or lack links. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LocalFolder } from './local-folder.ts';
import { names, readText, unaborted } from './test/whole-answers.ts';

const CONTENT = Buffer.from('content');
const HOUR_MS = 60 * 60 * 1000;

async function cannotLink(): Promise<void> {
  throw Object.assign(new Error('operation not supported, link'), { code: 'EOPNOTSUPP' });
}

t.test('the folder is made by the first create, and by nothing else', async (t) => {
  const folder = join(t.testdir(), 'deep', 'backup');
  const storage = new LocalFolder(folder);
  t.same(await names(storage), []);
  await t.rejects(readText(storage, 'a'), { code: 'missing' });
  await storage.delete('a', unaborted());
  t.notOk(existsSync(folder));
  await storage.create('wal/1/a', CONTENT, unaborted());
  t.equal(await readText(storage, 'wal/1/a'), 'content');
});

t.test('a folder that went away is unavailable, and is not made anew', async (t) => {
  const root = t.testdir();
  const folder = join(root, 'backup');
  const storage = new LocalFolder(folder);
  await storage.create('wal/1/a', CONTENT, unaborted());
  renameSync(folder, join(root, 'unmounted'));
  const gone = { name: 'StorageError', code: 'unavailable', message: /the folder is gone/ };
  await t.rejects(storage.create('wal/1/b', CONTENT, unaborted()), gone);
  await t.rejects(readText(storage, 'wal/1/a'), gone);
  await t.rejects(names(storage), gone);
  await t.rejects(storage.delete('wal/1/a', unaborted()), gone);
  t.notOk(existsSync(folder));
  renameSync(join(root, 'unmounted'), folder);
  await storage.create('wal/1/b', CONTENT, unaborted());
  t.same(await names(storage), ['wal/1/a', 'wal/1/b']);
});

t.test('a path that is a file is refused, in one line', async (t) => {
  const root = t.testdir({ file: 'x' });
  const storage = new LocalFolder(join(root, 'file'));
  await t.rejects(storage.create('head/1.json', CONTENT, unaborted()), {
    name: 'StorageError',
    code: 'refused',
    message: /^folder \S+file: cannot store head\/1\.json: [^\n]*ENOTDIR[^\n]*$/,
  });
});

t.test('drafts do not stay behind, and those of dead processes go after a day', async (t) => {
  const folder = t.testdir({
    '.tmp': { old: { '.object': 'half' }, young: { '.object': 'half' } },
  });
  const now = Date.now();
  const modify = (name: string, at: number): void =>
    utimesSync(join(folder, '.tmp', name), at / 1000, at / 1000);
  modify('old', now - 25 * HOUR_MS);
  modify('young', now - 23 * HOUR_MS);
  for (const link of [undefined, cannotLink]) {
    const clock = { now: () => now };
    const storage = new LocalFolder(folder, link === undefined ? { clock } : { clock, link });
    await storage.create('a', CONTENT, unaborted()).catch(() => undefined);
    await t.rejects(storage.create('a', CONTENT, unaborted()), { code: 'exists' });
    const broken = { path: join(folder, 'nowhere'), bytes: 1 };
    await t.rejects(storage.create('b', broken, unaborted()), { name: 'Error' });
    t.same(readdirSync(join(folder, '.tmp')), ['young']);
    t.same(await names(storage), ['a']);
  }
});

t.test('a file that is not as long as announced is not stored', async (t) => {
  const root = t.testdir({ source: 'content' });
  const storage = new LocalFolder(join(root, 'backup'));
  const source = { path: join(root, 'source'), bytes: 8 };
  await t.rejects(storage.create('a', source, unaborted()), {
    name: 'Error',
    message: /has 7 bytes instead of 8/,
  });
  t.same(await names(storage), []);
  await storage.create('a', { ...source, bytes: 4 }, unaborted());
  t.equal(await readText(storage, 'a'), 'cont', 'what was appended later is not part of it');
});

t.test('a name is taken whichever way the file system stored it', async (t) => {
  const folder = t.testdir();
  const linking = new LocalFolder(folder);
  const renaming = new LocalFolder(folder, { link: cannotLink });
  for (const [first, second] of [
    [linking, renaming],
    [renaming, linking],
  ] as const) {
    await first.create('head/1', CONTENT, unaborted());
    await t.rejects(second.create('head/1', Buffer.from('x'), unaborted()), { code: 'exists' });
    t.equal(await readText(second, 'head/1'), 'content');
    t.same(await names(second, 'head/1'), ['head/1']);
    await second.delete('head/1', unaborted());
    t.same(await names(first), []);
  }
  const creates = Array.from({ length: 16 }, (_unused, at) =>
    (at % 2 === 0 ? linking : renaming).create('head/2', Buffer.from(String(at)), unaborted()),
  );
  const outcomes = await Promise.allSettled(creates);
  const winners = [...outcomes.keys()].filter((at) => outcomes[at]?.status === 'fulfilled');
  t.equal(winners.length, 1);
  t.equal(await readText(linking, 'head/2'), String(winners[0]));
});

t.test('an error of link that says nothing about links is an error', async (t) => {
  const full = async (): Promise<void> => {
    throw Object.assign(new Error('no space left on device, link'), { code: 'ENOSPC' });
  };
  const storage = new LocalFolder(t.testdir(), { link: full });
  await t.rejects(storage.create('a', CONTENT, unaborted()), {
    code: 'unavailable',
    message: /cannot store a: the disk is full \(ENOSPC\)$/,
  });
  t.same(await names(storage), []);
});

t.test('what is not ours is passed over', async (t) => {
  const folder = t.testdir({
    '.DS_Store': 'x',
    'lost+found': { a: 'x' },
    README: 'x',
    wal: { '.hidden': { a: 'x' }, 'Thumbs.db': 'x', a: 'x' },
  });
  t.same(await names(new LocalFolder(folder)), ['wal/a']);
});

t.test('empty folders go with their last object', async (t) => {
  const folder = t.testdir();
  const storage = new LocalFolder(folder);
  await storage.create('wal/1/a', CONTENT, unaborted());
  await storage.create('wal/2/a', CONTENT, unaborted());
  await storage.delete('wal/1/a', unaborted());
  t.same(readdirSync(join(folder, 'wal')), ['2']);
  await storage.delete('wal/2/a', unaborted());
  t.same(readdirSync(folder), ['.tmp']);
});

t.test('a create survives that its folder is deleted under its hands', async (t) => {
  const folder = t.testdir();
  let removals = 0;
  const link = async (from: string, to: string): Promise<void> => {
    if (removals < 2) {
      removals += 1;
      rmSync(join(folder, 'wal'), { recursive: true, force: true });
      throw Object.assign(new Error('no such file, link'), { code: 'ENOENT' });
    }
    mkdirSync(join(folder, 'wal'), { recursive: true });
    writeFileSync(to, from);
  };
  const storage = new LocalFolder(folder, { link });
  await storage.create('wal/1/a', CONTENT, unaborted());
  t.equal(removals, 2);
  t.same(await names(storage), ['wal/1/a']);
});

t.test('creates and deletes in one folder at once do not disturb each other', async (t) => {
  const storage = new LocalFolder(t.testdir());
  const round = async (name: string): Promise<void> => {
    for (let turn = 0; turn < 15; turn += 1) {
      await storage.create(name, CONTENT, unaborted());
      await storage.delete(name, unaborted());
    }
  };
  await Promise.all(['wal/1/a', 'wal/1/b', 'wal/1/c', 'wal/2/a'].map(round));
  t.same(await names(storage), []);
});
