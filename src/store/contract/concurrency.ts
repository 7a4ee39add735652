/** Many writers at once: nothing is lost, and whoever was answered can read what it wrote. */
import type { Test } from 'tap';
import type { NewTenant } from './subject.ts';
import { set } from './tenant.ts';

export async function concurrency(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('50 members added at once are 50 members', async (t) => {
    const tenant = await newTenant();
    const users = await Promise.all(
      Array.from({ length: 50 }, (_, n) => tenant.createUser(`u${n}`)),
    );
    const group = await tenant.createGroup('g');
    const results = await Promise.all(users.map((user) => tenant.addMember(group, user)));
    t.equal(new Set(results.map(({ version }) => version)).size, 50, 'a version each');
    t.strictSame((await tenant.memberIds(group)).toSorted(), users.toSorted());
  });

  await t.test('patches of different attributes at once are all there', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    const attributes = ['title', 'nickName', 'locale', 'timezone', 'userType', 'displayName'];
    await Promise.all(
      attributes.map((attribute) => tenant.patch('User', id, [set('replace', attribute, 'x')])),
    );
    const document = await tenant.document('User', id);
    for (const attribute of attributes) t.equal(document[attribute], 'x', attribute);
  });

  await t.test('of many creations of one name exactly one succeeds', async (t) => {
    const tenant = await newTenant();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => tenant.createUser('same')),
    );
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    t.equal((await tenant.search('User', undefined)).total, 1);
  });

  await t.test('one failing command takes nothing from its neighbours', async (t) => {
    const tenant = await newTenant();
    await tenant.createUser('u0');
    const outcomes = await Promise.allSettled(
      ['u1', 'U0', 'u2', 'u0', 'u3'].map((name) => tenant.createUser(name)),
    );
    t.strictSame(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    t.equal((await tenant.search('User', undefined)).total, 4);
  });

  await t.test('every answered write is read at once: by id, by index, by scan', async (t) => {
    const tenant = await newTenant();
    for (let n = 0; n < 20; n++) {
      const id = await tenant.createUser(`reader${n}`, { title: `t${n}` });
      t.equal((await tenant.find('User', id))?.id, id);
      t.strictSame((await tenant.search('User', `userName eq "READER${n}"`)).ids, [id]);
      t.strictSame((await tenant.search('User', `title eq "t${n}"`)).ids, [id]);
      t.equal((await tenant.search('User', undefined)).total, n + 1);
    }
  });
}
