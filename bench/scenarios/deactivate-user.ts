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
        check: (n, status, body) =>
          status === 200 &&
          body.includes(`"id":"${ids[n % userCount] ?? ''}"`) &&
          body.includes(`"active":${activeAt(n)}`)
            ? undefined
            : `PATCH active: ${status} ${body.slice(0, 300)}`,
      },
      verify: async (sent, answered) => {
        const complaints: string[] = [];
        const stride = Math.ceil(userCount / SAMPLES_MAX);
        const lost = sent - answered;
        for (let user = 0; user < Math.min(userCount, sent); user += stride) {
          const { active } = await client.get(`/Users/${ids[user] ?? ''}`);
          const last = user + Math.floor((sent - 1 - user) / userCount) * userCount;
          // What was in flight at the end may have been done or not.
          const isOpen = lost > 0 && last >= sent - userCount;
          const before = last >= userCount ? activeAt(last - userCount) : true;
          if (active !== activeAt(last) && !(isOpen && active === before)) {
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
