/**
 * A full disk under a server that keeps backups: writes are refused as without them, the spool that
 * cannot be written ends neither the server nor the chain's honesty, and with space again everything
 * is acknowledged and stored. A small tmpfs is the disk, which needs the right to mount.
 */
import t from 'tap';
import { loseDisk, shipped, startBackedUp, statsWhen } from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { MOUNT_REFUSED, SmallDisk } from '../support/small-disk.ts';

const disk = SmallDisk.mount(t);
const skip = disk === undefined && MOUNT_REFUSED;

t.test('a full disk', { skip }, async (t) => {
  if (disk === undefined) return;
  const { server, scim, admin } = await startBackedUp(t, { folder: disk.folder });
  const first = succeeded(t, await scim.post('/Users', entraUser('first')), 201).id;
  await shipped(admin);
  disk.fill();
  let stored = 1;
  let refused = 0;
  for (let number = 0; refused < 5; number += 1) {
    if (number > 5000) throw new Error('the disk never became full');
    const answer = await scim.post('/Users', entraUser(`u${number}`));
    if (answer.status === 201) {
      stored += 1;
      if (number % 20 === 0) disk.fill();
      continue;
    }
    scimError(t, answer, 503, undefined, 'full');
    refused += 1;
    succeeded(t, await scim.get(`/Users/${first}`), 200);
  }
  succeeded(t, await scim.under('').get('/health/live'), 200);
  succeeded(t, await admin.get('/stats'), 200);

  disk.free();
  succeeded(t, await scim.post('/Users', entraUser('again')), 201);
  stored += 1;
  // The spool may have been closed meanwhile: then a snapshot follows, and segments lead on from it.
  const stats = await shipped(admin);
  t.comment(`${stats.gaps} gaps, ${stats.storages[0]?.snapshots ?? 0} snapshots`);
  await statsWhen(admin, 'nothing waits', ({ spoolBytes }) => spoolBytes === 0);
  t.match((await admin.post('/verify', undefined)).body, { ok: true, problems: [] });
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], stored);
  await server.kill();
});
