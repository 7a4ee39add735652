/**
 * `node bench/index-choices.ts [users …]`: what ways to find users by an attribute cost, beside each
 * other on the product's own table and rows: nothing, key rows as the product keeps them, an index on
 * an expression over the document, a trigram index. Writes are inserts in transactions of 40, in the
 * middle of the growth; reads are counts, warm. Decision 12 stands on it.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fold } from '../src/scim/fold.ts';
import { migrate } from '../src/sqlite/migrate.ts';
import { MIGRATIONS } from '../src/sqlite/schema.ts';
import { median } from './backup/stage.ts';
import { inScratchFolder } from './scratch.ts';
import { seededUsers } from './users.ts';

type Db = Database.Database;

interface Choice {
  readonly name: string;
  /** What it needs beside the table. */
  readonly schema: string;
  /** Beyond, it takes too long to be tried. */
  readonly usersMax?: number;
  /** Keeps it for one user. */
  readonly add?: (db: Db) => (row: number, user: User) => void;
  readonly reads: Readonly<Record<string, string>>;
}

interface User {
  readonly userName: string;
  readonly displayName: string;
  readonly emails: readonly { readonly value: string }[];
}

const SEED = 20260727;
const BATCH = 40;
const READS = 30;
const SLOW_MS = 100;
const DISPLAY = `json_extract(document, '$.displayName')`;

const CHOICES: readonly Choice[] = [
  {
    name: 'nothing',
    schema: '',
    reads: {
      'displayName eq': `SELECT count(*) FROM resources WHERE ${DISPLAY} = ?`,
      'displayName co': `SELECT count(*) FROM resources WHERE instr(${DISPLAY}, ?) > 0`,
    },
  },
  {
    name: 'key rows, emails.value',
    schema: '',
    add: (db) => {
      const add = db.prepare('INSERT OR IGNORE INTO attribute_keys VALUES (1, ?, ?)');
      return (row, { emails }) => {
        for (const { value } of emails) add.run(fold(value), row);
      };
    },
    reads: {
      'emails.value eq': 'SELECT count(*) FROM attribute_keys WHERE attribute = 1 AND key = ?',
    },
  },
  {
    name: 'key rows, fourteen',
    schema: '',
    usersMax: 100_000,
    add: (db) => {
      const add = db.prepare('INSERT OR IGNORE INTO attribute_keys VALUES (?, ?, ?)');
      return (row, user) => {
        for (let attribute = 1; attribute <= 14; attribute += 1) {
          add.run(
            attribute,
            fold(attribute === 2 ? user.displayName : `${user.userName}${attribute}`),
            row,
          );
        }
      };
    },
    reads: {
      'displayName eq':
        'SELECT count(*) FROM attribute_keys WHERE attribute = 2 AND key = lower(?)',
    },
  },
  {
    name: 'expression index, displayName',
    schema: `CREATE INDEX by_display ON resources (endpoint, type, ${DISPLAY});`,
    reads: {
      'displayName eq': `SELECT count(*) FROM resources WHERE endpoint = 1 AND type = 'User' AND ${DISPLAY} = ?`,
    },
  },
  {
    name: 'trigrams, userName and displayName',
    schema: `CREATE VIRTUAL TABLE trigrams USING fts5(userName, displayName, tokenize = 'trigram', content = '');`,
    add: (db) => {
      const add = db.prepare(
        'INSERT INTO trigrams (rowid, userName, displayName) VALUES (?, ?, ?)',
      );
      return (row, { userName, displayName }) => {
        add.run(row, userName, displayName);
      };
    },
    reads: { 'displayName co': `SELECT count(*) FROM trigrams WHERE trigrams MATCH ?` },
  },
];

/** What the reads ask for. */
const VALUES: Readonly<Record<string, string>> = {
  'displayName eq': 'Oliver Okonkwo',
  'displayName co': 'Okon',
  'emails.value eq': seededUsers(SEED, 1000).userName(4711),
};

const sizes = process.argv.slice(2).map(Number);
for (const users of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  for (const choice of CHOICES) {
    if (users > (choice.usersMax ?? Infinity)) continue;
    const line = await inScratchFolder('choice', (folder) =>
      measured(choice, users, join(folder, 'choice.db')),
    );
    console.log(JSON.stringify(line));
  }
}

function measured(choice: Choice, users: number, path: string): object {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    // As the writer has it.
    db.pragma('cache_size = -32768');
    migrate(db, MIGRATIONS, 0);
    if (choice.schema !== '') db.exec(choice.schema);
    const insertUs = fill(db, choice, users);
    const reads = Object.entries(choice.reads).map(([name, sql]) => {
      const statement = db.prepare<[string], number>(sql).pluck();
      const value = VALUES[name] ?? '';
      const firstMs = timedMs(() => statement.get(value));
      const times = Array.from({ length: firstMs > SLOW_MS ? 3 : READS }, () =>
        timedMs(() => statement.get(value)),
      );
      return { name, found: statement.get(value), p50Ms: Math.round(median(times) * 1000) / 1000 };
    });
    db.pragma('wal_checkpoint(TRUNCATE)');
    const bytesPerUser = Math.round(statSync(path).size / users);
    return { users, choice: choice.name, insertUs, bytesPerUser, reads };
  } finally {
    db.close();
  }
}

/** @returns µs a user, of the median transaction of the second half */
function fill(db: Db, { add }: Choice, users: number): number {
  const seeded = seededUsers(SEED, 1000);
  const insert = db.prepare(`INSERT INTO resources
    (row, endpoint, type, id, name_key, external_id, display, version, created, modified, document)
    VALUES (?, 1, 'User', ?, ?, ?, ?, ?, 0, 0, ?)`);
  const addKeys = add?.(db);
  const times: number[] = [];
  for (let first = 0; first < users; first += BATCH) {
    const texts = Array.from({ length: BATCH }, (_, at) => seeded.text(first + at));
    const people = texts.map((text) => JSON.parse(text) as User);
    const ms = timedMs(() => {
      db.exec('BEGIN IMMEDIATE');
      for (const [at, user] of people.entries()) {
        const row = first + at + 1;
        const id = row.toString(16).padStart(36, '0');
        insert.run(
          row,
          id,
          fold(user.userName),
          `external-${row}`,
          user.displayName,
          row,
          texts[at],
        );
        addKeys?.(row, user);
      }
      db.exec('COMMIT');
    });
    if (first >= users / 2) times.push((ms * 1000) / BATCH);
  }
  return Math.round(median(times) * 10) / 10;
}

function timedMs(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}
