/** `filter=userName eq "…"`, as providers look a user up before they create it. */
import { isObject } from '../../src/scim/json.ts';
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';

export const lookUpUserName: Scenario = {
  name: 'look-up-user-name',
  question: 'How many users a second can be looked up by userName?',
  limit: 'get',
  prepare: ({ client, population, server, userCount }) => {
    const { ids, users } = population;
    const target = (user: number): string =>
      `/Users?filter=${encodeURIComponent(`userName eq "${users.userName(user)}"`)}`;
    const requests = Array.from({ length: userCount }, (_, user) =>
      requestBytes({ method: 'GET', path: `/scim/v2${target(user)}`, token: server.token }),
    );
    return Promise.resolve({
      load: {
        capacity: Infinity,
        request: (n) => requests[n % userCount] ?? Buffer.alloc(0),
        check: (n, status, body) => {
          if (status !== 200) return `userName eq: ${status} ${body.slice(0, 300)}`;
          return /"totalResults":1[,}]/.test(body) &&
            body.includes(`"id":"${ids[n % userCount] ?? ''}"`)
            ? undefined
            : `userName eq, user ${n % userCount}: answered ${body.slice(0, 300)}`;
        },
      },
      verify: async () => {
        const complaints: string[] = [];
        const stride = Math.ceil(userCount / SAMPLES_MAX);
        for (let user = 0; user < userCount; user += stride) {
          const { totalResults, Resources } = await client.get(target(user));
          const first = Array.isArray(Resources) ? Resources[0] : undefined;
          const found = isObject(first) && first['userName'] === users.userName(user);
          if (totalResults !== 1 || !found) {
            complaints.push(`user ${user} is not found by its userName`);
          }
        }
        return complaints;
      },
    });
  },
};
