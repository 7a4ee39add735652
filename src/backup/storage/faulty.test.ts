/** Without faults the wrapper is the storage; with one it does what the fault says and no more. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { FaultPlan } from './faulty.ts';
import { FaultyStorage, randomFaults, scriptedFaults } from './faulty.ts';
import { LocalFolder } from './local-folder.ts';
import type { Storage } from './storage.ts';
import { testStorage } from './test/conformance.ts';
import { names, readText, unaborted } from './test/whole-answers.ts';

const CONTENT = Buffer.from('0123456789');

function open(t: Test, plan: FaultPlan): { storage: Storage; inner: Storage } {
  const inner = new LocalFolder(t.testdir());
  return { storage: new FaultyStorage(inner, plan), inner };
}

t.test('without faults it does what every storage does', async (t) => {
  const root = t.testdir();
  const openOne = async (): Promise<Storage> =>
    new FaultyStorage(new LocalFolder(mkdtempSync(join(root, 'x-'))), scriptedFaults({}));
  await testStorage(t, openOne);
});

t.test('an error before: nothing was done', async (t) => {
  const fault = { kind: 'before', code: 'refused' } as const;
  const plan = scriptedFaults({ create: [fault], read: [fault], list: [fault], delete: [fault] });
  const { storage } = open(t, plan);
  const refused = { name: 'StorageError', code: 'refused' };
  await t.rejects(storage.create('a', CONTENT, unaborted()), refused);
  await t.rejects(names(storage), refused);
  t.same(await names(storage), []);
  await storage.create('a', CONTENT, unaborted());
  await t.rejects(readText(storage, 'a'), refused);
  await t.rejects(storage.delete('a', unaborted()), refused);
  t.equal(await readText(storage, 'a'), '0123456789');
});

t.test('an error after: it was done, and the answer is lost', async (t) => {
  const fault = { kind: 'after', code: 'unavailable' } as const;
  const { storage } = open(t, scriptedFaults({ create: [fault], delete: [fault], read: [fault] }));
  await t.rejects(storage.create('a', CONTENT, unaborted()), { code: 'unavailable' });
  await t.rejects(storage.create('a', CONTENT, unaborted()), { code: 'exists' });
  await t.rejects(readText(storage, 'a'), { code: 'unavailable' });
  await t.rejects(storage.delete('a', unaborted()), { code: 'unavailable' });
  t.same(await names(storage), []);
});

t.test('a delay lasts until it is released', async (t) => {
  const { promise: until, resolve: release } = Promise.withResolvers<undefined>();
  const { storage, inner } = open(t, scriptedFaults({ create: [{ kind: 'delay', until }] }));
  const created = storage.create('a', CONTENT, unaborted());
  t.same(await names(inner), []);
  release(undefined);
  await created;
  t.same(await names(inner), ['a']);
});

t.test('a delay and a hang end with the signal, and nothing was done', async (t) => {
  const until = new Promise(() => undefined);
  const { storage } = open(
    t,
    scriptedFaults({ create: [{ kind: 'delay', until }, { kind: 'hang' }] }),
  );
  for (let round = 0; round < 2; round += 1) {
    const ending = new AbortController();
    const created = storage.create('a', CONTENT, ending.signal);
    setImmediate(() => ending.abort(new Error('enough')));
    await t.rejects(created, { message: 'enough' });
  }
  t.same(await names(storage), []);
});

t.test('a deaf storage does not hear the signal', async (t) => {
  const { storage } = open(t, scriptedFaults({ create: [{ kind: 'deaf' }] }));
  const ending = new AbortController();
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  storage.create('a', CONTENT, ending.signal).then(settle, settle);
  ending.abort();
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  t.notOk(settled);
});

t.test('a read that is cut off ends early, or fails in the middle', async (t) => {
  const silent = { kind: 'cut', at: 4 } as const;
  const loud = { kind: 'cut', at: 4, code: 'unavailable' } as const;
  const { storage } = open(t, scriptedFaults({ read: [silent, loud, silent, silent] }));
  await storage.create('a', CONTENT, unaborted());
  t.equal(await readText(storage, 'a'), '0123');
  await t.rejects(readText(storage, 'a'), { code: 'unavailable' });
  t.equal(await readText(storage, 'a', 3), '3', 'counted from the beginning of the object');
  t.equal(await readText(storage, 'a', 6), '');
  t.equal(await readText(storage, 'a'), '0123456789');
});

t.test('a list that is cut off lacks its end', async (t) => {
  const silent = { kind: 'cut', at: 1 } as const;
  const loud = { kind: 'cut', at: 1, code: 'unavailable' } as const;
  const { storage } = open(t, scriptedFaults({ list: [silent, loud] }));
  for (const name of ['a', 'b', 'c']) await storage.create(name, CONTENT, unaborted());
  t.same(await names(storage), ['a']);
  await t.rejects(names(storage), { code: 'unavailable' });
  t.same(await names(storage), ['a', 'b', 'c']);
});

t.test('a truncated upload is stored short, or not at all', async (t) => {
  const silent = { kind: 'cut', at: 4 } as const;
  const loud = { kind: 'cut', at: 4, code: 'unavailable' } as const;
  const { storage } = open(t, scriptedFaults({ create: [silent, loud] }));
  await storage.create('a', CONTENT, unaborted());
  t.equal(await readText(storage, 'a'), '0123');
  await t.rejects(storage.create('b', CONTENT, unaborted()), { code: 'unavailable' });
  t.same(await names(storage), ['a']);
});

t.test('a flipped bit is wrong in one read, or for good', async (t) => {
  const fault = { kind: 'flip', bit: 8 * 2 } as const;
  const { storage } = open(t, scriptedFaults({ read: [fault, fault], create: [undefined, fault] }));
  await storage.create('a', CONTENT, unaborted());
  t.equal(await readText(storage, 'a'), '0133456789');
  t.equal(await readText(storage, 'a', 1), '133456789');
  t.equal(await readText(storage, 'a'), '0123456789');
  await storage.create('b', CONTENT, unaborted());
  t.equal(await readText(storage, 'b'), '0133456789');
  t.equal(CONTENT.toString(), '0123456789', 'what was handed in is as it was');
});

t.test('random faults come the same for the same source', async (t) => {
  const sequence = (share: number): string[] => {
    let state = 1;
    const plan = randomFaults(() => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647;
    }, share);
    const operations = ['create', 'read', 'list', 'delete'] as const;
    return Array.from({ length: 200 }, (_unused, at) =>
      JSON.stringify(plan.next(operations[at % 4] ?? 'read', 'a') ?? 'none'),
    );
  };
  t.same(sequence(0.5), sequence(0.5));
  t.ok(sequence(0.5).some((fault) => fault === '"none"'));
  t.same(
    ['"before"', '"after"', '"cut"'].filter(
      (kind) => !sequence(0.5).some((fault) => fault.includes(kind)),
    ),
    [],
  );
  t.same(new Set(sequence(0)), new Set(['"none"']));
});
