/**
 * One client and the server alone: each answer to a random sequence of all verbs is exactly what the
 * model says, and so is all that is stored, before and after a restart. `SCIMLANE_MODEL_RUNS=20`
 * hunts through sequences.
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { huntOf, seedOfCase } from '../support/hunt.ts';
import { randomFrom } from '../support/random.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { Actor } from './actor.ts';
import { sameContent, walk } from './list-steps.ts';
import { takeStep } from './steps.ts';
import { World } from './world.ts';

/** Of one sequence. */
const STEPS = 400;

const { seed, runs } = huntOf(t, 'MODEL', { seed: 1, runs: 4 });
const server = await Server.start(t);
const root = ScimClient.of(t, server).under('');
const actors: Actor[] = [];

for (let run = 0; run < runs; run += 1) {
  t.test(`sequence ${run} of ${STEPS} steps, on an endpoint of its own`, async (t) => {
    const name = `sequence-${run}`;
    succeeded(t, await root.post('/scim/admin/endpoints', { name }), 201);
    const path = `/scim/v2/endpoints/${name}`;
    const world = new World(() => `${server.origin}${path}`);
    const actor = new Actor(root.under(path), world, randomFrom(seedOfCase(seed, run)));
    actors.push(actor);
    for (let number = 0; number < STEPS; number += 1) await takeStep(actor, number);
    await checkAll(actor);
    t.comment(`${world.all('User').length} users, ${world.all('Group').length} groups`);
    t.ok(world.all('User').length > 10, 'there was something to check');
  });
}

t.test('after a restart all of it is as it was', async () => {
  await server.stop();
  await server.startAgain();
  for (const actor of actors) await checkAll(actor);
});

async function checkAll(actor: Actor): Promise<void> {
  await sameContent(actor, 'User');
  await sameContent(actor, 'Group');
  await walk(actor);
}
