/**
 * A small Azure Files: an HTTP server on loopback that answers as the service does to the requests
 * our storage makes, for the real SDK to be driven against. It holds everything in memory. What it
 * stands in for, and what it cannot show, is in docs/AZURE_FILES.md.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { RefusalCode, Reply } from './error-answers.ts';
import { Refusal, refusalReply } from './error-answers.ts';
import type { FilesRequest } from './operations.ts';
import { operate } from './operations.ts';
import { isSignedBy, type Account } from './shared-key.ts';
import { ShareTree } from './share-tree.ts';

export interface AzureFilesServerOptions {
  /** Entries in one answer to a list, at most; the service gives 5000. */
  readonly pageSize?: number;
}

/**
 * What a test does to a request: a refusal; `silence`, no answer and no effect; `cut`, no effect
 * and the connection breaks; `unheard`, it takes effect and the connection breaks; `half`, the
 * connection breaks in the middle of the answer's body.
 */
export type Disturbance = RefusalCode | 'silence' | 'cut' | 'unheard' | 'half' | undefined;

/** Oldest version that renames ("Rename File"); versions are dates and compare as text. */
const VERSION_MIN = '2021-04-10';

export class AzureFilesServer {
  readonly account: Account = { name: 'scimlane', key: randomBytes(64).toString('base64') };
  /** `PUT logs/a?comp=rename` for each request, without the share, in the order they came. */
  readonly requests: string[] = [];
  /** Called with the same text, when the request is in. */
  disturb: (request: string) => Disturbance = () => undefined;
  readonly #shares = new Map<string, ShareTree>();
  readonly #pageSize: number;
  readonly #server: Server;

  static async start(options: AzureFilesServerOptions = {}): Promise<AzureFilesServer> {
    const files = new AzureFilesServer(options);
    files.#server.listen(0, '127.0.0.1');
    await once(files.#server, 'listening');
    return files;
  }

  private constructor(options: AzureFilesServerOptions) {
    this.#pageSize = options.pageSize ?? 5000;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @param key another than the account's, to be refused */
  connectionString(key = this.account.key): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    const endpoint = `http://127.0.0.1:${address.port}/${this.account.name}`;
    return `DefaultEndpointsProtocol=http;AccountName=${this.account.name};AccountKey=${key};FileEndpoint=${endpoint};`;
  }

  /** "Create Share", by the back door: the storage never makes one. */
  createShare(name: string): ShareTree {
    const tree = new ShareTree();
    this.#shares.set(name, tree);
    return tree;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return; // The client went away.
    }
    const { method = '', url = '', headers } = incoming;
    const { share, path } = this.#locate(url);
    const text = `${method} ${path}${url.includes('?') ? url.slice(url.indexOf('?')) : ''}`;
    this.requests.push(text);
    const disturbance = this.disturb(text);
    if (disturbance === 'silence') return;
    if (disturbance === 'cut') {
      response.destroy();
      return;
    }
    const request = { method, path, query: queryOf(url), headers, body: Buffer.concat(chunks) };
    const refusal = isRefusal(disturbance) ? disturbance : undefined;
    const reply = this.#answer(url, share, request, refusal);
    if (disturbance === 'unheard') response.destroy();
    else send(response, method, reply, headers['x-ms-version'], disturbance === 'half');
  }

  #answer(url: string, share: string, request: FilesRequest, code?: RefusalCode): Reply {
    const requestId = randomUUID();
    try {
      if (code !== undefined) throw new Refusal(code);
      this.#admit(url, request);
      const tree = this.#shares.get(share);
      if (tree === undefined) throw new Refusal('ShareNotFound');
      const pathOf = (source: string): string | undefined => {
        const found = this.#locate(new URL(source).pathname);
        return found.share === share ? found.path : undefined;
      };
      return operate({ name: share, tree, pageSize: this.#pageSize, pathOf }, request);
    } catch (error) {
      if (error instanceof Refusal) return refusalReply(error.code, requestId);
      throw error;
    }
  }

  /** "Versioning for Azure Storage": every authorized request names its version. */
  #admit(url: string, { method, headers }: FilesRequest): void {
    const version = headers['x-ms-version'];
    if (version === undefined) throw new Refusal('MissingRequiredHeader');
    if (!/^\d{4}-\d\d-\d\d$/.test(String(version)) || String(version) < VERSION_MIN) {
      throw new Refusal('InvalidHeaderValue');
    }
    if (!isSignedBy(this.account, { method, url, headers })) {
      throw new Refusal('AuthenticationFailed');
    }
  }

  /**
   * The service has the account in its host name. Under an address the SDK puts it before the share,
   * as for Azurite, but leaves it out of the target of a rename: both are understood.
   */
  #locate(url: string): { share: string; path: string } {
    const [path = ''] = url.split('?');
    const names = path
      .split('/')
      .filter((name) => name !== '')
      .map(decodeURIComponent);
    if (names[0] === this.account.name) names.shift();
    const [share = '', ...rest] = names;
    return { share, path: rest.join('/') };
  }
}

function isRefusal(disturbance: Disturbance): disturbance is RefusalCode {
  return disturbance !== undefined && /^[A-Z]/.test(disturbance);
}

function queryOf(url: string): Map<string, string> {
  const [, query = ''] = url.split('?');
  return new Map(new URLSearchParams(query));
}

function send(
  response: ServerResponse,
  method: string,
  { status, headers = {}, body = '' }: Reply,
  version: string | string[] | undefined,
  half: boolean,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'x-ms-request-id': randomUUID(),
    'x-ms-version': version ?? VERSION_MIN,
    'content-length': bytes.length,
    ...headers,
  });
  // "Status and error codes": the answer to HEAD has no body, its code is in the header.
  if (method === 'HEAD') response.end();
  else if (half) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}
