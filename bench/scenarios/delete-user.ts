/** DELETE of users that were made for it. */
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { createLoad } from '../population.ts';
import { drive } from '../drive.ts';

const USERS = 20_000;
const SEEDING_CONNECTIONS = 50;
/** Far above the serials of other scenarios. */
const FIRST_SERIAL = 600_000_000;

export const deleteUser: Scenario = {
  name: 'delete-user',
  question: 'How many users a second can a provider delete?',
  limit: 'insert',
  whole: true,
  prepare: async ({ client, population, server }) => {
    const before = await client.total('/Users');
    const ids: string[] = [];
    const seeding = createLoad(
      population.users,
      server.token,
      FIRST_SERIAL,
      USERS,
      (serial, id) => {
        ids[serial - FIRST_SERIAL] = id;
      },
    );
    const { port } = server;
    const seeded = await drive(seeding, {
      port,
      connections: SEEDING_CONNECTIONS,
      seconds: undefined,
      first: 0,
    });
    if (seeded.wrong > 0) throw new Error(`users to delete: ${seeded.complaints.join('; ')}`);
    return {
      load: {
        capacity: USERS,
        request: (n) =>
          requestBytes({
            method: 'DELETE',
            path: `/scim/v2/Users/${ids[n] ?? ''}`,
            token: server.token,
          }),
        check: (_n, status, body) =>
          status === 204 && body === '' ? undefined : `DELETE: ${status} ${body.slice(0, 300)}`,
      },
      verify: async () => {
        const left = (await client.total('/Users')) - before;
        return left === 0 ? [] : [`${left} users are left that were acknowledged as deleted`];
      },
    };
  },
};
