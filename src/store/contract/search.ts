/** Filters, pages and totals: the same answer whichever way an engine finds it. */
import type { Test } from 'tap';
import type { Caller } from '../queries.ts';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { BASE, set, type Tenant } from './tenant.ts';

export async function search(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('an empty endpoint answers empty lists', async (t) => {
    const tenant = await newTenant();
    for (const filter of [undefined, 'userName eq "x"', 'userName sw "x"']) {
      t.match(await tenant.search('User', filter), { total: 0, ids: [], resources: [] });
    }
  });

  await t.test('a search for a caller who has gone is given up', async (t) => {
    const tenant = await newTenant();
    await populate(tenant);
    const gone: Caller = { onGone: (callback) => callback() };
    await t.rejects(tenant.search('User', 'title co "x"', { caller: gone }), {
      name: 'StoreError',
      code: 'abandoned',
    });
    const stays: Caller = { onGone: () => undefined };
    t.match(await tenant.search('User', 'title co "x"', { caller: stays }), { total: 0 });
  });

  await t.test('filters find what they say', async (t) => {
    const tenant = await newTenant();
    const ids = await populate(tenant);
    const { anna, björn, carl, staff, all } = ids;
    const users: readonly [string, readonly string[]][] = [
      [`id eq "${anna}"`, [anna]],
      [`id eq "${anna.toUpperCase()}x"`, []],
      ['userName eq "ANNA@example.com"', [anna]],
      ['userName eq "BJÖRN@EXAMPLE.COM"', [björn]],
      ['externalId eq "E1"', [anna, carl]],
      ['externalId eq "e1"', []],
      ['externalId eq "E1" and active eq true', [anna]],
      ['userName eq "anna@example.com" and title pr', [anna]],
      ['userName eq "anna@example.com" and active eq false', []],
      ['userName eq "anna@example.com" and userName eq "carl@example.com"', []],
      ['userName eq "anna@example.com" or userName eq "carl@example.com"', [anna, carl]],
      ['not (userName eq "anna@example.com")', [björn, carl]],
      ['title co "NGIN"', [anna]],
      ['name.familyName sw "b"', [björn]],
      ['emails[type eq "work" and value co "@example"]', [anna]],
      ['emails.value eq "anna@home.example"', [anna]],
      ['active eq "True"', [anna, björn]],
      [`groups.value eq "${all}"`, [anna, björn]],
      [`groups eq "${staff}"`, [anna]],
      [`groups[display eq "All" and type eq "indirect"]`, [anna]],
      [`userName eq "anna@example.com" and groups.value eq "${all}"`, [anna]],
      [`userName eq "carl@example.com" and groups.value eq "${all}"`, []],
      ['meta.resourceType eq "User"', [anna, björn, carl]],
      ['meta.created gt "2001-01-01T00:00:00Z"', [anna, björn, carl]],
      ['meta.lastModified lt "2001-01-01T00:00:00Z"', []],
    ];
    for (const [filter, expected] of users) {
      const { ids: found, total } = await tenant.search('User', filter);
      t.strictSame(found, expected, filter);
      t.equal(total, expected.length, filter);
    }
    const groups: readonly [string, readonly string[]][] = [
      ['displayName eq "STAFF"', [staff]],
      ['displayName pr', [staff, all]],
      [`members eq "${anna}"`, [staff]],
      [`members.value eq "${staff}"`, [all]],
      [`members[value eq "${björn}"]`, [all]],
      [`members eq "${carl}"`, []],
      [`id eq "${staff}" and members eq "${anna}"`, [staff]],
      [`id eq "${all}" and members eq "${anna}"`, []],
      [`members eq "${björn}" and members eq "${staff}"`, [all]],
      [`members eq "${björn}" and members.value eq "${anna}"`, []],
      [`members eq "${anna}" or members eq "${björn}"`, [staff, all]],
      ['members.type eq "Group"', [all]],
      ['members[display sw "anna" and type eq "User"]', [staff]],
      ['not (members pr)', []],
    ];
    for (const [filter, expected] of groups) {
      t.strictSame((await tenant.search('Group', filter)).ids, expected, filter);
    }
  });

  await t.test('a filter follows every change of what it looks at', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('old', { externalId: 'e', title: 'one' });
    await tenant.patch('User', id, [
      set('replace', 'userName', 'new'),
      set('replace', 'externalId', 'f'),
      set('replace', 'title', 'two'),
    ]);
    for (const gone of ['userName eq "old"', 'externalId eq "e"', 'title eq "one"']) {
      t.equal((await tenant.search('User', gone)).total, 0, gone);
    }
    for (const there of ['userName eq "new"', 'externalId eq "f"', 'title eq "two"']) {
      t.strictSame((await tenant.search('User', there)).ids, [id], there);
    }
  });

  await t.test('a faulty filter is refused, whatever index could help', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    for (const filter of [
      'nonsense eq "x"',
      `id eq "${id}" and nonsense eq "x"`,
      `id eq "${id}" and active gt true`,
      'userName eq "nobody" and emails[nonsense eq "x"]',
    ]) {
      await refused(
        t,
        tenant.search('User', filter),
        { status: 400, scimType: 'invalidFilter' },
        filter,
      );
    }
  });

  await t.test(
    'an engine tells how it answers, with values only where they may be told',
    async (t) => {
      const tenant = await newTenant();
      await tenant.createUser('Somebody');
      for (const filter of [
        'userName eq "somebody"',
        'userName co "somebody"',
        'userName sw "som"',
      ]) {
        const shown = JSON.stringify(await tenant.explain('User', filter, 'shown'));
        const hidden = JSON.stringify(await tenant.explain('User', filter, 'hidden'));
        t.match(shown, /userName .. /, filter);
        t.match(shown, /som/, filter);
        t.match(hidden, /userName .. /, filter);
        t.notMatch(hidden, /som/, filter);
      }
      const wrong = { status: 400, scimType: 'invalidFilter' };
      await refused(t, tenant.explain('User', 'nonsense eq "x"', 'shown'), wrong);
    },
  );

  await t.test('pages follow one order, overlap nowhere and leave nothing out', async (t) => {
    const tenant = await newTenant();
    const created = await Promise.all(
      Array.from({ length: 25 }, (_, n) => tenant.createUser(`u${n}`, { externalId: 'same' })),
    );
    for (const filter of [undefined, 'externalId eq "same"', 'userName sw "u"']) {
      const seen: string[] = [];
      for (let startIndex = 1; startIndex <= 25; startIndex += 10) {
        const page = await tenant.search('User', filter, { startIndex, count: 10 });
        t.equal(page.total, 25, filter ?? 'all');
        t.equal(page.ids.length, Math.min(10, 26 - startIndex), filter ?? 'all');
        seen.push(...page.ids);
      }
      t.strictSame(seen.toSorted(), created.toSorted(), filter ?? 'all');
      const again = await tenant.search('User', filter);
      t.strictSame(again.ids, seen, 'and again the same order');
      t.strictSame((await tenant.search('User', filter, { count: 0 })).ids, []);
      t.equal((await tenant.search('User', filter, { count: 0 })).total, 25);
      t.strictSame((await tenant.search('User', filter, { startIndex: 26 })).ids, []);
      t.strictSame(
        (await tenant.search('User', filter, { startIndex: 25, count: 10 })).ids,
        seen.slice(24),
      );
    }
  });

  await t.test('the order stays when resources change, come and go', async (t) => {
    const tenant = await newTenant();
    const ids = [];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await tenant.createUser(name));
    const before = (await tenant.search('User', undefined)).ids;
    const [first, second] = before;
    await tenant.patch('User', first ?? '', [set('replace', 'title', 'changed')]);
    t.strictSame((await tenant.search('User', undefined)).ids, before);
    await tenant.delete('User', second ?? '');
    const left = before.filter((id) => id !== second);
    t.strictSame((await tenant.search('User', undefined)).ids, left);
    await tenant.createUser('e');
    const after = (await tenant.search('User', undefined)).ids;
    t.strictSame(
      after.filter((id) => left.includes(id)),
      left,
    );
    t.equal(after.length, 4);
  });

  await t.test('more duplicates of an externalId than an index should answer', async (t) => {
    const tenant = await newTenant();
    const created = await Promise.all(
      Array.from({ length: 1100 }, (_, n) =>
        tenant.createUser(`u${n}`, { externalId: 'same', active: n % 2 === 0 }),
      ),
    );
    const page = await tenant.search('User', 'externalId eq "same"', { startIndex: 1095 });
    t.equal(page.total, 1100);
    t.equal(page.ids.length, 6);
    const active = await tenant.search('User', 'externalId eq "same" and active eq true', {
      count: 1,
    });
    t.equal(active.total, 550);
    const deep = await tenant.search('User', undefined, { startIndex: 1095 });
    t.strictSame(deep.ids, page.ids, 'lists and filters have one order');
    t.equal(deep.ids.length, 6);
    t.ok(deep.ids.every((id) => created.includes(id)));
  });

  await t.test('links come with a page when asked for', async (t) => {
    const tenant = await newTenant();
    const { anna, staff, all } = await populate(tenant);
    for (const filter of ['userName eq "anna@example.com"', 'userName sw "anna"']) {
      const { resources } = await tenant.search('User', filter, { links: true });
      t.strictSame(JSON.parse(resources[0]?.links ?? ''), [
        { value: staff, $ref: `${BASE}/Groups/${staff}`, display: 'Staff', type: 'direct' },
        { value: all, $ref: `${BASE}/Groups/${all}`, display: 'All', type: 'indirect' },
      ]);
      t.equal(resources[0]?.links, (await tenant.read('User', anna)).links);
    }
    t.equal((await tenant.search('User', undefined)).resources[0]?.links, undefined);
  });
}

interface Population {
  readonly anna: string;
  readonly björn: string;
  readonly carl: string;
  /** Holds anna. */
  readonly staff: string;
  /** Holds björn and staff. */
  readonly all: string;
}

async function populate(tenant: Tenant): Promise<Population> {
  const anna = await tenant.createUser('anna@example.com', {
    externalId: 'E1',
    active: true,
    title: 'Engineer',
    name: { familyName: 'Ahl', givenName: 'Anna' },
    emails: [
      { value: 'anna@example.com', type: 'work', primary: true },
      { value: 'anna@home.example', type: 'home' },
    ],
  });
  const björn = await tenant.createUser('björn@example.com', {
    active: true,
    name: { familyName: 'Berg' },
    emails: [
      { value: 'b@other.org', type: 'work' },
      { value: 'b@example.com', type: 'home' },
    ],
  });
  const carl = await tenant.createUser('carl@example.com', { externalId: 'E1', active: false });
  const staff = await tenant.createGroup('Staff', [anna]);
  const all = await tenant.createGroup('All', [björn, staff]);
  return { anna, björn, carl, staff, all };
}
