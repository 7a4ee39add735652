/** What is damaged or missing is refused by its name, and gone around only where that loses nothing. */
import { openSync, writeSync, closeSync, statSync } from 'node:fs';
import t, { type Test } from 'tap';
import { fetchDatabase } from './fetch-database.ts';
import { readRemote } from './remote.ts';
import type { ReadOptions, Storage } from './storage/storage.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { createUser } from '../../test/support/lab-commands.ts';
import { verifyRemote } from './verify.ts';

interface Stored {
  readonly lab: Lab;
  readonly hash: string;
  readonly sequence: number;
}

/** A snapshot, segments, a second snapshot and segments behind it; then the disk is lost. */
async function storedBackup(t: Test, storages = 1): Promise<Stored> {
  const lab = new Lab(t.testdir(), { storages });
  const server = await lab.start();
  for (let round = 0; round < 2; round += 1) {
    await server.snapshot();
    for (let user = 0; user < 2; user += 1) {
      server.writer.commit([createUser(`user-${round}-${user}`, 500)]);
      await server.ship();
    }
  }
  const stored = { lab, hash: server.writer.contentHash(), sequence: server.writer.sequence };
  await server.kill({ disk: 'lost' });
  return stored;
}

async function end(server: LabServer): Promise<void> {
  await server.kill({ disk: 'lost' });
}

for (const prefix of ['wal/', 'manifest/', 'head/']) {
  t.test(`a flipped bit in the newest of ${prefix} refuses the start by its name`, async (t) => {
    const { lab } = await storedBackup(t);
    const [storage] = lab.storages;
    const name = (await storage?.newest(prefix)) ?? '';
    storage?.flipBit(name);
    await t.rejects(lab.start(), { name: 'DamagedObject', message: new RegExp(name) });
  });
}

for (const prefix of ['wal/', 'manifest/']) {
  t.test(`the newest of ${prefix} missing refuses the start by its name`, async (t) => {
    const { lab } = await storedBackup(t);
    const [storage] = lab.storages;
    const name = (await storage?.newest(prefix)) ?? '';
    storage?.remove(name);
    await t.rejects(lab.start(), { message: new RegExp(name) });
  });
}

t.test('a segment missing in the middle refuses the start by where it was', async (t) => {
  const { lab } = await storedBackup(t);
  const [storage] = lab.storages;
  const segments = (await storage?.names('wal/')) ?? [];
  storage?.remove(segments.at(-2) ?? '');
  await t.rejects(lab.start(), {
    name: 'Unrestorable',
    message:
      /commit 4 cannot be restored: the segment that follows commit 2 in wal\/0+2\/ is missing/,
  });
});

for (const how of ['damaged', 'missing'] as const) {
  t.test(`a newest snapshot that is ${how} is gone around, and told`, async (t) => {
    const { lab, hash, sequence } = await storedBackup(t);
    const [storage] = lab.storages;
    const name = (await storage?.newest('snapshots/')) ?? '';
    if (how === 'damaged') storage?.flipBit(name);
    else storage?.remove(name);
    const server = await lab.start();
    t.equal(server.start.sequence, sequence);
    t.equal(server.writer.restoredHash(), hash);
    t.equal(server.start.segments, 4, 'all segments, on the older snapshot');
    t.match(lab.warnings, [new RegExp(`${name}.*trying an older snapshot`)]);
    await end(server);
  });
}

t.test('when every snapshot is damaged the start is refused by name', async (t) => {
  const { lab } = await storedBackup(t);
  const [storage] = lab.storages;
  for (const name of (await storage?.names('snapshots/')) ?? []) storage?.flipBit(name);
  await t.rejects(lab.start(), { message: /no snapshot at or before commit 4 but snapshots\/0+2/ });
});

t.test('what one storage has damaged comes from another that leads as far', async (t) => {
  const { lab, hash } = await storedBackup(t, 2);
  const [first, second] = lab.storages;
  const name = (await first?.newest('wal/')) ?? '';
  first?.flipBit(name);
  const server = await lab.start();
  t.equal(server.writer.restoredHash(), hash);
  t.match(server.start.explanation, second?.sound.label);
  t.match(lab.warnings, [new RegExp(name)]);
  await end(server);
});

t.test('a truncated upload is found by a verification, and never restored', async (t) => {
  const lab = new Lab(t.testdir());
  const [storage] = lab.storages;
  const server = await lab.start();
  await server.snapshot();
  storage?.plan({ fault: { kind: 'cut', at: 100 }, operation: 'create', prefix: 'wal/' });
  server.writer.commit([createUser('ada', 3000)]);
  await server.ship();
  t.equal(storage?.spoiled, 1);
  await server.kill({ disk: 'lost' });
  const name = (await storage?.newest('wal/')) ?? '';
  const signal = new AbortController().signal;
  if (storage === undefined) return;
  const { problems } = await verifyRemote(storage.sound, () => undefined, signal);
  t.match(problems, [new RegExp(name)]);
  await t.rejects(lab.start(), { name: 'DamagedObject', message: new RegExp(name) });
});

/** The file is closed: no SQLite connection is on it. */
function flipByte(path: string, at: number): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.from([0xff, 0xff, 0xff, 0xff]), 0, 4, at);
  closeSync(handle);
}

t.test('a local database that SQLite cannot read is replaced, and kept aside', async (t) => {
  const { lab } = await storedBackup(t);
  const first = await lab.start();
  const hash = first.writer.contentHash();
  await first.stop({ flush: true });
  flipByte(lab.databasePath, 0);
  const server = await lab.start();
  t.equal(server.start.choice, 'restored');
  t.match(server.start.explanation, /the local database is damaged/);
  t.equal(server.writer.restoredHash(), hash);
  const aside = `${lab.databasePath}.before-restore-${lab.clock.now()}`;
  t.ok(statSync(aside).size > 0);
  await end(server);
});

t.test('damage deep in the local database is found by the next snapshot, not stored', async (t) => {
  const { lab } = await storedBackup(t);
  const first = await lab.start();
  await first.stop({ flush: true });
  // Not a page that the start reads.
  flipByte(lab.databasePath, statSync(lab.databasePath).size - 4096);
  const server = await lab.start();
  t.equal(server.start.choice, 'local');
  const [storage] = lab.storages;
  const before = await storage?.names('snapshots/');
  await t.rejects(server.snapshot(), {
    message: /data\.db.*(integrity_check|malformed)/,
  });
  t.same(await storage?.names('snapshots/'), before);
  await end(server);
});

t.test('a download that fails ends the others before anything else is tried', async (t) => {
  const { lab } = await storedBackup(t);
  const [storage] = lab.storages;
  if (storage === undefined) return;
  const { sound } = storage;
  storage.flipBit(await storage.newest('snapshots/'));
  let reading = 0;
  /** Segments never come; who reads them hears when nobody waits any more. */
  async function* never({ signal }: ReadOptions): AsyncIterable<Uint8Array> {
    reading += 1;
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason));
    try {
      yield await promise;
    } finally {
      reading -= 1;
    }
  }
  const isSegment = (name: string): boolean => name.startsWith('wal/');
  const slow: Storage = {
    label: sound.label,
    create: (name, content, signal) => sound.create(name, content, signal),
    read: (name, options) => (isSegment(name) ? never(options) : sound.read(name, options)),
    list: (prefix, signal) => sound.list(prefix, signal),
    delete: (name, signal) => sound.delete(name, signal),
    close: () => sound.close(),
  };
  const remote = await readRemote(slow, new AbortController().signal);
  if (remote === undefined) throw new Error('the storage holds a backup');
  const ending = new AbortController();
  const readingThen: number[] = [];
  const fetching = fetchDatabase(remote, {
    target: {},
    into: `${lab.folder}/restored.db`,
    scratch: `${lab.folder}/download`,
    jobs: lab.jobs,
    signal: ending.signal,
    warn: () => {
      readingThen.push(reading);
      ending.abort();
    },
  });
  await t.rejects(fetching, { name: 'AbortError' });
  t.same(readingThen, [0], 'before an older snapshot is tried');
});
