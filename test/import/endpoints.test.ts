/** Endpoints that cannot come as they are: each is refused by itself, and nothing here goes for it. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { Migration, tally } from './rig.ts';

/** Runs statements on our database, which nobody has open. */
function onOurs<T>({ folder }: Migration, work: (db: Database.Database) => T): T {
  const db = new Database(join(folder, 'scimlane.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function namesOf(migration: Migration): string[] {
  return onOurs(migration, (db) =>
    db
      .prepare<[], string>('SELECT name FROM endpoints WHERE deleted = 0 ORDER BY name')
      .pluck()
      .all(),
  );
}

t.test("an operator's own empty endpoint never gives way", async (t) => {
  for (const fields of [
    `name = 'contoso'`,
    `description = 'ours'`,
    `display_name = 'Ours'`,
    `active = 0`,
  ]) {
    const migration = new Migration(t);
    const { server } = await migration.serve();
    await server.stop();
    onOurs(migration, (db) => db.exec(`UPDATE endpoints SET ${fields}`));
    const [name = ''] = namesOf(migration);
    migration.database().endpoint({ id: 'theirs', name }).close();
    const { code, result } = await migration.run();
    t.equal(code, 3, fields);
    t.match(result().named, [{ kind: 'refused', id: 'theirs', path: 'name' }]);
    t.same(namesOf(migration), [name]);
  }
});

t.test('an id that is being purged here is refused, and the default stays for it', async (t) => {
  const migration = new Migration(t);
  const { server } = await migration.serve();
  await server.stop();
  // Nothing purges it, as long as a test may take.
  onOurs(migration, (db) =>
    db.exec(`INSERT INTO endpoints (id, name, config, active, created_at, updated_at, deleted)
      VALUES ('theirs', 'gone', '{}', 1, 5, 5, 1)`),
  );
  const database = migration
    .database()
    .endpoint({ id: 'theirs', name: 'default' })
    .endpoint({ id: 'ep-2', name: 'other' })
    .user({ endpointId: 'ep-2', scimId: 'u1', userName: 'ada' });
  database.close();
  const { code, stderr, result } = await migration.run();
  t.equal(code, 3, stderr);
  t.match(result(), {
    counts: { endpoints: tally({ read: 2, taken: 1, refused: 1 }), users: { taken: 1 } },
    named: [{ kind: 'refused', id: 'theirs', detail: /is being purged, try again/ }],
  });
  t.same(namesOf(migration), ['default', 'other']);
  onOurs(migration, (db) => db.exec('DELETE FROM endpoints WHERE deleted = 1'));
  const again = await migration.run();
  t.equal(again.code, 0, again.stderr);
  t.match(again.result().groups, [{ kind: 'changed', path: 'name' }], 'that one gave way is told');
  t.same(namesOf(migration), ['default', 'other']);
});

t.test('a name that another has by now is refused, and the others are overwritten', async (t) => {
  const migration = new Migration(t);
  const database = migration
    .database()
    .endpoint({ id: 'ep-1', name: 'contoso' })
    .endpoint({ id: 'ep-2', name: 'other' });
  t.equal((await migration.run()).code, 0);
  onOurs(migration, (db) =>
    db.exec(`UPDATE endpoints SET name = 'old' WHERE id = 'ep-1';
      UPDATE endpoints SET description = 'ours' WHERE id = 'ep-2';
      UPDATE endpoints SET name = 'contoso' WHERE name = 'default'`),
  );
  database.user({ endpointId: 'ep-2', scimId: 'u1', userName: 'ada' }).close();
  const { code, stderr, result } = await migration.run('--overwrite');
  t.equal(code, 3, stderr);
  t.match(result(), {
    counts: { endpoints: tally({ read: 2, overwritten: 1, refused: 1 }), users: { taken: 1 } },
    named: [{ kind: 'refused', id: 'ep-1', detail: /another endpoint is called "contoso"/ }],
  });
});
