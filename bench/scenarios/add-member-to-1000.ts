/** Adds one member to a group of 1,000. */
import { prepareMemberAdd } from '../member-load.ts';
import type { Scenario } from '../scenario.ts';

const SIZE = 1000;
const SPARE = 1000;

export const addMemberTo1000: Scenario = {
  name: 'add-member-to-1000',
  question: 'How many members a second can be added to groups of 1,000?',
  limit: 'insert',
  prepare: (stage) => prepareMemberAdd(stage, { size: SIZE, spare: SPARE }),
};
