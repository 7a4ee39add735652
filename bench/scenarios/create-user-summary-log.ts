/** The same creates at an endpoint whose request log keeps a row of each, without headers and bodies. */
import { logHolds } from '../access/log-seen.ts';
import { prepareCreates } from '../create-users.ts';
import { createOwnEndpoint } from '../own-users.ts';
import type { Scenario } from '../scenario.ts';

export const createUserSummaryLog: Scenario = {
  name: 'create-user-summary-log',
  question: 'How many when the request log keeps no headers and bodies?',
  limit: 'insert',
  prepare: async (stage) => {
    const since = Date.now();
    const endpoint = await createOwnEndpoint(stage, 'summary-log', { requestLog: 'summary' });
    const creates = await prepareCreates(stage, endpoint);
    return {
      ...creates,
      verify: async (sent, answered) => {
        const complaints = await creates.verify(sent, answered);
        await logHolds({ server: stage.server, id: endpoint.name }, 'POST', 'summary', since);
        return complaints;
      },
    };
  },
};
