/**
 * A reader of another process that holds an old snapshot: no checkpoint can pass it and the WAL
 * grows, while the server goes on. When it lets go, the WAL is emptied at the next quiet moment.
 */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const WRITES = 2_000;
const WRITERS = 16;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
let number = 0;

function walBytes(): number {
  return statSync(`${server.databaseFile}-wal`).size;
}

async function write(count: number): Promise<void> {
  const end = number + count;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (number < end) succeeded(t, await scim.post('/Users', entraUser(`u${number++}`)), 201);
    }),
  );
}

t.test('a reader that pins the WAL', async (t) => {
  await write(10);
  const reader = new Database(server.databaseFile, { readonly: true });
  t.teardown(() => reader.close());
  reader.exec('BEGIN');
  const count = reader.prepare('SELECT count(*) FROM resources').pluck();
  t.equal(count.get(), 10);

  await write(WRITES);
  t.equal(count.get(), 10, 'the reader still sees its snapshot');
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], WRITES + 10);
  t.ok(walBytes() > 4 * 1024 * 1024, `the WAL has grown to ${walBytes()} bytes`);
  succeeded(t, await scim.under('').get('/health/ready'), 200);

  reader.exec('COMMIT');
  await write(1);
  await until('an empty WAL', () => walBytes() === 0);
  t.equal((await server.stop()).code, 0);
});
