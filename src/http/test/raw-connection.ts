/** A TCP connection on which tests write what no HTTP client would. */
import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    socket.on('close', end);
    // A reset is how a refused request may end; the test looks at what came before.
    socket.on('error', end);
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  /** Each piece leaves in a segment of its own. */
  async send(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) {
      await new Promise<void>((resolve) => this.#socket.write(piece, () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The next response. @param method whose response it is: a HEAD has no body */
  async response(method = 'GET'): Promise<RawResponse> {
    for (;;) {
      const response = this.#parse(method);
      if (response !== undefined) return response;
      if (this.#ended) throw new Error('the connection closed before a whole response');
      await this.#more();
    }
  }

  /** Resolves when the server has closed, with what it sent and nobody took. */
  async closed(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#received.toString('latin1');
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #parse(method: string): RawResponse | undefined {
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd === -1) return undefined;
    const [statusLine = '', ...lines] = this.#received.toString('latin1', 0, headEnd).split('\r\n');
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const bodyBytes = method === 'HEAD' ? 0 : Number(headers.get('content-length') ?? '0');
    const end = headEnd + 4 + bodyBytes;
    if (this.#received.byteLength < end) return undefined;
    const body = this.#received.toString('utf8', headEnd + 4, end);
    this.#received = this.#received.subarray(end);
    return { status: Number(statusLine.split(' ')[1]), headers, body };
  }
}

/** A request with the headers that every one here has. */
export function requestText(line: string, headers: readonly string[] = [], body?: string): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`${line} HTTP/1.1`, 'Host: scim.test', ...length, ...headers].join('\r\n');
  return `${head}\r\n\r\n${body ?? ''}`;
}
