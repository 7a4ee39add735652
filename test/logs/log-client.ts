/** Requests to a real server as the tests of the log send them. */
import { SECRET, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Undefined: it is none. */
  readonly json: unknown;
  readonly headers: Headers;
}

export interface Sent {
  readonly body?: unknown;
  /** In place of the shared secret. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export class LogClient {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  async send(method: string, path: string, sent: Sent = {}): Promise<Reply> {
    const { body, token = SECRET, headers = {} } = sent;
    const response = await fetch(`${this.#server.origin}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /\/(scim\+)?json$/.test(response.headers.get('content-type') ?? '');
    const json: unknown = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, text, json, headers: response.headers };
  }

  /** @returns the id of what was made */
  async create(path: string, body: object): Promise<string> {
    const { status, json, text } = await this.send('POST', path, { body });
    if (status !== 201) throw new Error(text);
    return (json as { id: string }).id;
  }

  async patch(path: string, ...Operations: object[]): Promise<number> {
    return (await this.send('PATCH', path, { body: { schemas: [PATCH], Operations } })).status;
  }

  /** Headers and bodies come some milliseconds after their row. */
  async kept(endpointId: string): Promise<void> {
    await until('contents of the log', async () => {
      const { json } = await this.send('GET', `/scim/admin/logs?endpointId=${endpointId}`);
      const [newest] = (json as { items: { id: string }[] }).items;
      if (newest === undefined) return false;
      const row = await this.send('GET', `/scim/admin/logs/${newest.id}`);
      return (row.json as { requestHeaders: unknown }).requestHeaders !== null;
    });
  }
}
