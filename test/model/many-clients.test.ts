/**
 * Several clients at once. Each answer about a client's own users is exactly what its model says;
 * groups that all share lose no member that one of them added; a name has one holder at most; and at
 * the end, and after a restart, the server holds what all models hold together.
 * `SCIMLANE_MODEL_RUNS=20` hunts.
 */
import t from 'tap';
import { idOf } from '../support/answer.ts';
import type { Scope } from '../support/asserts.ts';
import { ScimClient } from '../support/client.ts';
import { GROUP, patchOp, USER } from '../support/entra.ts';
import { huntOf, seedOfCase } from '../support/hunt.ts';
import { randomFrom } from '../support/random.ts';
import { readAll } from '../support/read-all.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { Actor } from './actor.ts';
import { same, sameResource } from './compare.ts';
import { ContestedNames } from './contested-names.ts';
import { takeStep } from './steps.ts';
import { byValue, World, type Resource } from './world.ts';

const CLIENTS = 6;
const STEPS = 90;
const CONTEST_TURNS = 60;
const SHARED_GROUPS = 3;

const { seed, runs } = huntOf(t, 'MODEL', { seed: 2, runs: 1 });
const server = await Server.start(t);
const root = ScimClient.of(t, server).under('');
const teams: { scim: ScimClient; actors: Actor[] }[] = [];

for (let run = 0; run < runs; run += 1) {
  t.test(`${CLIENTS} clients, ${STEPS} steps each, run ${run}`, async (t) => {
    const { scim, actors } = await gather(t, run);
    const contest = new ContestedNames();
    const work = actors.map(async (actor, at) => {
      for (let number = 0; number < STEPS; number += 1) await takeStep(actor, number);
      await contest.compete(actor, CONTEST_TURNS, seedOfCase(seed, 1000 * run + at));
    });
    // Every client takes all its steps before one of them is told to have failed.
    const ends = await Promise.allSettled(work);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    contest.check();
    t.comment(`${contest.holdings} names held, ${contest.refusals} refused`);
    t.ok(contest.holdings > CLIENTS && contest.refusals > CLIENTS, 'names were contested');
    await checkTogether(scim, actors);
  });

  t.test(
    `one name and one version, ${CLIENTS} clients, at the same time, run ${run}`,
    async (t) => {
      const actors = teams[run]?.actors ?? [];
      for (let round = 0; round < 10; round += 1) {
        const name = `race ${round}`;
        const answers = await Promise.all(
          actors.map((actor, at) =>
            actor.send('POST', '/Users', {
              schemas: [USER],
              userName: at % 2 === 0 ? name : name.toUpperCase(),
            }),
          ),
        );
        const statuses = answers.map(({ status }) => status).sort();
        t.strictSame(statuses, [201, ...Array.from({ length: CLIENTS - 1 }, () => 409)], name);
        const winner = answers.find(({ status }) => status === 201);
        if (winner === undefined) continue;
        const path = `/Users/${winner.id}`;
        const changes = await Promise.all(
          actors.map((actor, at) => {
            const change = patchOp({ op: 'replace', path: 'title', value: `of ${at}` });
            return actor.send('PATCH', path, change, { 'if-match': winner.etag });
          }),
        );
        const ends = changes.map(({ status }) => status).sort();
        t.strictSame(ends, [200, ...Array.from({ length: CLIENTS - 1 }, () => 412)], 'one version');
        const last = await actors[0]?.send('GET', path);
        t.equal(last?.etag, changes.find(({ status }) => status === 200)?.etag);
        await actors[0]?.send('DELETE', path);
      }
    },
  );
}

t.test('after a restart all of it is as it was', async () => {
  await server.stop();
  await server.startAgain();
  for (const { scim, actors } of teams) await checkTogether(scim, actors);
});

/** An endpoint with groups that belong to all, and clients that each know these. */
async function gather(
  t: Scope & Parameters<typeof succeeded>[0],
  run: number,
): Promise<{
  scim: ScimClient;
  actors: Actor[];
}> {
  const name = `team-${run}`;
  succeeded(t, await root.post('/scim/admin/endpoints', { name }), 201);
  const path = `/scim/endpoints/${name}`;
  const scim = root.under(path);
  const groups: { id: string; displayName: string }[] = [];
  for (let n = 0; n < SHARED_GROUPS; n += 1) {
    const displayName = `shared ${n}`;
    const created = await scim.post('/Groups', { schemas: [GROUP], displayName });
    groups.push({ id: succeeded(t, created, 201).id, displayName });
  }
  const actors = Array.from({ length: CLIENTS }, (_, at) => {
    const world = new World(() => `${server.origin}${path}`);
    for (const { id, displayName } of groups) world.add('Group', id, { displayName }, true);
    const random = randomFrom(seedOfCase(seed, 100 * run + at));
    return new Actor(ScimClient.of(t, server, path), world, random, `c${at} `);
  });
  const team = { scim, actors };
  teams.push(team);
  return team;
}

/** The users are those of all models, and each shared group has the members that all gave it. */
async function checkTogether(scim: ScimClient, actors: readonly Actor[]): Promise<void> {
  const users = await readAll(scim, 'Users');
  const known = new Map<string, { world: World; resource: Resource }>();
  for (const { world } of actors) {
    for (const resource of world.all('User')) known.set(resource.id, { world, resource });
  }
  same('users', users.map(idOf).sort(), [...known.keys()].sort());
  for (const user of users) {
    const mine = known.get(idOf(user));
    if (mine !== undefined) sameResource(mine.world, user, mine.resource);
  }
  for (const group of await readAll(scim, 'Groups')) {
    const expected = actors.flatMap(({ world }) => [...(world.get(idOf(group))?.members ?? [])]);
    const members = Array.isArray(group['members']) ? byValue(group['members']) : [];
    const ids = members.map(({ value }) => value);
    same(`members of ${idOf(group)}`, ids, expected.sort());
  }
}
