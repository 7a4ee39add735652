import fc from 'fast-check';
import t from 'tap';
import {
  chainPrefix,
  headName,
  logSnapshotName,
  manifestName,
  parseNumberedName,
  parseSegmentName,
  segmentName,
  snapshotName,
} from './object-names.ts';
import { checkObjectName } from './storage/object-name.ts';

const SHA256 = '0123456789abcdef'.repeat(4);

t.test('names are as documented', async (t) => {
  t.equal(headName(42), 'head/000000000042.json');
  t.equal(manifestName(7), 'manifest/000000000007.json');
  t.equal(snapshotName(1234, SHA256), 'snapshots/0000000000001234-0123456789abcdef.db.zst');
  t.equal(
    logSnapshotName(1_700_000_000_000.9, SHA256),
    'logs/01700000000000-0123456789abcdef.db.zst',
  );
  t.equal(chainPrefix(3), 'wal/00000003/');
  t.equal(
    segmentName({ chain: 3, from: 5, to: 7, at: 1_700_000_000_000.9, sha256: SHA256 }),
    `wal/00000003/0000000000000005-0000000000000007-01700000000000-${SHA256}.wal.zst`,
  );
});

const segments = fc
  .record({
    chain: fc.integer({ min: 1, max: 99_999_999 }),
    from: fc.nat(Number.MAX_SAFE_INTEGER - 1),
    length: fc.integer({ min: 1, max: 1000 }),
    at: fc.nat(99_999_999_999_999),
  })
  .map(({ length, ...rest }) => ({
    ...rest,
    to: Math.min(rest.from + length, Number.MAX_SAFE_INTEGER),
    sha256: SHA256,
  }));

t.test('what a segment name says is read back, and every storage takes it', async (t) => {
  fc.assert(
    fc.property(segments, (segment) => {
      const name = segmentName(segment);
      checkObjectName(name);
      t.strictSame(parseSegmentName(name), segment);
    }),
    { numRuns: 50 },
  );
});

t.test('the order of names is the order of positions', async () => {
  fc.assert(
    fc.property(segments, segments, (a, b) => {
      const [x, y] = [segmentName(a), segmentName(b)];
      const order = a.chain - b.chain || a.from - b.from || a.to - b.to || a.at - b.at;
      return Math.sign(order) === (x < y ? -1 : x > y ? 1 : 0);
    }),
  );
});

t.test('numbers of heads and manifests are read back', async (t) => {
  t.equal(parseNumberedName(headName(42)), 42);
  t.equal(parseNumberedName(manifestName(999_999_999_999)), 999_999_999_999);
});

t.test('other names are nothing', async (t) => {
  const good = segmentName({ chain: 3, from: 5, to: 7, at: 9, sha256: SHA256 });
  for (const name of [
    '',
    'head/42.json',
    'head/000000000042.json.tmp',
    'other/000000000042.json',
    good,
  ]) {
    t.equal(parseNumberedName(name), undefined, name);
  }
  for (const name of [
    good.replace('.zst', ''),
    good.replace('wal/', 'wa1/'),
    `${good}.tmp`,
    good.replace('0000000000000007', '0000000000000005'),
    good.replace('0000000000000007', '9999999999999999'),
    good.replace(SHA256, SHA256.toUpperCase()),
    headName(1),
  ]) {
    t.equal(parseSegmentName(name), undefined, name);
  }
});

t.test('a number that does not fit is a defect, not a name', async (t) => {
  for (const number of [-1, 0.5, Number.NaN, 1_000_000_000_000]) {
    t.throws(() => headName(number), /does not fit/);
  }
  t.throws(() => segmentName({ chain: 1, from: 5, to: 5, at: 0, sha256: SHA256 }), /at least one/);
});
