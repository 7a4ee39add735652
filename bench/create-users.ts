/** Creates of new users, and what must be there afterwards: as many as were acknowledged, each whole. */
import type { Load } from './drive.ts';
import { createLoad, userIsWhole } from './population.ts';
import { SAMPLES_MAX, type Stage, type Trial } from './scenario.ts';
import type { ScimClient } from './scim-client.ts';

/** Where they go. */
export interface CreateTarget {
  /** Of the endpoint: `/scim/v2` for the default one. */
  readonly root: string;
  readonly client: ScimClient;
}

/** @param target the default endpoint, when it is not given */
export async function prepareCreates(
  { client: defaultClient, population, server }: Stage,
  { root, client }: CreateTarget = { root: '/scim/v2', client: defaultClient },
): Promise<Trial> {
  const before = await client.total('/Users');
  const first = population.freshSerials();
  const created: { readonly serial: number; readonly id: string }[] = [];
  const keep = (serial: number, id: string): void => void created.push({ serial, id });
  const load: Load = createLoad(population.users, server.token, first, Infinity, keep, root);
  return {
    load,
    verify: async (sent, answered) => {
      const complaints: string[] = [];
      const added = (await client.total('/Users')) - before;
      if (added < answered || added > sent) {
        complaints.push(`${answered} users acknowledged of ${sent} sent, ${added} are there`);
      }
      const stride = Math.ceil(created.length / SAMPLES_MAX);
      for (const [index, { serial, id }] of created.entries()) {
        if (index % stride !== 0) continue;
        const complaint = await userIsWhole(client, population.users, serial, id);
        if (complaint !== undefined) complaints.push(complaint);
      }
      return complaints;
    },
  };
}
