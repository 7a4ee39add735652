/**
 * Tells the operator of a search that took long: what it looked for, without its values, and how it is
 * answered. The client's answer does not wait for that.
 */
import { printFilterShape } from '../../scim/filter/print.ts';
import type { SearchQuery } from '../../store/queries.ts';
import type { ScimRequest } from './request.ts';

/** Characters shown of a filter: a line of a log should stay one. */
const FILTER_LENGTH = 2000;

/** To be called when a search has ended, however it has. @param began milliseconds since 1970 */
export function tellIfSlow(request: ScimRequest, query: SearchQuery, began: number): void {
  const durationMs = request.clock.now() - began;
  if (durationMs >= request.limits.slowSearchMs) void tell(request, query, Math.round(durationMs));
}

/** Never rejects: an endpoint may be gone by now, and a plan is not worth more than the line. */
async function tell(
  { store, log, record, endpoint }: ScimRequest,
  query: SearchQuery,
  durationMs: number,
): Promise<void> {
  const plan = await store.explain(query, 'hidden').catch(() => undefined);
  const filters = query.types.map(({ name, filter }) => ({
    resourceType: name,
    filter: filter && printFilterShape(filter).slice(0, FILTER_LENGTH),
  }));
  const { requestId } = record;
  log.warn({ requestId, endpoint: endpoint.name, durationMs, filters, plan }, 'a search was slow');
}
