/** The paths behind `/scim/admin/endpoints/{id}/runs`. */
import { token } from '../path-token.ts';

export type RunRoute =
  | { readonly kind: 'adminRuns'; readonly endpointId: string }
  | { readonly kind: 'adminRun'; readonly endpointId: string; readonly id: string };

/** @param rest the segments behind `runs` */
export function runRoute(
  rawEndpointId: string,
  [rawId, ...more]: readonly string[],
): RunRoute | undefined {
  const endpointId = token(rawEndpointId);
  if (endpointId === undefined || more.length > 0) return undefined;
  if (rawId === undefined) return { kind: 'adminRuns', endpointId };
  const id = token(rawId);
  return id === undefined ? undefined : { kind: 'adminRun', endpointId, id };
}
