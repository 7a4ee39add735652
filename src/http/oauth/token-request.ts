/**
 * A request for a token (RFC 6749 §4.4.2), as a form or, as some clients send it, as JSON. Pure.
 * Invariant: nothing of what the client sent is repeated in an error; it may be a secret.
 */
import { OauthError } from './oauth-error.ts';

export interface TokenRequest {
  readonly grantType: string | undefined;
  /** Undefined: not asked for any. */
  readonly scope: string | undefined;
  /** By body or by HTTP Basic; undefined: the client did not say who it is. */
  readonly client: ClientSecret | undefined;
}

export interface ClientSecret {
  readonly id: string;
  readonly secret: string;
}

type Parameters = ReadonlyMap<string, string>;

/**
 * @param contentType of the body
 * @param authorization the header
 * @throws OauthError
 */
export function readTokenRequest(
  text: string,
  contentType: string | undefined,
  authorization: string | undefined,
): TokenRequest {
  const parameters = readParameters(text, contentType);
  return {
    grantType: parameters.get('grant_type'),
    scope: parameters.get('scope'),
    client: clientOf(parameters, authorization),
  };
}

function readParameters(text: string, contentType: string | undefined): Parameters {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') return readForm(text);
  if (mediaType === 'application/json') return readJson(text);
  throw malformed('send a form (application/x-www-form-urlencoded) or a JSON object');
}

/** A parameter without value counts as not sent, and none may come twice (RFC 6749 §3.2). */
function readForm(text: string): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) throw malformed('each parameter may be sent once');
    parameters.set(name, value);
  }
  return withoutEmpty(parameters);
}

function readJson(text: string): Parameters {
  const body = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw noObject();
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) {
    if (typeof value !== 'string') throw noObject();
    parameters.set(name, value);
  }
  return withoutEmpty(parameters);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noObject();
  }
}

function withoutEmpty(parameters: Parameters): Parameters {
  return new Map([...parameters].filter(([, value]) => value !== ''));
}

/** One way of saying who it is, never two (RFC 6749 §2.3). */
function clientOf(
  parameters: Parameters,
  authorization: string | undefined,
): ClientSecret | undefined {
  const id = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  if (authorization === undefined || !/^Basic /i.test(authorization)) {
    return id === undefined || secret === undefined ? undefined : { id, secret };
  }
  const basic = basicClient(authorization);
  if (secret !== undefined || (id !== undefined && id !== basic?.id)) {
    throw malformed('send the client either in the body or by HTTP Basic, not both');
  }
  return basic;
}

/** Undefined: no HTTP Basic. Both parts are encoded as in a form (RFC 6749 §2.3.1). */
function basicClient(authorization: string): ClientSecret | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    return { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return undefined;
  }
}

/** @throws URIError */
function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function noObject(): OauthError {
  return malformed('the body is no JSON object whose members are texts');
}

function malformed(description: string): OauthError {
  return new OauthError('invalid_request', description);
}
