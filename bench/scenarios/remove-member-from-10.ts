/** Takes one member out of a group of 10; beside `remove-member-from-100000` it shows what size costs. */
import { prepareMemberRemove } from '../member-load.ts';
import type { Scenario } from '../scenario.ts';

const SIZE = 10;
const SPARE = 100;

export const removeMemberFrom10: Scenario = {
  name: 'remove-member-from-10',
  question: 'How many members a second can be taken out of small groups?',
  limit: 'insert',
  prepare: (stage) => prepareMemberRemove(stage, { size: SIZE, spare: SPARE }),
};
