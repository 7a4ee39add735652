/**
 * A fresh server with an endpoint of its own, its users, and one token of each kind that opens it:
 * made through the front door, as an operator and a client make them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { isObject } from '../../src/scim/json.ts';
import { drive, type Load } from '../drive.ts';
import { createLoad, type Population, userIsWhole } from '../population.ts';
import { type Product, startProduct } from '../processes.ts';
import { requestBytes } from '../requests.ts';
import { scimClient, type ScimClient } from '../scim-client.ts';
import { serialText } from '../users.ts';

export interface AccessStage {
  /** Of the session; everything in it goes at the end. */
  readonly folder: string;
  readonly people: Population;
  /** Of the endpoint, before anything is measured. */
  readonly users: number;
  readonly connections: number;
  /** Of each turn. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  progress(text: string): void;
}

export const TOKEN_KINDS = ['shared secret', 'bearer credential', 'JWT'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export interface AccessTenant {
  readonly server: Product;
  /** Of the endpoint. */
  readonly id: string;
  /** `/scim/endpoints/{name}` */
  readonly root: string;
  /** As the operator, under `root`. */
  readonly client: ScimClient;
  /** By serial, from 0. */
  readonly userIds: readonly string[];
  readonly tokens: Readonly<Record<TokenKind, string>>;
}

const NAME = 'access';
const SEEDING_CONNECTIONS = 50;
const SAMPLES = 20;

/**
 * @param environment variables of the server beside the usual
 * @param work with the tenant; the server and its data go when it ends
 */
export async function withTenant<T>(
  { folder, people, users }: AccessStage,
  environment: Readonly<Record<string, string>>,
  work: (tenant: AccessTenant) => Promise<T>,
): Promise<T> {
  const data = mkdtempSync(join(folder, 'server-'));
  const server = await startProduct(data, environment);
  const result = await work(await newTenant(server, people, users));
  await server.stop();
  rmSync(data, { recursive: true });
  return result;
}

async function newTenant(
  server: Product,
  people: Population,
  users: number,
): Promise<AccessTenant> {
  const { id } = await askOperator(server, 'POST', 'endpoints', { name: NAME });
  if (typeof id !== 'string') throw new Error('POST endpoint answered no id');
  const root = `/scim/endpoints/${NAME}`;
  const userIds: string[] = [];
  const load = createLoad(
    people.users,
    server.token,
    0,
    users,
    (serial, userId) => {
      userIds[serial] = userId;
    },
    root,
  );
  const options = { port: server.port, connections: SEEDING_CONNECTIONS, seconds: undefined };
  const seeded = await drive(load, { ...options, first: 0 });
  if (seeded.wrong > 0) throw new Error(`seeding users: ${seeded.complaints.join('; ')}`);
  const base = new URL(root, server.base).href;
  const tokens = {
    'shared secret': server.token,
    'bearer credential': await bearerOf(server, id),
    JWT: await jwtOf(server, id, base),
  };
  return { server, id, root, client: scimClient(base, server.token), userIds, tokens };
}

async function bearerOf(server: Product, endpointId: string): Promise<string> {
  const made = await askOperator(server, 'POST', `endpoints/${endpointId}/credentials`, {
    label: 'bench, bearer',
  });
  return textIn(made, 'token');
}

/** By the client-credentials flow (RFC 6749 §4.4). */
async function jwtOf(server: Product, endpointId: string, base: string): Promise<string> {
  const client = await askOperator(server, 'POST', `endpoints/${endpointId}/credentials`, {
    label: 'bench, client',
    kind: 'client',
  });
  const response = await fetch(`${base}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: textIn(client, 'clientId'),
      client_secret: textIn(client, 'clientSecret'),
    }),
  });
  return textIn(await answerOf(response, 'token request'), 'access_token');
}

/**
 * @param path behind `/scim/admin/`
 * @throws Error when the answer is not 2xx
 */
export async function askOperator(
  server: Product,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: JsonObject,
): Promise<JsonObject> {
  const url = new URL(`/scim/admin/${path}`, server.base);
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${server.token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answerOf(response, `${method} ${url.pathname}`);
}

async function answerOf(response: Response, what: string): Promise<JsonObject> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${what}: ${response.status} ${text}`);
  const value = JSON.parse(text) as JsonValue;
  if (!isObject(value)) throw new Error(`${what}: answered ${text.slice(0, 100)}`);
  return value;
}

function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new Error(`no ${name} in the answer`);
  return value;
}

export type LogLevel = 'off' | 'summary' | 'full';

/** Holds from the next request on. */
export async function setLogLevel({ server, id }: AccessTenant, level: LogLevel): Promise<void> {
  await askOperator(server, 'PATCH', `endpoints/${id}`, { config: { requestLog: level } });
}

/** GETs by id of each user in turn, with the tokens in turn. */
export function readLoad({ root, userIds }: AccessTenant, tokens: readonly string[]): Load {
  const requests = userIds.flatMap((id) =>
    tokens.map((token) => requestBytes({ method: 'GET', path: `${root}/Users/${id}`, token })),
  );
  return {
    capacity: Infinity,
    request: (n) => requests[n % requests.length] ?? Buffer.alloc(0),
    check: (n, status, body) => {
      const user = Math.floor((n % requests.length) / tokens.length);
      if (status !== 200) return `GET user: ${status} ${body.slice(0, 300)}`;
      return body.includes(`"id":"${userIds[user] ?? ''}"`) &&
        body.includes(`.${serialText(user)}@contoso.example"`)
        ? undefined
        : `GET user ${user}: answered ${body.slice(0, 300)}`;
    },
  };
}

/** Some of the users that were read, compared whole. @throws Error when one is not what was sent */
export async function usersAreWhole(
  { client, userIds }: AccessTenant,
  { users }: Population,
): Promise<void> {
  const stride = Math.ceil(userIds.length / SAMPLES);
  for (let serial = 0; serial < userIds.length; serial += stride) {
    const complaint = await userIsWhole(client, users, serial, userIds[serial] ?? '');
    if (complaint !== undefined) throw new Error(complaint);
  }
}
