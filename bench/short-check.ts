/**
 * Has something become half as fast? Three scenarios of a second each against their limits in the
 * same seconds, on a server that is warm. Only shares are judged, never times: a busy machine slows
 * both sides. What falls below its floor is measured up to twice more, each time longer.
 */
import { limits } from './limits.ts';
import type { MeasureOptions, Measurement } from './measure.ts';
import { type Population, population } from './population.ts';
import { type Product, startProduct } from './processes.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { createUser } from './scenarios/create-user.ts';
import { getUser } from './scenarios/get-user.ts';
import { patchUser } from './scenarios/patch-user.ts';
import { inScratchFolder } from './scratch.ts';

interface Check {
  readonly scenario: Scenario;
  /**
   * What is compared: a read is CPU and nothing else, and that is steady on a busy machine; a write
   * could become slower by waiting.
   */
  readonly measure: 'CPU' | 'requests';
  /**
   * Above half of the share on a quiet machine of two cores, so that half as fast fails; the rest is
   * what a busy one may take. More cores do not lower a share.
   */
  readonly floor: number;
}

/** get-user first: it compares whole users. */
const CHECKS: readonly Check[] = [
  { scenario: getUser, measure: 'CPU', floor: 0.18 },
  { scenario: createUser, measure: 'requests', floor: 0.3 },
  { scenario: patchUser, measure: 'requests', floor: 0.3 },
];

const USERS = 500;
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 0.3;
const WARMING = { connections: CONNECTIONS, seconds: 1, warmUpSeconds: 0.1 };
/** Of each attempt: a moment in which the machine had something else to do passes. */
const ATTEMPT_SECONDS = [1, 1.5, 2];

/** @returns false when a share is below its floor each time, or an answer is wrong */
export async function shortCheck(progress: (text: string) => void): Promise<boolean> {
  return inScratchFolder('short', async (folder) => {
    const people = population();
    const server = await startProduct(folder);
    await people.growTo(USERS, server, server.token);
    // A cold server compiles meanwhile: this run is thrown away.
    await ownRun(getUser, server, people, WARMING);
    let isFine = true;
    for (const check of CHECKS) {
      const shareIn = (seconds: number): Promise<number> =>
        shareOf(check, server, people, folder, seconds);
      isFine = (await holdsFloor(check, shareIn, progress)) && isFine;
    }
    await server.stop();
    return isFine;
  });
}

/** @param shareIn measures the share of the limit for so many seconds */
export async function holdsFloor(
  { scenario, floor }: { readonly scenario: { readonly name: string }; readonly floor: number },
  shareIn: (seconds: number) => Promise<number>,
  progress: (text: string) => void,
): Promise<boolean> {
  for (const seconds of ATTEMPT_SECONDS) {
    const share = await shareIn(seconds);
    const holds = share >= floor;
    progress(
      `${scenario.name}: ${Math.round(share * 100)} % of the limit in ${seconds} s, ` +
        `at least ${Math.round(floor * 100)} % is wanted${holds ? '' : ': BELOW'}`,
    );
    if (holds) return true;
  }
  return false;
}

/**
 * Product, limit, limit, product: what else the machine does hits both alike.
 * @throws Error when an answer is wrong: no share makes up for that
 */
async function shareOf(
  { scenario, measure }: Check,
  server: Product,
  people: Population,
  folder: string,
  seconds: number,
): Promise<number> {
  const load = { connections: CONNECTIONS, seconds: seconds / 2, warmUpSeconds: WARM_UP_SECONDS };
  const own = (): Promise<Measurement> => ownRun(scenario, server, people, load);
  const limit = ({ outcome }: Measurement): Promise<Measurement> => {
    const beside = limits(people.users, folder, load);
    const { wireBytes, answered } = outcome;
    return scenario.limit === 'insert' ? beside.insert() : beside.get(wireBytes / answered);
  };
  const first = await own();
  const limitMeasurements = [await limit(first), await limit(first)];
  return measure === 'CPU'
    ? cpuUs(limitMeasurements) / cpuUs([first, await own()])
    : perSecond([first, await own()]) / perSecond(limitMeasurements);
}

/** @throws Error when an answer is wrong */
async function ownRun(
  scenario: Scenario,
  server: Product,
  people: Population,
  load: MeasureOptions,
): Promise<Measurement> {
  const none = { users: USERS, members: 0, rate: undefined, minutes: undefined };
  const run = await runScenario(scenario, server, people, { ...load, ...none });
  if (run.complaints.length > 0) throw new Error(`${scenario.name}: ${run.complaints.join('; ')}`);
  return run.requests;
}

function perSecond(runs: readonly Measurement[]): number {
  return runs.reduce((sum, run) => sum + run.perSecond, 0);
}

/** Where the kernel does not tell, as long as a request took: the same on both sides of a share. */
function cpuUs(runs: readonly Measurement[]): number {
  return runs.reduce((sum, run) => sum + (run.serverCpuUs ?? 1e6 / run.perSecond), 0);
}
