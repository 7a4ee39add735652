/** The activity feed of a real server: requests as sentences, and the last days in numbers. */
import t from 'tap';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { GROUP, LogClient, USER } from './log-client.ts';

interface Activity {
  readonly [name: string]: unknown;
  readonly message: string;
}
interface Feed {
  readonly activities: readonly Activity[];
  readonly pagination: { readonly total: number | null };
  readonly next: number | null;
}

const server = await Server.start(t);
const client = new LogClient(server);
const acme = await client.create('/scim/admin/endpoints', {
  name: 'acme',
  config: { requestLog: 'full' },
});
const other = await client.create('/scim/admin/endpoints', { name: 'other' });
const made = await client.send('POST', `/scim/admin/endpoints/${acme}/credentials`, {
  body: { label: 'logs', scopes: ['scim.manage'] },
});
const { token } = made.json as { token: string };
const root = `/scim/endpoints/${acme}`;

async function feed(query: string, base = '/scim/admin/activity', as?: string): Promise<Feed> {
  const { status, json, text } = await client.send(
    'GET',
    `${base}${query}`,
    as === undefined ? {} : { token: as },
  );
  if (status !== 200) throw new Error(text);
  return json as Feed;
}

const user = (userName: string, displayName: string): Promise<string> =>
  client.create(`${root}/Users`, {
    schemas: [USER],
    userName,
    displayName,
    password: 'Pa55-word!',
  });

const ada = await user('ada@example.com', 'Ada Lovelace');
const grace = await user('grace@example.com', 'Grace Hopper');
const alan = await user('alan@example.com', 'Alan Turing');
const group = await client.create(`${root}/Groups`, { schemas: [GROUP], displayName: 'Design' });
const one = `${root}/Groups/${group}`;
await client.patch(one, { op: 'Add', path: 'members', value: [{ value: ada }] });
await client.patch(one, { op: 'add', value: { members: [{ value: grace }, { value: alan }] } });
await client.patch(one, { op: 'remove', path: `members[value eq "${alan}"]` });
await client.patch(one, { op: 'replace', value: { displayName: 'Product design' } });
await client.patch(`${root}/Users/${grace}`, { op: 'Replace', path: 'active', value: 'False' });
await client.patch(
  `${root}/Users/${ada}`,
  { op: 'replace', path: 'title', value: 'Countess' },
  { op: 'replace', value: { 'name.givenName': 'Augusta' } },
);
await client.send('PUT', `${root}/Users/${grace}`, {
  body: {
    schemas: [USER],
    userName: 'grace@example.com',
    displayName: 'Grace Hopper',
    active: false,
  },
});
await client.send('POST', `${root}/Users`, {
  body: { schemas: [USER], userName: 'ADA@example.com' },
});
await client.send('POST', `${root}/Bulk`, {
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      { method: 'POST', bulkId: '1', path: '/Users', data: { schemas: [USER], userName: 'bulky' } },
      { method: 'DELETE', path: `/Users/${alan}` },
    ],
  },
});
await client.send('GET', `/scim/endpoints/${other}/Users/nobody`);
await client.send('DELETE', `${root}/Users/${grace}`);
await client.send('GET', `${root}/Users?filter=userName+eq+%22nobody%22`);
await client.send('GET', `${root}/Users/${ada}`);
await client.send('GET', `${root}/Schemas`);
await client.send(
  'GET',
  `${root}/Users?filter=userName+eq+%222b9a0c1e-1111-4222-8333-abcdefabcdef%22`,
);
await until('the last row', async () => {
  const { activities } = await feed('?endpointId=acme');
  return activities[0]?.message.startsWith('Entra') === true;
});
await client.kept(acme);

t.test('each request is a sentence, newest first, with the names of now', async (t) => {
  const { activities } = await feed('?endpointId=acme');
  t.strictSame(
    activities.map(({ message }) => message),
    [
      'Entra looked up nobody to keep the connection alive',
      'The schemas were read',
      'Ada Lovelace was read',
      'nobody was looked for',
      'grace@example.com was deleted',
      'A bulk of 2 operations was carried out',
      activities[6]?.message,
      'grace@example.com was updated, and is inactive',
      'Ada Lovelace was changed: title and name.givenName',
      'grace@example.com was deactivated',
      'Group Design was renamed to Product design',
      'alan@example.com was removed from Product design',
      'grace@example.com and alan@example.com were added to Product design',
      'Ada Lovelace was added to Product design',
      'Group Product design was created',
      'alan@example.com was created',
      'grace@example.com was created',
      'Ada Lovelace was created',
    ],
  );
  t.match(activities[6]?.message, /^ADA@example\.com could not be created: .+ \(409\)$/);
});

t.test('an activity has the fields of the earlier feed', async (t) => {
  const { activities } = await feed('?search=grace&severity=warning');
  t.match(activities[0], {
    id: /^\d+$/,
    timestamp: /Z$/,
    type: 'user',
    severity: 'warning',
    userIdentifier: 'grace@example.com',
    userId: grace,
    groupIdentifier: null,
    isKeepalive: false,
    endpointId: acme,
  });
  const groups = await feed('?type=group&endpointId=acme');
  t.match(groups.activities[2], {
    groupIdentifier: 'Product design',
    addedMembers: [
      { id: grace, name: null },
      { id: alan, name: null },
    ],
  });
  const bulk = await feed('?type=system&severity=success&endpointId=acme');
  t.match(bulk.activities, [{ details: /2 done, 0 failed\nbulky was created\n.* was deleted/ }]);
});

t.test('filters, before pages are counted', async (t) => {
  const count = async (query: string): Promise<number> =>
    (await feed(`?endpointId=acme&${query}`)).activities.length;
  t.equal(await count('hideKeepalive=true'), 17);
  t.equal(await count('type=group'), 5);
  t.equal(await count('severity=error'), 0);
  t.equal(await count('since=2999-01-01T00:00:00Z'), 0);
  const byPlace: string[] = [];
  let before = '';
  for (;;) {
    const { activities, next }: Feed = await feed(`?endpointId=acme&limit=7${before}`);
    byPlace.push(...activities.map(({ message }) => message));
    if (next === null) break;
    before = `&before=${next}`;
  }
  t.equal(byPlace.length, 18);
  for (const query of ['type=robot', 'severity=loud', 'method=GET', 'pageSize=0']) {
    const { status, json } = await client.send('GET', `/scim/admin/activity?${query}`);
    t.equal(status, 400, query);
    t.match(json, { scimType: 'invalidValue' });
  }
});

t.test('an endpoint’s token sees its own, and no secret is in it', async (t) => {
  const own = await feed('?pageSize=500', `${root}/activity`, token);
  t.ok(own.activities.length >= 18);
  t.ok(own.activities.every(({ endpointId }) => endpointId === acme));
  t.notMatch(JSON.stringify(own), /Pa55-word/);
  const theirs = await client.send('GET', `/scim/endpoints/${other}/activity`, { token });
  t.equal(theirs.status, 401);
  const asked = await client.send('GET', `${root}/activity?endpointId=other`, { token });
  t.equal(asked.status, 400);
  t.equal((await client.send('GET', '/scim/admin/activity', { token })).status, 401);
});

t.test('the summary counts the last day and week', async (t) => {
  const { json } = await client.send('GET', '/scim/admin/activity/summary?endpointId=acme');
  t.match(json, {
    complete: true,
    summary: {
      last24Hours: 17,
      lastWeek: 17,
      operations: { users: 10, groups: 5 },
      day: {
        total: 17,
        byType: { user: 10, group: 5, system: 2 },
        bySeverity: { info: 3, success: 12, warning: 2, error: 0 },
      },
      keepalives: { last24Hours: 1, lastWeek: 1 },
      mostChanged: [{ name: 'Design', type: 'group', count: 4 }, {}, {}, {}, {}],
      lastActivity: /Z$/,
    },
  });
  const own = await client.send('GET', `${root}/activity/summary`, { token });
  t.match(own.json, { summary: { lastWeek: 17 } });
});
