/** Starts the real server over a FakeStore for one test, and stops it when the test ends. */
import type { Test } from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import type { OauthConfig } from '../../platform/oauth-config.ts';
import type { HttpLimits, HttpOptions } from '../options.ts';
import { createServer, type HttpServer } from '../server.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import { FakeBackup } from './fake-backup.ts';
import { FakeLogs } from './fake-logs.ts';
import { FakeStore } from './fake-store.ts';

export const SECRET = 'a-secret-of-the-tests';
export const BEARER = `Bearer ${SECRET}`;

/** No client of the whole server, no issuers; a token lives an hour. */
export const NO_OAUTH: OauthConfig = {
  serverClient: undefined,
  tokenLifetimeMs: 3_600_000,
  jwtSecret: undefined,
  issuerHosts: [],
  loopbackIssuers: true,
};

export interface Served {
  readonly server: HttpServer;
  readonly store: FakeStore;
  readonly backup: FakeBackup;
  readonly logs: FakeLogs;
  readonly port: number;
  readonly origin: string;
  /** What was told to the log. */
  readonly faults: { readonly fields: object; readonly message: string }[];
  readonly warnings: { readonly fields: object; readonly message: string }[];
  /** Time stands still unless a test moves it. */
  readonly clock: { time: number; now(): number };
  readonly readiness: { reason: string | undefined };
  /** A request with the token and, when there is a body, its content type. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  readonly json: Record<string, unknown>;
}

export interface ServeOptions extends Partial<Omit<HttpOptions, 'limits'>> {
  readonly limits?: Partial<HttpLimits>;
  readonly tokenVerifier?: TokenVerifier;
}

export async function serve(
  t: Test,
  { tokenVerifier, ...options }: ServeOptions = {},
): Promise<Served> {
  const store = new FakeStore();
  const backup = new FakeBackup();
  const logs = new FakeLogs();
  const faults: Served['faults'] = [];
  const warnings: Served['warnings'] = [];
  const clock = { time: 1_700_000_000_000.5, now: () => clock.time };
  const readiness = { reason: undefined as string | undefined };
  let ids = 0;
  const server = createServer(
    {
      host: '127.0.0.1',
      port: 0,
      sharedSecret: SECRET,
      publicUrl: undefined,
      trustProxy: false,
      oauth: NO_OAUTH,
      ...options,
      limits: { ...LIMITS, ...options.limits },
    },
    {
      store,
      readiness: { notReadyBecause: () => Promise.resolve(readiness.reason) },
      backup,
      metrics: { contentType: 'text/plain; version=0.0.4', text: () => Promise.resolve('up 1\n') },
      facts: { version: () => ({ version: '0' }), runtimeConfig: () => ({ options: [] }) },
      logs,
      names: { of: () => Promise.resolve([]) },
      statistics: { read: () => Promise.resolve({ users: { total: 3 } }) },
      clock,
      ...(tokenVerifier === undefined ? {} : { tokenVerifier }),
      ids: { next: () => `id-${String((ids += 1))}` },
      log: {
        error: (fields, message) => faults.push({ fields, message }),
        warn: (fields, message) => warnings.push({ fields, message }),
      },
    },
  );
  const { port } = await server.listen();
  t.teardown(() => {
    server.close();
  });
  const origin = `http://127.0.0.1:${String(port)}`;
  return {
    server,
    store,
    backup,
    logs,
    port,
    origin,
    faults,
    warnings,
    clock,
    readiness,
    call: (method, path, body, headers) => call(`${origin}${path}`, method, body, headers),
  };
}

async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const hasBody = body !== undefined;
  const response = await fetch(url, {
    method,
    headers: {
      Authorization: BEARER,
      ...(hasBody ? { 'Content-Type': 'application/scim+json' } : {}),
      ...headers,
    },
    ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, text, json };
}

/** Lets everything that is ready run, here and in the server. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A body for POST or PUT of a user. */
export function user(fields: object = {}): object {
  return { schemas: [USER_SCHEMA], userName: 'ada@example.com', ...fields };
}
