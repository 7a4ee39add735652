/**
 * What every storage engine must do, as tests against the port. An engine's own test file calls
 * `storeContract` with a way to open an empty store; there is no other definition of the port's
 * behaviour.
 */
import type { Test } from 'tap';
import type { EndpointFields } from '../commands.ts';
import type { Store } from '../store.ts';
import { closing } from './closing.ts';
import { concurrency } from './concurrency.ts';
import { endpoints } from './endpoints.ts';
import { members } from './members.ts';
import { preconditions } from './preconditions.ts';
import { resources } from './resources.ts';
import { search } from './search.ts';
import { Ids, Tenant } from './tenant.ts';
import { uniqueness } from './uniqueness.ts';

/** Opens an empty store, which the suite closes. */
export type OpenStore = (t: Test) => Promise<Store>;

/** Makes an endpoint of its own for a test. */
export type NewTenant = (config?: Readonly<Record<string, unknown>>) => Promise<Tenant>;

type Subject = (t: Test, newTenant: NewTenant) => Promise<void>;

const SUBJECTS: Readonly<Record<string, Subject>> = {
  resources,
  uniqueness,
  preconditions,
  members,
  search,
  concurrency,
  endpoints,
};

/** Runs the whole contract, a store for each subject. */
export async function storeContract(t: Test, openStore: OpenStore): Promise<void> {
  for (const [name, subject] of Object.entries(SUBJECTS)) {
    await t.test(name, async (t) => {
      const store = await openStore(t);
      t.teardown(() => store.close());
      const ids = new Ids();
      await subject(t, async (config) => {
        const id = ids.next();
        await store.write({
          kind: 'createEndpoint',
          endpointId: id,
          now: 1_700_000_000_000,
          log: undefined,
          fields: endpointFields({ name: `tenant-${id}`, config: config ?? {} }),
        });
        return new Tenant(store, id, ids);
      });
    });
  }
  await t.test('closing', (t) => closing(t, openStore));
}

export function endpointFields(fields: Partial<EndpointFields>): EndpointFields {
  return {
    name: undefined,
    displayName: undefined,
    description: undefined,
    config: undefined,
    active: undefined,
    ...fields,
  };
}
