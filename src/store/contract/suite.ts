/**
 * What every storage engine must do, as tests against the port. An engine's own test file calls
 * `storeContract` with a way to open an empty store; there is no other definition of the port's
 * behaviour.
 */
import type { Test } from 'tap';
import { closing } from './closing.ts';
import { concurrency } from './concurrency.ts';
import { endpoints } from './endpoints.ts';
import { members } from './members.ts';
import { preconditions } from './preconditions.ts';
import { resources } from './resources.ts';
import { search } from './search.ts';
import type { NewTenant, OpenStore, Subject } from './subject.ts';
import { endpointFields, Ids, Tenant } from './tenant.ts';
import { uniqueness } from './uniqueness.ts';

const SUBJECTS: Readonly<Record<string, Subject>> = {
  resources,
  uniqueness,
  preconditions,
  members,
  search,
  concurrency,
  endpoints,
};

/** Runs the whole contract: on one store, with an endpoint for each test, and on one more to close. */
export async function storeContract(t: Test, openStore: OpenStore): Promise<void> {
  const store = await openStore(t);
  t.teardown(() => store.close());
  const ids = new Ids();
  const newTenant: NewTenant = async (config = {}) => {
    const id = ids.next();
    await store.write({
      kind: 'createEndpoint',
      endpointId: id,
      now: 1_700_000_000_000,
      log: undefined,
      fields: endpointFields({ name: `tenant-${id}`, config }),
    });
    return new Tenant(store, id, ids);
  };
  for (const [name, subject] of Object.entries(SUBJECTS)) {
    await t.test(name, (t) => subject(t, newTenant));
  }
  await t.test('closing', (t) => closing(t, openStore));
}
