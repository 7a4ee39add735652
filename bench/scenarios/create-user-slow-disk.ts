/** The same creates where each sync of the disk takes 2 ms longer, for the limit beside it too. */
import type { Scenario } from '../scenario.ts';
import { createUser } from './create-user.ts';

export const createUserSlowDisk: Scenario = {
  ...createUser,
  name: 'create-user-slow-disk',
  question: 'How many where each sync of the disk takes 2 ms more, as in a cloud?',
  syncDelayMs: 2,
};
