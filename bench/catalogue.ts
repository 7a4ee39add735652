/** Which scenarios there are, in the order in which they run, and which of them a run takes. */
import type { Occasion } from './occasion.ts';
import { coldStart } from './occasions/cold-start.ts';
import { restore } from './occasions/restore.ts';
import type { BenchOptions } from './options.ts';
import type { Scenario } from './scenario.ts';
import { addMemberTo10 } from './scenarios/add-member-to-10.ts';
import { addMemberTo100000 } from './scenarios/add-member-to-100000.ts';
import { bulkCreate } from './scenarios/bulk-create.ts';
import { createUser } from './scenarios/create-user.ts';
import { createUserSlowDisk } from './scenarios/create-user-slow-disk.ts';
import { createUserSummaryLog } from './scenarios/create-user-summary-log.ts';
import { deleteUser } from './scenarios/delete-user.ts';
import { discovery } from './scenarios/discovery.ts';
import { entraInitialCycle } from './scenarios/entra-initial-cycle.ts';
import { getUser } from './scenarios/get-user.ts';
import { lastPageByCursor } from './scenarios/last-page-by-cursor.ts';
import { lastPage } from './scenarios/last-page.ts';
import { list100TwoAttributes } from './scenarios/list-100-two-attributes.ts';
import { list100 } from './scenarios/list-100.ts';
import { lookUpUserName } from './scenarios/look-up-user-name.ts';
import { mixedWhileSnapshots } from './scenarios/mixed-while-snapshots.ts';
import { mixed } from './scenarios/mixed.ts';
import { patchUser } from './scenarios/patch-user.ts';
import { replaceUser } from './scenarios/replace-user.ts';
import { addMemberTo1000 } from './scenarios/add-member-to-1000.ts';
import { removeMemberFrom10 } from './scenarios/remove-member-from-10.ts';
import { removeMemberFrom1000 } from './scenarios/remove-member-from-1000.ts';
import { removeMemberFrom100000 } from './scenarios/remove-member-from-100000.ts';
import { deactivateUser } from './scenarios/deactivate-user.ts';
import { cursorWalk } from './scenarios/cursor-walk.ts';
import { soak } from './scenarios/soak.ts';
import { entraIncrementalCycle } from './scenarios/entra-incremental-cycle.ts';
import { oktaImport } from './scenarios/okta-import.ts';
import { validatorBurst } from './scenarios/validator-burst.ts';

/** The main table: two minutes. get-user and the list compare whole users, so they come first. */
const MAIN: ReadonlySet<Scenario> = new Set([
  createUser,
  getUser,
  lookUpUserName,
  list100,
  patchUser,
  replaceUser,
  deleteUser,
  addMemberTo10,
  addMemberTo100000,
  entraInitialCycle,
]);

/** In the order in which they run. The rest runs by name, or with `--full`. */
const ALL: readonly Scenario[] = [
  createUser,
  getUser,
  lookUpUserName,
  list100,
  list100TwoAttributes,
  lastPage,
  lastPageByCursor,
  cursorWalk,
  discovery,
  patchUser,
  deactivateUser,
  replaceUser,
  deleteUser,
  addMemberTo10,
  addMemberTo1000,
  addMemberTo100000,
  removeMemberFrom10,
  removeMemberFrom1000,
  removeMemberFrom100000,
  bulkCreate,
  entraInitialCycle,
  entraIncrementalCycle,
  oktaImport,
  validatorBurst,
  createUserSummaryLog,
  mixed,
  mixedWhileSnapshots,
  createUserSlowDisk,
  soak,
];

/** After all scenarios, on the data that they left. */
const OCCASIONS: readonly Occasion[] = [coldStart, restore];

export const NAMES: readonly string[] = [...ALL, ...OCCASIONS].map(({ name }) => name);

/** Starts and restores. */
export function chosenOccasions({ scenarios, full, smoke }: BenchOptions): readonly Occasion[] {
  if (scenarios !== undefined) return OCCASIONS.filter(({ name }) => scenarios.includes(name));
  return full || smoke ? OCCASIONS : [];
}

/** @returns undefined when a name is unknown */
export function chosenScenarios(options: BenchOptions): readonly Scenario[] | undefined {
  const { scenarios: names, full, smoke, minutes } = options;
  if (names === undefined) {
    const offered = full || smoke ? ALL : ALL.filter((each) => MAIN.has(each));
    return offered.filter(({ takesMinutes = false }) => !takesMinutes || minutes !== undefined);
  }
  return names.every((name) => NAMES.includes(name))
    ? ALL.filter(({ name }) => names.includes(name))
    : undefined;
}
