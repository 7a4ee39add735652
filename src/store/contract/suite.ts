/**
 * What every storage engine must do, as tests against the port. An engine's own test file calls
 * `storeContract` with a way to open an empty store; there is no other definition of the port's
 * behaviour.
 */
import type { Test } from 'tap';
import { bulk } from './bulk.ts';
import { closing } from './closing.ts';
import { concurrency } from './concurrency.ts';
import { credentials } from './credentials.ts';
import { cursors } from './cursors.ts';
import { endpoints } from './endpoints.ts';
import { longLists } from './long-lists.ts';
import { members } from './members.ts';
import { preconditions } from './preconditions.ts';
import { profiles } from './profiles.ts';
import { resources } from './resources.ts';
import { search } from './search.ts';
import { secrets } from './secrets.ts';
import { sorting } from './sorting.ts';
import type { NewTenant, OpenStore, Subject } from './subject.ts';
import { endpointFields, Ids, Tenant } from './tenant.ts';
import { uniqueAttributes } from './unique-attributes.ts';
import { uniqueness } from './uniqueness.ts';

const SUBJECTS: Readonly<Record<string, Subject>> = {
  resources,
  uniqueness,
  'unique attributes': uniqueAttributes,
  secrets,
  preconditions,
  members,
  bulk,
  search,
  sorting,
  cursors,
  longLists,
  concurrency,
  endpoints,
  credentials,
  profiles,
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
    return new Tenant(store, id, ids, config);
  };
  for (const [name, subject] of Object.entries(SUBJECTS)) {
    await t.test(name, (t) => subject(t, newTenant));
  }
  await t.test('closing', (t) => closing(t, openStore));
}
