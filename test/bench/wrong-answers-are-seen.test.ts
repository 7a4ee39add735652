/** The bench measures a server only as long as it tells the truth: each lie must be noticed. */
import t from 'tap';
import { complaintsAfter, measure } from '../../bench/measure.ts';
import { prepareMemberAdd } from '../../bench/member-load.ts';
import { population } from '../../bench/population.ts';
import type { Scenario, Stage } from '../../bench/scenario.ts';
import { bulkCreate } from '../../bench/scenarios/bulk-create.ts';
import { createUser } from '../../bench/scenarios/create-user.ts';
import { getUser } from '../../bench/scenarios/get-user.ts';
import { lookUpUserName } from '../../bench/scenarios/look-up-user-name.ts';
import { patchUser } from '../../bench/scenarios/patch-user.ts';
import { scimClient } from '../../bench/scim-client.ts';
import type { Lie } from './stand-in.ts';
import { startStandIn } from './stand-in.ts';

const USERS = 60;
const SECONDS = 0.2;

const addMember: Scenario = {
  name: 'add-member',
  question: '',
  limit: 'insert',
  prepare: (stage) => prepareMemberAdd(stage, { size: 10, spare: 50 }),
};

async function complaintsOf(scenario: Scenario, lie: Lie | undefined): Promise<readonly string[]> {
  const people = population();
  const server = await startStandIn(lie);
  try {
    const creates = scenario === createUser || scenario === bulkCreate;
    if (!creates) await people.growTo(USERS, server, server.token);
    const stage: Stage = {
      server,
      client: scimClient(server.base, server.token),
      population: people,
      userCount: USERS,
      memberCount: 10,
      totalSeconds: SECONDS,
    };
    const trial = await scenario.prepare(stage);
    const options = { connections: 4, seconds: SECONDS, warmUpSeconds: 0.1 };
    const measured = await measure(trial.load, server, options);
    t.ok(measured.outcome.answered > 0, `${scenario.name} loaded the server`);
    return await complaintsAfter(trial, measured);
  } finally {
    await server.stop();
  }
}

t.test('a truthful server gets no complaint', async (t) => {
  for (const scenario of [createUser, bulkCreate, getUser, lookUpUserName, patchUser, addMember]) {
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
  await noticed(patchUser, 'forgets patches');
  await noticed(addMember, 'loses members');
});
