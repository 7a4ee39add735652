/** The last 100 of all users, by cursor; beside list-100 it tells what the depth costs. */
import { PAGE_USERS, prepareList, walkUsers } from '../list-load.ts';
import type { Scenario } from '../scenario.ts';

export const lastPageByCursor: Scenario = {
  name: 'last-page-by-cursor',
  question: 'What does the last page cost by cursor?',
  limit: 'get',
  connectionsMax: 10,
  prepare: async (stage) => {
    const { ids, lastCursor } = await walkUsers(stage.client);
    return prepareList(stage, { query: `&cursor=${lastCursor}`, ids: ids.slice(-PAGE_USERS) });
  },
};
