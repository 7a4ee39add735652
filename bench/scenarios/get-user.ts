/** GET of a user by id, each of the users that exist in turn. */
import { userIsWhole } from '../population.ts';
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';
import { serialText } from '../users.ts';

export const getUser: Scenario = {
  name: 'get-user',
  question: 'How many users a second can be read by id?',
  limit: 'get',
  prepare: ({ client, population, server, userCount }) => {
    const ids = population.ids.slice(0, userCount);
    const requests = ids.map((id) =>
      requestBytes({ method: 'GET', path: `/scim/v2/Users/${id}`, token: server.token }),
    );
    return Promise.resolve({
      load: {
        capacity: Infinity,
        repeatable: userCount,
        request: (n) => requests[n % userCount] ?? Buffer.alloc(0),
        check: (n, status, body) => {
          if (status !== 200) return `GET user: ${status} ${body.slice(0, 300)}`;
          const user = n % userCount;
          return body.includes(`"id":"${ids[user] ?? ''}"`) &&
            body.includes(`.${serialText(user)}@contoso.example"`)
            ? undefined
            : `GET user ${user}: answered ${body.slice(0, 300)}`;
        },
      },
      verify: async () => {
        const complaints: string[] = [];
        const stride = Math.ceil(userCount / SAMPLES_MAX);
        for (let user = 0; user < userCount; user += stride) {
          const complaint = await userIsWhole(client, population.users, user, ids[user] ?? '');
          if (complaint !== undefined) complaints.push(complaint);
        }
        return complaints;
      },
    });
  },
};
