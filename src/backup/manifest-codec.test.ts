import { createHash } from 'node:crypto';
import t from 'tap';
import { DamagedObject } from './damaged-object.ts';
import { encodeDocument } from './document.ts';
import { parseHead, parseManifest, UnknownFormat } from './manifest-codec.ts';
import { headName, manifestName } from './object-names.ts';
import { headOf } from './test/head-samples.ts';

const SHA256 = '0123456789abcdef'.repeat(4);

function snapshot(sequence: number) {
  return {
    name: `snapshots/${sequence}`,
    sequence,
    takenAt: 5.5,
    bytes: 10,
    sha256: SHA256,
    databaseBytes: 4096,
    databaseSha256: SHA256,
    schemaVersion: 2,
    rows: { resources: 3, ['__proto__x']: 0 },
  };
}

const manifest = {
  format: 1,
  database: 'db',
  number: 7,
  createdAt: 1.25,
  snapshots: [snapshot(1), snapshot(1), snapshot(9)],
  chains: [
    { chain: 1, from: 0, startedAt: 0, continues: false },
    { chain: 4, from: 9, startedAt: 1, continues: true },
  ],
  logSnapshots: [snapshot(0)],
  condemned: [{ name: 'wal/00000001/', since: 3 }],
};

function parse(value: unknown, name = manifestName(7)) {
  return parseManifest(name, encodeDocument(value), 'memory');
}

t.test('a manifest comes back as it was written', async (t) => {
  t.strictSame(parse(manifest), manifest);
});

t.test('a head comes back as it was written', async (t) => {
  for (const head of [
    headOf({ number: 3, segment: 'wal/x', at: 0.5 }),
    headOf({ number: 3, database: undefined, state: 'stopped' }),
  ]) {
    t.strictSame(parseHead(headName(3), encodeDocument(head)), head);
  }
});

t.test('unknown fields are left out', async (t) => {
  t.strictSame(parse({ ...manifest, later: 1 }), manifest);
});

t.test('another format is refused by name before anything else is read', async (t) => {
  for (const format of [0, 2]) {
    t.throws(() => parse({ format }), UnknownFormat);
    t.throws(
      () => parse({ ...manifest, format }),
      new RegExp(
        `^manifest/000000000007.json is of format ${format}, and this version .* reads format 1`,
      ),
    );
    const head = encodeDocument({ ...headOf(), format });
    t.throws(() => parseHead(headName(1), head), UnknownFormat);
  }
});

t.test('an object under the name of another is refused', async (t) => {
  t.throws(() => parse(manifest, manifestName(8)), /manifest\/000000000008.json is damaged/);
  const head = encodeDocument(headOf({ number: 2 }));
  t.throws(() => parseHead(headName(1), head), DamagedObject);
});

t.test('each field that is not what it must be is refused with its place', async (t) => {
  const [first] = manifest.snapshots;
  const cases: [unknown, string][] = [
    [[], 'its content is not an object'],
    [{}, 'format is not a count'],
    [{ ...manifest, database: 1 }, 'database is not a text'],
    [{ ...manifest, createdAt: null }, 'createdAt is not a time'],
    [{ ...manifest, createdAt: -1 }, 'createdAt is not a time'],
    [{ ...manifest, snapshots: {} }, 'snapshots is not a list'],
    [{ ...manifest, snapshots: [1] }, 'snapshots[0] is not an object'],
    [
      { ...manifest, snapshots: [{ ...first, sequence: 1.5 }] },
      'snapshots[0].sequence is not a count',
    ],
    [
      { ...manifest, snapshots: [{ ...first, sha256: 'A' }] },
      'snapshots[0].sha256 is not a SHA-256',
    ],
    [
      { ...manifest, snapshots: [{ ...first, rows: { a: -1 } }] },
      'snapshots[0].rows.a is not a count',
    ],
    [{ ...manifest, snapshots: [snapshot(2), snapshot(1)] }, 'its snapshots are not in order'],
    [
      { ...manifest, chains: [...manifest.chains, ...manifest.chains] },
      'its chains are not in order',
    ],
    [
      { ...manifest, chains: [{ ...manifest.chains[0], continues: 1 }] },
      'chains[0].continues is neither true nor false',
    ],
  ];
  for (const [value, problem] of cases) {
    t.throws(() => parse(value), { message: `memory: ${manifestName(7)} is damaged: ${problem}` });
  }
});

t.test('a head that is not one is refused', async (t) => {
  const parsed = (value: unknown) => parseHead(headName(1), encodeDocument(value));
  t.throws(() => parsed({ ...headOf(), state: 'paused' }), /its state is unknown/);
  t.throws(() => parsed({ ...headOf(), holder: undefined }), /holder is not an object/);
  t.throws(() => parsed({ ...headOf(), segment: null }), /segment is not a text/);
  // JSON.parse makes an infinity of a number that is too large.
  const json = JSON.stringify(headOf()).replace('"at":0', '"at":1e999');
  const sha256 = createHash('sha256').update(json).digest('hex');
  t.throws(() => parseHead(headName(1), Buffer.from(`${json}\n${sha256}\n`)), /at is not a time/);
});
