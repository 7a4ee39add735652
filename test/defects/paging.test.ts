/** `startIndex` and `count` by RFC 7644 §3.4.2.4; words where numbers belong are refused. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
for (let number = 0; number < 7; number++) await scim.post('/Users', entraUser(`user${number}`));

for (const [query, startIndex, itemsPerPage] of [
  ['', 1, 7],
  ['startIndex=-5', 1, 7],
  ['startIndex=0', 1, 7],
  ['startIndex=-5&count=2', 1, 2],
  ['startIndex=3&count=3', 3, 3],
  ['startIndex=6&count=5', 6, 2],
  ['startIndex=100&count=5', 100, 0],
  ['count=0', 1, 0],
  ['count=-1', 1, 0],
  ['count=1000000', 1, 7],
  ['filter=active+eq+true&count=2&startIndex=2', 2, 2],
] as const) {
  t.test(`?${query}`, async (t) => {
    const answer = succeeded(t, await scim.get(`/Users?${query}`), 200);
    t.has(answer.body, { totalResults: 7, startIndex, itemsPerPage });
    t.equal(answer.resources.length, itemsPerPage);
  });
}

t.test('numbers that are none are 400 and named', async (t) => {
  for (const query of [
    'count=abc',
    'startIndex=abc',
    'count=1.5',
    'startIndex=1e3',
    'count=0x10',
  ]) {
    const answer = await scim.get(`/Users?${query}`);
    scimError(t, answer, 400, 'invalidValue', query.split('=')[0] ?? '');
  }
});

t.test('order is stable, and pages neither repeat nor miss', async (t) => {
  const seen: unknown[] = [];
  for (let startIndex = 1; startIndex <= 7; startIndex += 2) {
    const page = await scim.get(`/Users?startIndex=${startIndex}&count=2`);
    seen.push(...page.resources.map((user) => user['userName']));
  }
  t.same(
    seen,
    Array.from({ length: 7 }, (_, number) => `user${number}@contoso.example`),
  );
});
