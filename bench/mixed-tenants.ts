/** The endpoints that mixed traffic goes to: the default one with its users, and small ones beside. */
import { randomUUID } from 'node:crypto';
import { createOwnEndpoint, createOwnGroup, createOwnUsers } from './own-users.ts';
import type { Stage } from './scenario.ts';
import type { ScimClient } from './scim-client.ts';

export interface Tenant {
  /** `/scim/v2`, or `/scim/endpoints/{name}`. */
  readonly root: string;
  readonly client: ScimClient;
  /** By serial. */
  readonly userIds: readonly string[];
  readonly groups: readonly { readonly id: string; readonly displayName: string }[];
}

const SMALL_TENANTS = 3;
const SMALL_TENANT_USERS = 300;
const GROUPS = 10;

/** New endpoints and groups each time: what an earlier run left is not in the way. */
export async function prepareTenants(stage: Stage): Promise<readonly Tenant[]> {
  const { client, population, userCount } = stage;
  const large: Tenant = {
    root: '/scim/v2',
    client,
    userIds: population.ids.slice(0, userCount),
    groups: await createGroups(client),
  };
  const tenants = [large];
  for (let number = 0; number < SMALL_TENANTS; number += 1) {
    const own = await createOwnEndpoint(stage, 'mixed');
    const userIds = await createOwnUsers(stage, 0, SMALL_TENANT_USERS, own.root);
    tenants.push({ ...own, userIds, groups: await createGroups(own.client) });
  }
  return tenants;
}

async function createGroups(client: ScimClient): Promise<Tenant['groups']> {
  const mark = randomUUID().slice(0, 8);
  const groups: { id: string; displayName: string }[] = [];
  for (let number = 1; number <= GROUPS; number += 1) {
    const displayName = `Mixed ${mark} ${number}`;
    groups.push({ id: await createOwnGroup(client, displayName), displayName });
  }
  return groups;
}
