/** Takes one member out of a group of 100,000 (`--members` sets another size). */
import { prepareMemberRemove } from '../member-load.ts';
import type { Scenario } from '../scenario.ts';

export const removeMemberFrom100000: Scenario = {
  name: 'remove-member-from-100000',
  question: 'How many members a second can be taken out of very large groups?',
  limit: 'insert',
  prepare: (stage) =>
    prepareMemberRemove(stage, {
      size: stage.memberCount,
      spare: Math.ceil(stage.memberCount / 10),
    }),
};
