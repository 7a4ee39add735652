/** For tests of OAuth over HTTP: clients in the FakeStore, requests for tokens, and tokens by hand. */
import type { Test } from 'tap';
import type { Credential } from '../../store/credential.ts';
import { hashOfSecret } from '../auth-token.ts';
import type { Reply, Served } from './serve.ts';
import { NO_OAUTH, serve } from './serve.ts';

export const CLIENT_ID = '0190c7b0-7f00-7000-8000-00000000c11e';
export const CLIENT_SECRET = 'first-secret+of/the=tests';
export const SERVER_CLIENT = { id: 'the-server', secret: 'of the whole, 100% & more' };
export const PUBLIC_URL = 'https://scim.example';
export const FORM = 'application/x-www-form-urlencoded';

type ServeOptions = NonNullable<Parameters<typeof serve>[1]>;

export interface OauthRig extends Served {
  /** Posts to a token endpoint. An object is sent as a form. */
  readonly ask: (
    body: Readonly<Record<string, string>> | string,
    headers?: Record<string, string>,
    path?: string,
  ) => Promise<Reply>;
  /** A token for the client of the endpoint called default. */
  readonly token: (scope?: string) => Promise<string>;
  /** The status of a GET with a token. */
  readonly opens: (token: string, path?: string) => Promise<number>;
}

/** A server with a client of the endpoint called default and one of the whole server. */
export async function oauthRig(t: Test, options: ServeOptions = {}): Promise<OauthRig> {
  const oauth = { ...NO_OAUTH, serverClient: SERVER_CLIENT };
  const served = await serve(t, { publicUrl: PUBLIC_URL, oauth, ...options });
  addClient(served, {});
  const ask: OauthRig['ask'] = (body, headers = {}, path = '/scim/oauth/token') =>
    post(
      `${served.origin}${path}`,
      typeof body === 'string' ? body : new URLSearchParams(body).toString(),
      { 'Content-Type': FORM, ...headers },
    );
  return {
    ...served,
    ask,
    token: async (scope) => tokenOf(await ask({ ...CREDENTIALS, ...(scope && { scope }) })),
    opens: async (token, path = '/scim/v2/Users') => {
      const headers = { Authorization: `Bearer ${token}` };
      return (await fetch(`${served.origin}${path}`, { headers })).status;
    },
  };
}

export const CREDENTIALS = {
  grant_type: 'client_credentials',
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
};

/** Puts a client in, or in another's place. */
export function addClient({ store, clock }: Served, fields: Partial<Credential>): Credential {
  const now = clock.now();
  const credential: Credential = {
    id: CLIENT_ID,
    endpointId: '0190-default',
    kind: 'client',
    label: 'of a test',
    scopes: ['scim.read', 'scim.write'],
    subject: undefined,
    active: true,
    createdAt: now,
    updatedAt: now,
    expiresAt: undefined,
    lastUsedAt: undefined,
    secrets: [secret(CLIENT_SECRET)],
    ...fields,
  };
  store.fakeCredentials.byId.set(credential.id, credential);
  return credential;
}

export function secret(text: string, expiresAt?: number): Credential['secrets'][number] {
  return { hash: hashOfSecret(text), createdAt: 0, expiresAt };
}

export function tokenOf({ json, text }: Reply): string {
  const token = json['access_token'];
  if (typeof token !== 'string') throw new Error(`no token: ${text}`);
  return token;
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<Reply> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  const json = JSON.parse(text) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, text, json };
}
