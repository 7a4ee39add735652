/** Files that are no database of SCIMServer, or cannot be read where they lie. */
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { runCommand } from '../support/command.ts';
import { Migration } from './rig.ts';

function small(migration: Migration, users = 1) {
  const database = migration.database().endpoint({ id: 'ep-1', name: 'contoso' });
  database.db.exec('BEGIN');
  for (let number = 0; number < users; number += 1) {
    const rawPayload = { title: 'a long title '.repeat(20) };
    database.user({ endpointId: 'ep-1', scimId: `u${number}`, userName: `u${number}`, rawPayload });
  }
  database.db.exec('COMMIT');
  return database;
}

t.test('what cannot be imported is told in one line, and nothing is made', async (t) => {
  const cases: readonly (readonly [make: (m: Migration) => void, line: RegExp])[] = [
    [() => undefined, /scim\.db is not there/],
    [({ source }) => writeFileSync(source, 'x'.repeat(8192)), /scim\.db is damaged, or no SQLite/],
    [
      (migration) => truncateSync(small(migration, 500).close(), 40_000),
      /scim\.db is damaged.*nothing was imported.*\.recover/,
    ],
    [({ source }) => writeFileSync(source, ''), /is no database of SCIMServer .*no table Endpoint/],
    [
      (migration) => {
        const database = small(migration);
        database.db.exec(
          'DROP INDEX "ScimUser_endpointId_scimId_key"; ALTER TABLE "ScimUser" DROP COLUMN "scimId"',
        );
        database.close();
      },
      /no column ScimUser\.scimId/,
    ],
  ];
  for (const [make, line] of cases) {
    const migration = new Migration(t);
    make(migration);
    const { code, stdout, stderr } = await migration.run();
    t.same([code, stdout], [1, ''], stderr);
    t.match(stderr, line);
    t.equal(stderr.trimEnd().split('\n').length, 1);
    t.notOk(existsSync(join(migration.folder, 'scimlane.db')));
  }
});

t.test('the file itself is never the database to import into', async (t) => {
  const migration = new Migration(t);
  const file = small(migration).close();
  copyFileSync(file, join(migration.folder, 'scimlane.db'));
  const same = join(migration.folder, 'scimlane.db');
  const { code, stderr } = await runCommand(['import', same], migration.env);
  t.equal(code, 1);
  t.match(stderr, /is also the database to import into: set DATABASE_URL to another file/);
});

t.test(
  'the WAL counts, the file stays as it is, and one that is held is read from a copy',
  async (t) => {
    const migration = new Migration(t);
    const database = small(migration);
    database.db.pragma('wal_checkpoint(TRUNCATE)');
    const bytes = readFileSync(migration.source);
    database.user({ endpointId: 'ep-1', scimId: 'in-the-wal', userName: 'w' });
    const beside = await migration.run('--dry-run');
    t.match(beside.result(), { copied: undefined, counts: { users: { taken: 2 } } });
    database.close();

    const holder = new Database(migration.source);
    t.teardown(() => holder.close());
    holder.pragma('journal_mode = DELETE');
    holder.exec('BEGIN EXCLUSIVE');
    const { code, stderr, result } = await migration.run();
    t.equal(code, 0, stderr);
    t.match(result(), { copied: /locked/, counts: { users: { taken: 2 } } });
    t.notSame(
      bytes,
      readFileSync(migration.source),
      'the row has come into the file by their own close',
    );
    t.same(
      readdirSync(migration.folder).filter((name) => name.startsWith('scimlane-import-')),
      [],
      'the copy is gone',
    );
  },
);

t.test("a report has every finding as a line, and takes no other file's place", async (t) => {
  const migration = new Migration(t);
  small(migration).user({ endpointId: 'ep-1', scimId: 'n', userName: null }).close();
  const report = join(migration.folder, 'report.ndjson');
  const { code, result } = await migration.run('--report', report, '--dry-run');
  t.equal(code, 3);
  const lines = readFileSync(report, 'utf8').trimEnd().split('\n');
  t.same(
    lines.map((line) => JSON.parse(line) as unknown),
    result().named,
  );
  const again = await migration.run('--report', report);
  t.equal(again.code, 1);
  t.match(again.stderr, /report\.ndjson cannot be made \(it must not be there yet\)/);
});
