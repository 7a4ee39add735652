/** DELETE of users that were made for it. */
import { createOwnUsers } from '../own-users.ts';
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';

const USERS = 20_000;

export const deleteUser: Scenario = {
  name: 'delete-user',
  question: 'How many users a second can a provider delete?',
  limit: 'insert',
  whole: true,
  prepare: async (stage) => {
    const { client, server } = stage;
    const before = await client.total('/Users');
    const ids = await createOwnUsers(stage, stage.population.freshSerials(), USERS);
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
