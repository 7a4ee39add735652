/** Mixed traffic as an open loop: at a rate that is given, or at half of what the server can do. */
import { type Driver, drive, type Load, type Outcome } from './drive.ts';
import { MixedLoad } from './mixed-load.ts';
import { prepareTenants } from './mixed-tenants.ts';
import { driveOpenLoop } from './open-loop.ts';
import type { Stage, Trial } from './scenario.ts';

export const MIXED_CONNECTIONS = 100;
/** Of the longest soak: a serial for each request, whether it creates or not. */
const REQUESTS_MAX = 40_000_000;
/** How long the server is asked as much as it can take, to learn how much that is. */
const CAPACITY_SECONDS_MAX = 5;
const WARM_UP_SECONDS_MAX = 2;

export interface MixedOptions {
  readonly windowSeconds?: number;
  /** What goes on beside, around the driver. */
  readonly beside?: (driver: Driver) => Driver;
}

export async function prepareMixed(stage: Stage, options: MixedOptions = {}): Promise<Trial> {
  const { windowSeconds, beside = (driver: Driver): Driver => driver } = options;
  const first = stage.population.freshSerials(REQUESTS_MAX);
  const mixed = new MixedLoad(stage, await prepareTenants(stage), first);
  await mixed.counted();
  const { perSecond, used } = await rateOf(stage, mixed);
  const driver: Driver = (load, asked) =>
    driveOpenLoop(load, {
      ...asked,
      perSecond,
      seconds: asked.seconds ?? stage.seconds,
      ...(windowSeconds === undefined ? {} : { windowSeconds }),
    });
  return {
    load: from(mixed, used),
    driver: beside(driver),
    verify: () => mixed.verify(),
  };
}

/** @returns `used`: how many requests of the load are gone */
async function rateOf(stage: Stage, load: Load): Promise<{ perSecond: number; used: number }> {
  // The first filters build what later ones use; how long that takes is another question.
  const warm = await drawn(stage, load, 0, Math.min(stage.seconds, WARM_UP_SECONDS_MAX));
  if (stage.rate !== undefined) return { perSecond: stage.rate, used: warm.sent };
  const most = await drawn(stage, load, warm.sent, Math.min(stage.seconds, CAPACITY_SECONDS_MAX));
  return { perSecond: most.answered / most.seconds / 2, used: warm.sent + most.sent };
}

/** As many as the server takes. */
async function drawn(stage: Stage, load: Load, first: number, seconds: number): Promise<Outcome> {
  const { port } = stage.server;
  const outcome = await drive(load, { port, connections: MIXED_CONNECTIONS, seconds, first });
  if (outcome.wrong > 0) throw new Error(`mixed traffic: ${outcome.complaints.join('; ')}`);
  return outcome;
}

function from(load: Load, first: number): Load {
  return {
    capacity: load.capacity - first,
    request: (n) => load.request(first + n),
    check: (n, status, body) => load.check(first + n, status, body),
  };
}
