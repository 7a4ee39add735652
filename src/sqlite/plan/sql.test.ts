import t from 'tap';
import Database from 'better-sqlite3';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from '../schema.ts';
import * as statements from './sql.ts';

const db = new Database(':memory:');
t.teardown(() => db.close());
migrate(db, MIGRATIONS, 0);

const NAMED = { row: 1, rows: '[1]', group: 1, member: 1, value: 'x', limit: 1 };
/** Endpoints are few, and read when one changes. */
const MAY_SCAN = ['ENDPOINTS'];

const texts = Object.entries(statements).flatMap(([name, sql]) =>
  typeof sql === 'string'
    ? [[name, sql] as const]
    : [[name, sql.rows] as const, [`${name}, documents`, sql.documents] as const],
);

for (const [name, sql] of texts) {
  t.test(`${name} reads by index only`, (t) => {
    const positional = sql.match(/\?/g) ?? [];
    const plan = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(sql.includes('@') ? [NAMED] : positional.map(() => 1)))
      .map(({ detail }) => detail);
    t.not(plan.length, 0);
    const scanned = plan.filter((step) =>
      /^SCAN (?!CONSTANT|reached|wanted|\(subquery)|AUTOMATIC/.test(step),
    );
    t.strictSame(scanned.length > 0, MAY_SCAN.includes(name), plan.join('; '));
    t.end();
  });
}

t.test('whatever may find many is limited', (t) => {
  for (const name of [
    'ROWS_BY_EXTERNAL_ID',
    'ROWS_BY_ATTRIBUTE',
    'ROWS_IN_ID_RANGE',
    'ROWS_IN_NAME_RANGE',
    'ROWS_IN_EXTERNAL_ID_RANGE',
    'ROWS_IN_MODIFIED_RANGE',
    'ROWS_IN_ATTRIBUTE_RANGE',
    'MEMBER_ROWS',
    'ID_FURTHER_ON',
    'ROWS_WITH_MEMBER',
    'MEMBERS',
    'GROUPS',
    'MEMBER_COUNT_SLICE',
  ] as const) {
    t.match(statements[name], /LIMIT/, name);
  }
  for (const [name, sql] of Object.entries(statements)) {
    // As many as its parameter names.
    if (typeof sql === 'string' || name === 'RESOURCES_OF_ROWS') continue;
    t.match(sql.rows, /LIMIT/);
    t.match(sql.documents, /LIMIT/);
  }
  t.end();
});

t.test('no parameter is bare, so that no run prepares the statement anew', (t) => {
  for (const [name, sql] of texts) {
    t.notMatch(sql, /(?<!\+)[?@]/, name);
  }
  t.end();
});
