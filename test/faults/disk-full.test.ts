/**
 * A disk that is full: writes are refused with a clear error and leave nothing behind, reads go on,
 * and once there is space again writes work without a restart. A small tmpfs is the disk, which
 * needs the right to mount.
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { MOUNT_REFUSED, SmallDisk } from '../support/small-disk.ts';

const disk = SmallDisk.mount(t);
const skip = disk === undefined && MOUNT_REFUSED;

t.test('a full disk', { skip }, async (t) => {
  if (disk === undefined) return;
  const server = await Server.start(t, { folder: disk.folder });
  const scim = ScimClient.of(t, server);
  const before = succeeded(t, await scim.post('/Users', entraUser('before')), 201).id;
  disk.fill();

  const stored: string[] = ['before'];
  const refused: string[] = [];
  for (let number = 0; refused.length < 5; number++) {
    if (number > 5_000) throw new Error('the disk never became full');
    const name = `user${number}`;
    const answer = await scim.post('/Users', entraUser(name));
    if (answer.status === 201) {
      stored.push(name);
      if (number % 100 === 0) disk.fill();
      continue;
    }
    t.ok([503, 507].includes(answer.status), `${answer.status} ${answer.text}`);
    t.match(answer.detail, /full|space/i);
    refused.push(name);
    succeeded(t, await scim.get(`/Users/${before}`), 200);
    const list = await scim.get('/Users?count=1&filter=userName+sw+"before"');
    t.equal(succeeded(t, list, 200).body['totalResults'], 1);
  }
  const ready = await scim.under('').get('/health/ready');
  t.equal(ready.status, 503, `not ready while the disk is full: ${ready.text}`);
  succeeded(t, await scim.under('').get('/health/live'), 200);

  disk.free();
  for (const name of refused) {
    succeeded(t, await scim.post('/Users', entraUser(name)), 201);
    stored.push(name);
  }
  const all = await scim.get('/Users?count=0');
  t.equal(all.body['totalResults'], stored.length, 'a refused write has left nothing');
  succeeded(t, await scim.under('').get('/health/ready'), 200);
  await server.kill();
  await server.startAgain();
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], stored.length);
  await server.kill();
});
