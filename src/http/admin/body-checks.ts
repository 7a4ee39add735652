/** The checks of all bodies of the admin plane: loaded together, because TypeBox is what costs. */
import type { ProfileLimits } from '../../scim/schema/definition-reader.ts';
import { type EndpointBodyChecks, compileEndpointBodyChecks } from './endpoint-body.ts';
import { type RestoreBodyCheck, compileRestoreBodyCheck } from './restore-body.ts';

export type BodyChecks = EndpointBodyChecks & RestoreBodyCheck;

export function compileBodyChecks(limits: ProfileLimits): BodyChecks {
  return { ...compileEndpointBodyChecks(limits), ...compileRestoreBodyCheck() };
}
