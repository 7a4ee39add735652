/** A download goes on where it broke off, and what arrives is what was stored, or nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import type { DownloadOptions } from './download.ts';
import { downloadObject, readWhole } from './download.ts';
import type { Fault } from './faulty.ts';
import { FaultyStorage, scriptedFaults } from './faulty.ts';
import { LocalFolder } from './local-folder.ts';
import type { ReadOptions, Storage } from './storage.ts';
import { unaborted } from './test/whole-answers.ts';

const NAME = 'snapshots/1.db.zst';
const MIB = 1024 * 1024;
const BYTES = 2 * MIB + 17;

interface Scene {
  readonly storage: Storage;
  readonly content: Buffer;
  readonly into: string;
  /** Where each read began. */
  readonly offsets: number[];
  readonly download: (options?: Partial<DownloadOptions>) => Promise<void>;
}

class Recording extends FaultyStorage {
  readonly offsets: number[] = [];

  override read(name: string, options: ReadOptions): AsyncIterable<Uint8Array> {
    this.offsets.push(options.offset ?? 0);
    return super.read(name, options);
  }
}

async function open(t: Test, reads: readonly (Fault | undefined)[] = []): Promise<Scene> {
  const root = t.testdir();
  const inner = new LocalFolder(join(root, 'backup'));
  const content = randomBytes(BYTES);
  await inner.create(NAME, content, unaborted());
  const faulty = new Recording(inner, scriptedFaults({ read: reads }));
  const into = join(root, 'download');
  const usual = { sha256: sha256(content), bytes: BYTES, signal: unaborted(), delayMs: () => 0 };
  const download = async (options: Partial<DownloadOptions> = {}): Promise<void> =>
    downloadObject(faulty, NAME, into, { ...usual, ...options });
  return { storage: faulty, content, into, offsets: faulty.offsets, download };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const broken = (at: number): Fault => ({ kind: 'cut', at, code: 'unavailable' });
const unavailable: Fault = { kind: 'before', code: 'unavailable' };

t.test('an object arrives whole, and what was there before is gone', async (t) => {
  const { into, content, download } = await open(t);
  writeFileSync(into, randomBytes(BYTES + 100));
  const progress: number[] = [];
  await download({ onProgress: (bytes) => progress.push(bytes) });
  t.ok(readFileSync(into).equals(content));
  const whole = Math.floor(BYTES / LIMITS.storagePieceBytes);
  const ends = Array.from({ length: whole }, (_, index) => (index + 1) * LIMITS.storagePieceBytes);
  t.same(progress, [...ends, BYTES]);
});

t.test('the size need not be known', async (t) => {
  const { storage, into, content } = await open(t);
  await downloadObject(storage, NAME, into, { sha256: sha256(content), signal: unaborted() });
  t.ok(readFileSync(into).equals(content));
});

t.test('it goes on where it broke off, and nothing is read twice', async (t) => {
  const { into, content, offsets, download } = await open(t, [
    broken(5),
    unavailable,
    broken(MIB + 1),
    { kind: 'cut', at: 2 * MIB },
  ]);
  await download();
  t.ok(readFileSync(into).equals(content));
  t.same(offsets, [0, 5, 5, MIB + 1, 2 * MIB]);
});

t.test('as long as something arrives, it does not give up', async (t) => {
  const breaks = Array.from({ length: 20 }, (_unused, at) => broken((at + 1) * 1000));
  const { into, content, download } = await open(t, breaks);
  await download({ attempts: 2 });
  t.ok(readFileSync(into).equals(content));
});

t.test('when nothing arrives, it gives up, and leaves nothing behind', async (t) => {
  const { into, offsets, download } = await open(t, [
    broken(5),
    ...Array.from({ length: 9 }, () => unavailable),
  ]);
  await t.rejects(download({ attempts: 3 }), { code: 'unavailable' });
  t.same(offsets, [0, 5, 5]);
  t.notOk(existsSync(into));
});

t.test('a storage that hangs is left behind, also when it does not hear', async (t) => {
  const { into, content, download } = await open(t, [{ kind: 'hang' }, { kind: 'deaf' }]);
  // On a busy machine a good read may be late too: then it is tried again.
  await download({ idleMs: 20, attempts: 1_000_000 });
  t.ok(readFileSync(into).equals(content));
});

t.test('the signal ends a download that hangs', async (t) => {
  const { into, download } = await open(t, [{ kind: 'deaf' }]);
  const ending = new AbortController();
  const done = download({ signal: ending.signal });
  setImmediate(() => ending.abort(new Error('enough')));
  await t.rejects(done, { message: 'enough' });
  t.notOk(existsSync(into));
});

t.test('an answer and a refusal are told at once', async (t) => {
  for (const code of ['missing', 'refused'] as const) {
    const { into, offsets, download } = await open(t, [{ kind: 'before', code }]);
    await t.rejects(download(), { code });
    t.equal(offsets.length, 1);
    t.notOk(existsSync(into));
  }
});

t.test('one wrong bit is damage, and the object is named', async (t) => {
  const { into, storage, download } = await open(t, [{ kind: 'flip', bit: 8 * MIB + 3 }]);
  const named = { name: 'DamagedObject', object: NAME };
  await t.rejects(download(), named);
  t.notOk(existsSync(into));
  const error = await download({ sha256: '0'.repeat(64) }).catch(String);
  t.match(error, `${storage.label}: ${NAME} is damaged: its SHA-256 is `);
});

t.test('a bit that flips behind a break is found: the hash goes on too', async (t) => {
  const { download } = await open(t, [broken(MIB + 5), { kind: 'flip', bit: 8 * (MIB + 6) }]);
  await t.rejects(download(), { name: 'DamagedObject' });
});

t.test('a short object is damage, and so is a long one', async (t) => {
  const { into, offsets, download } = await open(t);
  await t.rejects(download({ bytes: BYTES + 1 }), {
    name: 'DamagedObject',
    message: new RegExp(`it has ${BYTES} bytes instead of ${BYTES + 1}$`),
  });
  t.same(offsets, [0, BYTES], 'asked once more');
  await t.rejects(download({ bytes: BYTES - 1 }), { name: 'DamagedObject', message: /more than/ });
  t.notOk(existsSync(into));
});

t.test('a small object is read into memory, up to a bound', async (t) => {
  const { storage, content } = await open(t);
  const read = async (bytesMax: number): Promise<Uint8Array> =>
    readWhole(storage, NAME, { bytesMax, signal: unaborted() });
  t.ok(content.equals(await read(BYTES)));
  await t.rejects(read(BYTES - 1), {
    name: 'DamagedObject',
    message: `${storage.label}: ${NAME} is damaged: it has more than ${BYTES - 1} bytes`,
  });
  await t.rejects(readWhole(storage, 'other', { bytesMax: 1, signal: unaborted() }), {
    code: 'missing',
  });
});
