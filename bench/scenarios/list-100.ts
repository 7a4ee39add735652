/** The first 100 users, whole. */
import { PAGE_USERS, prepareList, walkUsers } from '../list-load.ts';
import type { Scenario } from '../scenario.ts';

export const list100: Scenario = {
  name: 'list-100',
  question: 'How many pages of 100 users a second can be read?',
  limit: 'get',
  connectionsMax: 10,
  prepare: async (stage) => {
    const { ids } = await walkUsers(stage.client);
    return prepareList(stage, { query: '', ids: ids.slice(0, PAGE_USERS) });
  },
};
