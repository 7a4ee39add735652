/** Memberships: rows seen from both sides, nested groups, ids that name nothing. */
import type { Test } from 'tap';
import { parsePatchPath } from '../../scim/path/parse.ts';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { BASE, elements, set, unset, type Tenant } from './tenant.ts';

export async function members(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('a member shows what it is, and where', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('bjensen');
    const inner = await tenant.createGroup('inner');
    const group = await tenant.createGroup('outer', [user, inner]);
    t.strictSame(await tenant.links('Group', group), [
      { value: user, $ref: `${BASE}/Users/${user}`, display: 'bjensen', type: 'User' },
      { value: inner, $ref: `${BASE}/Groups/${inner}`, display: 'inner', type: 'Group' },
    ]);
    t.notOk('members' in (await tenant.document('Group', group)), 'the document holds none');
  });

  await t.test('adding, adding again, removing, removing again', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('a');
    const group = await tenant.createGroup('g');
    t.equal((await tenant.addMember(group, user)).changed, true);
    const again = await tenant.addMember(group, user);
    t.equal(again.changed, false);
    t.equal(again.version, (await tenant.read('Group', group)).version);
    t.strictSame(await tenant.memberIds(group), [user]);
    t.equal((await removeMember(tenant, group, user)).changed, true);
    t.equal((await removeMember(tenant, group, user)).changed, false);
    t.strictSame(await tenant.memberIds(group), []);
  });

  await t.test('replace of members leaves exactly those given', async (t) => {
    const tenant = await newTenant();
    const [a, b, c] = await createUsers(tenant, 'a', 'b', 'c');
    const group = await tenant.createGroup('g', [a, b]);
    await tenant.patch('Group', group, [set('replace', 'members', elements([b, c]))]);
    t.strictSame(await tenant.memberIds(group), [b, c]);
    await tenant.replace('Group', group, { displayName: 'g', members: elements([a]) });
    t.strictSame(await tenant.memberIds(group), [a]);
    const before = await tenant.read('Group', group);
    const same = await tenant.replace('Group', group, {
      displayName: 'g',
      members: elements([a]),
    });
    t.equal(same.changed, false);
    t.strictSame(await tenant.read('Group', group), before);
    await tenant.patch('Group', group, [unset('members')]);
    t.strictSame(await tenant.memberIds(group), []);
  });

  await t.test('a user shows its groups, direct and nested', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('a');
    const direct = await tenant.createGroup('direct', [user]);
    const outer = await tenant.createGroup('outer', [direct]);
    const outermost = await tenant.createGroup('outermost', [outer, direct]);
    await tenant.createGroup('other');
    t.strictSame(await tenant.links('User', user), [
      { value: direct, $ref: `${BASE}/Groups/${direct}`, display: 'direct', type: 'direct' },
      { value: outer, $ref: `${BASE}/Groups/${outer}`, display: 'outer', type: 'indirect' },
      {
        value: outermost,
        $ref: `${BASE}/Groups/${outermost}`,
        display: 'outermost',
        type: 'indirect',
      },
    ]);
  });

  await t.test('a group reached directly and through another is direct, once', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('a');
    const inner = await tenant.createGroup('inner', [user]);
    const outer = await tenant.createGroup('outer', [inner, user]);
    t.strictSame(
      (await tenant.links('User', user)).map(({ value, type }) => [value, type]),
      [
        [inner, 'direct'],
        [outer, 'direct'],
      ],
    );
  });

  await t.test('groups that hold each other end no request', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('a');
    const a = await tenant.createGroup('a', [user]);
    const b = await tenant.createGroup('b', [a]);
    await tenant.addMember(a, b);
    await tenant.addMember(a, a);
    t.strictSame(
      (await tenant.links('User', user)).map(({ value, type }) => [value, type]),
      [
        [a, 'direct'],
        [b, 'indirect'],
      ],
    );
    t.strictSame((await tenant.search('User', `groups.value eq "${b}"`)).ids, [user]);
  });

  await t.test('a deleted user leaves its groups', async (t) => {
    const tenant = await newTenant();
    const [gone, stays] = await createUsers(tenant, 'gone', 'stays');
    const group = await tenant.createGroup('g', [gone, stays]);
    await tenant.delete('User', gone);
    t.strictSame(await tenant.memberIds(group), [stays]);
    t.equal((await tenant.search('Group', `members eq "${gone}"`)).total, 0);
  });

  await t.test('a deleted group is nobody’s group', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('a');
    const inner = await tenant.createGroup('inner', [user]);
    const outer = await tenant.createGroup('outer', [inner]);
    await tenant.delete('Group', inner);
    t.strictSame(await tenant.links('User', user), []);
    t.strictSame(await tenant.memberIds(outer), []);
  });

  await t.test(
    'an unknown member is refused by name, and nothing of the write is done',
    async (t) => {
      const tenant = await newTenant();
      const user = await tenant.createUser('a');
      const group = await tenant.createGroup('g');
      const before = await tenant.read('Group', group);
      const unknown = { status: 400, scimType: 'invalidValue', message: /nobody/ } as const;
      await refused(
        t,
        tenant.patch('Group', group, [set('add', 'members', elements([user, 'nobody']))]),
        unknown,
      );
      await refused(t, tenant.createGroup('h', ['nobody']), unknown);
      t.strictSame(await tenant.read('Group', group), before);
      t.equal((await tenant.search('Group', undefined)).total, 1);
    },
  );

  await t.test('an unknown member is ignored where the endpoint says so', async (t) => {
    const tenant = await newTenant({ unknownMember: 'ignore' });
    const user = await tenant.createUser('a');
    const group = await tenant.createGroup('g', ['nobody', user]);
    t.strictSame(await tenant.memberIds(group), [user]);
  });

  await t.test('an unknown member is kept where the endpoint says so', async (t) => {
    const tenant = await newTenant({ unknownMember: 'keep' });
    const user = await tenant.createUser('a');
    const group = await tenant.createGroup('g', ['nobody', user]);
    t.strictSame(await tenant.memberIds(group), [user, 'nobody']);
    t.strictSame((await tenant.links('Group', group))[1], { value: 'nobody' });
    t.strictSame((await tenant.search('Group', 'members eq "nobody"')).ids, [group]);
    await removeMember(tenant, group, 'nobody');
    t.strictSame(await tenant.memberIds(group), [user]);
  });

  await t.test('members of another endpoint are unknown', async (t) => {
    const [a, b] = [await newTenant(), await newTenant()];
    const foreign = await a.createUser('a');
    await refused(t, b.createGroup('g', [foreign]), { status: 400 });
    t.equal((await b.search('Group', `members eq "${foreign}"`)).total, 0);
  });

  await t.test('a group of many members shows all of them', async (t) => {
    const tenant = await newTenant();
    const ids = await createUsers(tenant, ...Array.from({ length: 700 }, (_, n) => `u${n}`));
    const group = await tenant.createGroup('g', ids);
    t.strictSame(await tenant.memberIds(group), ids);
    const page = await tenant.search('Group', undefined, { links: true });
    t.equal(page.resources[0]?.links, (await tenant.read('Group', group)).links);
    t.strictSame((await tenant.search('Group', `members.display eq "U699"`)).ids, [group]);
  });
}

function removeMember(tenant: Tenant, group: string, member: string) {
  const path = parsePatchPath(`members[value eq "${member}"]`, {
    maxLength: 1000,
    maxDepth: 5,
    maxNodes: 5,
  });
  return tenant.patch('Group', group, [{ op: 'remove', path }]);
}

/** As many ids as names. */
async function createUsers<T extends readonly string[]>(
  tenant: Tenant,
  ...names: T
): Promise<{ [K in keyof T]: string }> {
  return Promise.all(names.map((name) => tenant.createUser(name))) as Promise<{
    [K in keyof T]: string;
  }>;
}
