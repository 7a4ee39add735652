/** Whether an endpoint may believe the issuer that its administrator names: that is the operator's to say. */
import { badRequest } from '../../scim/errors.ts';
import type { EndpointFields } from '../../store/commands.ts';
import { readTokenIssuer } from '../../store/token-issuer.ts';
import { type IssuerHosts, issuerRefusal } from '../oauth/issuer-fetch.ts';

/**
 * @param fields whose config was checked
 * @throws ScimError 400 invalidValue when keys would never be fetched from where it says
 */
export function requireAllowedIssuer({ config = {} }: EndpointFields, hosts: IssuerHosts): void {
  const issuer = readTokenIssuer(config);
  const refusal = issuer && issuerRefusal(issuer.jwksUri, hosts);
  if (refusal === undefined) return;
  throw badRequest('invalidValue', `config.tokenIssuer.jwksUri: ${refusal}`);
}
