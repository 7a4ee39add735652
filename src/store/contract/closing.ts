/** The end of a store: what was asked before is answered, what is asked after is refused. */
import type { Test } from 'tap';
import type { OpenStore } from './subject.ts';
import type { BulkResult } from '../results.ts';
import { create, run } from './bulk.ts';
import { refused } from './refused.ts';
import { endpointFields, Ids, Tenant } from './tenant.ts';

export async function closing(t: Test, openStore: OpenStore): Promise<void> {
  const store = await openStore(t);
  t.teardown(() => store.close());
  const ids = new Ids();
  const id = ids.next();
  await store.write({
    kind: 'createEndpoint',
    endpointId: id,
    now: 1,
    log: undefined,
    fields: endpointFields({ name: 'closing' }),
  });
  const tenant = new Tenant(store, id, ids);
  const entry = {
    time: 1,
    requestId: 'r',
    endpointId: undefined,
    method: 'GET',
    target: '/',
    requestBytes: 0,
    status: 200,
    durationMs: 1,
    detail: undefined,
  };
  const content = {
    key: 1,
    requestHeaders: '[]',
    endpointId: id,
    requestBody: undefined,
    responseHeaders: '[]',
    responseBody: '{}',
    responseBytes: 2,
  };

  await store.ping();
  t.doesNotThrow(() => store.log({ ...entry, contentKey: 1 }));
  t.doesNotThrow(() => store.logContent(content));
  await store.clearLog(id);
  await store.clearLog(undefined);
  const toggle = { kind: 'toggle', endpointId: id, id: ids.next(), label: 'run', now: 1 } as const;
  t.match(await store.changeRun(toggle), { id: toggle.id, endedAt: undefined });
  const queued = ['a', 'b', 'c'].map((name) => tenant.createUser(name));
  const long = run(
    tenant,
    Array.from({ length: 1000 }, (_, at) => [create(tenant, at, 'User', ids.next(), `bulk${at}`)]),
  );
  // Its first slice is under way then, and far from all of it.
  await tenant.createUser('meanwhile');
  const closed = store.close();
  const unavailable = { name: 'StoreError', code: 'unavailable' } as const;
  await refused(t, tenant.createUser('late'), unavailable, 'a write after close is refused');
  await refused(t, tenant.find('User', id), unavailable);
  await refused(t, tenant.search('User', undefined), unavailable);
  await refused(t, run(tenant, []), unavailable);
  await refused(t, store.endpointStats(id), unavailable);
  await refused(t, store.ping(), unavailable);
  await refused(t, store.clearLog(undefined), unavailable);
  await refused(t, store.changeRun(toggle), unavailable);
  t.doesNotThrow(() => store.log(entry));
  t.doesNotThrow(() => store.logContent(content));
  t.equal((await Promise.all(queued)).length, 3, 'what was queued is done');
  await endsEarly(t, long);
  await closed;
  await store.close();
  t.pass('closing twice is no fault');
}

/** Every operation is done, or told with what was begun, or left: and `interrupted` says why. */
async function endsEarly(t: Test, bulk: Promise<BulkResult>): Promise<void> {
  const { outcomes, interrupted } = await bulk;
  t.match(interrupted, { name: 'StoreError', code: 'unavailable' });
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  t.equal(kinds[0], 'done');
  t.ok(kinds.length < 1000, 'no slice begins after close');
}
