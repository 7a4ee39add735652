/** A database of the first release, with what it holds, is opened by this build. */
import t from 'tap';
import { CORE_PROFILE } from '../scim/schema/core.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import { hashContents, readContents } from '../sqlite/contents.ts';
import { migrate } from '../sqlite/migrate.ts';
import { openWriter } from '../sqlite/open.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import { ResourceTable } from '../sqlite/tables/resources.ts';
import { StateTable } from '../sqlite/tables/state.ts';
import type { CreateCommand } from '../store/commands.ts';
import { openData } from './data-files.ts';
import { WriteEngine } from './write-engine.ts';

const NOW = 1_700_000_000_000;
const FIRST_RELEASE = MIGRATIONS.slice(0, 2);
const OPTIONS = { synchronous: 'NORMAL' } as const;
const HASH = '$scrypt$ln=1,r=8,p=1$c2FsdA$aGFzaA';

/** One endpoint, one user, seven commits. */
function makeOld(path: string): void {
  const db = openWriter(path, OPTIONS);
  migrate(db, FIRST_RELEASE, NOW);
  new EndpointTable(db).insert({
    id: 'e',
    name: 'default',
    display_name: null,
    description: null,
    config: '{}',
    active: 1,
    created_at: NOW,
    updated_at: NOW,
  });
  const user = compileRegistry(CORE_PROFILE).typesByName.get('User');
  if (user === undefined) throw new Error('there is a User');
  new ResourceTable(db).insert(user, {
    row: 1,
    endpoint: 1,
    id: '1',
    name: 'Ada',
    externalId: undefined,
    display: 'Ada',
    now: NOW,
    document:
      '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"Ada"}',
  });
  db.exec("INSERT INTO resource_counts VALUES (1, 'User', 1)");
  new StateTable(db).write({ commit: 7, change: 1 });
  db.close();
}

function createUser(id: string, userName: string): CreateCommand {
  return {
    kind: 'create',
    endpointId: 'e',
    log: undefined,
    type: 'User',
    id,
    now: NOW,
    document: JSON.stringify({ schemas: [], id, userName }),
    name: userName,
    externalId: undefined,
    display: userName,
    members: undefined,
    secrets: { password: HASH },
  };
}

t.test('its data stay, each step is a commit that backups can follow', async (t) => {
  const path = `${t.testdir()}/data.db`;
  makeOld(path);
  const db = openData(path, OPTIONS, NOW, 'unused');
  t.teardown(() => db.close());
  // One more for the indexes that this build wants by default.
  const steps = MIGRATIONS.length - FIRST_RELEASE.length + 1;
  const { database, sequence, schemaVersion, rows } = readContents(db);
  t.match(database, /^[0-9a-f]{32}$/);
  t.same([sequence, schemaVersion], [7 + steps, MIGRATIONS.length]);
  t.match(rows, { resources: 1, endpoints: 1, unique_values: 0, secrets: 0, attribute_indexes: 1 });

  const engine = new WriteEngine(db);
  const outcomes = engine.run([createUser('2', 'ada'), createUser('3', 'Bob')]);
  t.same(
    outcomes.map(({ ok }) => ok),
    [false, true],
    'the name of the old user is taken, another is not',
  );
  t.equal(engine.commitSequence, 8 + steps);
});

t.test('what backups compare covers the new tables', async (t) => {
  const path = `${t.testdir()}/data.db`;
  makeOld(path);
  const db = openData(path, OPTIONS, NOW, 'unused');
  t.teardown(() => db.close());
  const hashes = [hashContents(db)];
  for (const sql of [
    `INSERT INTO secrets VALUES (1, 'password', '${HASH}')`,
    `UPDATE secrets SET hash = '${HASH}x'`,
    "INSERT INTO unique_values VALUES (1, 'Device', 'number', '7', 1)",
    'UPDATE unique_values SET row = 2',
    "INSERT INTO attribute_keys VALUES (1, 'a', 1)",
    'UPDATE attribute_keys SET row = 2',
    'UPDATE attribute_indexes SET built_to = NULL',
  ]) {
    db.exec(sql);
    hashes.push(hashContents(db));
  }
  t.equal(new Set(hashes).size, 8);
  t.match(readContents(db).rows, { unique_values: 1, secrets: 1, attribute_keys: 1 });
});
