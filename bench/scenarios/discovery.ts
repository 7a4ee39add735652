/** `/Schemas`, which clients read before they begin: a long answer that never changes. */
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';

const PATH = '/Schemas';

export const discovery: Scenario = {
  name: 'discovery',
  question: 'How many times a second can the schemas be read?',
  limit: 'get',
  prepare: async ({ client, server }) => {
    const { totalResults } = await client.get(PATH);
    if (typeof totalResults !== 'number') throw new Error(`${PATH}: no totalResults`);
    const request = requestBytes({ method: 'GET', path: `/scim/v2${PATH}`, token: server.token });
    const expected = `"totalResults":${totalResults},`;
    return {
      load: {
        capacity: Infinity,
        request: () => request,
        check: (_n, status, body) =>
          status === 200 && body.includes(expected) && body.endsWith('}')
            ? undefined
            : `${PATH}: ${status} ${body.slice(0, 300)}`,
      },
      verify: async () => {
        const { Resources } = await client.get(PATH);
        return Array.isArray(Resources) && Resources.length === totalResults
          ? []
          : ['the schemas are not as many as they say'];
      },
    };
  },
};
