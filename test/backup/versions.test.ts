/**
 * A write that was acknowledged and then lost with the disk leaves its ETag with the client. No other
 * content may ever have it: neither `If-None-Match` nor `If-Match` takes the new for the lost.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CHANGE_JUMP } from '../../src/backup/raise-versions.ts';
import { loseDisk, shipped, startBackedUp } from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { temporaryFolder } from '../support/server.ts';
import { changeSequence } from './content.ts';

function replaceTitle(value: string) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'title', value }],
  };
}

t.test('the ETag of a lost write is never given again', async (t) => {
  const storage = join(temporaryFolder(t), 'backups');
  const { server, scim, admin } = await startBackedUp(t, { storage });
  const { id } = succeeded(t, await scim.post('/Users', entraUser('ada')), 201);
  await shipped(admin);
  const before = changeSequence(server);
  renameSync(storage, `${storage}.away`);
  writeFileSync(storage, 'root may write into any folder, but not into a file');
  await scim.patch(`/Users/${id}`, replaceTitle('lost'));
  const lost = (await scim.get(`/Users/${id}`)).etag;
  await server.kill();
  loseDisk(server);
  rmSync(storage);
  renameSync(`${storage}.away`, storage);

  await server.startAgain();
  t.equal(changeSequence(server), before + CHANGE_JUMP);
  await scim.patch(`/Users/${id}`, replaceTitle('new'));
  const answer = await scim.get(`/Users/${id}`, { headers: { 'If-None-Match': lost } });
  t.equal(succeeded(t, answer, 200).body['title'], 'new');
  const refused = await scim.patch(`/Users/${id}`, replaceTitle('over it'), {
    headers: { 'If-Match': lost },
  });
  t.equal(refused.status, 412, refused.text);

  await shipped(admin);
  await server.stop();
  await server.startAgain();
  t.equal(changeSequence(server), before + CHANGE_JUMP + 1, 'only a restore raises it');
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  t.equal(changeSequence(server), before + 2 * CHANGE_JUMP + 1, 'each restore does, once');
});
