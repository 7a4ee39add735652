/** One scenario on one server: prepared, measured, its answers and what they left checked. */
import type { Load } from './drive.ts';
import { complaintsAfter, measure, perOperation, type Measurement } from './measure.ts';
import type { Population } from './population.ts';
import type { Product } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { scimClient } from './scim-client.ts';
import { watchServer, type Watched } from './server-watch.ts';

export interface RunOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly users: number;
  readonly members: number;
  readonly rate: number | undefined;
  readonly minutes: number | undefined;
}

export interface ScenarioRun {
  readonly connections: number;
  /** As the requests were. */
  readonly requests: Measurement;
  /** The same, per operation. */
  readonly measured: Measurement;
  readonly complaints: readonly string[];
  readonly load: Load;
  readonly watched: Watched;
}

export async function runScenario(
  scenario: Scenario,
  server: Product,
  people: Population,
  options: RunOptions,
): Promise<ScenarioRun> {
  const { takesMinutes = false, operations = 1, warmUpRequests, whole } = scenario;
  const seconds = takesMinutes ? (options.minutes ?? 1) * 60 : options.seconds;
  const trial = await scenario.prepare({
    server,
    client: scimClient(server.base, server.token),
    population: people,
    userCount: options.users,
    memberCount: options.members,
    totalSeconds: seconds + options.warmUpSeconds,
    seconds,
    rate: options.rate,
  });
  const connections = connectionsOf(scenario, options.connections);
  const stopWatch = await watchServer(server);
  const requests = await measure(trial.load, server, {
    connections,
    seconds,
    warmUpSeconds: options.warmUpSeconds,
    warmUpRequests,
    whole,
    driver: trial.driver,
  });
  const watched = await stopWatch();
  return {
    connections,
    requests,
    measured: perOperation(requests, operations),
    load: trial.load,
    complaints: await complaintsAfter(trial, requests),
    watched,
  };
}

export function connectionsOf(scenario: Scenario, asked: number): number {
  return scenario.connections ?? Math.min(asked, scenario.connectionsMax ?? asked);
}
