/** The last 100 of all users, by index; beside list-100 it tells what the depth costs. */
import { PAGE_USERS, prepareList, walkUsers } from '../list-load.ts';
import type { Scenario } from '../scenario.ts';

export const lastPage: Scenario = {
  name: 'last-page',
  question: 'What does the last page cost by index?',
  limit: 'get',
  connectionsMax: 10,
  prepare: async (stage) => {
    const { ids } = await walkUsers(stage.client);
    const startIndex = Math.max(1, ids.length - PAGE_USERS + 1);
    return prepareList(stage, {
      query: `&startIndex=${startIndex}`,
      ids: ids.slice(startIndex - 1),
    });
  },
};
