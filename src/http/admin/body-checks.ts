/** The checks of all bodies of the admin plane: loaded together, because TypeBox is what costs. */
import type { ConfigLimits } from '../../store/endpoint-config.ts';
import { type CredentialBodyChecks, compileCredentialBodyChecks } from './credential-body.ts';
import { type EndpointBodyChecks, compileEndpointBodyChecks } from './endpoint-body.ts';
import { type RestoreBodyCheck, compileRestoreBodyCheck } from './restore-body.ts';
import { type RunBodyCheck, compileRunBodyCheck } from './run-body.ts';

export type BodyChecks = EndpointBodyChecks &
  RestoreBodyCheck &
  CredentialBodyChecks &
  RunBodyCheck;

export function compileBodyChecks(limits: ConfigLimits): BodyChecks {
  return {
    ...compileEndpointBodyChecks(limits),
    ...compileRestoreBodyCheck(),
    ...compileCredentialBodyChecks(),
    ...compileRunBodyCheck(),
  };
}
