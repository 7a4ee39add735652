/** Bulks: each operation by itself, circles whole, failures counted, others in between. */
import type { Test } from 'tap';
import type { BulkOperation, BulkUnit, PatchCommand, ResourceWrite } from '../commands.ts';
import type { BulkOutcome, BulkResult } from '../results.ts';
import type { NewTenant } from './subject.ts';
import { elements, set, type Tenant } from './tenant.ts';

const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export async function bulk(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('every kind of command, each with its own outcome', async (t) => {
    const tenant = await newTenant();
    const [kept, gone] = [await tenant.createUser('kept'), await tenant.createUser('gone')];
    const version = (await tenant.read('User', kept)).version;
    const group = tenant.newId();
    const ended = await run(tenant, [
      [create(tenant, 0, 'Group', group, 'g', [kept, gone])],
      [change(1, patch(tenant, 'User', kept, 'title', 'Dr', `W/"${version}"`))],
      [change(2, remove(tenant, gone))],
      [change(3, remove(tenant, gone))],
      [change(4, patch(tenant, 'User', kept, 'title', 'x', `W/"${version}"`))],
    ]);
    t.same(kinds(ended), ['done', 'done', 'done', 'failed', 'failed']);
    t.match(errorOf(ended, 3), { name: 'ScimError', status: 404 });
    t.match(errorOf(ended, 4), { name: 'ScimError', status: 412 });
    t.equal((await tenant.document('User', kept))['title'], 'Dr');
    t.same(await tenant.memberIds(group), [kept]);
    const done = ended.outcomes.get(1);
    t.ok(
      done?.kind === 'done' && done.result.version === (await tenant.read('User', kept)).version,
    );
  });

  await t.test('what fails leaves nothing, and takes with it what needs it', async (t) => {
    const tenant = await newTenant();
    await tenant.createUser('taken');
    const [a, b, c, d] = [tenant.newId(), tenant.newId(), tenant.newId(), tenant.newId()];
    const ended = await run(tenant, [
      [create(tenant, 0, 'User', a, 'TAKEN')],
      [{ ...create(tenant, 1, 'User', b, 'b'), needs: [0] }],
      [{ position: 2, command: undefined, afterwards: undefined, needs: [] }],
      [{ ...create(tenant, 3, 'User', c, 'c'), needs: [1, 2] }],
      [create(tenant, 4, 'User', d, 'd')],
    ]);
    t.same(kinds(ended), ['failed', 'needsFailed', 'wrong', 'needsFailed', 'done']);
    t.match(errorOf(ended, 0), { status: 409, scimType: 'uniqueness' });
    t.match(ended.outcomes.get(3), { position: 1 });
    t.equal((await tenant.search('User', undefined)).total, 2);
  });

  await t.test('groups in a circle are made whole', async (t) => {
    const tenant = await newTenant();
    const [a, b] = [tenant.newId(), tenant.newId()];
    const first = create(tenant, 0, 'Group', a, 'A');
    const joins = { ...first, afterwards: join(tenant, a, b) };
    const ended = await run(tenant, [[joins, create(tenant, 1, 'Group', b, 'B', [a])]]);
    t.same(kinds(ended), ['done', 'done']);
    t.same(await tenant.memberIds(a), [b]);
    t.same(await tenant.memberIds(b), [a]);
    const outcome = ended.outcomes.get(0);
    t.ok(outcome?.kind === 'done');
    if (outcome?.kind !== 'done') return;
    t.equal(outcome.result.version, (await tenant.read('Group', a)).version);
  });

  await t.test('of a circle that fails nothing is left', async (t) => {
    const tenant = await newTenant();
    await tenant.createGroup('taken');
    const [a, b, c] = [tenant.newId(), tenant.newId(), tenant.newId()];
    const first = create(tenant, 0, 'Group', a, 'A');
    const ended = await run(tenant, [
      [{ ...first, afterwards: join(tenant, a, b) }, create(tenant, 1, 'Group', b, 'Taken', [a])],
      [create(tenant, 2, 'Group', c, 'C')],
    ]);
    t.same(kinds(ended), ['needsFailed', 'failed', 'done']);
    t.equal(await tenant.find('Group', a), undefined);
    t.equal((await tenant.search('Group', undefined)).total, 2);
  });

  await t.test('after failOnErrors failures nothing more is begun', async (t) => {
    const tenant = await newTenant();
    await tenant.createUser('taken');
    const units = Array.from({ length: 400 }, (_, at) => {
      const name = at === 3 || at === 300 ? 'taken' : `u${at}`;
      return [create(tenant, at, 'User', tenant.newId(), name)];
    });
    const one = await run(tenant, units, 1);
    t.equal(one.outcomes.size, 4);
    t.equal((await tenant.search('User', undefined)).total, 4);
    const other = await newTenant();
    await other.createUser('taken');
    const again = units.map((_, at) => {
      const name = at === 3 || at === 300 ? 'taken' : `u${at}`;
      return [create(other, at, 'User', other.newId(), name)];
    });
    const two = await run(other, again, 2);
    t.equal(two.outcomes.size, 301, 'failures are counted over slices');
    t.equal(two.interrupted, undefined);
    t.equal((await other.search('User', undefined)).total, 300);
  });

  await t.test(
    'of many operations each is done, in order, and others get in between',
    async (t) => {
      const tenant = await newTenant();
      const events: string[] = [];
      const units = Array.from({ length: 1000 }, (_, at) => [
        create(tenant, at, 'User', tenant.newId(), `u${at}`),
      ]);
      const running = run(tenant, units).then((ended) => {
        events.push('bulk');
        return ended;
      });
      await tenant.createUser('other').then(() => events.push('other'));
      const ended = await running;
      t.same(events, ['other', 'bulk']);
      t.equal(kinds(ended).filter((kind) => kind === 'done').length, 1000);
      const versions = [...ended.outcomes.values()].map((each) =>
        each.kind === 'done' ? each.result.version : 0,
      );
      t.same(
        versions,
        versions.toSorted((a, b) => a - b),
      );
      t.equal((await tenant.search('User', undefined)).total, 1001);
    },
  );

  await t.test('in an endpoint that has gone each operation is refused', async (t) => {
    const tenant = await newTenant();
    await tenant.store.write({
      kind: 'deleteEndpoint',
      endpointId: tenant.id,
      now: 1,
      log: undefined,
    });
    const ended = await run(tenant, [[create(tenant, 0, 'User', tenant.newId(), 'a')]]);
    t.match(errorOf(ended, 0), { name: 'ScimError', status: 404 });
  });
}

export function run(
  tenant: Tenant,
  units: readonly BulkUnit[],
  failOnErrors?: number,
): Promise<BulkResult> {
  return tenant.store.writeBulk({
    kind: 'bulk',
    endpointId: tenant.id,
    log: undefined,
    count: units.flat().length,
    units,
    failOnErrors,
  });
}

export function create(
  tenant: Tenant,
  position: number,
  type: 'User' | 'Group',
  id: string,
  name: string,
  members: readonly string[] = [],
): BulkOperation {
  const isUser = type === 'User';
  const named = isUser ? { userName: name } : { displayName: name };
  const schemas = [isUser ? USER_SCHEMA : GROUP_SCHEMA];
  return change(position, {
    ...target(tenant, type, id),
    kind: 'create',
    document: JSON.stringify({ schemas, id, ...named }),
    name,
    externalId: undefined,
    display: name,
    members: isUser ? undefined : members,
    secrets: undefined,
  });
}

function change(position: number, command: ResourceWrite): BulkOperation {
  return { position, command, afterwards: undefined, needs: [] };
}

function patch(
  tenant: Tenant,
  type: string,
  id: string,
  attribute: string,
  value: string,
  ifMatch: string,
): PatchCommand {
  const operations = JSON.stringify([set('replace', attribute, value)]);
  return { ...target(tenant, type, id), kind: 'patch', ifMatch, operations, needsSecrets: false };
}

function join(tenant: Tenant, group: string, member: string): PatchCommand {
  const operations = JSON.stringify([set('add', 'members', elements([member]))]);
  return {
    ...target(tenant, 'Group', group),
    kind: 'patch',
    ifMatch: undefined,
    operations,
    needsSecrets: false,
  };
}

function remove(tenant: Tenant, id: string): ResourceWrite {
  return { ...target(tenant, 'User', id), kind: 'delete', ifMatch: undefined };
}

function target(tenant: Tenant, type: string, id: string) {
  return { endpointId: tenant.id, type, id, now: tenant.now(), log: undefined };
}

/** By position. */
function kinds({ outcomes }: BulkResult): string[] {
  return [...outcomes].toSorted(([a], [b]) => a - b).map(([, { kind }]) => kind);
}

function errorOf({ outcomes }: BulkResult, position: number): Error | undefined {
  const outcome: BulkOutcome | undefined = outcomes.get(position);
  return outcome?.kind === 'failed' ? outcome.error : undefined;
}
