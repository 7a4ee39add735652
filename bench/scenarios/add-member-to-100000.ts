/** Adds one member to a group of 100,000 (`--members` sets another size). */
import { prepareMemberAdd } from '../member-load.ts';
import type { Scenario } from '../scenario.ts';

export const addMemberTo100000: Scenario = {
  name: 'add-member-to-100000',
  question: 'How many members a second can be added to very large groups?',
  limit: 'insert',
  prepare: (stage) =>
    prepareMemberAdd(stage, {
      size: stage.memberCount,
      spare: Math.ceil(stage.memberCount / 10),
    }),
};
