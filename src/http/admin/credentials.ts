/**
 * Credentials of an endpoint as administrators see them. A secret is in the one answer that makes it
 * and nowhere else: what is stored is its hash, and no answer shows that.
 */
import { notFound } from '../../scim/errors.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { CredentialFields } from '../../store/credential-commands.ts';
import type { Credential } from '../../store/credential.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, emptyAnswer, type Header, jsonAnswer } from '../answer.ts';
import { bearerToken, hashOfSecret, newSecret } from '../auth-token.ts';
import type { AdminRequest } from './request.ts';

/** Which credential, as the path names it. */
export interface CredentialPlace {
  readonly endpointId: string;
  readonly id: string;
}

/** What holds a secret is kept by nobody on the way (RFC 6749 §5.1 asks it of tokens). */
const NO_STORE: Header = ['Cache-Control', 'no-store'];

export function listCredentials({ store, record }: AdminRequest, endpointId: string): Answer {
  record.endpointId = endpointOf(store, endpointId);
  return jsonAnswer(200, JSON.stringify(store.credentials(endpointId).map(shown)));
}

export async function createCredential(
  request: AdminRequest,
  endpointId: string,
  body: JsonValue,
): Promise<Answer> {
  const { store, record, ids } = request;
  const { kind, fields } = (await request.checks()).forNewCredential(body);
  record.endpointId = endpointOf(store, endpointId);
  const place = { endpointId, id: ids.next() };
  const secret = newSecret();
  await record.write({
    kind: 'createCredential',
    endpointId,
    credentialId: place.id,
    now: record.now,
    credentialKind: kind,
    fields,
    hash: hashOfSecret(secret),
    log: record.onSuccess(201),
  });
  const location: Header = [
    'Location',
    `/scim/admin/endpoints/${endpointId}/credentials/${place.id}`,
  ];
  return withSecret(201, credentialAt(store, place), secret, [location]);
}

export function readCredential({ store, record }: AdminRequest, place: CredentialPlace): Answer {
  record.endpointId = endpointOf(store, place.endpointId);
  return jsonAnswer(200, JSON.stringify(shown(credentialAt(store, place))));
}

export async function updateCredential(
  request: AdminRequest,
  place: CredentialPlace,
  body: JsonValue,
): Promise<Answer> {
  return change(request, place, (await request.checks()).forCredential(body));
}

export function setCredentialActive(
  request: AdminRequest,
  place: CredentialPlace,
  active: boolean,
): Promise<Answer> {
  return change(request, place, { ...NOTHING, active });
}

/**
 * Gives it a new secret. The former one of a token opens no longer, and that of a client until the
 * next rotation, unless `graceSeconds` says how long it shall.
 * @param body undefined: there is none
 */
export async function rotateCredential(
  request: AdminRequest,
  place: CredentialPlace,
  body: JsonValue | undefined,
): Promise<Answer> {
  const { store, record } = request;
  const graceSeconds = body === undefined ? undefined : (await request.checks()).forRotation(body);
  record.endpointId = endpointOf(store, place.endpointId);
  const { kind } = credentialAt(store, place);
  const secret = newSecret();
  const grace = graceSeconds ?? (kind === 'client' ? undefined : 0);
  await record.write({
    kind: 'rotateCredential',
    endpointId: place.endpointId,
    credentialId: place.id,
    now: record.now,
    hash: hashOfSecret(secret),
    formerUntil: grace === undefined ? undefined : record.now + grace * 1000,
    log: record.onSuccess(200),
  });
  return withSecret(200, credentialAt(store, place), secret, []);
}

export async function deleteCredential(
  { store, record }: AdminRequest,
  place: CredentialPlace,
): Promise<Answer> {
  record.endpointId = endpointOf(store, place.endpointId);
  const { id, endpointId } = credentialAt(store, place);
  await record.write({
    kind: 'deleteCredential',
    endpointId,
    credentialId: id,
    now: record.now,
    log: record.onSuccess(204),
  });
  return emptyAnswer(204);
}

/** Fields that leave everything as it is. */
const NOTHING: CredentialFields = {
  label: undefined,
  scopes: undefined,
  subject: undefined,
  active: undefined,
  expiresAt: undefined,
};

async function change(
  { store, record }: AdminRequest,
  place: CredentialPlace,
  fields: CredentialFields,
): Promise<Answer> {
  record.endpointId = endpointOf(store, place.endpointId);
  const { id, endpointId } = credentialAt(store, place);
  await record.write({
    kind: 'updateCredential',
    endpointId,
    credentialId: id,
    now: record.now,
    fields,
    log: record.onSuccess(200),
  });
  return jsonAnswer(200, JSON.stringify(shown(credentialAt(store, place))));
}

/** By id alone, as in endpoints.ts. @throws ScimError 404 */
function endpointOf(store: Store, id: string): string {
  if (store.endpoint(id)?.id === id) return id;
  throw notFound(`no endpoint has the id ${JSON.stringify(id)}`);
}

/** @throws ScimError 404, also for one of another endpoint */
function credentialAt(store: Store, { endpointId, id }: CredentialPlace): Credential {
  const credential = store.credential(id);
  if (credential?.endpointId === endpointId) return credential;
  throw notFound(`the endpoint has no credential with the id ${JSON.stringify(id)}`);
}

function withSecret(
  status: 200 | 201,
  credential: Credential,
  secret: string,
  headers: readonly Header[],
): Answer {
  const { id, kind } = credential;
  const once =
    kind === 'client' ? { clientId: id, clientSecret: secret } : { token: bearerToken(id, secret) };
  return jsonAnswer(status, JSON.stringify({ ...shown(credential), ...once }), [
    NO_STORE,
    ...headers,
  ]);
}

function shown(credential: Credential): object {
  const { id, endpointId, kind, label, scopes, subject, active, secrets } = credential;
  return {
    id,
    endpointId,
    kind,
    label,
    scopes,
    subject: subject ?? null,
    active,
    createdAt: timeText(credential.createdAt),
    updatedAt: timeText(credential.updatedAt),
    expiresAt: timeText(credential.expiresAt),
    lastUsedAt: timeText(credential.lastUsedAt),
    secrets: secrets.map((each) => ({
      createdAt: timeText(each.createdAt),
      expiresAt: timeText(each.expiresAt),
    })),
  };
}

function timeText(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
