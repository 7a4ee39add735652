/**
 * The tables of the data file, as the numbered steps that lead to them. A step that has shipped is
 * never edited: `migrate` refuses a database whose recorded hash differs.
 *
 * `resources.row` is the change sequence at creation: it grows with every write and is never reused
 * (members refer to it). Lists are ordered by id, which has an index.
 */

export interface MigrationStep {
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly MigrationStep[] = [
  {
    name: 'endpoints, resources, members',
    sql: `
      CREATE TABLE state (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        commit_sequence INTEGER NOT NULL,
        change_sequence INTEGER NOT NULL
      ) STRICT;
      INSERT INTO state VALUES (1, 0, 0);

      CREATE TABLE endpoints (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        display_name TEXT,
        description TEXT,
        config TEXT NOT NULL,
        active INTEGER NOT NULL,
        deleted INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX endpoints_by_name ON endpoints (name) WHERE deleted = 0;

      CREATE TABLE resources (
        row INTEGER PRIMARY KEY,
        endpoint INTEGER NOT NULL,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        name_key TEXT,
        external_id TEXT,
        display TEXT NOT NULL,
        version INTEGER NOT NULL,
        created INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX resources_by_id ON resources (endpoint, type, id);
      CREATE UNIQUE INDEX resources_by_name ON resources (endpoint, type, name_key)
        WHERE name_key IS NOT NULL;
      CREATE INDEX resources_by_external_id ON resources (endpoint, type, external_id)
        WHERE external_id IS NOT NULL;

      CREATE TABLE resource_counts (
        endpoint INTEGER NOT NULL,
        type TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (endpoint, type)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE members (
        group_row INTEGER NOT NULL,
        member_row INTEGER NOT NULL,
        PRIMARY KEY (group_row, member_row)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX members_by_member ON members (member_row);

      CREATE TABLE kept_members (
        group_row INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (group_row, value)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX kept_members_by_value ON kept_members (value);

      CREATE TABLE garbage (
        row INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        target INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    // Backups of one database are never mixed with those of another; a restored one is the same.
    name: 'database id',
    sql: `
      ALTER TABLE state ADD COLUMN database_id TEXT;
      UPDATE state SET database_id = lower(hex(randomblob(16)));
    `,
  },
  {
    // Both belong to a row of resources: values no two resources share, hashes nobody is shown.
    name: 'unique values, secrets',
    sql: `
      CREATE TABLE unique_values (
        endpoint INTEGER NOT NULL,
        type TEXT NOT NULL,
        place TEXT NOT NULL,
        key TEXT NOT NULL,
        row INTEGER NOT NULL,
        PRIMARY KEY (endpoint, type, place, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX unique_values_by_row ON unique_values (row);

      CREATE TABLE secrets (
        row INTEGER NOT NULL,
        place TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (row, place)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    // Whether places in a list are where a reader knew them: see tables/lists.ts.
    name: 'shape of lists',
    sql: 'ALTER TABLE resource_counts ADD COLUMN shape INTEGER NOT NULL DEFAULT 0;',
  },
  {
    // Since then the fold maps letters of full and half width. Of two names that have become one,
    // the second keeps its old key: it is still found by id, and a rename mends it.
    name: 'names of any width',
    sql: `
      UPDATE OR IGNORE resources SET name_key = scim_fold(name_key)
      WHERE name_key GLOB '*[' || char(0xff01) || '-' || char(0xffee) || ']*';
    `,
  },
  {
    // What changed after its creation, for readers that keep values in memory: see change-reader.ts.
    // A resource as it was created is not in it: a POST pays nothing.
    name: 'changed resources',
    sql: `
      CREATE INDEX resources_changed ON resources (endpoint, type, version) WHERE version <> row;
    `,
  },
  {
    // Keys of the attributes that an endpoint wants indexed: see tables/attribute-keys.ts. A list is
    // scrambled once a resource has come elsewhere than at its end: until then rows and ids have one
    // order, and what an index finds by row needs no look at ids to be put in order.
    name: 'attribute keys, times of change',
    sql: `
      CREATE TABLE attribute_indexes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        endpoint INTEGER NOT NULL,
        type TEXT NOT NULL,
        signature TEXT NOT NULL,
        built_to INTEGER,
        UNIQUE (endpoint, type, signature)
      ) STRICT;
      CREATE TABLE attribute_keys (
        attribute INTEGER NOT NULL,
        key ANY NOT NULL,
        row INTEGER NOT NULL,
        PRIMARY KEY (attribute, key, row)
      ) STRICT, WITHOUT ROWID;

      CREATE INDEX resources_by_modified ON resources (endpoint, type, modified);

      ALTER TABLE resource_counts ADD COLUMN scrambled INTEGER NOT NULL DEFAULT 0;
      UPDATE resource_counts SET scrambled = EXISTS (
        SELECT 1 FROM (
          SELECT row, lag(row) OVER (ORDER BY id) AS before FROM resources r
          WHERE r.endpoint = resource_counts.endpoint AND r.type = resource_counts.type
        ) WHERE before > row
      );
    `,
  },
  {
    // Secrets as JSON: hashes with their times, two at most. Nobody looks for one by its hash.
    name: 'credentials',
    sql: `
      CREATE TABLE credentials (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        endpoint INTEGER NOT NULL,
        kind TEXT NOT NULL,
        label TEXT NOT NULL,
        scopes TEXT NOT NULL,
        subject TEXT,
        active INTEGER NOT NULL,
        secrets TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER,
        last_used_at INTEGER
      ) STRICT;
      CREATE INDEX credentials_by_endpoint ON credentials (endpoint);
    `,
  },
];
