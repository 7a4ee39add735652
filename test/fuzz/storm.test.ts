/**
 * Random JSON, random bytes, random paths, queries and headers: each is answered by valid HTTP, with
 * a SCIM body where it is an error, and never by a 500. `SCIMLANE_FUZZ_RUNS=200000` hunts.
 */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { idOf } from '../support/answer.ts';
import type { Asserts } from '../support/asserts.ts';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser } from '../support/entra.ts';
import { huntOf } from '../support/hunt.ts';
import { readAll } from '../support/read-all.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { storm } from './storm.ts';
import { STORM_ENDPOINTS, type Known } from './random-targets.ts';

/** What the usual storm may leave the server with: half of it was measured. */
const MEMORY_MIB_MAX = 600;
/** And what a hunt may, which creates endpoints by the hundred. */
const HUNT_MEMORY_MIB_MAX = 1200;

const { seed, runs, isUsual } = huntOf(t, 'FUZZ', { seed: 20_250_101, runs: 10_500 });
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');

/** Resources of each type, cursors of several queries, and endpoints of their own. */
async function prepare(t: Asserts): Promise<Known> {
  const resources: string[] = [];
  const cursors: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    const user = succeeded(t, await scim.post('/Users', entraUser(`known${n}`)), 201);
    const body = { ...entraGroup(`known ${n}`), members: [{ value: user.id }] };
    const group = succeeded(t, await scim.post('/Groups', body), 201);
    resources.push(`/scim/v2/Users/${user.id}`, `/scim/v2/Groups/${group.id}`);
  }
  for (const query of [
    '/Users?',
    '/Groups?sortBy=displayName&',
    '/?',
    '/Users?filter=active+pr&',
  ]) {
    const { body } = await scim.get(`${query}count=3&cursor`);
    if (typeof body['nextCursor'] === 'string') cursors.push(body['nextCursor']);
  }
  for (const endpoint of STORM_ENDPOINTS) {
    succeeded(t, await admin.post('/endpoints', endpoint), 201);
  }
  const endpoints: string[] = [];
  for (const name of ['one', 'two']) {
    endpoints.push(succeeded(t, await admin.post('/endpoints', { name }), 201).id);
  }
  return { resources, cursors, endpoints };
}

t.test(`${runs} cases`, async (t) => {
  const { statuses, scimTypes } = await storm(server, seed, runs, await prepare(t));
  const counts = [...statuses].sort().map(([status, count]) => `${status}: ${count}`);
  t.comment(counts.join(', '));
  if (!isUsual) return;
  // What it did not reach, it says nothing of.
  for (const status of [200, 201, 204, 304, 400, 401, 404, 405, 409, 412, 415, 501]) {
    t.ok((statuses.get(status) ?? 0) > 0, `some were answered ${status}`);
  }
  t.ok((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0) > runs / 8, 'many were served');
  for (const scimType of [
    ...['invalidFilter', 'invalidSyntax', 'invalidPath', 'invalidValue', 'invalidCursor'],
    ...['invalidCount', 'noTarget', 'mutability', 'uniqueness'],
  ]) {
    t.ok(scimTypes.has(scimType), `some were ${scimType}`);
  }
});

t.test('afterwards what lists show is what each resource is, and a user is created', async (t) => {
  for (const kind of ['Users', 'Groups'] as const) {
    const listed = await readAll(scim, kind);
    const reads = listed.map(
      async (resource) => (await scim.get(`/${kind}/${idOf(resource)}`)).body,
    );
    t.strictSame(await Promise.all(reads), listed, `${listed.length} ${kind}`);
  }
  succeeded(t, await scim.post('/Users', entraUser('afterwards')), 201);
});

t.test('nothing unforeseen was logged', async (t) => {
  const lines = server.stdout
    .split('\n')
    .filter((line) => /"level":"(warn|error|fatal)"/.test(line));
  t.same(lines.slice(0, 5), [], `${lines.length} lines`);
  t.equal(server.stderr, '');
});

t.test('its memory has not run away', { skip: process.platform !== 'linux' }, async (t) => {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const memoryMib = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  t.comment(`${memoryMib.toFixed(0)} MiB`);
  const max = isUsual ? MEMORY_MIB_MAX : HUNT_MEMORY_MIB_MAX;
  t.ok(memoryMib < max, `${memoryMib.toFixed(0)} MiB resident`);
});
