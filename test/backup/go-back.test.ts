/**
 * Going back while the server runs: the data is that of the earlier position, also after a restart
 * and without the disk; whoever writes meanwhile hears 503 at most; and no version that a client
 * has seen is ever given to another content.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Answer } from '../support/answer.ts';
import type { ScimClient } from '../support/client.ts';
import { backupStats, loseDisk, shipped, startBackedUp } from '../support/backed-up-server.ts';
import { entraUser, GROUP, patchOp } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { readContent } from './content.ts';

const USERS = 6;

function setTitle(scim: ScimClient, id: string, title: string): Promise<Answer> {
  return scim.patch(`/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: title }));
}

async function states(scim: ScimClient): Promise<Record<string, string>> {
  return Object.fromEntries((await readContent(scim)).states);
}

t.test('to a sequence, to a time, and forth again', async (t) => {
  const { server, scim, admin, storage } = await startBackedUp(t);
  const ids: string[] = [];
  for (let number = 0; number < USERS; number += 1) {
    const answer = await scim.post('/Users', entraUser(`u${number}`));
    ids.push(succeeded(t, answer, 201).id);
  }
  const members = ids.map((value) => ({ value }));
  const group = { schemas: [GROUP], displayName: 'all', externalId: 'x', members };
  succeeded(t, await scim.post('/Groups', group), 201);
  const early = await states(scim);
  const { position: earlyPosition } = await shipped(admin);
  const time = new Date().toISOString();

  // What is committed in the same millisecond would count as that time, too.
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const id of ids) succeeded(t, await setTitle(scim, id, 'changed'), 200);
  succeeded(t, await scim.delete(`/Users/${ids[0] ?? ''}`), 204);
  succeeded(t, await scim.post('/Users', entraUser('later')), 201);
  const late = await states(scim);
  const { position: latePosition } = await shipped(admin);

  const back = { sequence: earlyPosition, confirm: 'restore' };
  const went = succeeded(t, await admin.post('/restore', back), 200).body;
  t.match(went, { position: earlyPosition, backedUp: true, problem: null });
  t.same(await states(scim), early);
  const after = await backupStats(admin);
  t.ok(after.position > latePosition, 'positions only grow');

  await server.kill();
  await server.startAgain();
  t.same(await states(scim), early, 'a restart keeps what was restored');
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  t.same(await states(scim), early, 'so does one without the disk');

  const forth = { sequence: latePosition, confirm: 'restore' };
  succeeded(t, await admin.post('/restore', forth), 200);
  t.same(await states(scim), late, 'what was left behind can be had again');
  succeeded(t, await admin.post('/restore', { time, confirm: 'restore' }), 200);
  t.same(await states(scim), early, 'a time leads to the last commit before it');
  t.match((await admin.post('/verify', undefined)).body, { ok: true, problems: [] });
  // Of the way that was left behind, too, nothing may rot unseen.
  const [segment = ''] = readdirSync(join(storage, 'wal', '00000001'));
  writeFileSync(join(storage, 'wal', '00000001', segment), 'damaged');
  const found = await admin.post('/verify', undefined);
  t.match(found.body, { ok: false });
  t.match(found.text, segment);
});

t.test('what cannot be gone back to is refused, and nothing changes', async (t) => {
  const { scim, admin } = await startBackedUp(t);
  succeeded(t, await scim.post('/Users', entraUser('stays')), 201);
  const { position } = await shipped(admin);
  scimError(t, await admin.post('/restore', { sequence: 1 }), 400, 'invalidValue', 'confirm');
  const long = { time: '2020-01-01T00:00:00Z', confirm: 'restore' };
  scimError(t, await admin.post('/restore', long), 409, undefined, 'nothing is stored');
  t.equal((await backupStats(admin)).position, position);
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 1);
});

t.test('under traffic', async (t) => {
  const { server, scim, admin } = await startBackedUp(t);
  const ids: string[] = [];
  const contents = new Map<string, string>();
  /** The content of one version of one resource is one. */
  const see = (answer: Answer): void => {
    const name = `${answer.id} ${answer.etag}`;
    const content = JSON.stringify({ ...answer.body, meta: undefined });
    if ((contents.get(name) ?? content) !== content) t.fail(`${name} has two contents`);
    contents.set(name, content);
  };
  for (let number = 0; number < USERS; number += 1) {
    const answer = await scim.post('/Users', entraUser(`u${number}`));
    ids.push(succeeded(t, answer, 201).id);
    see(answer);
  }
  const { position } = await shipped(admin);

  let going = true;
  let refused = 0;
  let written = 0;
  const traffic = ids.map(async (id, writer) => {
    for (let turn = 0; going; turn += 1) {
      const answers = [
        await setTitle(scim, id, `${writer}:${turn}`),
        await scim.get(`/Users/${id}`),
        await scim.post('/Users', entraUser(`t${writer}-${turn}`)),
      ];
      for (const answer of answers) {
        if (answer.status < 300) {
          see(answer);
          written += 1;
        } else if (answer.status === 503 && /^\d+$/.test(answer.headers['retry-after'] ?? '')) {
          refused += 1;
        } else {
          t.fail(`${answer.status} ${answer.text}`);
        }
      }
    }
  });
  // Whether a request comes in between is up to the machine: again, until one has.
  for (let time = 0; time < 2 || (refused === 0 && time < 50); time += 1) {
    const body = { sequence: position, confirm: 'restore' };
    succeeded(t, await admin.post('/restore', body), 200);
  }
  going = false;
  await Promise.all(traffic);
  t.comment(`${written} answered, ${refused} refused`);
  t.ok(refused > 0, 'some came in between');
  for (const id of ids) see(succeeded(t, await setTitle(scim, id, 'at the end'), 200));
  await shipped(admin);
  const before = await states(scim);
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  t.same(await states(scim), before);
});
