/** One filter case under load: every answer's total is compared with what it must be. */
import type { Load } from '../drive.ts';
import { measure } from '../measure.ts';
import type { Product } from '../processes.ts';
import { requestBytes } from '../requests.ts';
import type { ScimClient } from '../scim-client.ts';
import type { FilterCase } from './cases.ts';

export interface FilterStage {
  readonly server: Product;
  readonly client: ScimClient;
  readonly seconds: number;
}

const PAGE = 20;
const WARM_UP_SECONDS = 1;
const PREPARED = 20_000;

export async function runCase(
  { name, connections, endpoint = '/Users', attributes, ask }: FilterCase,
  { server, seconds }: FilterStage,
): Promise<object> {
  // Made before the clock runs: what the client saves is the server's.
  const asks = Array.from({ length: connections === 1 ? 2000 : PREPARED }, (_, n) => ask(n));
  const requests = asks.map(({ filter }) =>
    requestBytes({
      method: 'GET',
      path: `/scim/v2${pathOf(endpoint, filter, attributes)}`,
      token: server.token,
    }),
  );
  const load: Load = {
    capacity: Infinity,
    request: (n) => requests[n % requests.length] ?? Buffer.alloc(0),
    check: (n, status, body) => {
      const { filter, total } = asks[n % asks.length] ?? { filter: '', total: NaN };
      const found = Number(/"totalResults":(\d+)/.exec(body.slice(0, 300))?.[1]);
      if (status === 200 && found === total) return undefined;
      return `${filter}: ${status}, ${found} instead of ${total}: ${body.slice(0, 200)}`;
    },
  };
  const options = { connections, seconds, warmUpSeconds: WARM_UP_SECONDS };
  const { outcome, perSecond, serverCpuUs, clientCpuShare } = await measure(load, server, options);
  return {
    scenario: name,
    connections,
    perSecond: Math.round(perSecond),
    p50Ms: outcome.latencyUs.percentile(50) / 1000,
    p99Ms: outcome.latencyUs.percentile(99) / 1000,
    serverCpuUs: Math.round(serverCpuUs ?? NaN),
    clientCpuShare: Math.round(clientCpuShare * 100) / 100,
    ...(outcome.wrong > 0 ? { complaints: outcome.complaints } : {}),
  };
}

export function pathOf(endpoint: string, filter: string, attributes?: string): string {
  const shown = attributes === undefined ? '' : `&attributes=${attributes}`;
  return `${endpoint}?count=${PAGE}&filter=${encodeURIComponent(filter)}${shown}`;
}
