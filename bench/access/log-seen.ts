/** Whether the request log of an endpoint holds what its level says. */
import { isObject } from '../../src/scim/json.ts';
import type { Product } from '../processes.ts';
import { askOperator, type LogLevel } from './tenant.ts';

/** Rows of reads and contents are written behind the requests. */
const LOG_DEADLINE_MS = 10_000;
const LOG_LOOK_MS = 20;

export interface LoggedEndpoint {
  readonly server: Product;
  /** Or its name. */
  readonly id: string;
}

/** A level that is not in force would cost nothing. @throws Error when it is not */
export async function logHolds(
  { server, id }: LoggedEndpoint,
  method: 'GET' | 'POST',
  level: LogLevel,
  since: number,
): Promise<void> {
  const deadline = performance.now() + LOG_DEADLINE_MS;
  for (;;) {
    const found = await levelSeen(server, `endpointId=${id}&method=${method}&since=${since}`);
    if (found === level) return;
    // Too much is wrong at once; too little may still come.
    if (level === 'off' || found === 'full' || performance.now() > deadline) {
      throw new Error(`${method} with the request log ${level}: the log has ${found}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOG_LOOK_MS));
  }
}

/** What the log kept of the newest request that a query finds. */
async function levelSeen(server: Product, query: string): Promise<LogLevel> {
  const { items } = await askOperator(server, 'GET', `logs?pageSize=1&${query}`);
  const [newest] = Array.isArray(items) ? items : [];
  const id = newest !== undefined && isObject(newest) ? newest['id'] : undefined;
  if (typeof id !== 'string') return 'off';
  const row = await askOperator(server, 'GET', `logs/${id}`);
  return isObject(row['requestHeaders']) ? 'full' : 'summary';
}
