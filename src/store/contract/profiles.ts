/** Schemas and resource types of an endpoint's own, and their change under stored resources. */
import type { Test } from 'tap';
import type { JsonObject } from '../../scim/json.ts';
import { compileRegistry, type Profile } from '../../scim/schema/registry.ts';
import { toStored } from '../../scim/resource/stored.ts';
import { text } from '../../scim/schema/define.ts';
import type { CreateCommand } from '../commands.ts';
import type { Config } from '../endpoint-config.ts';
import type { WriteResult } from '../results.ts';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { endpointFields, set, type Tenant } from './tenant.ts';

const THING = 'urn:example:schemas:Thing';
const NAME = text('label', '', { required: true, uniqueness: 'server' });
const SIZE = text('size', '');
/** As an administrator may leave it: the rest has its defaults. */
const SIZE_IS_A_NUMBER = { name: 'size', type: 'integer' };

function things(...attributes: readonly object[]): Config {
  return {
    schemas: [{ id: THING, attributes: [NAME, ...attributes] }],
    resourceTypes: [{ name: 'Thing', endpoint: '/Things', schema: THING }],
  };
}

export async function profiles(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('an endpoint hands out its profile, the same until it changes', async (t) => {
    const tenant = await newTenant(things(SIZE));
    const profile = profileOf(tenant);
    t.strictSame(
      profile.resourceTypes.map(({ name }) => name),
      ['Thing'],
    );
    await update(tenant, { ...things(SIZE), requireIfMatch: true });
    t.equal(profileOf(tenant), profile);
    await update(tenant, things(SIZE, { name: 'colour' }));
    t.not(profileOf(tenant), profile);
    t.equal(profileOf(await newTenant()), profileOf(await newTenant({ requireIfMatch: true })));
  });

  await t.test('its types are written, read, found and counted like any', async (t) => {
    const tenant = await newTenant(things(SIZE));
    const id = tenant.newId();
    await tenant.create('Thing', id, { label: 'One', size: 'L' });
    await refused(t, tenant.create('Thing', tenant.newId(), { label: 'ONE' }), { status: 409 });
    await tenant.patch('Thing', id, [set('replace', 'size', 'XL')]);
    t.match(await tenant.document('Thing', id), { schemas: [THING], label: 'One', size: 'XL' });
    for (const filter of ['label eq "one"', 'size eq "xl"', 'meta.resourceType eq "Thing"']) {
      t.strictSame((await tenant.search('Thing', filter)).ids, [id], filter);
    }
    await refused(t, tenant.search('User', undefined), { status: 404 });
    t.strictSame((await tenant.store.endpointStats(tenant.id)).resources, { Thing: 1 });
    await refused(t, update(tenant, {}), { status: 409, message: /Thing/ });
    await tenant.delete('Thing', id);
    await update(tenant, {});
    t.strictSame((await tenant.store.endpointStats(tenant.id)).resources, { User: 0, Group: 0 });
  });

  await t.test('a change that stored resources do not fit is refused, and not done', async (t) => {
    const tenant = await newTenant(things(SIZE));
    const id = tenant.newId();
    await tenant.create('Thing', id, { label: 'one', size: 'L' });
    await tenant.create('Thing', tenant.newId(), { label: 'two' });
    const before = tenant.store.endpoint(tenant.id);
    const misfit = { status: 409, message: new RegExp(`^a stored .* Thing ${id}: size`) };
    await refused(t, update(tenant, things(SIZE_IS_A_NUMBER)), misfit);
    await refused(t, update(tenant, things()), misfit);
    t.equal(tenant.store.endpoint(tenant.id), before);
    await tenant.patch('Thing', id, [{ op: 'remove', path: { text: 'size', attribute: 'size' } }]);
    await update(tenant, things(SIZE_IS_A_NUMBER));
    await tenant.patch('Thing', id, [set('add', 'size', 7)]);
    t.match(await tenant.document('Thing', id), { size: 7 });
    t.strictSame((await tenant.search('Thing', 'size gt 6')).ids, [id]);
  });

  await t.test('a document that was read by former schemas is refused', async (t) => {
    const tenant = await newTenant(things(SIZE));
    const former = profileOf(tenant);
    const late = (label: string): Promise<WriteResult> =>
      tenant.store.write(command(tenant, former, { label, size: 'L' }), former);
    await late('in time');
    await tenant.delete('Thing', (await tenant.search('Thing', undefined)).ids[0] ?? '');
    // Both are asked for in one turn: the document cannot know of the change that goes before it.
    const changed = update(tenant, things(SIZE, { name: 'colour' }));
    await refused(t, late('beside'), { name: 'StoreError', code: 'contended' });
    await changed;
    await update(tenant, things(SIZE_IS_A_NUMBER));
    await refused(t, late('behind'), { name: 'StoreError', code: 'contended' });
    t.equal((await tenant.search('Thing', undefined)).total, 0);
    const current = profileOf(tenant);
    await tenant.store.write(command(tenant, current, { label: 'new', size: 7 }), current);
  });

  await t.test('writers beside a change leave nothing that does not fit', async (t) => {
    const tenant = await newTenant(things(SIZE));
    const profile = profileOf(tenant);
    const settle = (work: Promise<unknown>): Promise<'done' | 'refused'> =>
      work.then(
        () => 'done',
        () => 'refused',
      );
    for (let round = 0; round < 5; round += 1) {
      const numbers = round % 2 === 0;
      const body = (n: number): JsonObject => ({ label: `${round} ${n}`, size: 'L' });
      const writes = Array.from({ length: 20 }, (_, n) =>
        settle(tenant.store.write(command(tenant, profile, body(n)), profile)),
      );
      const change = settle(update(tenant, things(numbers ? SIZE_IS_A_NUMBER : SIZE)));
      const written = (await Promise.all(writes)).filter((end) => end === 'done').length;
      const { total } = await tenant.search('Thing', 'size pr');
      t.ok((total ?? 0) >= written);
      if ((await change) === 'done' && numbers)
        t.equal(total, 0, 'no text where there are numbers');
    }
  });
}

function profileOf({ store, id }: Tenant): Profile {
  const endpoint = store.endpoint(id);
  if (endpoint === undefined) throw new Error('the endpoint is there');
  return endpoint.profile;
}

/** Of a thing, by a profile that need not be the endpoint's any more. */
function command(tenant: Tenant, profile: Profile, body: JsonObject): CreateCommand {
  const type = compileRegistry(profile).typesByName.get('Thing');
  if (type === undefined) throw new Error('the profile has things');
  const id = tenant.newId();
  return {
    kind: 'create',
    endpointId: tenant.id,
    type: 'Thing',
    id,
    now: tenant.now(),
    log: undefined,
    ...toStored(type, id, body),
  };
}

function update({ store, id }: Tenant, config: Config): Promise<WriteResult> {
  return store.write({
    kind: 'updateEndpoint',
    endpointId: id,
    now: 1_700_000_003_000,
    log: undefined,
    fields: endpointFields({ config }),
  });
}
