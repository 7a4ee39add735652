/** Takes one member out of a group of 1,000. */
import { prepareMemberRemove } from '../member-load.ts';
import type { Scenario } from '../scenario.ts';

const SIZE = 1000;
const SPARE = 1000;

export const removeMemberFrom1000: Scenario = {
  name: 'remove-member-from-1000',
  question: 'How many members a second can be taken out of groups of 1,000?',
  limit: 'insert',
  prepare: (stage) => prepareMemberRemove(stage, { size: SIZE, spare: SPARE }),
};
