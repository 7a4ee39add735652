/**
 * Searches made to hurt: long, deep, wide, matching everything, matching nothing at great length.
 * Each is answered or refused with an error that says what is wrong, and meanwhile others are served.
 */
import t from 'tap';
import type { JsonObject } from '../src/scim/json.ts';
import { LIMITS } from '../src/platform/limits.ts';
import { bulk, idAt, operationsOf, postGroup, postUser } from './support/bulk.ts';
import { ScimClient } from './support/client.ts';
import { scimError, succeeded } from './support/scim-asserts.ts';
import { SECRET, Server } from './support/server.ts';

const USERS = 800;

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const seeded = await scim.post(
  '/Bulk',
  bulk(
    ...Array.from({ length: USERS }, (_, n) =>
      postUser(`u${n}`, `user${n}@example.com`, {
        title: `Title ${n % 7}`,
        displayName: `Name ${n}`,
        emails: [
          { type: 'work', value: `work${n}@example.com` },
          { type: 'home', value: `home${n}@example.org` },
        ],
      }),
    ),
    postGroup('g', 'All', ['bulkId:u0', 'bulkId:u1']),
  ),
);
const locations = operationsOf(seeded).map(({ location }) => location);
t.equal(new Set(locations).size, USERS + 1, 'every user is there');

function joined(count: number, by: 'and' | 'or', condition: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => condition(n)).join(` ${by} `);
}

function nested(depth: number, open: string, inner: string): string {
  return open.repeat(depth) + inner + ')'.repeat(depth);
}

const ATTRIBUTES = ['title', 'displayName', 'userName', 'emails.value', 'nickName', 'emails.type'];

/** Within the bounds, so they are answered. Name, filter, how many users it finds. */
const ANSWERED: readonly (readonly [name: string, filter: string, total: number])[] = [
  ['a text that every value contains', 'userName co ""', USERS],
  ['and one that every value begins with', 'title sw ""', USERS],
  ['and one that every value ends in', 'emails ew ""', USERS],
  ['which an absent value does not', 'nickName co ""', 0],
  ['499 values of an indexed attribute', joined(499, 'or', (n) => `userName eq "u${n}"`), 0],
  ['999 alternatives', joined(999, 'or', (n) => `id eq "${n}"`), 0],
  ['999 conditions, each for all', joined(999, 'and', () => 'id pr'), USERS],
  ['500 texts in one attribute', joined(500, 'or', (n) => `title co "${n.toString(36)}"`), USERS],
  ['texts in six attributes', joined(330, 'or', (n) => `${ATTRIBUTES[n % 6] ?? ''} ew "${n}#"`), 0],
  // Written out as alternatives these would be 2^100.
  [
    '100 alternatives, all of which must hold',
    joined(100, 'and', (n) => `(title co "a${n}" or displayName co "b${n}")`),
    0,
  ],
  [
    'their negation',
    `not (${joined(100, 'and', (n) => `(userName eq "a${n}" or userName sw "b${n}")`)})`,
    USERS,
  ],
  ['100 pairs', joined(100, 'or', (n) => `(title co "T" and displayName eq "Name ${n}")`), 100],
  ['a list of not', joined(300, 'and', (n) => `not (title eq "${n}")`), USERS],
  ['a list of ne', joined(400, 'and', (n) => `emails.value ne "${n}"`), USERS],
  ['a list of pr', joined(500, 'and', () => 'title pr'), USERS],
  ['32 times not', nested(32, 'not (', 'title pr'), USERS],
  ['32 brackets', nested(32, '(', 'title pr'), USERS],
  ['alternatives of one element', `emails[${joined(450, 'or', (n) => `value co "k${n}"`)}]`, USERS],
  ['a value of 15,000 characters', `title co "${'a'.repeat(15_000)}"`, 0],
  ['and of an indexed attribute', `userName eq "${'é'.repeat(15_000)}"`, 0],
  ['half a surrogate pair', 'title co "\\ud800"', 0],
  ['ids of groups', joined(300, 'or', (n) => `groups.value eq "${n}"`), 0],
  ['names of groups', joined(200, 'or', (n) => `groups.display co "${n}"`), 0],
  ['locations', `meta.location co "${'/'.repeat(100)}"`, 0],
  ['ranges', joined(400, 'or', (n) => `userName gt "${n}"`), USERS],
];

for (const [name, filter, total] of ANSWERED) {
  t.test(`${name}: answered`, async (t) => {
    const answer = await scim.post('/Users/.search', { filter, count: 3 });
    succeeded(t, answer, 200);
    t.equal(answer.body['totalResults'], total);
    t.equal(answer.resources.length, Math.min(total, 3));
  });
}

/** Name, search, scimType, what the detail names. */
const REFUSED: readonly (readonly [string, JsonObject, string, readonly string[]])[] = [
  [
    'more than 1,000 conditions',
    { filter: joined(1001, 'or', () => 'id pr') },
    'invalidFilter',
    ['more than 1000 conditions'],
  ],
  [
    'brackets 33 deep',
    { filter: nested(33, '(', 'title pr') },
    'invalidFilter',
    ['nested deeper than 32'],
  ],
  ['brackets that never end', { filter: '('.repeat(16_000) }, 'invalidFilter', ['nested deeper']],
  [
    'a filter of 17,000 characters',
    { filter: `title co "${'a'.repeat(17_000)}"` },
    'invalidFilter',
    ['longer than 16384'],
  ],
  [
    'a bracket in a bracket',
    { filter: 'emails[emails[value eq "x"]]' },
    'invalidFilter',
    ['value path inside another'],
  ],
  ['a quote that never ends', { filter: 'title eq "\\"' }, 'invalidFilter', ['never closed']],
  ['a number that is none', { filter: 'title eq 1e400' }, 'invalidFilter', ['1e400']],
  [
    'an attribute that is not there',
    { filter: 'constructor eq "x"' },
    'invalidFilter',
    ['"constructor"'],
  ],
  ['sorted by nonsense', { sortBy: 'nonsense' }, 'invalidValue', ['sortBy', '"nonsense"']],
  [
    'sorted by a filter',
    { sortBy: 'emails[type eq "work"].value' },
    'invalidValue',
    ['sortBy', 'emails[type'],
  ],
  ['sorted by 10,000 characters', { sortBy: 'a.'.repeat(5000) }, 'invalidValue', ['sortBy']],
  ['sorted by a secret', { sortBy: 'password' }, 'invalidValue', ['sortBy', 'password']],
  ['an invented cursor', { cursor: 'x'.repeat(3000) }, 'invalidCursor', ['cursor']],
];

for (const [name, search, scimType, mentions] of REFUSED) {
  t.test(`${name}: refused`, async (t) => {
    scimError(t, await scim.post('/Users/.search', search), 400, scimType, ...mentions);
  });
}

t.test('a page far behind the end is empty, and says how many there are', async (t) => {
  for (const more of [{}, { filter: 'title co "t"' }, { sortBy: 'displayName' }]) {
    for (const startIndex of [USERS + 1, 1_000_000_000_000_000, Number.MAX_SAFE_INTEGER]) {
      const answer = await scim.post('/Users/.search', { ...more, startIndex, count: 5 });
      succeeded(t, answer, 200);
      t.equal(answer.body['totalResults'], USERS);
      t.equal(answer.resources.length, 0);
    }
  }
});

t.test('while many such searches run, others are served, and none is lost', async (t) => {
  const path = `/Users/${idAt(seeded, 0)}`;
  let running = ANSWERED.length;
  const searches = ANSWERED.map(async ([name, filter, total]) => {
    const answer = await scim.post('/Users/.search', { filter, count: 1 });
    running -= 1;
    t.equal(answer.status, 200, name);
    t.equal(answer.body['totalResults'], total, name);
  });
  let served = 0;
  while (running > 0) {
    succeeded(t, await scim.get(path), 200);
    succeeded(t, await scim.post('/Groups', { displayName: `New ${served}` }), 201);
    succeeded(t, await scim.get('/Users?filter=userName+eq+"user1@example.com"'), 200);
    served += 1;
    if (served === 1) t.ok(running > 1, 'a read and a write did not wait for all the searches');
  }
  await Promise.all(searches);
});

t.test('what they left behind is within its bound', async (t) => {
  const response = await fetch(`${server.origin}/metrics`, {
    headers: { Authorization: `Bearer ${SECRET}` },
  });
  const text = await response.text();
  const value = (name: string): number =>
    Number(new RegExp(`^scimlane_filter_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  t.ok(value('jobs_total') > ANSWERED.length, 'they were searches for the filter workers');
  t.ok(value('column_bytes') > 0);
  t.ok(value('column_bytes') <= LIMITS.columnBytes);
  t.equal(value('jobs_waiting') + value('jobs_running'), 0);
  t.equal(value('worker_deaths_total'), 0);
  t.equal(value('refused_total') + value('expired_total'), 0);
});
