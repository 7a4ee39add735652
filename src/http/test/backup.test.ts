import t from 'tap';
import { BackupRefused } from '../ports.ts';
import { SECRET, serve, turns } from './serve.ts';

const BACKUP = '/scim/admin/backup';

t.test('what the keeper of backups answers is the body, as plain JSON', async (t) => {
  const { call, backup } = await serve(t);
  const answers: readonly (readonly [string, string, number, unknown])[] = [
    ['GET', `${BACKUP}/stats`, 200, { mode: 'folder' }],
    ['GET', '/api/backup/status', 200, { mode: 'folder' }],
    ['GET', `${BACKUP}/snapshots`, 200, [{ position: 7 }]],
    ['GET', `${BACKUP}/restore-points`, 200, [{ fromPosition: 1, toPosition: 7 }]],
    ['POST', `${BACKUP}/trigger`, 201, { name: 'snapshots/7.db.zst', position: 7 }],
    ['POST', `${BACKUP}/verify`, 200, { ok: false, problems: ['snapshots/7.db.zst is damaged'] }],
    ['GET', '/scim/admin/database/statistics', 200, { users: { total: 3 } }],
    ['GET', '/api/database/statistics', 200, { users: { total: 3 } }],
  ];
  for (const [method, path, status, body] of answers) {
    const reply = await call(method, path);
    t.equal(reply.status, status, path);
    t.same(reply.json, body, path);
    t.equal(reply.headers.get('content-type'), 'application/json', path);
  }
  const asked = ['stats', 'stats', 'snapshots', 'restorePoints', 'trigger', 'verify'];
  t.same(backup.asked, asked);
});

t.test('a trigger and a verify may bring a body that nobody reads', async (t) => {
  const { call } = await serve(t);
  const junk = { headers: { 'Content-Type': 'text/plain' }, body: '{"a":' };
  for (const [path, status] of [
    ['trigger', 201],
    ['verify', 200],
  ] as const) {
    t.equal((await call('POST', `${BACKUP}/${path}`, {})).status, status);
    t.equal((await call('POST', `${BACKUP}/${path}`, junk.body, junk.headers)).status, status);
  }
  t.equal((await call('GET', `${BACKUP}/stats`)).status, 200, 'and the connections go on');
});

t.test('a restore needs its target and its confirmation, or nothing is asked', async (t) => {
  const { call, backup } = await serve(t);
  const restore = `${BACKUP}/restore`;
  const body = { time: '2026-11-21T05:23:40Z', confirm: 'restore' };
  for (const [wrong, detail] of [
    [{ ...body, confirm: undefined }, /^confirm is required/],
    [{ confirm: 'restore' }, /^time or sequence is required/],
  ] as const) {
    const reply = await call('POST', restore, wrong);
    t.match(reply.json, { status: '400', detail });
  }
  t.equal((await call('POST', restore)).status, 415);
  t.same(backup.asked, []);
  const done = await call('POST', restore, body);
  t.equal(done.status, 200);
  t.same(done.json, { position: 5 });
  t.same(backup.targets, [{ time: Date.UTC(2026, 10, 21, 5, 23, 40) }]);
});

t.test('a refusal is told as it is: 503 now, 409 not that', async (t) => {
  const { call, backup, faults } = await serve(t);
  backup.failWith = new BackupRefused('blob a/b cannot be reached: try again');
  const trigger = await call('POST', `${BACKUP}/trigger`);
  t.equal(trigger.status, 503);
  t.match(trigger.json, { status: '503', detail: 'blob a/b cannot be reached: try again' });
  t.equal(trigger.headers.get('content-type'), 'application/scim+json');
  backup.failWith = new BackupRefused('there is nothing before commit 9', 409);
  const restore = await call('POST', `${BACKUP}/restore`, { sequence: 4, confirm: 'restore' });
  t.match(restore.json, { status: '409', detail: 'there is nothing before commit 9' });
  t.same(faults, []);
});

t.test('the token is asked for, on each path', async (t) => {
  const { call, backup } = await serve(t);
  const wrong = { Authorization: `Bearer ${SECRET}x` };
  for (const [method, path] of [
    ['GET', '/api/backup/status'],
    ['GET', '/api/database/statistics'],
    ['GET', `${BACKUP}/snapshots`],
    ['POST', `${BACKUP}/trigger`],
    ['POST', `${BACKUP}/restore`],
  ] as const) {
    t.equal((await call(method, path, undefined, wrong)).status, 401, path);
  }
  t.same(backup.asked, []);
});

t.test('a snapshot may outlast the deadline of a request', async (t) => {
  const { call, backup, clock, server } = await serve(t, { limits: { requestDeadlineMs: 20 } });
  const gate = Promise.withResolvers<undefined>();
  backup.gate = gate.promise.then(() => undefined);
  const trigger = call('POST', `${BACKUP}/trigger`);
  while (backup.asked.length === 0) await turns();
  clock.time += 1_000_000;
  // A read that never ends is cut by the same look at the clock that spares the snapshot.
  const read = call('GET', `${BACKUP}/stats`);
  while (backup.asked.length === 1) await turns();
  clock.time += 1_000_000;
  t.equal((await read).status, 503);
  gate.resolve(undefined);
  t.equal((await trigger).status, 201);
  server.close();
});

t.test('a stop does not wait for a snapshot: who asked is told', async (t) => {
  const { call, backup, server } = await serve(t);
  const gate = Promise.withResolvers<undefined>();
  backup.gate = gate.promise.then(() => undefined);
  const trigger = call('POST', `${BACKUP}/trigger`);
  while (backup.asked.length === 0) await turns();
  t.equal(await server.drain(60_000), true);
  const reply = await trigger;
  t.equal(reply.status, 503);
  t.match(reply.json, { detail: /stopping/ });
  gate.resolve(undefined);
});
