/** PATCH of `active` as Entra sends it, of users that exist, in turn; switched back the next time round. */
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';
import { PATCH_SCHEMA } from '../scim-client.ts';

export const deactivateUser: Scenario = {
  name: 'deactivate-user',
  question: 'How many users a second can a provider switch off?',
  limit: 'insert',
  prepare: ({ client, population, server, userCount }) => {
    const ids = population.ids.slice(0, userCount);
    /** By user: number of the last request that was acknowledged, or -1. */
    const lastAcknowledged = new Int32Array(userCount).fill(-1);
    const activeAt = (n: number): boolean => Math.floor(n / userCount) % 2 === 1;
    const requests = ids.map((id) =>
      [false, true].map((active) =>
        requestBytes({
          method: 'PATCH',
          path: `/scim/v2/Users/${id}`,
          token: server.token,
          body: JSON.stringify({
            schemas: [PATCH_SCHEMA],
            Operations: [{ op: 'Replace', path: 'active', value: active ? 'True' : 'False' }],
          }),
        }),
      ),
    );
    return Promise.resolve({
      load: {
        capacity: Infinity,
        request: (n) => requests[n % userCount]?.[activeAt(n) ? 1 : 0] ?? Buffer.alloc(0),
        check: (n, status, body) => {
          const user = n % userCount;
          const isRight =
            status === 200 &&
            body.includes(`"id":"${ids[user] ?? ''}"`) &&
            body.includes(`"active":${activeAt(n)}`);
          if (!isRight) return `PATCH active: ${status} ${body.slice(0, 300)}`;
          lastAcknowledged[user] = n;
          return undefined;
        },
      },
      verify: async (sent) => {
        const complaints: string[] = [];
        const stride = Math.ceil(userCount / SAMPLES_MAX);
        for (let user = 0; user < userCount; user += stride) {
          const last = lastAcknowledged[user] ?? -1;
          // A later one that was in flight at the end may have been done or not: it may be either.
          if (last === -1 || last + userCount < sent) continue;
          const { active } = await client.get(`/Users/${ids[user] ?? ''}`);
          if (active !== activeAt(last)) {
            complaints.push(
              `user ${user}: active is ${JSON.stringify(active)} after request ${last}`,
            );
          }
        }
        return complaints;
      },
    });
  },
};
