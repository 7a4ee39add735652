/**
 * Asks a running server for a snapshot: only the process that writes can tell what is committed.
 * No deadline: a large database takes as long as it takes, and the server says when it stops.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Config } from '../platform/config.ts';
import { ConfigError } from '../platform/errors.ts';

export interface Trigger {
  /** Of the server, without trailing slash. */
  readonly url: string;
  readonly token: string;
}

const PATH = '/scim/admin/backup/trigger';

/**
 * @param url as given; undefined: where the server of this configuration listens
 * @throws ConfigError when something is missing
 */
export function triggerOf(config: Config, url: string | undefined): Trigger {
  if (config.sharedSecret === undefined) {
    throw new ConfigError('SCIM_SHARED_SECRET', 'takes the token of the server, but is not set');
  }
  if (url !== undefined) return { url, token: config.sharedSecret };
  if (config.port === 0) {
    throw new ConfigError('PORT', 'is 0, so the server may be anywhere: name it with --url');
  }
  return { url: `http://${reachable(config.host)}:${config.port}`, token: config.sharedSecret };
}

/**
 * @returns the body of the answer: the new snapshot
 * @throws Error one line: who answered what, or that nobody did
 */
export async function triggerSnapshot({ url, token }: Trigger): Promise<Record<string, unknown>> {
  const { status, body } = await post(`${url}${PATH}`, token);
  const fields = fieldsOf(body);
  if (status === 201 && fields !== undefined) return fields;
  if (status === 401) throw new Error(`${url} does not take the token of SCIM_SHARED_SECRET`);
  if (fields === undefined || status === 404) throw new Error(`${url} is no Scimlane server`);
  const { detail } = fields;
  throw new Error(
    `the server took no snapshot: ${typeof detail === 'string' ? detail : `status ${status}`}`,
  );
}

/** What listens on all addresses is reached on this machine's own. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function post(url: string, token: string): Promise<{ status: number; body: string }> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Length': '0' };
    const sent = request(url, { method: 'POST', headers }, (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, body });
      }, reject);
    });
    sent.on('error', (error: Error & { code?: string }) => {
      const { origin } = new URL(url);
      const why = error.code ?? error.message;
      reject(new Error(`no server answers at ${origin} (${why}): start it, or name it with --url`));
    });
    sent.end();
  });
}

function fieldsOf(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
