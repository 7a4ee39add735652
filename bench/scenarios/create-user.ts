/** POST of users of 1.2 KB, each new, each durable before it is answered. */
import { prepareCreates } from '../create-users.ts';
import type { Scenario } from '../scenario.ts';

export const createUser: Scenario = {
  name: 'create-user',
  question: 'How many users a second can a provider create?',
  limit: 'insert',
  prepare: (stage) => prepareCreates(stage),
};
