/** Runs on the admin plane: a POST begins one, the next one ends it. */
import type { JsonValue } from '../../scim/json.ts';
import type { Answer } from '../answer.ts';
import type { AdminRequest } from './request.ts';
import type { RunRoute } from './run-routes.ts';

/** Of a run that nobody has named. */
const UNNAMED = 'run';

/** @param body undefined: a POST came without one, or the method takes none */
export async function answerRuns(
  { logs: { runs }, query, headers, checks }: AdminRequest,
  route: RunRoute,
  method: string,
  body: JsonValue | undefined,
): Promise<Answer> {
  const { endpointId } = route;
  if (route.kind === 'adminRuns') {
    if (method !== 'POST') return runs.list(endpointId);
    const label = body === undefined ? undefined : (await checks()).forRun(body);
    return runs.toggle(endpointId, label ?? UNNAMED);
  }
  if (method === 'DELETE') return runs.remove(endpointId, route.id);
  return runs.report(endpointId, route.id, query, headers.get('accept'));
}
