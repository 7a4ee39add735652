/** Users and endpoints of a scenario's own: nobody else's data are in its way, nor its in theirs. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../src/scim/json.ts';
import { drive } from './drive.ts';
import { createLoad } from './population.ts';
import type { Stage } from './scenario.ts';
import { scimClient, type ScimClient } from './scim-client.ts';

const SEEDING_CONNECTIONS = 50;

/** @returns ids, of the serials from `firstSerial` on */
export async function createOwnUsers(
  { population, server }: Stage,
  firstSerial: number,
  count: number,
  root = '/scim/v2',
): Promise<readonly string[]> {
  const ids: string[] = [];
  const load = createLoad(
    population.users,
    server.token,
    firstSerial,
    count,
    (serial, id) => {
      ids[serial - firstSerial] = id;
    },
    root,
  );
  const { port } = server;
  const connections = SEEDING_CONNECTIONS;
  const seeded = await drive(load, { port, connections, seconds: undefined, first: 0 });
  if (seeded.wrong > 0) throw new Error(`users of ${root}: ${seeded.complaints.join('; ')}`);
  return ids;
}

export interface OwnEndpoint {
  readonly name: string;
  /** `/scim/endpoints/{name}` */
  readonly root: string;
  readonly client: ScimClient;
}

/**
 * A new one each time.
 * @param config settings other than the usual
 */
export async function createOwnEndpoint(
  stage: Stage,
  kind: string,
  config: JsonObject = {},
): Promise<OwnEndpoint> {
  const { server } = stage;
  const origin = server.base.replace(/\/scim\/v2$/, '');
  const name = `${kind}-${randomUUID().slice(0, 8)}`;
  await scimClient(`${origin}/scim/admin`, server.token).post('/endpoints', { name, config });
  const root = `/scim/endpoints/${name}`;
  return { name, root, client: scimClient(origin + root, server.token) };
}

const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** @returns its id */
export async function createOwnGroup(
  client: ScimClient,
  displayName: string,
  members: readonly string[] = [],
): Promise<string> {
  const { id } = await client.post('/Groups', {
    schemas: [GROUP_SCHEMA],
    displayName,
    members: members.map((value) => ({ value })),
  });
  if (typeof id !== 'string') throw new Error('POST group answered no id');
  return id;
}
