/**
 * The real server of this repository with the two endpoints that the suite is run against: one with
 * the settings an endpoint has when nobody says anything, one with the letter of the RFCs. The token
 * is a credential of the endpoint whose subject is a user: without one there would be no `/Me`.
 */
import type { JsonObject } from '../../src/scim/json.ts';
import type { Scope } from '../support/asserts.ts';
import { SECRET, Server } from '../support/server.ts';
import { ScimHttp } from './http.ts';
import { PROBE_PROFILE } from './probe-profile.ts';
import type { TargetOptions } from './target.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** The endpoints' presets, which are also the names of the results' columns. */
export const PRESETS = ['default', 'rfc-strict'] as const;
export type PresetName = (typeof PRESETS)[number];

/** Starts the server; it is gone with its data when the scope ends. */
export async function startOwnServer(scope: Scope): Promise<Record<PresetName, TargetOptions>> {
  const server = await Server.start(scope);
  return {
    default: await createEndpoint(server, 'default'),
    'rfc-strict': await createEndpoint(server, 'rfc-strict'),
  };
}

async function createEndpoint(server: Server, preset: PresetName): Promise<TargetOptions> {
  const admin = new ScimHttp(`${server.origin}/scim/admin`, SECRET);
  const config = { preset, ...PROBE_PROFILE };
  const body: JsonObject = { name: `conformance-${preset}`, config };
  const created = await admin.send('POST', '/endpoints', body);
  if (created.status !== 201) throw new Error(`no endpoint ${preset}: ${created.summary()}`);
  const url = `${server.origin}/scim/v2/endpoints/${created.id}`;
  const subject = 'conformance-subject';
  await new ScimHttp(url, SECRET).send('POST', '/Users', { schemas: [USER], userName: subject });
  const path = `/endpoints/${created.id}/credentials`;
  const credential = await admin.send('POST', path, { label: 'conformance', subject });
  const { token } = credential.body;
  if (typeof token !== 'string') throw new Error(`no credential: ${credential.summary()}`);
  return { url, token };
}
