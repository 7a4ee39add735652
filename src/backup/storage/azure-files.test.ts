/**
 * Azure Files, by the real SDK against the emulator: the conformance suite, and what only Files has.
 * With AZURE_FILES_TEST_CONNECTION_STRING and AZURE_FILES_TEST_SHARE the suite also runs against a
 * real share, in folders of its own: see docs/AZURE_FILES.md.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import type { Disturbance } from '../../../test/support/azure-files/server.ts';
import { AzureFilesServer } from '../../../test/support/azure-files/server.ts';
import type { ShareTree } from '../../../test/support/azure-files/share-tree.ts';
import { openAzureFiles, type AzureFilesLimits } from './azure-files.ts';
import type { FilesSettings } from './settings.ts';
import type { Storage } from './storage.ts';
import { testStorage } from './test/conformance.ts';
import { collect, failure, names, readAll, unaborted } from './test/whole-answers.ts';

const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

const server = await AzureFilesServer.start({ pageSize: 5 });
t.teardown(() => server.close());
t.afterEach(() => (server.disturb = () => undefined));

interface Share {
  readonly tree: ShareTree;
  readonly settings: FilesSettings & { readonly connectionString: string };
}

function newShare(): Share {
  const share = `s-${randomUUID()}`;
  const connectionString = server.connectionString();
  return { tree: server.createShare(share), settings: { kind: 'files', share, connectionString } };
}

async function openFor(
  t: Test,
  settings: FilesSettings,
  limits: Partial<AzureFilesLimits> = {},
): Promise<Storage> {
  const storage = await openAzureFiles(settings, limits);
  t.teardown(() => storage.close());
  return storage;
}

t.test('it is a storage', async (t) => {
  await testStorage(t, () => openAzureFiles(newShare().settings, { pageSize: 7 }), {
    secrets: [server.account.key],
  });
});

const realShare = process.env['AZURE_FILES_TEST_SHARE'];
const realConnection = process.env['AZURE_FILES_TEST_CONNECTION_STRING'];
const isReal = realShare !== undefined && realConnection !== undefined;
const skip = isReal
  ? false
  : 'set AZURE_FILES_TEST_CONNECTION_STRING and AZURE_FILES_TEST_SHARE to a real share';

t.test('a real share is a storage', { skip, timeout: 600_000 }, async (t) => {
  const [share, connectionString] = [realShare ?? '', realConnection ?? ''];
  const open = (): Promise<Storage> => {
    const folder = `scimlane-test/${randomUUID()}`;
    return openAzureFiles({ kind: 'files', share, connectionString, folder }, { pageSize: 7 });
  };
  await testStorage(t, open, { secrets: [connectionString] });
});

t.test('two folders of a share do not see each other', async (t) => {
  const { settings, tree } = newShare();
  const one = await openFor(t, { ...settings, folder: '/One 1/' });
  const two = await openFor(t, { ...settings, folder: 'two/deep' });
  await one.create('head/1', Buffer.from('1'), unaborted());
  await two.create('head/1', Buffer.from('2'), unaborted());
  await one.delete('head/1', unaborted());
  t.same(await names(one), []);
  t.equal((await readAll(two, 'head/1')).toString(), '2');
  t.match(tree.paths(), ['One 1/.tmp/', 'One 1/head/', 'two/deep/.tmp/', 'two/deep/head/1']);
  t.match(two.label, /^files scimlane\/s-[^/]+\/two\/deep$/);
});

t.test('9 MiB go up in three ranges and come down in three pieces', async (t) => {
  const { settings, tree } = newShare();
  const storage = await openFor(t, settings);
  const content = randomBytes(9 * MIB);
  const path = join(t.testdir(), 'snapshot');
  writeFileSync(path, content);
  const from = server.requests.length;
  await storage.create('snapshots/a', { path, bytes: content.length }, unaborted());
  const sent = server.requests.slice(from);
  t.equal(sent.filter((request) => request.endsWith('?comp=range')).length, 3);
  t.match(sent.at(-1), /^PUT snapshots\/a\?comp=rename/);
  const pieces = await collect(storage.read('snapshots/a', { signal: unaborted() }));
  t.same(
    pieces.map(({ length }) => length),
    [4 * MIB, 4 * MIB, MIB],
  );
  t.ok(Buffer.concat(pieces).equals(content));
  t.same(tree.paths(), ['.tmp/', 'snapshots/a'], 'nothing is left of the upload');
});

t.test('an object that ends with a range comes down whole', async (t) => {
  const storage = await openFor(t, newShare().settings);
  const content = randomBytes(8 * MIB);
  await storage.create('wal/1', content, unaborted());
  t.ok((await readAll(storage, 'wal/1')).equals(content));
  t.ok((await readAll(storage, 'wal/1', 4 * MIB)).equals(content.subarray(4 * MIB)));
});

t.test('a large object under a taken name is not sent', async (t) => {
  const storage = await openFor(t, newShare().settings);
  await storage.create('snapshots/a', Buffer.from('first'), unaborted());
  const from = server.requests.length;
  const error = await failure(storage.create('snapshots/a', randomBytes(5 * MIB), unaborted()));
  t.equal(error.code, 'exists');
  t.notOk(server.requests.slice(from).some((request) => request.includes('comp=range')));
});

t.test('an upload whose process died before the rename does not show, and is swept', async (t) => {
  const { settings, tree } = newShare();
  const first = await openFor(t, settings);
  server.disturb = (request) => (request.includes('comp=rename') ? 'cut' : undefined);
  t.equal(
    (await failure(first.create('head/1', Buffer.from('x'), unaborted()))).code,
    'unavailable',
  );
  server.disturb = () => undefined;
  await first.close();
  tree.createFile('.tmp/old', 10).lastModified = new Date(Date.now() - DAY_MS - 60_000);
  tree.createFile('.tmp/new', 10).lastModified = new Date(Date.now() - DAY_MS + 60_000);
  const second = await openFor(t, settings);
  t.same(await names(second), []);
  t.equal((await failure(readAll(second, 'head/1'))).code, 'missing');
  t.equal(tree.paths().filter(isUpload).length, 3, 'who only reads removes nothing');
  const swept = request('DELETE .tmp/old');
  await second.create('head/1', Buffer.from('y'), unaborted());
  await swept;
  await second.close();
  t.ok(tree.paths().includes('.tmp/new'), 'one that may still be written to stays');
  t.notOk(tree.paths().includes('.tmp/old'));
});

t.test('a rename that took effect unheard is told at the next attempt', async (t) => {
  const storage = await openFor(t, newShare().settings);
  server.disturb = (request) => (request.includes('comp=rename') ? 'unheard' : undefined);
  const content = Buffer.from('x');
  t.equal((await failure(storage.create('head/1', content, unaborted()))).code, 'unavailable');
  server.disturb = () => undefined;
  t.equal((await failure(storage.create('head/1', content, unaborted()))).code, 'exists');
  t.equal((await readAll(storage, 'head/1')).toString(), 'x');
});

t.test('an upload that goes away before its rename is tried again, not missing', async (t) => {
  const { settings, tree } = newShare();
  const storage = await openFor(t, settings);
  server.disturb = (request) => {
    if (request.includes('comp=rename'))
      tree
        .paths()
        .filter(isUpload)
        .forEach((path) => tree.deleteFile(path));
    return undefined;
  };
  const error = await failure(storage.create('head/1', Buffer.from('x'), unaborted()));
  t.equal(error.code, 'unavailable');
  t.match(error.message, /head\/1: the upload went away/);
});

t.test('a directory goes with its last object and is made again', async (t) => {
  const { settings, tree } = newShare();
  const storage = await openFor(t, settings);
  const other = await openFor(t, settings);
  await storage.create('wal/00000001/a', Buffer.from('1'), unaborted());
  await storage.create('wal/00000001/b', Buffer.from('1'), unaborted());
  await other.delete('wal/00000001/a', unaborted());
  t.ok(tree.paths().includes('wal/00000001/b'));
  await other.delete('wal/00000001/b', unaborted());
  t.same(tree.paths(), ['.tmp/', 'wal/'], 'the directory of a chain is gone');
  await storage.create('wal/00000001/c', Buffer.from('3'), unaborted());
  t.same(await names(storage), ['wal/00000001/c']);
});

t.test('names of digits only stay text', async (t) => {
  const storage = await openFor(t, newShare().settings);
  for (const name of ['00000012/0007', '00000012/1e3', '12', '00000012/deep/1/2/3/0x10']) {
    await storage.create(name, Buffer.from(name), unaborted());
  }
  t.same(await names(storage), ['00000012/0007', '00000012/1e3', '00000012/deep/1/2/3/0x10', '12']);
});

t.test('a wrong key is refused, and what to do is said', async (t) => {
  const key = randomBytes(64).toString('base64');
  const connectionString = server.connectionString(key);
  const storage = await openFor(t, { ...newShare().settings, connectionString });
  for (const attempt of everyCall(storage)) {
    const error = await failure(attempt());
    t.equal(error.code, 'refused');
    t.match(error.message, /Storage File Data Privileged Contributor/);
    t.notOk(error.message.includes(key));
  }
});

t.test('a share that is missing is refused, and not made', async (t) => {
  const storage = await openFor(t, { ...newShare().settings, share: 'nowhere' });
  for (const attempt of everyCall(storage)) {
    const error = await failure(attempt());
    t.equal(error.code, 'refused');
    t.match(error.message, /^files scimlane\/nowhere: head\/1: .*does not exist: create it/);
  }
});

for (const disturbance of ['ServerBusy', 'cut', 'silence', 'half'] as const) {
  t.test(`${disturbance} is unavailable`, async (t) => {
    const { settings } = newShare();
    const storage = await openFor(t, settings, { answerTimeoutMs: 300, bytesPerSecondMin: 1e9 });
    await storage.create('head/1', Buffer.from('x'.repeat(100)), unaborted());
    server.disturb = (): Disturbance => disturbance;
    for (const attempt of everyCall(storage)) {
      // Half of an answer without a body is a whole one.
      if (disturbance === 'half' && attempt.name !== 'read' && attempt.name !== 'list') continue;
      t.equal((await failure(attempt())).code, 'unavailable', attempt.name);
    }
  });
}

t.test('a server that is gone is unavailable', async (t) => {
  const gone = await AzureFilesServer.start();
  const storage = await openFor(t, {
    kind: 'files',
    share: 'x',
    connectionString: gone.connectionString(),
  });
  await gone.close();
  for (const attempt of everyCall(storage)) {
    t.equal((await failure(attempt())).code, 'unavailable');
  }
});

t.test('closing ends what is under way', async (t) => {
  const storage = await openAzureFiles(newShare().settings);
  server.disturb = () => 'silence';
  const listing = request('GET ?');
  const list = names(storage);
  await listing;
  await Promise.all([storage.close(), t.rejects(list, { message: / is closed$/ })]);
});

t.test('settings that name no storage are refused without the key', async (t) => {
  const key = randomBytes(64).toString('base64');
  for (const connectionString of ['', 'nonsense', `AccountName=;AccountKey=${key}`]) {
    const error = await failure(openAzureFiles({ kind: 'files', share: 'x', connectionString }));
    t.equal(error.code, 'refused');
    t.notOk(error.message.includes(key));
  }
  const error = await failure(openAzureFiles({ kind: 'files', share: 'x' }));
  t.match(error, { code: 'refused', message: /name the storage account/ });
});

t.test('a folder that leads out of the share is refused', async (t) => {
  for (const folder of ['..', '../other', 'a/../../other', './a']) {
    const error = await failure(openAzureFiles({ ...newShare().settings, folder }));
    t.match(error, { code: 'refused', message: /not a folder/ });
  }
});

t.test('an account alone is opened with the identity of the machine', async (t) => {
  const storage = await openFor(t, { kind: 'files', account: 'acme', share: 'scim' });
  t.equal(storage.label, 'files acme/scim');
});

function everyCall(storage: Storage): (() => Promise<unknown>)[] {
  return [
    function create() {
      return storage.create('head/1', Buffer.from('x'), unaborted());
    },
    function read() {
      return readAll(storage, 'head/1');
    },
    function list() {
      return collect(storage.list('head/1', unaborted()));
    },
    function remove() {
      return storage.delete('head/1', unaborted());
    },
  ];
}

/** Resolves when a request that begins so has come in. */
function request(beginning: string): Promise<void> {
  return new Promise((resolve) => {
    const { disturb } = server;
    server.disturb = (text) => {
      if (text.startsWith(beginning)) resolve();
      return disturb(text);
    };
  });
}

function isUpload(path: string): boolean {
  return /^\.tmp\/./.test(path);
}
