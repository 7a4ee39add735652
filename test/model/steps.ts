/** Which step a client takes next; a step that fails tells what led to it. */
import type { Random } from '../support/random.ts';
import type { Actor } from './actor.ts';
import { sendBulk } from './bulk-steps.ts';
import {
  createGroup,
  deleteGroup,
  patchMembers,
  readGroupWithoutMembers,
  renameGroup,
  replaceGroup,
} from './group-steps.ts';
import { list, walk } from './list-steps.ts';
import {
  createUser,
  deleteUser,
  patchUser,
  readUser,
  replaceUser,
  touchNobody,
} from './user-steps.ts';

type Step = (actor: Actor) => Promise<void>;

/** Each with its weight. */
const USER_STEPS: readonly (readonly [Step, number])[] = [
  [createUser, 9],
  [replaceUser, 8],
  [patchUser, 18],
  [deleteUser, 3],
  [readUser, 8],
  [touchNobody, 2],
  [list, 12],
  [walk, 3],
  [sendBulk, 5],
  [patchMembers, 10],
];

const GROUP_STEPS: readonly (readonly [Step, number])[] = [
  [createGroup, 3],
  [replaceGroup, 4],
  [renameGroup, 3],
  [deleteGroup, 1],
  [readGroupWithoutMembers, 2],
];

/** @throws Error with the last requests and their answers */
export async function takeStep(actor: Actor, number: number): Promise<void> {
  // Where others are about, groups are shared, and only their members change.
  const steps = actor.prefix === '' ? [...USER_STEPS, ...GROUP_STEPS] : USER_STEPS;
  const step = weighted(actor.random, steps);
  try {
    await step(actor);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const who = `${actor.prefix}step ${number}, ${step.name}`;
    throw new Error(`${who}: ${why}\n\nlast requests:\n${actor.trace}`, { cause: error });
  }
}

function weighted(random: Random, steps: readonly (readonly [Step, number])[]): Step {
  let left = random.below(steps.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [step, weight] of steps) {
    left -= weight;
    if (left < 0) return step;
  }
  return createUser;
}
