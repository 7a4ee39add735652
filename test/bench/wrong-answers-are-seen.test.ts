/** The bench measures a server only as long as it tells the truth: each lie must be noticed. */
import t from 'tap';
import { complaintsAfter, measure } from '../../bench/measure.ts';
import { prepareMemberAdd, prepareMemberRemove } from '../../bench/member-load.ts';
import { population } from '../../bench/population.ts';
import type { Scenario, Stage } from '../../bench/scenario.ts';
import { bulkCreate } from '../../bench/scenarios/bulk-create.ts';
import { createUser } from '../../bench/scenarios/create-user.ts';
import { cursorWalk } from '../../bench/scenarios/cursor-walk.ts';
import { deactivateUser } from '../../bench/scenarios/deactivate-user.ts';
import { getUser } from '../../bench/scenarios/get-user.ts';
import { lastPageByCursor } from '../../bench/scenarios/last-page-by-cursor.ts';
import { lastPage } from '../../bench/scenarios/last-page.ts';
import { list100TwoAttributes } from '../../bench/scenarios/list-100-two-attributes.ts';
import { list100 } from '../../bench/scenarios/list-100.ts';
import { lookUpUserName } from '../../bench/scenarios/look-up-user-name.ts';
import { patchUser } from '../../bench/scenarios/patch-user.ts';
import { scimClient } from '../../bench/scim-client.ts';
import type { Lie } from './stand-in.ts';
import { startStandIn } from './stand-in.ts';

/** Not a multiple of ten: else a liar would forget the same users each time round. */
const USERS = 61;
/** More than one page. */
const LISTED_USERS = 120;
const LISTS: readonly Scenario[] = [
  list100,
  list100TwoAttributes,
  lastPage,
  lastPageByCursor,
  cursorWalk,
];
/** Liars lie in every tenth answer. */
const ANSWERED_MIN = 12;
/** Doubled until that many are answered: a machine may be slow. What was needed once is the start. */
const SECONDS = 0.1;
const secondsOf = new Map<Scenario, number>();
const SECONDS_MAX = 30;

interface Attempt {
  readonly answered: number;
  readonly complaints: readonly string[];
}

/** Few groups, each changed several times. */
const MEMBERS = { size: 10, spare: 250 };

const addMember: Scenario = {
  name: 'add-member',
  question: '',
  limit: 'insert',
  prepare: (stage) => prepareMemberAdd(stage, MEMBERS),
};

const removeMember: Scenario = {
  name: 'remove-member',
  question: '',
  limit: 'insert',
  prepare: (stage) => prepareMemberRemove(stage, MEMBERS),
};

async function complaintsOf(scenario: Scenario, lie: Lie | undefined): Promise<readonly string[]> {
  for (let seconds = secondsOf.get(scenario) ?? SECONDS; ; seconds *= 2) {
    secondsOf.set(scenario, seconds);
    const { answered, complaints } = await loaded(scenario, lie, seconds);
    if (answered < ANSWERED_MIN && seconds < SECONDS_MAX) continue;
    t.ok(answered >= ANSWERED_MIN, `${scenario.name} loaded the server`);
    return complaints;
  }
}

async function loaded(scenario: Scenario, lie: Lie | undefined, seconds: number): Promise<Attempt> {
  const people = population();
  const server = await startStandIn(lie);
  try {
    const creates = scenario === createUser || scenario === bulkCreate;
    const userCount = LISTS.includes(scenario) ? LISTED_USERS : USERS;
    if (!creates) await people.growTo(userCount, server, server.token);
    const stage: Stage = {
      server,
      client: scimClient(server.base, server.token),
      population: people,
      userCount,
      memberCount: 10,
      // A run lasts until autocannon looks at its clock, every tenth of a second.
      totalSeconds: seconds + 0.3,
      seconds,
      rate: undefined,
    };
    const trial = await scenario.prepare(stage);
    // What is in flight at the end may be there: of bulks, more than a tenth of all must be known.
    const connections = scenario === bulkCreate ? 1 : 4;
    const options = { connections, seconds, warmUpSeconds: 0.05 };
    const measured = await measure(trial.load, server, options);
    const complaints = await complaintsAfter(trial, measured);
    return { answered: measured.answeredInAll, complaints };
  } finally {
    await server.stop();
  }
}

t.test('a truthful server gets no complaint', async (t) => {
  const others = [createUser, bulkCreate, getUser, lookUpUserName, patchUser, deactivateUser];
  for (const scenario of [...others, addMember, removeMember, ...LISTS]) {
    t.same(await complaintsOf(scenario, undefined), [], scenario.name);
  }
});

t.test('each lie is noticed', async (t) => {
  const noticed = async (scenario: Scenario, lie: Lie): Promise<void> => {
    t.not((await complaintsOf(scenario, lie)).length, 0, `${scenario.name}: ${lie}`);
  };
  await noticed(createUser, 'forgets creates');
  await noticed(createUser, 'drops addresses');
  await noticed(createUser, 'fails');
  await noticed(bulkCreate, 'forgets creates');
  await noticed(bulkCreate, 'drops addresses');
  await noticed(bulkCreate, 'fails');
  await noticed(getUser, 'answers another user');
  await noticed(getUser, 'drops addresses');
  await noticed(list100, 'answers another user');
  await noticed(list100, 'drops addresses');
  await noticed(list100TwoAttributes, 'answers another user');
  await noticed(lastPage, 'drops addresses');
  await noticed(lastPageByCursor, 'drops addresses');
  await noticed(patchUser, 'forgets patches');
  await noticed(cursorWalk, 'answers another user');
  await noticed(deactivateUser, 'forgets patches');
  await noticed(addMember, 'loses members');
  await noticed(removeMember, 'loses members');
});
