/**
 * Two servers and one storage: the second one is refused while the first lives. One that was only
 * stopped for so long that another took over ends by itself, and says of nothing that it is stored.
 */
import t from 'tap';
import {
  backupVariables,
  clientsOf,
  loseDisk,
  shipped,
  startBackedUp,
} from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { runToExit, Server, temporaryFolder } from '../support/server.ts';

t.test('the second one is refused, and told who has the storage', async (t) => {
  // On a machine so busy that the first sleeps for a second, it must not be taken for dead.
  const lease = { BACKUP_LEASE: '10s' };
  const { server, scim, storage, admin } = await startBackedUp(t, { env: lease });
  succeeded(t, await scim.post('/Users', entraUser('first')), 201);
  await shipped(admin);
  const env = { ...backupVariables(storage), ...lease };
  const exit = await runToExit(t, { folder: temporaryFolder(t), env });
  t.equal(exit.code, 1);
  t.match(exit.stderr, new RegExp(`is in use by process ${server.pid} on .*: stop that server`));
  t.equal(exit.stderr.trim().split('\n').length, 1, exit.stderr);

  succeeded(t, await scim.post('/Users', entraUser('undisturbed')), 201);
  await shipped(admin);
  await server.stop();
  const next = await Server.start(t, { env });
  const { body } = await clientsOf(t, next).scim.get('/Users?count=0');
  t.equal(body['totalResults'], 2, 'a storage that was given back is free at once');
});

t.test('one that was stopped while another took over', async (t) => {
  const slow = await startBackedUp(t, { env: { ACK: 'remote' } });
  const { id } = succeeded(t, await slow.scim.post('/Users', entraUser('first')), 201);
  slow.server.signal('SIGSTOP');
  // The kernel takes it for a server that sleeps.
  const asleep = Array.from({ length: 4 }, (_, number) =>
    slow.scim.post('/Users', entraUser(`late${number}`)).catch(() => undefined),
  );

  const other = await startBackedUp(t, { storage: slow.storage, env: { ACK: 'remote' } });
  succeeded(t, await other.scim.get(`/Users/${id}`), 200);
  succeeded(t, await other.scim.post('/Users', entraUser('second')), 201);

  slow.server.signal('SIGCONT');
  const exit = await slow.server.exit;
  t.ok(exit.code !== null && exit.code > 0, `it ends by itself: ${exit.code} ${exit.signal}`);
  t.match(exit.stdout, new RegExp(`was taken over by process ${other.server.pid} on `));
  for (const answer of await Promise.all(asleep)) {
    if (answer !== undefined) scimError(t, answer, 503, undefined, 'unknown');
  }

  succeeded(t, await other.scim.post('/Users', entraUser('third')), 201);
  await other.server.kill();
  loseDisk(other.server);
  await other.server.startAgain();
  const all = await other.scim.get('/Users?count=0');
  t.equal(all.body['totalResults'], 3, 'what it wrote when it was awake again is nowhere');
});

t.test('its disk is not taken for the newer one', async (t) => {
  const slow = await startBackedUp(t);
  succeeded(t, await slow.scim.post('/Users', entraUser('common')), 201);
  await shipped(slow.admin);
  slow.server.signal('SIGSTOP');
  const other = await startBackedUp(t, { storage: slow.storage });
  succeeded(t, await other.scim.post('/Users', entraUser('theirs')), 201);
  await shipped(other.admin);

  // What it commits before it learns that it has lost the storage is acknowledged, on its own disk.
  const late = Array.from({ length: 5 }, (_, number) =>
    slow.scim.post('/Users', entraUser(`late${number}`)).catch(() => undefined),
  );
  slow.server.signal('SIGCONT');
  await Promise.all(late);
  const ended = await slow.server.exit;
  t.ok(ended.code !== null && ended.code > 0);
  await other.server.stop();

  const env = backupVariables(slow.storage);
  const exit = await runToExit(t, { folder: slow.server.folder, env });
  t.equal(exit.code, 1, 'each holds commits that the other lacks: somebody must decide');
  t.match(exit.stderr, /BACKUP_REMOTE_AHEAD/);
  await other.server.startAgain();
  succeeded(t, await other.scim.get('/Users?filter=userName+sw+"theirs"'), 200);
});
