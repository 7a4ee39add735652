/**
 * What each level of the request log costs: creates with the log off, with one row for each, and with
 * headers and bodies; reads with it off and with rows. After each turn the log itself is asked
 * whether it holds what the level says.
 */
import { measure, type Measurement } from '../measure.ts';
import { createLoad, userIsWhole } from '../population.ts';
import type { Product } from '../processes.ts';
import { logHolds } from './log-seen.ts';
import {
  type AccessStage,
  type AccessTenant,
  type LogLevel,
  readLoad,
  setLogLevel,
  usersAreWhole,
  withTenant,
} from './tenant.ts';
import { besideBase, thereAndBack, type Turn, turnOf } from './turns.ts';

type Method = 'GET' | 'POST';

const LEVELS: Readonly<Record<Method, readonly LogLevel[]>> = {
  GET: ['off', 'summary'],
  POST: ['off', 'summary', 'full'],
};
const BASE: LogLevel = 'off';
/** Of each turn that creates; more than it needs. */
const SERIALS = 1_000_000;
const SAMPLES = 20;

interface LevelTurn extends Turn<LogLevel> {
  readonly method: Method;
  /** Rows, or their headers and bodies, that were given up because the writer was behind. */
  readonly logDropped: number;
}

/** @throws Error when an answer is wrong, or the log does not hold what its level says */
export async function logLevels(stage: AccessStage): Promise<object[]> {
  const turns: LevelTurn[] = [];
  for (let round = 0; round < stage.rounds; round += 1) {
    stage.progress(`each level of the request log, round ${round + 1} of ${stage.rounds} …`);
    turns.push(...(await withTenant(stage, {}, (tenant) => oneRound(stage, tenant, round))));
  }
  const line = (method: Method, level: LogLevel) => {
    const ofMethod = turns.filter((turn) => turn.method === method);
    const own = ofMethod.filter(({ kind }) => kind === level);
    return {
      scenario: `${method === 'GET' ? 'get-user' : 'create-user'}, request log: ${level}`,
      base: BASE,
      connections: stage.connections,
      ...besideBase(ofMethod, level, BASE),
      logDropped: own.reduce((sum, { logDropped }) => sum + logDropped, 0),
    };
  };
  return [
    ...LEVELS.POST.map((level) => line('POST', level)),
    ...LEVELS.GET.map((level) => line('GET', level)),
  ];
}

/** Reads first: they are of the same few users, whatever was created behind. */
async function oneRound(
  stage: AccessStage,
  tenant: AccessTenant,
  round: number,
): Promise<LevelTurn[]> {
  const turns: LevelTurn[] = [];
  for (const method of ['GET', 'POST'] as const) {
    const run = method === 'GET' ? readOnce : createOnce;
    // A cold server compiles meanwhile, all that the most of levels needs: this turn is thrown away.
    await setLogLevel(tenant, LEVELS[method].at(-1) ?? BASE);
    await run(stage, tenant);
    for (const level of thereAndBack(LEVELS[method])) {
      await setLogLevel(tenant, level);
      const since = Date.now();
      const droppedBefore = await droppedSoFar(tenant.server);
      const measured = await run(stage, tenant);
      await logHolds(tenant, method, level, since);
      const logDropped = (await droppedSoFar(tenant.server)) - droppedBefore;
      turns.push({ ...turnOf(level, round, measured), method, logDropped });
    }
  }
  await usersAreWhole(tenant, stage.people);
  return turns;
}

async function readOnce(stage: AccessStage, tenant: AccessTenant): Promise<Measurement> {
  return withoutComplaints(
    await measure(readLoad(tenant, [tenant.server.token]), tenant.server, stage),
  );
}

async function createOnce(stage: AccessStage, tenant: AccessTenant): Promise<Measurement> {
  const { people } = stage;
  const { server, client, root } = tenant;
  const before = await client.total('/Users');
  const created: { readonly serial: number; readonly id: string }[] = [];
  const load = createLoad(
    people.users,
    server.token,
    people.freshSerials(SERIALS),
    SERIALS,
    (serial, id) => created.push({ serial, id }),
    root,
  );
  const measured = withoutComplaints(await measure(load, server, stage));
  const added = (await client.total('/Users')) - before;
  const { answeredInAll, sentInAll } = measured;
  if (added < answeredInAll || added > sentInAll) {
    throw new Error(`${answeredInAll} users acknowledged of ${sentInAll} sent, ${added} are there`);
  }
  const stride = Math.ceil(created.length / SAMPLES);
  for (const [index, { serial, id }] of created.entries()) {
    if (index % stride !== 0) continue;
    const complaint = await userIsWhole(client, people.users, serial, id);
    if (complaint !== undefined) throw new Error(complaint);
  }
  return measured;
}

function withoutComplaints(measured: Measurement): Measurement {
  if (measured.wrongInAll > 0) throw new Error(measured.outcome.complaints.join('; '));
  return measured;
}

const DROPPED = /^scimlane_writer_log_(?:rows|contents)_dropped_total (\d+)$/gm;

async function droppedSoFar(server: Product): Promise<number> {
  const headers = { Authorization: `Bearer ${server.token}` };
  const response = await fetch(new URL('/metrics', server.base), { headers });
  const counts = [...(await response.text()).matchAll(DROPPED)].map(([, count]) => Number(count));
  if (counts.length !== 2) throw new Error('the metrics do not tell what the log gave up');
  return counts.reduce((sum, count) => sum + count, 0);
}
