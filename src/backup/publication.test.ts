/** How a manifest grows into the next one. */
import t from 'tap';
import {
  emptyManifest,
  nextChain,
  withChain,
  withLogSnapshot,
  withSnapshot,
} from './publication.ts';
import { snapshotAt } from './test/manifest-samples.ts';

t.test('snapshots stay in order of their commits, and the same one is listed once', (t) => {
  let manifest = emptyManifest('db');
  for (const sequence of [5, 9, 7, 9]) manifest = withSnapshot(manifest, snapshotAt(sequence));
  t.same(
    manifest.snapshots.map(({ sequence }) => sequence),
    [5, 7, 9],
  );
  t.end();
});

t.test('two snapshots of one commit are two', (t) => {
  const other = { ...snapshotAt(5), name: 'snapshots/other' };
  const manifest = withSnapshot(withSnapshot(emptyManifest('db'), snapshotAt(5)), other);
  t.equal(manifest.snapshots.length, 2);
  t.end();
});

t.test('a chain takes the number behind the last one, also when earlier ones are gone', (t) => {
  t.equal(nextChain(emptyManifest('db')), 1);
  const chain = { chain: 8, from: 3, startedAt: 1, continues: false };
  const manifest = withChain(emptyManifest('db'), chain);
  t.equal(nextChain(manifest), 9);
  t.same(manifest.chains, [chain]);
  t.end();
});

t.test('what is in force is never changed', (t) => {
  const manifest = emptyManifest('db');
  withSnapshot(manifest, snapshotAt(1));
  withLogSnapshot(manifest, snapshotAt(1));
  withChain(manifest, { chain: 1, from: 0, startedAt: 0, continues: false });
  t.same(manifest, emptyManifest('db'));
  t.match(withLogSnapshot(manifest, snapshotAt(1)).logSnapshots, [{ sequence: 1 }]);
  t.end();
});
