/**
 * Azurite, the emulator of Azure Blob, as a process of its own: on loopback, on a port of its own,
 * in memory, with a key of its own. It reports nothing to anybody and writes nothing into the
 * working tree. When the test ends it is gone, and everything in it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import type { Scope } from './asserts.ts';

const ACCOUNT = 'scimlane';
const START_DEADLINE_MS = 30_000;
/** A test that is killed cannot stop it; but then its stdin ends. */
const END_WITH_PARENT = `process.stdin.on('end', () => process.exit()).resume()`;
const LISTENING = /listens on http:\/\/127\.0\.0\.1:(\d+)/;

export class Azurite {
  readonly port: number;
  readonly #key: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  static async start(t: Scope): Promise<Azurite> {
    const key = randomBytes(64).toString('base64');
    const child = launch(key);
    const ended = once(child, 'close');
    t.teardown(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return new Azurite(await listeningPort(child, ended), key, child, ended);
  }

  private constructor(port: number, key: string, child: ChildProcess, ended: Promise<unknown>) {
    this.port = port;
    this.#key = key;
    this.#child = child;
    this.#ended = ended;
  }

  get connectionString(): string {
    return this.connectionStringWith({});
  }

  /** With another port (of something that listens between) or another key (a wrong one). */
  connectionStringWith({ port = this.port, key = this.#key }): string {
    return [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${key}`,
      `BlobEndpoint=http://127.0.0.1:${port}/${ACCOUNT}`,
    ].join(';');
  }

  /** Ends it at once, and all its content with it. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

function launch(key: string): ChildProcess {
  const script = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  return spawn(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(END_WITH_PARENT)}`,
      script,
      ...['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence'],
      // The SDK is usually newer than the versions of the API that Azurite knows by number.
      ...['--silent', '--skipApiVersionCheck', '--disableTelemetry'],
    ],
    {
      // Its workspace, in which it writes nothing as long as it keeps all in memory.
      cwd: tmpdir(),
      // Nothing of the test runner's own environment: its loader would double the start.
      env: { PATH: process.env['PATH'], AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
}

/** Asked for port 0 it takes a free one, and prints which. */
async function listeningPort(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const late = AbortSignal.timeout(START_DEADLINE_MS);
  const over = ended.then(() => {
    throw new Error(`Azurite ended:\n${printed}`);
  });
  over.catch(() => undefined);
  for (;;) {
    const port = LISTENING.exec(printed)?.[1];
    if (port !== undefined) return Number(port);
    if (child.stdout === null) throw new Error('Azurite has no stdout');
    await Promise.race([once(child.stdout, 'data', { signal: late }), over]);
  }
}
