/**
 * What every storage must do, as tests of the interface: each storage's own test file calls this
 * once. Nothing here may lean on how a storage works inside. Each test opens the storage anew and
 * expects it empty.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ObjectContent, Storage, StorageErrorCode, StoredObject } from '../storage.ts';
import { StorageError } from '../storage.ts';
import { collect, listAll, unaborted } from './whole-answers.ts';

const MIB = 1024 * 1024;
/** Larger than any piece, block or range that a storage moves at once. */
const LARGE_BYTES = 5 * MIB + 1;
const PIECE_BYTES_MAX = 4 * MIB;

export interface ConformanceOptions {
  /** That must not be found in the label. */
  readonly secrets?: readonly string[];
}

/**
 * Adds the tests to `t`; await it or return it from a test.
 * @param open an empty storage each time, with small pages when it lists in pages; the suite closes it
 */
export async function testStorage(
  t: Test,
  open: () => Promise<Storage>,
  options: ConformanceOptions = {},
): Promise<void> {
  const test = async (
    name: string,
    body: (t: Test, storage: Storage) => Promise<void>,
  ): Promise<void> => {
    await t.test(name, async (t) => {
      const storage = await open();
      t.teardown(() => storage.close());
      await body(t, storage);
    });
  };

  for (const bytes of [0, 1, LARGE_BYTES]) {
    await test(`${bytes} bytes from memory come back`, (t, storage) =>
      comesBack(t, storage, bytes, 'memory'));
    await test(`${bytes} bytes of a file come back`, (t, storage) =>
      comesBack(t, storage, bytes, 'file'));
  }
  await test('a name is taken once', takenOnce);
  await test('of many who create one name at once, one succeeds', oneSucceeds);
  await test('a read begins where it is told to', readsFromOffset);
  await test('an object that is not there is missing', missing);
  await test('a list holds the names with the prefix, in their order', lists);
  await test('an upload that was broken off is absent or whole', brokenOff);
  await test('a deleted object is gone, and its name is free', deletes);
  await test('an aborted signal ends every call', aborts);
  await test('a name may have 200 characters', longName);
  await test('a name that is not allowed is refused', refusesNames);
  await test('the label is for people and holds no secret', (t, storage) => {
    t.match(storage.label, /^\S.*\S$/);
    t.same(options.secrets?.filter((secret) => storage.label.includes(secret)) ?? [], []);
    return Promise.resolve();
  });
}

async function comesBack(
  t: Test,
  storage: Storage,
  bytes: number,
  from: 'memory' | 'file',
): Promise<void> {
  const content = randomBytes(bytes);
  await storage.create('snapshots/one.db', offered(t, content, from), unaborted());
  t.ok((await readWhole(storage, 'snapshots/one.db')).equals(content));
  t.same(await listAll(storage, ''), [{ name: 'snapshots/one.db', bytes }]);
}

async function takenOnce(t: Test, storage: Storage): Promise<void> {
  await storage.create('head/1.json', Buffer.from('first'), unaborted());
  const second = storage.create('head/1.json', Buffer.from('other'), unaborted());
  await rejectsWith(t, second, 'exists');
  const large = offered(t, randomBytes(LARGE_BYTES), 'file');
  await rejectsWith(t, storage.create('head/1.json', large, unaborted()), 'exists');
  t.equal((await readWhole(storage, 'head/1.json')).toString(), 'first');
}

async function oneSucceeds(t: Test, storage: Storage): Promise<void> {
  const contents = Array.from({ length: 8 }, () => randomBytes(100_000));
  const outcomes = await Promise.allSettled(
    contents.map((content) => storage.create('head/2.json', content, unaborted())),
  );
  const winners = contents.filter((_content, at) => outcomes[at]?.status === 'fulfilled');
  t.equal(winners.length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') t.equal(codeOf(outcome.reason), 'exists');
  }
  const stored = await readWhole(storage, 'head/2.json');
  t.ok(winners[0]?.equals(stored), 'the content is the winner’s, whole');
}

async function readsFromOffset(t: Test, storage: Storage): Promise<void> {
  const content = randomBytes(LARGE_BYTES);
  await storage.create('wal/1.wal', content, unaborted());
  for (const offset of [0, 1, 2 * MIB + 7, LARGE_BYTES - 1, LARGE_BYTES, LARGE_BYTES + 10]) {
    const read = await readWhole(storage, 'wal/1.wal', offset);
    t.ok(read.equals(content.subarray(offset)), `from ${offset}`);
  }
  await storage.create('wal/empty.wal', new Uint8Array(0), unaborted());
  t.equal((await readWhole(storage, 'wal/empty.wal', 3)).length, 0);
}

async function missing(t: Test, storage: Storage): Promise<void> {
  await rejectsWith(t, readWhole(storage, 'head/1.json'), 'missing');
  await rejectsWith(t, readWhole(storage, 'head/1.json', 5), 'missing');
  await storage.create('head/10.json', Buffer.from('x'), unaborted());
  await rejectsWith(t, readWhole(storage, 'head/1.json'), 'missing');
  await rejectsWith(t, readWhole(storage, 'head'), 'missing');
  await rejectsWith(t, readWhole(storage, 'nowhere/at/all'), 'missing');
}

async function lists(t: Test, storage: Storage): Promise<void> {
  t.same(await listAll(storage, ''), []);
  const segments = Array.from({ length: 30 }, (_unused, at) => segmentName(at));
  // `-` and `.` sort before `/`: the order of folders is not the order of names.
  const others = ['head/1.json', 'wal-old/1', 'wal.old/1', 'wal/00000001-x/1', 'wal/00000001.x'];
  const names = [...segments, ...others];
  await inBatches(names.toReversed(), 8, (name) =>
    storage.create(name, Buffer.from(name), unaborted()),
  );
  const expected = (prefix: string): StoredObject[] =>
    names
      .filter((name) => name.startsWith(prefix))
      .sort(byCodeUnit)
      .map((name) => ({ name, bytes: name.length }));
  const prefixes = ['', 'wal/', 'wal', 'wal/000000', 'wal/00000001', 'wal/00000001/'];
  for (const prefix of [...prefixes, segmentName(17), 'wal/00000001/00000000000000', 'head/1']) {
    t.not(expected(prefix).length, 0);
    t.same(await listAll(storage, prefix), expected(prefix), `prefix ${JSON.stringify(prefix)}`);
  }
  for (const prefix of ['nothing/', 'w/', 'wal/9', 'head/1.json/', 'head/1.json/x', 'zzz']) {
    t.same(await listAll(storage, prefix), [], `prefix ${prefix}`);
  }
  // Who needs the first one only must be able to leave.
  for await (const { name } of storage.list('wal/', unaborted())) {
    t.equal(name, expected('wal/')[0]?.name);
    break;
  }
}

async function brokenOff(t: Test, storage: Storage): Promise<void> {
  const content = randomBytes(LARGE_BYTES);
  // When an abort comes is up to the machine: at once, after a turn of the loop, after a few.
  for (let turns = 0; turns < 6; turns += 1) {
    const name = `snapshots/${turns}.db`;
    const broken = new AbortController();
    const created = storage.create(name, offered(t, content, 'file'), broken.signal).then(
      () => 'created',
      () => 'broken off',
    );
    for (let turn = 0; turn < turns * turns; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    broken.abort();
    const outcome = await created;
    const found = await listAll(storage, name);
    if (found.length === 0) {
      t.equal(outcome, 'broken off');
      await rejectsWith(t, readWhole(storage, name), 'missing');
      await storage.create(name, content, unaborted());
    }
    t.same(await listAll(storage, name), [{ name, bytes: LARGE_BYTES }]);
    t.ok((await readWhole(storage, name)).equals(content), 'whole');
  }
  t.equal((await listAll(storage, '')).length, 6, 'nothing unfinished is listed');
}

async function deletes(t: Test, storage: Storage): Promise<void> {
  await storage.delete('wal/1/a', unaborted());
  await storage.create('wal/1/a', Buffer.from('old'), unaborted());
  await storage.create('wal/1/b', Buffer.from('kept'), unaborted());
  await storage.delete('wal/1/a', unaborted());
  await rejectsWith(t, readWhole(storage, 'wal/1/a'), 'missing');
  t.same(await listAll(storage, ''), [{ name: 'wal/1/b', bytes: 4 }]);
  await storage.delete('wal/1/a', unaborted());
  await storage.create('wal/1/a', Buffer.from('newer'), unaborted());
  t.equal((await readWhole(storage, 'wal/1/a')).toString(), 'newer');
  await storage.delete('wal/1/a', unaborted());
  await storage.delete('wal/1/b', unaborted());
  t.same(await listAll(storage, ''), []);
  await storage.create('wal/1/c', Buffer.from('c'), unaborted());
  t.same(await listAll(storage, 'wal/1/'), [{ name: 'wal/1/c', bytes: 1 }]);
}

async function aborts(t: Test, storage: Storage): Promise<void> {
  await storage.create('head/1.json', Buffer.from('x'), unaborted());
  const signal = AbortSignal.abort();
  await t.rejects(storage.create('head/2.json', Buffer.from('y'), signal));
  await t.rejects(joined(storage.read('head/1.json', { signal })));
  await t.rejects(collect(storage.list('', signal)));
  await t.rejects(storage.delete('head/1.json', signal));
  t.same(await listAll(storage, ''), [{ name: 'head/1.json', bytes: 1 }], 'nothing was done');
}

async function longName(t: Test, storage: Storage): Promise<void> {
  const deep = `wal/00000001/${'a'.repeat(87)}/${'b'.repeat(99)}`;
  const flat = 'c'.repeat(200);
  for (const name of [deep, flat]) {
    t.equal(name.length, 200);
    await storage.create(name, Buffer.from('long'), unaborted());
    t.equal((await readWhole(storage, name)).toString(), 'long');
  }
  t.same(
    (await listAll(storage, '')).map(({ name }) => name),
    [flat, deep],
  );
}

/** A wrong name is a defect of the caller: a plain Error, which nobody retries. */
async function refusesNames(t: Test, storage: Storage): Promise<void> {
  const outside = ['..', '../x', 'a/../b', '/etc/x', '.', './x', '.tmp/x', 'a/.b', 'a./b'];
  const malformed = ['', '/', 'a/', '/a', 'a//b', 'A', 'a b', 'a\\b', 'a%2fb', 'ä', 'a\0', 'a\n'];
  const accepted: string[] = [];
  const tryOut = async (call: string, promise: Promise<unknown>): Promise<void> => {
    const outcome = await promise.then(() => 'accepted', String);
    if (!/^Error: not a (name|prefix)/.test(outcome)) accepted.push(`${call}: ${outcome}`);
  };
  for (const name of [...outside, ...malformed, 'a'.repeat(201)]) {
    const shown = JSON.stringify(name);
    await tryOut(`create ${shown}`, storage.create(name, Buffer.from('x'), unaborted()));
    await tryOut(`read ${shown}`, readWhole(storage, name));
    await tryOut(`delete ${shown}`, storage.delete(name, unaborted()));
  }
  for (const prefix of ['..', '../', '/', 'a//', 'A', '.tmp/', 'a/../']) {
    await tryOut(`list ${prefix}`, listAll(storage, prefix));
  }
  t.same(accepted, []);
  t.same(await listAll(storage, ''), [], 'nothing was stored');
}

async function rejectsWith(
  t: Test,
  promise: Promise<unknown>,
  code: StorageErrorCode,
): Promise<void> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => codeOf(error),
  );
  t.equal(outcome, code);
}

function codeOf(error: unknown): string {
  return error instanceof StorageError ? error.code : String(error);
}

function offered(t: Test, content: Uint8Array, from: 'memory' | 'file'): ObjectContent {
  if (from === 'memory') return content;
  const path = join(t.testdir(), 'source');
  writeFileSync(path, content);
  return { path, bytes: content.length };
}

async function readWhole(storage: Storage, name: string, offset?: number): Promise<Buffer> {
  const where = offset === undefined ? {} : { offset };
  return joined(storage.read(name, { ...where, signal: unaborted() }));
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const piece of pieces) {
    if (piece.length > PIECE_BYTES_MAX) throw new Error(`a piece of ${piece.length} bytes`);
    copies.push(Buffer.from(piece));
  }
  return Buffer.concat(copies);
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) {
    await Promise.all(items.slice(at, at + size).map(action));
  }
}

function segmentName(at: number): string {
  const from = String(at).padStart(16, '0');
  const to = String(at + 1).padStart(16, '0');
  return `wal/${String(1 + (at % 3)).padStart(8, '0')}/${from}-${to}.wal.zst`;
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
