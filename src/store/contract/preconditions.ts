/** If-Match is decided where the write is (RFC 7644 §3.14). */
import type { Test } from 'tap';
import { entityTag } from '../../scim/resource/rendered.ts';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { set } from './tenant.ts';

const FAILED = { status: 412 } as const;

export async function preconditions(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('the current version, a list with it, and * pass', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    let { version } = await tenant.read('User', id);
    for (const ifMatch of [
      (tag: string) => tag,
      (tag: string) => `W/"0", ${tag}`,
      () => '*',
    ] as const) {
      const title = `t${version}`;
      const result = await tenant.patch(
        'User',
        id,
        [set('replace', 'title', title)],
        ifMatch(entityTag(version)),
      );
      t.equal(result.changed, true);
      version = result.version;
    }
  });

  await t.test('a stale version is refused for replace, patch and delete', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    const stale = entityTag((await tenant.read('User', id)).version);
    await tenant.patch('User', id, [set('replace', 'title', 'now')]);
    const before = await tenant.read('User', id);
    await refused(t, tenant.replace('User', id, { userName: 'b' }, stale), FAILED);
    await refused(t, tenant.patch('User', id, [set('replace', 'title', 'x')], stale), FAILED);
    await refused(t, tenant.delete('User', id, stale), FAILED);
    t.strictSame(await tenant.read('User', id), before);
    await tenant.delete('User', id, entityTag(before.version));
    t.equal(await tenant.find('User', id), undefined);
  });

  await t.test('a member added or a member deleted gives the group a new version', async (t) => {
    const tenant = await newTenant();
    const user = await tenant.createUser('a');
    const group = await tenant.createGroup('g');
    const empty = await tenant.read('Group', group);
    const added = await tenant.addMember(group, user);
    t.ok(added.version > empty.version);
    await refused(
      t,
      tenant.patch('Group', group, [set('replace', 'displayName', 'x')], entityTag(empty.version)),
      FAILED,
    );
    await tenant.delete('User', user);
    const left = await tenant.read('Group', group);
    t.ok(left.version > added.version);
    t.ok(left.lastModified > added.lastModified);
  });

  await t.test('of ten patches with one If-Match exactly one is applied', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    const tag = entityTag((await tenant.read('User', id)).version);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        tenant.patch('User', id, [set('replace', 'title', `t${n}`)], tag),
      ),
    );
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') t.match(outcome.reason, FAILED);
    }
  });
}
