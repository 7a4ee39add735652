/** An import that stops anywhere is finished by the next one; secrets are in no report and no file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startWriterInProcess } from '../../src/db-worker/in-process.ts';
import { EmbeddedStore } from '../../src/embedded-store.ts';
import { InProcessFilterPool } from '../../src/filter-workers/in-process.ts';
import { importDatabase } from '../../src/import/import-database.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openReader } from '../../src/sqlite/open.ts';
import { Reader } from '../../src/sqlite/reader.ts';
import { ScimServerFile } from '../../src/sqlite/scimserver/file.ts';
import type { Store } from '../../src/store/store.ts';
import type { Scope } from '../support/asserts.ts';
import { Migration, tally } from './rig.ts';

const EP = 'ep-1';
const USERS = 1300;
const GROUPS = 120;

async function openStore(path: string): Promise<EmbeddedStore> {
  const ignore = (): void => undefined;
  const defaultEndpointId = '01890000-0000-7000-8000-00000000ffff';
  const writer = await startWriterInProcess(
    { path, synchronous: 'NORMAL', defaultEndpointId, gate: undefined },
    { warning: ignore, damaged: ignore, died: ignore },
    systemClock,
  );
  const pool = new InProcessFilterPool(new Reader(openReader(path)), systemClock, 600_000);
  return new EmbeddedStore({ writer, reader: new Reader(openReader(path)), pool });
}

/** @param findingsMax it stops in the middle of a batch, at the finding behind so many */
async function importOnce(t: Scope, source: string, store: Store, findingsMax = Infinity) {
  let found = 0;
  const file = await ScimServerFile.open(source, join(source, '..'));
  t.teardown(() => file.close());
  const parts = {
    source: file,
    store,
    hashSecret: () => Promise.resolve(`$scrypt$ln=14,r=8,p=5$c2FsdA$aGFzaA`),
    patchLimits: { maxLength: 1000, maxDepth: 10, maxNodes: 100, maxOperations: 10 },
    tell: () => {
      found += 1;
      if (found > findingsMax) throw new Error('killed');
    },
    onProgress: () => undefined,
  };
  const options = { overwrite: false, keepUnknown: false, logsSince: undefined, now: 1 };
  return importDatabase(parts, options);
}

t.test('wherever it stops, the next one finishes it', async (t) => {
  const migration = new Migration(t);
  const database = migration.database().endpoint({ id: EP, name: EP });
  const rawPayload = { shoe: 44 };
  database.db.exec('BEGIN');
  for (let number = 0; number < USERS; number += 1) {
    database.user({ endpointId: EP, scimId: `u${number}`, userName: `user${number}`, rawPayload });
  }
  for (let number = 0; number < GROUPS; number += 1) {
    const members = [`u${number}`, ...(number % 10 === 0 ? [`g${number + 1}`] : [])];
    database.group({
      endpointId: EP,
      scimId: `g${number}`,
      displayName: `G${number}`,
      rawPayload,
      members,
    });
  }
  database.db.exec('COMMIT');
  const source = database.close();
  const store = await openStore(join(migration.folder, 'scimlane.db'));
  t.teardown(() => store.close());
  // Among the users, among the groups, and among the groups that have groups.
  for (const findingsMax of [0, 1, 600, 1299, USERS + 70, USERS + GROUPS - 4]) {
    await t.rejects(importOnce(t, source, store, findingsMax), { message: 'killed' });
    const { resources } = await store.endpointStats(EP);
    const { User: users = 0, Group: groups = 0 } = resources;
    t.ok(users + groups <= findingsMax, `${users} users and ${groups} groups are here`);
  }
  t.match((await importOnce(t, source, store)).counts.groups, { refused: 0, differing: 0 });
  const { counts, findings } = await importOnce(t, source, store);
  t.match(counts, {
    users: tally({ read: USERS, unchanged: USERS }),
    groups: tally({ read: GROUPS, unchanged: GROUPS }),
    members: { kept: GROUPS + GROUPS / 10, dropped: 0 },
  });
  t.match(findings, { refused: 0, differs: 0, dropped: USERS + GROUPS });
});

t.test(
  'a default that stepped aside goes with the next import, wherever the last one ended',
  async (t) => {
    const migration = new Migration(t);
    const source = migration.database().endpoint({ id: EP, name: 'default' }).close();
    const store = await openStore(join(migration.folder, 'scimlane.db'));
    t.teardown(() => store.close());
    const names = (): string[] => store.endpoints().map(({ name }) => name);
    t.same(names(), ['default']);
    const write = store.write.bind(store);
    for (const [last, left] of [
      ['createEndpoint', 1],
      ['deleteEndpoint', 2],
    ] as const) {
      // Before that command it ends.
      store.write = (command, profile) =>
        command.kind === last ? Promise.reject(new Error('killed')) : write(command, profile);
      await t.rejects(importOnce(t, source, store), { message: 'killed' });
      t.equal(names().length, left);
      t.equal(names().filter((name) => name.startsWith('default-')).length, 1);
    }
    store.write = write;
    const { counts } = await importOnce(t, source, store);
    t.match(counts.endpoints, { unchanged: 1 });
    t.same(names(), ['default']);
    t.equal(store.endpoint('default')?.id, EP);
  },
);

t.test('a password is stored as a hash, and printed nowhere', async (t) => {
  const secret = 'correct-horse-battery';
  const migration = new Migration(t);
  migration
    .database()
    .endpoint({ id: EP, name: EP })
    .user({ endpointId: EP, scimId: 'u1', userName: 'a', rawPayload: { password: secret } })
    .user({
      endpointId: EP,
      scimId: 'u2',
      userName: 'b',
      rawPayload: { PassWord: { value: secret } },
    })
    .user({
      endpointId: EP,
      scimId: 'u3',
      userName: 'c',
      rawPayload: { 'urn:ietf:params:scim:schemas:core:2.0:User:password': secret, title: 5 },
    })
    .user({ endpointId: EP, scimId: 'u4', userName: 'd', rawPayload: `{"password":"${secret}` })
    .log({ endpointId: EP, createdAt: Date.now(), url: `/scim/v2/Users?token=${secret}` })
    .close();
  const report = join(migration.folder, 'report.ndjson');
  const runs = [await migration.run('--logs', '--report', report), await migration.run()];
  for (const { code, stdout, stderr } of runs) {
    t.equal(code, 3, stderr);
    t.notMatch(stdout + stderr, secret);
  }
  const database = openReader(join(migration.folder, 'scimlane.db'));
  t.teardown(() => database.close());
  const hashes = database.prepare<[], string>('SELECT hash FROM secrets').pluck().all();
  t.equal(hashes.length, 2);
  for (const hash of hashes) t.match(hash, /^\$scrypt\$/);
  for (const name of readdirSync(migration.folder)) {
    const bytes = readFileSync(join(migration.folder, name));
    t.notOk(bytes.includes(secret) || bytes.includes('very-secret'), name);
  }
});
