/**
 * The real server as a process of its own: start, stop, kill -9, and start again on the same data.
 * It never sleeps: it waits for the line that the server prints when it listens, or for the exit.
 * Whatever a test does, its server is dead and its folder gone when the test ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from './asserts.ts';

export const SECRET = 'acceptance-3b1f7a52c94e4d0c8e6fa1d25b7c9e40';

export interface ServerOptions {
  /** On top of the defaults below; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Data folder; a fresh one, removed at the end, when left out. */
  readonly folder?: string;
  /** For Node itself, before the script. */
  readonly nodeArguments?: readonly string[];
}

/** How a process ended, and all it said. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const START_DEADLINE_MS = 30_000;
const ROOT = join(import.meta.dirname, '..', '..');
const LISTENING = /https?:\/\/(?:127\.0\.0\.1|localhost):(\d+)\/scim\/v2/;

export class Server {
  readonly folder: string;
  readonly #options: ServerOptions;
  #process: ServerProcess;

  /** Starts a server that is gone, with its data, when the test ends. */
  static async start(t: Scope, options: ServerOptions = {}): Promise<Server> {
    const folder = options.folder ?? temporaryFolder(t);
    const server = new Server(folder, options);
    t.teardown(() => server.kill());
    await server.#process.printed(LISTENING);
    return server;
  }

  private constructor(folder: string, options: ServerOptions) {
    this.folder = folder;
    this.#options = options;
    this.#process = launch(folder, options);
  }

  get port(): number {
    return this.#process.port;
  }

  /** Without trailing slash: `http://127.0.0.1:4711`. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get databaseFile(): string {
    return join(this.folder, 'scimlane.db');
  }

  get stdout(): string {
    return this.#process.stdout;
  }

  get stderr(): string {
    return this.#process.stderr;
  }

  get exit(): Promise<Exit> {
    return this.#process.exit;
  }

  /** Resolves when stdout holds the pattern. */
  printed(pattern: RegExp): Promise<void> {
    return this.#process.printed(pattern);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.child.kill(signal);
  }

  async stop(): Promise<Exit> {
    this.signal('SIGTERM');
    return this.exit;
  }

  async kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.exit;
  }

  /** Starts a new process on the same data; the old one must have ended. The port changes. */
  async startAgain(): Promise<void> {
    await this.exit;
    this.#process = launch(this.folder, this.#options);
    await this.#process.printed(LISTENING);
  }
}

/** Runs a server that is expected to end by itself, and tells how it did. */
export async function runToExit(t: Scope, options: ServerOptions = {}): Promise<Exit> {
  const started = launch(options.folder ?? temporaryFolder(t), options);
  t.teardown(() => started.child.kill('SIGKILL'));
  return started.exit;
}

/** A folder that is removed when the test ends, after its server has been killed. */
export function temporaryFolder(t: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'scimlane-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

interface ServerProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exit: Promise<Exit>;
  /** Rejects with what the process said, when it ends or stays silent. */
  printed(pattern: RegExp): Promise<void>;
  readonly port: number;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(folder: string, options: ServerOptions): ServerProcess {
  const child = spawn(
    process.execPath,
    [...(options.nodeArguments ?? []), join(ROOT, 'src', 'main.js')],
    { cwd: ROOT, env: environment(folder, options), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    stdout,
    stderr,
  }));
  return {
    child,
    pid: child.pid ?? 0,
    exit,
    printed: (pattern) => waitForText(child, () => stdout, pattern, exit),
    get port() {
      return Number(LISTENING.exec(stdout)?.[1] ?? 0);
    },
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}

/** Nothing of the test runner's own environment reaches the server. */
function environment(folder: string, options: ServerOptions): NodeJS.ProcessEnv {
  const variables: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOST: '127.0.0.1',
    PORT: '0',
    SCIM_SHARED_SECRET: SECRET,
    DATABASE_URL: `file:${join(folder, 'scimlane.db')}`,
    NODE_ENV: 'test',
    ...options.env,
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

async function waitForText(
  child: ChildProcess,
  stdout: () => string,
  pattern: RegExp,
  exit: Promise<Exit>,
): Promise<void> {
  const late = AbortSignal.timeout(START_DEADLINE_MS);
  const ended = exit.then((how) => {
    throw new Error(
      `the server ended with ${String(how.code ?? how.signal)}:\n${how.stdout}${how.stderr}`,
    );
  });
  ended.catch(() => undefined);
  while (!pattern.test(stdout())) {
    if (child.stdout === null) throw new Error('the server has no stdout');
    await Promise.race([once(child.stdout, 'data', { signal: late }), ended]);
  }
}
