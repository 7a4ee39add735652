/** Which values no two resources of a type share, and how they compare. */
import type { Test } from 'tap';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { set } from './tenant.ts';

const CONFLICT = { status: 409, scimType: 'uniqueness' } as const;

export async function uniqueness(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('userName is unique, compared without case', async (t) => {
    const tenant = await newTenant();
    await tenant.createUser('Björn@Example.com');
    await refused(t, tenant.createUser('BJÖRN@EXAMPLE.COM'), CONFLICT);
    t.equal((await tenant.search('User', undefined)).total, 1, 'the refused one left nothing');
  });

  await t.test('displayName of groups is unique, of users it is not', async (t) => {
    const tenant = await newTenant();
    await tenant.createGroup('Sales');
    await refused(t, tenant.createGroup('SALES'), CONFLICT);
    await tenant.createUser('a', { displayName: 'Sales' });
    await tenant.createUser('b', { displayName: 'Sales' });
    t.equal((await tenant.search('User', undefined)).total, 2);
  });

  await t.test('replace and patch to a taken name are refused and change nothing', async (t) => {
    const tenant = await newTenant();
    await tenant.createUser('taken');
    const id = await tenant.createUser('free');
    const before = await tenant.read('User', id);
    await refused(t, tenant.replace('User', id, { userName: 'TAKEN' }), CONFLICT);
    await refused(t, tenant.patch('User', id, [set('replace', 'userName', 'Taken')]), CONFLICT);
    t.strictSame(await tenant.read('User', id), before);
  });

  await t.test('a resource may keep its own name, also in other case', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('mine');
    await tenant.replace('User', id, { userName: 'MINE' });
    t.match(await tenant.document('User', id), { userName: 'MINE' });
    await tenant.patch('User', id, [set('replace', 'userName', 'Mine')]);
    t.match(await tenant.document('User', id), { userName: 'Mine' });
  });

  await t.test('endpoints do not share names', async (t) => {
    const [a, b] = [await newTenant(), await newTenant()];
    await a.createUser('same');
    await b.createUser('same');
    t.equal((await a.search('User', 'userName eq "same"')).total, 1);
    t.equal((await b.search('User', 'userName eq "same"')).total, 1);
  });

  await t.test('externalId may repeat', async (t) => {
    const tenant = await newTenant();
    const ids = [
      await tenant.createUser('a', { externalId: 'e' }),
      await tenant.createUser('b', { externalId: 'e' }),
    ];
    t.strictSame((await tenant.search('User', 'externalId eq "e"')).ids, ids);
  });

  await t.test('externalId is unique and case-exact where the endpoint says so', async (t) => {
    const tenant = await newTenant({ externalIdUnique: true });
    const id = await tenant.createUser('a', { externalId: 'e' });
    await refused(t, tenant.createUser('b', { externalId: 'e' }), CONFLICT);
    const other = await tenant.createUser('b', { externalId: 'E' });
    await refused(t, tenant.patch('User', other, [set('replace', 'externalId', 'e')]), CONFLICT);
    await tenant.replace('User', id, { userName: 'a', externalId: 'e', title: 'x' });
    t.match(await tenant.document('User', id), { title: 'x' }, 'its own does not hinder it');
    await tenant.create('Group', tenant.newId(), { displayName: 'g', externalId: 'e' });
    t.equal((await tenant.search('Group', 'externalId eq "e"')).total, 1, 'types are apart');
  });
}
