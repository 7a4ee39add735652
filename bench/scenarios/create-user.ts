/** POST of users of 1.2 KB, each new, each durable before it is answered. */
import { createLoad, userIsWhole } from '../population.ts';
import type { Scenario } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';

export const createUser: Scenario = {
  name: 'create-user',
  question: 'How many users a second can a provider create?',
  limit: 'insert',
  prepare: async ({ client, population, server }) => {
    const before = await client.total('/Users');
    const first = population.freshSerials();
    const created: { readonly serial: number; readonly id: string }[] = [];
    const load = createLoad(population.users, server.token, first, Infinity, (serial, id) =>
      created.push({ serial, id }),
    );
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
  },
};
