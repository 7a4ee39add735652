/** Deleting what is condemned: little at a time, again after a failure, never beside it. */
import t from 'tap';
import { FaultyStorage, scriptedFaults } from './storage/faulty.ts';
import { Sweep } from './sweep.ts';
import { MemoryStorage } from './test/memory-storage.ts';

const { signal } = new AbortController();

async function filled(...names: readonly string[]): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  for (const name of names) await storage.create(name, new Uint8Array(1), signal);
  return storage;
}

t.test('an object, and all of a prefix, and nothing else', async (t) => {
  const storage = await filled('a', 'b', 'wal/1/x', 'wal/1/y', 'wal/10/z');
  const sweep = new Sweep(storage);
  sweep.add(['a', 'wal/1/']);
  t.equal(await sweep.step(signal), true);
  t.notOk(sweep.isDone('wal/1/'));
  t.equal(await sweep.step(signal), false);
  t.equal(await sweep.step(signal), false);
  t.same(storage.names, ['b', 'wal/10/z']);
  t.ok(sweep.isDone('a'));
  t.ok(sweep.isDone('wal/1/'));
  t.notOk(sweep.isDone('b'));
});

t.test('a long prefix takes several steps, each of them short', async (t) => {
  const names = Array.from({ length: 40 }, (_, index) => `wal/1/${index}`);
  const storage = await filled(...names, 'kept');
  const sweep = new Sweep(storage);
  sweep.add(['wal/1/']);
  let steps = 1;
  while (await sweep.step(signal)) {
    t.notOk(sweep.isDone('wal/1/'));
    steps += 1;
  }
  t.equal(steps, 3);
  t.same(storage.names, ['kept']);
});

t.test('what could not be deleted is tried again', async (t) => {
  const storage = await filled('a');
  const before = { kind: 'before', code: 'unavailable' } as const;
  const sweep = new Sweep(new FaultyStorage(storage, scriptedFaults({ delete: [before] })));
  sweep.add(['a']);
  await t.rejects(sweep.step(signal), { code: 'unavailable' });
  t.notOk(sweep.isDone('a'));
  await sweep.step(signal);
  t.ok(sweep.isDone('a'));
  t.same(storage.names, []);
});

t.test('what is done is not deleted twice, until it is forgotten', async (t) => {
  const storage = await filled('a');
  const sweep = new Sweep(storage);
  sweep.add(['a', 'a']);
  t.equal(await sweep.step(signal), false);
  sweep.add(['a']);
  await storage.create('a', new Uint8Array(1), signal);
  await sweep.step(signal);
  t.same(storage.names, ['a']);
  sweep.forgetDone();
  sweep.add(['a']);
  await sweep.step(signal);
  t.same(storage.names, []);
});

t.test('a step that was left behind and ends late takes nothing off the queue', async (t) => {
  const storage = await filled('a', 'b');
  const { promise: until, resolve: answer } = Promise.withResolvers<undefined>();
  const delay = { kind: 'delay', until } as const;
  const sweep = new Sweep(new FaultyStorage(storage, scriptedFaults({ delete: [delay] })));
  sweep.add(['a', 'b']);
  const leaving = new AbortController();
  const late = sweep.step(leaving.signal);
  t.equal(await sweep.step(signal), true);
  leaving.abort();
  answer(undefined);
  await t.rejects(late);
  await sweep.step(signal);
  t.ok(sweep.isDone('b'));
  t.same(storage.names, []);
});
