// @ts-nocheck: its packages are installed with `--peers` only, and the type check runs without them.
/**
 * A peer: users on Fastify and better-sqlite3 in one file, as one writes it in an afternoon. One
 * connection, WAL, one statement for each request; the body is kept as JSON text, its userName in a
 * column with an index. Durability is as the package has it, unless it is told: in WAL mode a power
 * cut may take the last commits. No schema check, no request log.
 * Run as a process of its own: <folder> <token> [FULL]; prints the port it listens on.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const [, , folder, token, synchronous] = process.argv;
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const db = new Database(join(folder, 'peer.db'));
db.pragma('journal_mode = WAL');
if (synchronous !== undefined) db.pragma(`synchronous = ${synchronous}`);
db.exec(`CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY, user_name TEXT NOT NULL COLLATE NOCASE UNIQUE, body TEXT NOT NULL)`);
const insert = db.prepare('INSERT INTO users (id, user_name, body) VALUES (?, ?, ?)');
const update = db.prepare('UPDATE users SET user_name = ?, body = ? WHERE id = ?');
const byId = db.prepare('SELECT body FROM users WHERE id = ?');
const byUserName = db.prepare('SELECT body FROM users WHERE user_name = ?');
const page = db.prepare('SELECT body FROM users ORDER BY rowid LIMIT ? OFFSET ?');
const total = db.prepare('SELECT count(*) AS total FROM users');

const app = Fastify({ bodyLimit: 1024 * 1024 });
app.addContentTypeParser('application/scim+json', { parseAs: 'string' }, (_request, text, done) => {
  try {
    done(null, JSON.parse(text));
  } catch (error) {
    done(Object.assign(error, { statusCode: 400 }));
  }
});
app.addHook('onRequest', async (request, reply) => {
  reply.type('application/scim+json');
  if (request.headers.authorization !== `Bearer ${token}`) return refuse(reply, 401, 'wrong token');
});

app.post('/scim/v2/Users', async (request, reply) => {
  const now = new Date().toISOString();
  const user = { ...request.body, id: randomUUID() };
  // Entra sends a manager as a bare string.
  const extension = user[ENTERPRISE];
  if (typeof extension?.manager === 'string') {
    user[ENTERPRISE] = { ...extension, manager: { value: extension.manager } };
  }
  const location = `/scim/v2/Users/${user.id}`;
  user.meta = { resourceType: 'User', created: now, lastModified: now, location };
  try {
    insert.run(user.id, user.userName, JSON.stringify(user));
  } catch (error) {
    if (error.code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    return refuse(reply, 409, 'userName is taken', 'uniqueness');
  }
  reply.code(201).header('Location', location);
  return user;
});

app.get('/scim/v2/Users/:id', async (request, reply) => {
  const row = byId.get(request.params.id);
  return row === undefined ? refuse(reply, 404, 'no such user') : JSON.parse(row.body);
});

app.get('/scim/v2/Users', async (request, reply) => {
  const { filter, startIndex = '1', count = '100' } = request.query;
  if (filter !== undefined) {
    const name = /^userName eq "(.*)"$/.exec(filter)?.[1];
    if (name === undefined) return refuse(reply, 400, 'only userName eq', 'invalidFilter');
    const rows = byUserName.all(name);
    return list(rows, rows.length, 1);
  }
  const first = Math.max(1, Number(startIndex));
  return list(page.all(Number(count), first - 1), total.get().total, first);
});

app.patch('/scim/v2/Users/:id', async (request, reply) => {
  const row = byId.get(request.params.id);
  if (row === undefined) return refuse(reply, 404, 'no such user');
  const user = JSON.parse(row.body);
  for (const { op, path, value } of request.body.Operations) {
    if (op.toLowerCase() === 'remove') delete user[path];
    else user[path] = value;
  }
  user.meta.lastModified = new Date().toISOString();
  update.run(user.userName, JSON.stringify(user), user.id);
  return user;
});

await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${app.server.address().port}\n`);

function list(rows, totalResults, startIndex) {
  const Resources = rows.map(({ body }) => JSON.parse(body));
  return { schemas: [LIST], totalResults, startIndex, itemsPerPage: Resources.length, Resources };
}

function refuse(reply, status, detail, scimType) {
  return reply.code(status).send({ schemas: [ERROR], status: String(status), scimType, detail });
}
