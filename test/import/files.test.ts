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
import { ScimServerFile } from '../../src/sqlite/scimserver/file.ts';
import { runCommand } from '../support/command.ts';
import { ScimServerDatabase } from '../support/scimserver/database.ts';
import { temporaryFolder } from '../support/server.ts';
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
    t.same(readFileSync(migration.source), bytes, 'nothing has come from the WAL into the file');
    database.close();

    const holder = new Database(migration.source);
    t.teardown(() => holder.close());
    holder.pragma('journal_mode = DELETE');
    holder.exec('BEGIN EXCLUSIVE');
    const { code, stderr, result } = await migration.run();
    t.equal(code, 0, stderr);
    t.match(result(), { copied: /locked/, counts: { users: { taken: 2 } } });
    t.same(
      readdirSync(migration.folder).filter((name) => name.startsWith('scimlane-import-')),
      [],
      'the copy is gone',
    );
  },
);

t.test('what a writer left half done in a rollback journal is not imported', async (t) => {
  const migration = new Migration(t);
  const live = join(temporaryFolder(t), 'live.db');
  const database = new ScimServerDatabase(live).endpoint({ id: 'ep-1', name: 'contoso' });
  database.db.pragma('journal_mode = DELETE');
  database.db.pragma('synchronous = FULL');
  database.db.pragma('cache_size = 5');
  const rawPayload = { title: 'x'.repeat(500) };
  const add = (number: number) =>
    database.user({ endpointId: 'ep-1', scimId: `u${number}`, userName: `u${number}`, rawPayload });
  for (let number = 0; number < 20; number += 1) add(number);
  database.db.exec('BEGIN IMMEDIATE');
  for (let number = 20; number < 200; number += 1) add(number);
  const left = ['', '-journal'].map(
    (suffix) => [suffix, readFileSync(`${live}${suffix}`)] as const,
  );
  database.db.exec('ROLLBACK');
  database.close();
  for (const [suffix, bytes] of left) writeFileSync(`${migration.source}${suffix}`, bytes);
  const { code, stderr, result } = await migration.run();
  t.equal(code, 0, stderr);
  t.match(result(), { copied: /./, counts: { users: { taken: 20 } } });
  for (const [suffix, bytes] of left) {
    t.same(readFileSync(`${migration.source}${suffix}`), bytes, 'the source stays as it is');
  }
});

t.test('a server with a rollback journal writes on while its file is read', async (t) => {
  const migration = new Migration(t);
  const database = small(migration);
  t.teardown(() => database.close());
  database.db.pragma('journal_mode = DELETE');
  const file = await ScimServerFile.open(migration.source, temporaryFolder(t));
  t.teardown(() => file.close());
  t.match(file.copied, /journal mode is delete/);
  database.user({ endpointId: 'ep-1', scimId: 'later', userName: 'later' });
  t.equal(file.count('ScimUser'), 1);
});

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

t.test('a report that nothing could be written to does not stay', async (t) => {
  const migration = new Migration(t);
  small(migration).close();
  writeFileSync(join(migration.folder, 'scimlane.db'), 'x'.repeat(8192));
  const report = join(migration.folder, 'report.ndjson');
  const { code, stderr } = await migration.run('--report', report);
  t.equal(code, 1, stderr);
  t.notOk(existsSync(report));
});
