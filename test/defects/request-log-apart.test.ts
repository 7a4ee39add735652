/** The request log never grows the data file, and holds no secret. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraFilter, entraUser } from '../support/entra.ts';
import { SECRET, Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

/** Size of the data itself in pages, without free ones; asked after a stop. */
function pagesInUse(): number {
  const db = new Database(server.databaseFile, { readonly: true });
  const pages = db.pragma('page_count', { simple: true });
  db.close();
  return Number(pages);
}

const { id } = await scim.post('/Users', { ...entraUser('logged'), password: 'hunter2-hunter2' });

t.test('2,000 reads leave the data file as it was', async (t) => {
  t.equal((await server.stop()).code, 0);
  const before = pagesInUse();
  await server.startAgain();
  for (let round = 0; round < 100; round++) {
    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        number % 2 === 0
          ? scim.get(`/Users/${id}`)
          : scim.get(`/Users?${entraFilter('userName', `nobody${number}`)}`),
      ),
    );
  }
  t.equal((await server.stop()).code, 0);
  t.equal(pagesInUse(), before);
});

t.test('the log has the requests, in a file of its own', (t) => {
  const db = new Database(join(server.folder, 'scimlane.logs.db'), { readonly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const [table] = tables.filter((name) => /request/i.test(String(name)));
  const count = db
    .prepare(`SELECT count(*) FROM "${String(table)}"`)
    .pluck()
    .get();
  db.close();
  t.equal(count, 2_001);
  t.end();
});

t.test('no file in the data folder holds the token or a password', (t) => {
  for (const name of readdirSync(server.folder)) {
    const bytes = readFileSync(join(server.folder, name));
    t.notOk(bytes.includes(SECRET), `${name}: token`);
    t.notOk(bytes.includes('hunter2'), `${name}: password`);
  }
  t.end();
});
