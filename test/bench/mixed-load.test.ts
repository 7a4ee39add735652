/** Mixed traffic goes on being real, and what it changed is looked for from the whole run. */
import t from 'tap';
import { LastWrites } from '../../bench/last-writes.ts';
import { MixedLoad } from '../../bench/mixed-load.ts';
import type { Tenant } from '../../bench/mixed-tenants.ts';
import { population } from '../../bench/population.ts';
import type { Stage } from '../../bench/scenario.ts';
import { scimClient } from '../../bench/scim-client.ts';
import { startStandIn } from './stand-in.ts';

const USERS = 2000;
const REQUESTS = 60_000;

/** A tenant in memory that does what the load sends, or says so. */
function memoryTenant(forgets: (n: number) => boolean) {
  const members = new Set<string>();
  const titles = new Map<string, string>();
  const changes = { adds: 0, again: 0 };
  const tenant: Tenant = {
    root: '/scim/v2',
    userIds: Array.from({ length: USERS }, (_, user) => `id-${user}`),
    groups: Array.from({ length: 10 }, (_, at) => ({ id: `g-${at}`, displayName: `Group ${at}` })),
    client: {
      ...scimClient('http://127.0.0.1:1', ''),
      total: () => Promise.resolve(USERS),
      get: (path) => {
        const text = decodeURIComponent(path);
        const [, group = '', id = ''] = /id eq "(.*)" and members eq "(.*)"/.exec(text) ?? [];
        if (group !== '') {
          return Promise.resolve({ totalResults: members.has(`${group} ${id}`) ? 1 : 0 });
        }
        return Promise.resolve({ title: titles.get(path.slice('/Users/'.length)) ?? '' });
      },
    },
  };
  /** @returns the answer to what was sent; undefined for what this test does not look at */
  const answer = (n: number, request: string): [number, string] | undefined => {
    const [, type, id = ''] = /^PATCH \/scim\/v2\/(\w+)\/(\S+) /.exec(request) ?? [];
    const value = /"value":(?:\[\{"value":)?"([^"]*)"/.exec(request)?.[1] ?? '';
    if (type === 'Users') {
      if (!forgets(n)) titles.set(id, value);
      return [200, `{"id":"${id}","title":"${value}"}`];
    }
    if (type !== 'Groups') return undefined;
    changes.adds += 1;
    if (members.has(`${id} ${value}`)) changes.again += 1;
    if (!forgets(n)) members.add(`${id} ${value}`);
    return [204, ''];
  };
  return { tenant, answer, changes };
}

/** Everything that a load with one tenant sends, in turn, and what it says of it. */
async function run(forgets: (n: number) => boolean) {
  const server = await startStandIn(undefined);
  t.teardown(() => server.stop());
  const { tenant, answer, changes } = memoryTenant(forgets);
  const client = scimClient(server.base, server.token);
  const stage: Stage = {
    server,
    client,
    population: population(),
    userCount: USERS,
    memberCount: 0,
    totalSeconds: 0,
    seconds: 0,
    rate: undefined,
  };
  const load = new MixedLoad(stage, [tenant], 0);
  await load.counted();
  const wrong: string[] = [];
  for (let n = 0; n < REQUESTS; n += 1) {
    const request = load.request(n).toString('latin1');
    const reply = answer(n, request);
    const complaint = reply && load.check(n, ...reply);
    if (complaint !== undefined) wrong.push(complaint);
  }
  // Creates were sent, and none answered: those are not this test's.
  return { wrong, changes, complaints: await load.verify() };
}

t.test('users and groups are drawn anew when the plan comes round', async (t) => {
  const { wrong, changes, complaints } = await run(() => false);
  t.same(wrong, []);
  t.same(complaints, []);
  t.ok(changes.adds > 4000, `${changes.adds} members were added`);
  // 20,000 pairs of a user and a group are there to be drawn.
  t.ok(changes.again / changes.adds < 0.2, `${changes.again} of them were members`);
});

t.test('what is forgotten late in a run is noticed', async (t) => {
  const { wrong, complaints } = await run((n) => n >= REQUESTS / 2);
  t.same(wrong, [], 'the answers were right');
  t.ok(complaints.some((line) => line.includes('is no member')));
  t.ok(complaints.some((line) => line.includes('has the title')));
});

t.test('which of several writes may be the last', async (t) => {
  const writes = new LastWrites();
  t.equal(writes.isKnown, false);
  writes.sent(1);
  writes.acknowledged(1);
  t.ok(writes.isKnown && writes.mayBe(1));
  writes.sent(2);
  t.ok(writes.mayBe(1) && writes.mayBe(2), '2 is under way');
  writes.sent(3);
  writes.acknowledged(3);
  t.notOk(writes.mayBe(1), '3 left after it');
  writes.acknowledged(2);
  t.ok(writes.mayBe(2) && writes.mayBe(3), 'they overlapped');
  writes.sent(4);
  writes.acknowledged(4);
  t.notOk(writes.mayBe(2) || writes.mayBe(3));
  t.ok(writes.mayBe(4));
});
