/**
 * A small SCIM client over keep-alive connections. It sends paths and bodies byte for byte as a
 * test wrote them, and holds every answer against the rules of `conformance.ts`, so that each of
 * the thousands of requests of these tests is also a test of headers and error bodies.
 */
import { Agent, request, type IncomingMessage } from 'node:http';
import type { JsonValue } from '../../src/scim/json.ts';
import { Answer } from './answer.ts';
import type { Scope } from './asserts.ts';
import { checkConformance } from './conformance.ts';
import { SECRET, type Server } from './server.ts';

export interface RequestOptions {
  /** An array sends the header that many times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Null sends no Authorization header. */
  readonly token?: string | null;
}

/** JSON, or text and bytes that go out as they are. */
export type Body = JsonValue | Buffer | undefined;

const REQUEST_DEADLINE_MS = 60_000;

export class ScimClient {
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #prefix: string;

  static of(t: Scope, server: Server, prefix = '/scim/v2'): ScimClient {
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    t.teardown(() => agent.destroy());
    return new ScimClient(server, agent, prefix);
  }

  private constructor(server: Server, agent: Agent, prefix: string) {
    this.#server = server;
    this.#agent = agent;
    this.#prefix = prefix;
  }

  /** The same client under another base path. */
  under(prefix: string): ScimClient {
    return new ScimClient(this.#server, this.#agent, prefix);
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.send('GET', path, undefined, options);
  }

  post(path: string, body: Body, options?: RequestOptions): Promise<Answer> {
    return this.send('POST', path, body, options);
  }

  put(path: string, body: Body, options?: RequestOptions): Promise<Answer> {
    return this.send('PUT', path, body, options);
  }

  patch(path: string, body: Body, options?: RequestOptions): Promise<Answer> {
    return this.send('PATCH', path, body, options);
  }

  delete(path: string, options?: RequestOptions): Promise<Answer> {
    return this.send('DELETE', path, undefined, options);
  }

  head(path: string, options?: RequestOptions): Promise<Answer> {
    return this.send('HEAD', path, undefined, options);
  }

  /** Sends JSON; a Buffer goes out as it is. */
  async send(
    method: string,
    path: string,
    body: Body,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const target = `${this.#prefix}${path}`;
    const answer = await this.#exchange(method, target, bytes, options);
    checkConformance(method, target, answer);
    return answer;
  }

  #exchange(
    method: string,
    path: string,
    body: string | Buffer | undefined,
    options: RequestOptions,
  ): Promise<Answer> {
    const headers: Record<string, string | string[]> = { accept: 'application/scim+json' };
    const token = options.token === undefined ? SECRET : options.token;
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) {
      headers['content-type'] = 'application/scim+json; charset=utf-8';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      headers[name] = typeof value === 'string' ? value : [...value];
    }
    return new Promise((resolve, reject) => {
      const outgoing = request({
        agent: this.#agent,
        host: '127.0.0.1',
        port: this.#server.port,
        method,
        path,
        headers,
        signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
      });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => void readAnswer(incoming).then(resolve, reject));
      outgoing.end(body);
    });
  }
}

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  return new Answer(incoming.statusCode ?? 0, incoming.headers, text);
}
