/** The paths behind `/scim/admin/endpoints/{id}/credentials`. */
import { token } from '../path-token.ts';

export type CredentialRoute =
  | { readonly kind: 'adminCredentials'; readonly endpointId: string }
  | {
      readonly kind:
        | 'adminCredential'
        | 'adminCredentialRotate'
        | 'adminCredentialActivate'
        | 'adminCredentialDeactivate';
      readonly endpointId: string;
      readonly id: string;
    };

const ACTIONS = {
  rotate: 'adminCredentialRotate',
  activate: 'adminCredentialActivate',
  deactivate: 'adminCredentialDeactivate',
} as const;

/** @param rest the segments behind `credentials` */
export function credentialRoute(
  rawEndpointId: string,
  [rawId, action, ...more]: readonly string[],
): CredentialRoute | undefined {
  const endpointId = token(rawEndpointId);
  if (endpointId === undefined || more.length > 0) return undefined;
  if (rawId === undefined) return { kind: 'adminCredentials', endpointId };
  const id = token(rawId);
  if (id === undefined) return undefined;
  if (action === undefined) return { kind: 'adminCredential', endpointId, id };
  return action === 'rotate' || action === 'activate' || action === 'deactivate'
    ? { kind: ACTIONS[action], endpointId, id }
    : undefined;
}
