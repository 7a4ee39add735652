/** sortBy and sortOrder (RFC 7644 §3.4.2.3) over HTTP. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
for (const user of [
  { userName: 'éva', name: { givenName: 'Éva' }, emails: [{ value: 'b@x' }] },
  { userName: 'Zoe', [ENTERPRISE]: { department: 'ops' }, password: 'pässwörd-1' },
  {
    userName: 'adam',
    name: { givenName: 'zed' },
    emails: [{ value: 'z@x' }, { value: 'A@x', primary: true }],
    [ENTERPRISE]: { department: 'Legal' },
  },
]) {
  await scim.post('/Users', { schemas: [USER], active: true, ...user });
}

for (const [sortBy, order] of [
  ['userName', 'adam Zoe éva'],
  [`${USER}:userName`, 'adam Zoe éva'],
  ['name.givenName', 'adam éva Zoe'],
  ['emails', 'adam éva Zoe'],
  ['EMAILS.VALUE', 'adam éva Zoe'],
  [`${ENTERPRISE}:department`, 'adam Zoe éva'],
  ['meta.created', 'éva Zoe adam'],
  ['id', 'éva Zoe adam'],
] as const) {
  t.test(`by ${sortBy}`, async (t) => {
    const expected = order.split(' ');
    for (const [sortOrder, names] of [
      ['', expected],
      ['&sortOrder=ascending', expected],
      ['&sortOrder=descending', expected.toReversed()],
    ] as const) {
      const answer = await scim.get(`/Users?sortBy=${encodeURIComponent(sortBy)}${sortOrder}`);
      t.same(
        succeeded(t, answer, 200).resources.map(({ userName }) => userName),
        names,
        sortOrder,
      );
      t.match(answer.body, { totalResults: 3, startIndex: 1, itemsPerPage: 3 });
    }
    const posted = await scim.post('/Users/.search', {
      sortBy,
      sortOrder: 'descending',
      startIndex: 2,
      count: 1,
      attributes: ['userName'],
    });
    t.equal(posted.resources[0]?.['userName'], expected.toReversed()[1], 'a page, by POST');
  });
}

t.test('what cannot be sorted by is refused, by name', async (t) => {
  for (const sortBy of [
    'nosuch',
    'name',
    'password',
    'meta',
    ENTERPRISE,
    'emails[primary eq true]',
  ]) {
    const answer = await scim.get(`/Users?sortBy=${encodeURIComponent(sortBy)}`);
    scimError(t, answer, 400, 'invalidValue', 'sortBy');
  }
  scimError(t, await scim.get('/Users?sortBy=id&sortOrder=up'), 400, 'invalidValue', 'sortOrder');
});

t.test('sortOrder alone, and an empty sortBy, change nothing', async (t) => {
  for (const query of ['sortOrder=descending', 'sortBy=', 'sortBy=&sortOrder=descending']) {
    const { resources } = await scim.get(`/Users?${query}`);
    t.same(
      resources.map(({ userName }) => userName),
      ['éva', 'Zoe', 'adam'],
    );
  }
});
