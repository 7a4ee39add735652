import t from 'tap';
import { DamagedObject } from './damaged-object.ts';
import { encodeDocument } from './document.ts';
import { createOrReadHead, readHead } from './head.ts';
import { headName } from './object-names.ts';
import { FaultyStorage, type FaultPlan } from './storage/faulty.ts';
import { headOf } from './test/head-samples.ts';
import { MemoryStorage } from './test/memory-storage.ts';

const { signal } = new AbortController();

function put(storage: MemoryStorage, number: number): void {
  storage.objects.set(headName(number), encodeDocument(headOf({ number })));
}

t.test('a storage that nobody ever took has no head', async (t) => {
  const storage = new MemoryStorage();
  storage.objects.set('head/notes.txt', Buffer.from('not ours'));
  t.equal(await readHead(storage, signal), undefined);
});

t.test('the highest number is the newest', async (t) => {
  const storage = new MemoryStorage();
  for (const number of [9, 10, 2]) put(storage, number);
  t.equal((await readHead(storage, signal))?.number, 10);
});

t.test('a damaged newest head is refused by name, and no older one taken for it', async (t) => {
  const storage = new MemoryStorage();
  put(storage, 1);
  storage.objects.set(headName(2), encodeDocument(headOf({ number: 2 })).fill(0x20, 5, 9));
  await t.rejects(readHead(storage, signal), DamagedObject);
  await t.rejects(readHead(storage, signal), /^memory: head\/000000000002.json is damaged/);
});

t.test('a head that is cleaned up between list and read is looked for again', async (t) => {
  const storage = new MemoryStorage();
  put(storage, 1);
  const plan: FaultPlan = {
    next: (operation, name) => {
      if (operation === 'read' && name === headName(1)) {
        put(storage, 2);
        storage.objects.delete(headName(1));
      }
      return undefined;
    },
  };
  t.equal((await readHead(new FaultyStorage(storage, plan), signal))?.number, 2);
});

t.test('a head that is never there when read ends in an error', async (t) => {
  const storage = new MemoryStorage();
  put(storage, 1);
  let reads = 0;
  const plan: FaultPlan = {
    next: (operation) => {
      if (operation !== 'read') return undefined;
      reads += 1;
      return { kind: 'before', code: 'missing' };
    },
  };
  await t.rejects(readHead(new FaultyStorage(storage, plan), signal), { code: 'missing' });
  t.ok(reads > 1 && reads < 20);
});

t.test('an object too large for a head is refused', async (t) => {
  const storage = new MemoryStorage();
  storage.objects.set(headName(1), new Uint8Array(1024 * 1024));
  await t.rejects(readHead(storage, signal), DamagedObject);
});

t.test('who comes second is given the head of the first', async (t) => {
  const storage = new MemoryStorage();
  const [ours, theirs] = [headOf({ sequence: 1 }), headOf({ sequence: 2 })];
  t.strictSame(await createOrReadHead(storage, theirs, signal), theirs);
  t.strictSame(await createOrReadHead(storage, ours, signal), theirs);
});
