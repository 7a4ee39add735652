/** The query string of the activity feed; `limit` is what the earlier SCIMServer called a page's size. */
import { badRequest } from '../../../scim/errors.ts';
import { ACTIVITY_TYPES, SEVERITIES } from '../../../store/log-facts.ts';
import type { QueryParameters } from '../../query.ts';
import { type LogPageLimits, type LogPageQuery, logPageQuery } from '../query.ts';

/** What the feed takes. */
export const ACTIVITY_PARAMETERS: readonly string[] = [
  'page',
  'pageSize',
  'limit',
  'type',
  'severity',
  'search',
  'hideKeepalive',
  'endpointId',
  'since',
  'until',
  'before',
];

const OWN: ReadonlySet<string> = new Set(['limit', 'type', 'severity']);

/** @throws ScimError 400 that names the parameter */
export function activityQuery(query: QueryParameters, limits: LogPageLimits): LogPageQuery {
  refuseOthers(query, ACTIVITY_PARAMETERS);
  const shared = new Map([...query].filter(([name]) => !OWN.has(name)));
  const limit = query.get('limit');
  if (limit !== undefined && !shared.has('pageSize')) shared.set('pageSize', limit);
  const asked = logPageQuery(shared, limits);
  const type = oneOf(query, 'type', ACTIVITY_TYPES);
  const severity = oneOf(query, 'severity', SEVERITIES);
  return { ...asked, filter: { ...asked.filter, type, severity } };
}

/** @returns the endpoint that was asked for, by id or name. @throws ScimError 400 */
export function summaryQuery(query: QueryParameters): string | undefined {
  refuseOthers(query, ['endpointId']);
  return query.get('endpointId');
}

function refuseOthers(query: QueryParameters, taken: readonly string[]): void {
  for (const name of query.keys()) {
    if (taken.includes(name)) continue;
    const shown = JSON.stringify(name.slice(0, 64));
    throw badRequest(
      'invalidValue',
      `${shown} is no parameter here; there are ${taken.join(', ')}`,
    );
  }
}

function oneOf<T extends string>(
  query: QueryParameters,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = query.get(name);
  const found = values.find((value) => value === text);
  if (text === undefined || found !== undefined) return found;
  throw badRequest('invalidValue', `${name} takes ${values.join(', ')}`);
}
