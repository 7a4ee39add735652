/** Azure Blob, by the real SDK against Azurite: the conformance suite, and what only blobs have. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openAzureBlob } from './azure-blob.ts';
import type { Storage } from './storage.ts';
import { BlobRig, newContainer } from './test/azure-blob-rig.ts';
import { testStorage } from './test/conformance.ts';
import { failure, listAll, readAll, unaborted } from './test/whole-answers.ts';

const MIB = 1024 * 1024;
const rig = await BlobRig.start(t);

t.test('it is a storage', async (t) => {
  const key = /AccountKey=([^;]+)/.exec(rig.azurite.connectionString)?.[1] ?? '';
  t.not(key, '');
  await testStorage(t, () => rig.open(t, { pageSize: 7 }), { secrets: [key] });
});

t.test('20 MiB of a file go up in blocks and come down in pieces', async (t) => {
  const container = newContainer();
  const storage = await rig.open(t, { container });
  const content = randomBytes(20 * MIB + 12_345);
  const path = join(t.testdir(), 'snapshot');
  writeFileSync(path, content);
  await storage.create('snapshots/a', { path, bytes: content.length }, unaborted());
  const blob = rig.container(container).getBlockBlobClient('snapshots/a');
  const { committedBlocks } = await blob.getBlockList('committed');
  t.same(
    committedBlocks?.map(({ size }) => size),
    [4 * MIB, 4 * MIB, 4 * MIB, 4 * MIB, 4 * MIB, 12_345],
  );
  t.ok((await readAll(storage, 'snapshots/a')).equals(content));
  const from = 9 * MIB + 1;
  t.ok((await readAll(storage, 'snapshots/a', from)).equals(content.subarray(from)));
});

t.test('an object that ends with a piece comes down whole', async (t) => {
  const storage = await rig.open(t, { blockBytes: 1000 });
  const content = randomBytes(3000);
  await storage.create('wal/1', content, unaborted());
  t.ok((await readAll(storage, 'wal/1')).equals(content));
  t.ok((await readAll(storage, 'wal/1', 1000)).equals(content.subarray(1000)));
});

t.test('of two large uploads to one name one wins, whole', async (t) => {
  const container = newContainer();
  const storages = [await rig.open(t, { container }), await rig.open(t, { container })];
  for (let round = 0; round < 3; round += 1) {
    const name = `snapshots/${round}`;
    const contents = storages.map(() => randomBytes(5 * MIB));
    const outcomes = await Promise.allSettled(
      storages.map((storage, at) =>
        storage.create(name, contents[at] ?? new Uint8Array(0), unaborted()),
      ),
    );
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const lost = outcomes[1 - won];
    t.match(lost, { status: 'rejected', reason: { name: 'StorageError', code: 'exists' } });
    t.ok(contents[won]?.equals(await readAll(storages[0] as Storage, name)), 'the winner’s');
  }
});

t.test('blocks that a broken upload left do not get into the next one', async (t) => {
  const container = newContainer();
  const { storage, relay } = await rig.openBehindRelay(t, { container, blockBytes: MIB });
  const content = randomBytes(3 * MIB);
  relay.requests = (bytes) => (bytes.includes('comp=blocklist') ? 'cut' : bytes);
  const lost = await failure(storage.create('snapshots/a', randomBytes(3 * MIB), unaborted()));
  t.equal(lost.code, 'unavailable');
  const blob = rig.container(container).getBlockBlobClient('snapshots/a');
  t.equal((await blob.getBlockList('uncommitted')).uncommittedBlocks?.length, 3);
  t.same(await listAll(storage), [], 'it does not show');
  relay.requests = (bytes) => bytes;
  await storage.create('snapshots/a', content, unaborted());
  t.ok((await readAll(storage, 'snapshots/a')).equals(content));
});

for (const [kind, bytes] of [
  ['small', 1000],
  ['large', 2500],
] as const) {
  t.test(`a ${kind} object whose acknowledgement is lost is there at the next try`, async (t) => {
    const { storage, relay } = await rig.openBehindRelay(t, { blockBytes: 1000 });
    await storage.create('wal/0', randomBytes(1), unaborted());
    const content = randomBytes(bytes);
    let last = false;
    relay.requests = (request) => {
      last ||= request.includes(kind === 'small' ? 'PUT ' : 'comp=blocklist');
      return request;
    };
    relay.answers = (answer) => (last ? 'cut' : answer);
    const lost = await failure(storage.create('wal/1', content, unaborted()));
    t.equal(lost.code, 'unavailable');
    relay.answers = (answer) => answer;
    let sent = 0;
    relay.requests = (request) => {
      sent += request.length;
      return request;
    };
    t.equal((await failure(storage.create('wal/1', content, unaborted()))).code, 'exists');
    if (kind === 'large') t.ok(sent < bytes, 'it is not sent again');
    t.ok((await readAll(storage, 'wal/1')).equals(content));
  });
}

t.test('the container is made with the first request', async (t) => {
  const container = newContainer();
  const storage = await rig.open(t, { container });
  t.notOk(await rig.container(container).exists(), 'to open it asks nothing');
  t.same(await listAll(storage, 'head/'), []);
  t.ok(await rig.container(container).exists());
});

t.test('large objects can be the first in a new container', async (t) => {
  const storage = await rig.open(t, { blockBytes: 10 });
  await storage.create('wal/1', Buffer.from('more than ten bytes'), unaborted());
  t.equal((await readAll(storage, 'wal/1')).toString(), 'more than ten bytes');
});

t.test('a container that is deleted while we run is not made again', async (t) => {
  const container = newContainer();
  const storage = await rig.open(t, { container });
  await storage.create('head/1', Buffer.from('x'), unaborted());
  await rig.container(container).delete();
  const error = await failure(storage.create('head/2', Buffer.from('x'), unaborted()));
  t.equal(error.code, 'refused');
  t.match(
    error.message,
    `blob scimlane/${container}: head/2: the container or share does not exist`,
  );
  t.equal((await failure(readAll(storage, 'head/1'))).code, 'refused');
  t.equal((await failure(storage.delete('head/1', unaborted()))).code, 'refused');
  t.equal((await failure(listAll(storage))).code, 'refused');
  t.notOk(await rig.container(container).exists());
});

t.test('an object that is missing proves its container', async (t) => {
  const container = newContainer();
  await rig.container(container).create();
  const storage = await rig.open(t, { container });
  t.equal((await failure(readAll(storage, 'head/1'))).code, 'missing');
  await rig.container(container).delete();
  t.equal((await failure(listAll(storage))).code, 'refused');
});

t.test('folders of hierarchical names are not objects', async (t) => {
  const container = newContainer();
  const storage = await rig.open(t, { container });
  await storage.create('wal/1/a', Buffer.from('x'), unaborted());
  const folder = rig.container(container).getBlockBlobClient('wal/1');
  await folder.upload('', 0, { metadata: { hdi_isfolder: 'true' } });
  t.same(await listAll(storage), [{ name: 'wal/1/a', bytes: 1 }]);
});

t.test('a file that is shorter than announced is our fault, and nothing is stored', async (t) => {
  const storage = await rig.open(t, { blockBytes: 1000 });
  const path = join(t.testdir({ short: 'x'.repeat(2500) }), 'short');
  for (const bytes of [999, 2500]) {
    await storage.create(`wal/${bytes}`, { path, bytes }, unaborted());
  }
  const longer = storage.create('wal/longer', { path, bytes: 2501 }, unaborted());
  await t.rejects(longer, { name: 'Error', message: `${path} is shorter than 2501 bytes` });
  const listed = await listAll(storage);
  t.same(
    listed.map(({ bytes }) => bytes),
    [2500, 999],
  );
});

t.test('settings that name no storage are refused, without their secrets', async (t) => {
  const open = (settings: object) =>
    failure(openAzureBlob({ kind: 'blob', container: 'backup', ...settings }));
  const secret = 'c2VjcmV0LXNlY3JldA==';
  for (const connectionString of [
    '',
    secret,
    `DefaultEndpointsProtocol=https;AccountKey=${secret};EndpointSuffix=core.windows.net`,
    `DefaultEndpointsProtocol=gopher;AccountName=a;AccountKey=${secret}`,
  ]) {
    const error = await open({ connectionString });
    t.equal(error.code, 'refused');
    t.equal(error.message, 'blob backup: the connection string is malformed: copy it whole');
    t.equal(error.cause, undefined);
  }
  t.match(await open({}), { code: 'refused', message: /name the storage account/ });
  t.match(await open({ endpoint: 'acct' }), { code: 'refused', message: /not a URL/ });
});

t.test('an identity asks for https', async (t) => {
  const endpoint = `http://127.0.0.1:${rig.azurite.port}/scimlane`;
  const storage = await openAzureBlob({ kind: 'blob', container: 'backup', endpoint });
  t.teardown(() => storage.close());
  const error = await failure(readAll(storage, 'head/1'));
  t.match(error, { code: 'refused', message: /an identity needs an https endpoint/ });
});
