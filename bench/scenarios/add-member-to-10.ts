/** Adds one member to a group of 10; beside `add-member-to-100000` it shows what size costs. */
import { prepareMemberAdd } from '../member-load.ts';
import type { Scenario } from '../scenario.ts';

const SIZE = 10;
const SPARE = 100;

export const addMemberTo10: Scenario = {
  name: 'add-member-to-10',
  question: 'How many members a second can be added to small groups?',
  limit: 'insert',
  prepare: (stage) => prepareMemberAdd(stage, { size: SIZE, spare: SPARE }),
};
