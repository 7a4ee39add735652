/** Compressed and back is the same; what is not whole is refused, wherever it was cut or changed. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { compressFile, decompressFile } from './zstd-file.ts';

/** Sizes around the piece that both sides read and write. */
const SIZES = [0, 1, 255, 4096, 262_143, 262_144, 262_145, 3_000_000];

/** Half of it compresses. */
function content(bytes: number): Buffer {
  const half = Math.floor(bytes / 2);
  return Buffer.concat([randomBytes(half), Buffer.alloc(bytes - half, 'abc')]);
}

let files = 0;
function paths(folder: string): { plain: string; compressed: string; back: string } {
  files += 1;
  const stem = `${folder}/${files}`;
  return { plain: `${stem}.plain`, compressed: `${stem}.zst`, back: `${stem}.back` };
}

/** Of 300 KB in several blocks, some of them not compressed. */
async function compressedBytes(
  t: Test,
): Promise<{ folder: string; original: Buffer; bytes: Buffer }> {
  const folder = t.testdir();
  const { plain, compressed } = paths(folder);
  const original = content(300_000);
  writeFileSync(plain, original);
  await compressFile(plain, compressed);
  return { folder, original, bytes: readFileSync(compressed) };
}

/** @returns the error's code when all is as it should be */
async function refusal(folder: string, bytes: Uint8Array, original?: Buffer): Promise<string> {
  const { compressed, back } = paths(folder);
  writeFileSync(compressed, bytes);
  try {
    await decompressFile(compressed, back);
    const same = original !== undefined && readFileSync(back).equals(original);
    return same ? 'same content' : 'not refused';
  } catch (error) {
    if (existsSync(back)) return 'half of a file was left';
    if (!(error instanceof Error) || !error.message.includes(compressed)) return String(error);
    return 'code' in error ? String(error.code) : String(error);
  }
}

t.test('there and back, at every size', async (t) => {
  const folder = t.testdir();
  for (const size of SIZES) {
    const { plain, compressed, back } = paths(folder);
    const original = content(size);
    writeFileSync(plain, original);
    const facts = await compressFile(plain, compressed);
    await decompressFile(compressed, back);
    t.ok(readFileSync(back).equals(original), `${size} bytes`);
    const stored = readFileSync(compressed);
    t.same(facts, {
      bytes: stored.length,
      sha256: createHash('sha256').update(stored).digest('hex'),
      sourceBytes: size,
      sourceSha256: createHash('sha256').update(original).digest('hex'),
    });
  }
});

t.test('a file that was cut anywhere is refused', async (t) => {
  const { folder, bytes } = await compressedBytes(t);
  const lengths = [0, 1, 5, 17, bytes.length - 5, bytes.length - 4, bytes.length - 1];
  for (const length of lengths) {
    t.equal(await refusal(folder, bytes.subarray(0, length)), 'damaged', `${length} bytes`);
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      t.equal(await refusal(folder, bytes.subarray(0, length)), 'damaged');
    }),
    { numRuns: 50 },
  );
});

t.test('a file in which any bit differs is refused, or the bit means nothing', async (t) => {
  const { folder, original, bytes } = await compressedBytes(t);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
      const answer = await refusal(folder, changed, original);
      t.ok(answer === 'damaged' || answer === 'same content', `byte ${at}, bit ${bit}: ${answer}`);
    }),
    { numRuns: 100, examples: [0, 4, 6, 9, 10, 11, 12].map((at) => [at, 0] as [number, number]) },
  );
});

t.test('what follows the end is refused: a second frame would be lost silently', async (t) => {
  const { folder, bytes } = await compressedBytes(t);
  t.equal(await refusal(folder, Buffer.concat([bytes, bytes])), 'damaged');
  t.equal(await refusal(folder, Buffer.concat([bytes, Buffer.alloc(1)])), 'damaged');
});

t.test('a frame without a checksum is refused', async (t) => {
  const bytes = zstdCompressSync(content(1000), {
    params: { [constants.ZSTD_c_checksumFlag]: 0 },
  });
  t.equal(await refusal(t.testdir(), bytes), 'damaged');
});

t.test('a frame that asks for much memory is refused', async (t) => {
  const bytes = zstdCompressSync(content(30_000_000), {
    params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_windowLog]: 24 },
  });
  t.equal(await refusal(t.testdir(), bytes), 'damaged');
});

t.test('a file that is there already is not touched', async (t) => {
  const folder = t.testdir();
  const { plain, compressed, back } = paths(folder);
  writeFileSync(plain, content(1000));
  writeFileSync(back, 'precious');
  await compressFile(plain, compressed);
  await t.rejects(decompressFile(compressed, back), { code: 'EEXIST' });
  await t.rejects(compressFile(plain, back), { code: 'EEXIST' });
  t.equal(readFileSync(back, 'utf8'), 'precious');
});
