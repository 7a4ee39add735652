/** Endpoints with credentials of their own on a real server, as the tests of access use them. */
import type { JsonObject } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import type { RequestOptions, ScimClient } from '../support/client.ts';
import { entraGroup, entraUser } from '../support/entra.ts';

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly groupId: string;
  readonly credentialId: string;
  /** With every scope. */
  readonly token: string;
  /** Under its own URL, by id. */
  readonly scim: ScimClient;
}

/** @param client as operator, of whatever base path */
export async function newTenant(client: ScimClient, name: string): Promise<Tenant> {
  const admin = client.under('/scim/admin');
  const { id } = await admin.post('/endpoints', { name });
  const scim = client.under(`/scim/endpoints/${id}`);
  const user = await scim.post('/Users', entraUser(`${name}-user`));
  const group = await scim.post('/Groups', entraGroup(`${name}-group`));
  const scopes = ['scim.read', 'scim.write', 'scim.manage'];
  const made = await newCredential(client, id, { label: 'provisioning', scopes });
  return {
    id,
    name,
    userId: user.id,
    groupId: group.id,
    credentialId: made.id,
    token: tokenOf(made),
    scim,
  };
}

export async function newCredential(
  client: ScimClient,
  endpointId: string,
  body: JsonObject,
): Promise<Answer> {
  const answer = await client
    .under('/scim/admin')
    .post(`/endpoints/${endpointId}/credentials`, body);
  if (answer.status !== 201) throw new Error(`no credential was made: ${answer.text}`);
  return answer;
}

export function tokenOf({ body }: Answer): string {
  const { token } = body;
  if (typeof token !== 'string') throw new Error('no token in the answer');
  return token;
}

/** What nobody may see but in the answer that made it: the secret of a token or of a client. */
export function secretIn({ body }: Answer): string {
  const { token, clientSecret } = body;
  if (typeof clientSecret === 'string') return clientSecret;
  if (typeof token === 'string') return secretOf(token);
  throw new Error('no secret in the answer');
}

/** Behind `scim_<id>_`; it may have `_` in it. */
export function secretOf(token: string): string {
  return token.split('_').slice(2).join('_');
}

/** To send a token in place of the shared secret. */
export function bearing(token: string): RequestOptions {
  return { token };
}
