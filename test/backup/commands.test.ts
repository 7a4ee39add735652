/** The commands beside a server that runs: what they read is what the server has stored. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { backupVariables, shipped, startBackedUp } from '../support/backed-up-server.ts';
import { runCommand, type CommandResult } from '../support/command.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { SECRET, temporaryFolder } from '../support/server.ts';

const USERS = 5;

t.test('while the server runs', async (t) => {
  const { server, scim, admin, storage } = await startBackedUp(t);
  // The first snapshot is of an empty database, so that segments lead to all that follows.
  await shipped(admin);
  for (let number = 0; number < USERS; number += 1) {
    succeeded(t, await scim.post('/Users', entraUser(`u${number}`)), 201);
  }
  await shipped(admin);
  const env = {
    ...backupVariables(storage),
    DATABASE_URL: `file:${server.databaseFile}`,
    SCIM_SHARED_SECRET: SECRET,
  };
  const folder = temporaryFolder(t);
  const into = (name: string): string => join(folder, name);
  const scimlane = (...words: string[]): Promise<CommandResult> =>
    runCommand([...words, '--json'], env);
  const rows = (file: string): unknown => {
    const db = new Database(file, { readonly: true });
    try {
      t.equal(db.pragma('integrity_check', { simple: true }), 'ok');
      return db.prepare('SELECT count(*) FROM resources').pluck().get();
    } finally {
      db.close();
    }
  };

  // The server writes on meanwhile: none of them may disturb it, or be disturbed.
  let going = true;
  const traffic = (async () => {
    for (let number = 0; going; number += 1) {
      const { status } = await scim.post('/Users', entraUser(`t${number}`));
      if (status !== 201) t.fail(`a write was answered ${status}`);
    }
  })();
  const [now, list, drill, latest, past] = await Promise.all([
    scimlane('backup', 'now', '--url', server.origin),
    scimlane('backup', 'list'),
    scimlane('drill'),
    scimlane('restore', '--to', 'latest', '--into', into('latest.db')),
    scimlane('restore', '--to', String(USERS), '--into', into('past.db')),
  ]);
  going = false;
  await traffic;
  for (const { code, stderr } of [now, list, drill, latest, past]) t.equal(code, 0, stderr);
  const taken = JSON.parse(now.stdout) as { name: string };
  t.ok(existsSync(join(storage, taken.name)));
  const listed = JSON.parse(list.stdout) as { storages: { snapshots: unknown[] }[] };
  t.match(listed, { storages: [{ storage: `folder ${storage}`, restorePoints: [{}] }] });
  t.ok((listed.storages[0]?.snapshots.length ?? 0) > 0);
  t.match(JSON.parse(drill.stdout), { ok: true, problem: null });
  t.match(JSON.parse(latest.stdout), { into: into('latest.db') });
  t.ok(Number(rows(into('latest.db'))) >= USERS);
  t.match(JSON.parse(past.stdout), { position: USERS });
  t.equal(rows(into('past.db')), USERS);

  await shipped(admin);
  const whole = await scimlane('backup', 'verify');
  t.equal(whole.code, 0, whole.stderr);
  t.match(JSON.parse(whole.stdout), { ok: true });
  // The first segment of the first chain leads to all that follows.
  const [chain = ''] = readdirSync(join(storage, 'wal')).toSorted();
  const [segment = ''] = readdirSync(join(storage, 'wal', chain)).toSorted();
  writeFileSync(join(storage, 'wal', chain, segment), 'damaged');
  const [, behind = ''] = segment.split('-');
  const [damaged, refused, overwritten] = await Promise.all([
    scimlane('backup', 'verify'),
    scimlane('restore', '--to', String(Number(behind)), '--into', into('none.db')),
    scimlane('restore', '--to', 'latest', '--into', into('past.db')),
  ]);
  t.equal(damaged.code, 1);
  t.match(JSON.parse(damaged.stdout), { ok: false });
  t.match(damaged.stdout, segment);
  t.equal(refused.code, 1);
  t.match(refused.stderr, segment);
  t.notOk(existsSync(into('none.db')), 'nothing half is left');
  t.equal(overwritten.code, 1);
  t.equal(rows(into('past.db')), USERS);
  succeeded(t, await scim.post('/Users', entraUser('undisturbed')), 201);
});
