/** One scenario on one server: prepared, measured, its answers and what they left checked. */
import { complaintsAfter, measure, perOperation, type Measurement } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Population } from './population.ts';
import type { Product } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { scimClient } from './scim-client.ts';

export interface ScenarioRun {
  readonly connections: number;
  /** As the requests were. */
  readonly requests: Measurement;
  /** The same, per operation. */
  readonly measured: Measurement;
  readonly complaints: readonly string[];
}

export async function runScenario(
  scenario: Scenario,
  server: Product,
  people: Population,
  options: BenchOptions,
): Promise<ScenarioRun> {
  const trial = await scenario.prepare({
    server,
    client: scimClient(server.base, server.token),
    population: people,
    userCount: options.users,
    memberCount: options.members,
    totalSeconds: options.seconds + options.warmUpSeconds,
  });
  const { operations = 1, connectionsMax = options.connections, warmUpRequests, whole } = scenario;
  const connections = Math.min(options.connections, connectionsMax);
  const requests = await measure(trial.load, server, {
    ...options,
    connections,
    warmUpRequests,
    whole,
  });
  return {
    connections,
    requests,
    measured: perOperation(requests, operations),
    complaints: await complaintsAfter(trial, requests),
  };
}
