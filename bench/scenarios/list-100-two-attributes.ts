/** The first 100 users, two attributes of each: what a sync that looks for changes asks for. */
import type { JsonObject } from '../../src/scim/json.ts';
import { PAGE_USERS, prepareList, walkUsers } from '../list-load.ts';
import type { Scenario } from '../scenario.ts';

export const list100TwoAttributes: Scenario = {
  name: 'list-100-two-attributes',
  question: 'How many pages of 100 users with two attributes each can be read a second?',
  limit: 'get',
  connectionsMax: 10,
  prepare: async (stage) => {
    const { ids } = await walkUsers(stage.client);
    return prepareList(stage, {
      query: '&attributes=userName,active',
      ids: ids.slice(0, PAGE_USERS),
      shown: ({ userName, active }): JsonObject => ({
        ...(userName === undefined ? {} : { userName }),
        ...(active === undefined ? {} : { active }),
      }),
    });
  },
};
