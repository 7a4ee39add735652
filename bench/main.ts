/** `npm run bench`: reads the command line, runs a session, says whether every answer was right. */
import { compare, comparisonTable } from './compare.ts';
import { USAGE, parseOptions } from './options.ts';
import { addMemberTo10 } from './scenarios/add-member-to-10.ts';
import { addMemberTo100000 } from './scenarios/add-member-to-100000.ts';
import { bulkCreate } from './scenarios/bulk-create.ts';
import { createUser } from './scenarios/create-user.ts';
import { deleteUser } from './scenarios/delete-user.ts';
import { discovery } from './scenarios/discovery.ts';
import { entraInitialCycle } from './scenarios/entra-initial-cycle.ts';
import { getUser } from './scenarios/get-user.ts';
import { lastPageByCursor } from './scenarios/last-page-by-cursor.ts';
import { lastPage } from './scenarios/last-page.ts';
import { list100TwoAttributes } from './scenarios/list-100-two-attributes.ts';
import { list100 } from './scenarios/list-100.ts';
import { lookUpUserName } from './scenarios/look-up-user-name.ts';
import { patchUser } from './scenarios/patch-user.ts';
import { replaceUser } from './scenarios/replace-user.ts';
import { runSession } from './session.ts';

/** get-user and the lists compare whole users, so they come before what changes them. */
const SCENARIOS = [
  createUser,
  getUser,
  lookUpUserName,
  list100,
  list100TwoAttributes,
  lastPage,
  lastPageByCursor,
  discovery,
  patchUser,
  replaceUser,
  deleteUser,
  addMemberTo10,
  addMemberTo100000,
  bulkCreate,
  entraInitialCycle,
] as const;

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 0 right, 1 wrong answers or a failure, 2 not understood, 3 a target missed */
async function main(args: readonly string[]): Promise<number> {
  const options = parsed(args);
  if (options === undefined) return 2;
  const chosen = SCENARIOS.filter(
    ({ name }) => options.scenario === undefined || name === options.scenario,
  );
  if (chosen.length === 0) {
    console.error(`--scenario is one of: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  if (options.compare !== undefined) {
    const lines = await compare(options.compare, chosen, options, (text) => console.error(text));
    console.log(options.json ? JSON.stringify(lines) : comparisonTable(lines));
    return 0;
  }
  const { wrong, missed } = await runSession(chosen, options, {
    progress: (text) => console.error(text),
    result: (text) => console.log(text),
  });
  if (wrong > 0) {
    console.error(`${wrong} of ${chosen.length} scenarios had wrong answers`);
    return 1;
  }
  return options.check && missed > 0 ? 3 : 0;
}

function parsed(args: readonly string[]) {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}
