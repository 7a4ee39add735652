/**
 * Servers in processes of their own, on loopback: the product, and the limits beside it. Also what
 * the operating system knows of a process: CPU time and resident memory (Linux; elsewhere
 * undefined).
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { placeServer, serverPrefix } from './pinning.ts';
import { slowDiskPrefix } from './slow-disk.ts';

export interface RunningServer {
  readonly port: number;
  /** CPU time of all its threads so far. */
  cpuMs(): number | undefined;
  /** Resident memory. */
  rssBytes(): number | undefined;
  /** The most that was ever resident. */
  rssPeakBytes(): number | undefined;
  /** Puts its threads where they belong (see pinning.ts); those of before a load. */
  place(): void;
  stop(): Promise<void>;
  /** Kill -9: what was not durable is gone. */
  kill(): Promise<void>;
}

export interface Product extends RunningServer {
  /** `http://127.0.0.1:<port>/scim/v2` */
  readonly base: string;
  readonly token: string;
  /** From spawn to the first answer that a token is needed for. */
  readonly firstAnswerMs: number;
  /** Where its data file is; a stand-in has none. */
  readonly folder?: string;
}

export interface ProductOptions {
  /** The folder of the revision to start; this one, when it is not given. */
  readonly source?: string;
  /** So much longer takes each of its syncs (see slow-disk.ts). */
  readonly syncDelayMs?: number;
}

const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 30_000;
const POLL_MS = 2;
/** In the line of the product's log. */
const LISTENING = '"msg":"listening"';
const REPOSITORY = new URL('..', import.meta.url).pathname;

/**
 * Starts `src/main.js` as it runs in production, on the data file in `folder`.
 * @param options environment variables beside those
 */
export async function startProduct(
  folder: string,
  options: Readonly<Record<string, string>> = {},
  { source = REPOSITORY, syncDelayMs = 0 }: ProductOptions = {},
): Promise<Product> {
  const port = await freePort();
  const token = randomBytes(32).toString('base64url');
  const base = `http://127.0.0.1:${port}/scim/v2`;
  const logPath = join(folder, 'server.log');
  const logged = existsSync(logPath) ? readFileSync(logPath, 'utf8').length : 0;
  const startedMs = performance.now();
  const child = start(
    ['--v8-pool-size=1', '--max-semi-space-size=8', 'src/main.js'],
    logPath,
    {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: `file:${join(folder, 'scimlane.db')}`,
      SCIM_SHARED_SECRET: token,
      NODE_ENV: 'production',
      ...options,
    },
    source,
    syncDelayMs,
  );
  const headers = { Authorization: `Bearer ${token}` };
  await listens(logPath, logged, child);
  await answers(`${base}/Users?count=1`, headers, child, logPath);
  const firstAnswerMs = performance.now() - startedMs;
  await answers(`http://127.0.0.1:${port}/health/ready`, {}, child, logPath);
  return { ...running(child, port), base, token, firstAnswerMs, folder };
}

/**
 * Starts a limit server.
 * @param syncDelayMs as the product's
 */
export function startLimit(
  script: 'limit-http.ts' | 'limit-insert.ts',
  folder: string,
  syncDelayMs = 0,
): Promise<RunningServer> {
  return startPrinting(script, [join(folder, 'limit.db')], syncDelayMs);
}

/** Starts a server of `bench/peers`, whose packages are installed. */
export async function startPeer(
  script: string,
  folder: string,
  args: readonly string[] = [],
): Promise<Product> {
  const token = randomBytes(32).toString('base64url');
  const startedMs = performance.now();
  const server = await startPrinting(join('peers', script), [folder, token, ...args]);
  const firstAnswerMs = performance.now() - startedMs;
  return { ...server, base: `http://127.0.0.1:${server.port}/scim/v2`, token, firstAnswerMs };
}

/** Starts a script of the bench that prints its port. */
async function startPrinting(
  script: string,
  args: readonly string[],
  syncDelayMs = 0,
): Promise<RunningServer> {
  const child = spawn(...commandOf([join('bench', script), ...args], syncDelayMs), {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  killWithUs(child);
  const text = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', (code) => reject(new Error(`${script} ended with ${String(code)}`)));
  });
  return running(child, Number(text));
}

function start(
  args: readonly string[],
  logPath: string,
  env: Record<string, string>,
  source: string,
  syncDelayMs: number,
): ChildProcess {
  const log = openSync(logPath, 'a');
  const child = spawn(...commandOf(args, syncDelayMs), {
    cwd: source,
    // Nothing of our own environment: a variable set on this machine must not change the figures.
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  killWithUs(child);
  return child;
}

/** What stands before `node` ends as that: the process that is started here is the server. */
function commandOf(args: readonly string[], syncDelayMs: number): [program: string, string[]] {
  const node = [process.execPath, ...args];
  const [program = process.execPath, ...rest] = [
    ...serverPrefix(),
    ...slowDiskPrefix(syncDelayMs),
    ...node,
  ];
  return [program, rest];
}

function killWithUs(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/** Waits until `url` answers 200. */
async function answers(
  url: string,
  headers: Record<string, string>,
  child: ChildProcess,
  logPath: string,
): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break;
    const status = await fetch(url, { headers }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => undefined,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const log = readFileSync(logPath, 'utf8').split('\n').slice(-20).join('\n');
  throw new Error(`the server did not answer ${url}; its log ends:\n${log}`);
}

function running(child: ChildProcess, port: number): RunningServer {
  const pid = child.pid;
  if (pid === undefined) throw new Error('the process did not start');
  placeServer(pid);
  return {
    port,
    cpuMs: () => cpuMs(pid),
    rssBytes: () => memoryBytes(pid, 'VmRSS'),
    rssPeakBytes: () => memoryBytes(pid, 'VmHWM'),
    place: () => placeServer(pid),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended by itself with ${String(child.exitCode)}`);
      }
      const ended: Promise<unknown[]> = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      const [, signal] = await ended;
      clearTimeout(timer);
      if (signal === 'SIGKILL') throw new Error('the server ignored SIGTERM');
    },
    kill: async () => {
      const ended: Promise<unknown[]> = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Sum over the threads of the process, in nanoseconds' resolution. */
function cpuMs(pid: number): number | undefined {
  try {
    let totalNs = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      totalNs += Number(text.split(' ')[0]);
    }
    return totalNs / 1e6;
  } catch {
    return undefined;
  }
}

function memoryBytes(pid: number, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the log says so. A request every few milliseconds takes a sixth of the cores that the
 * start needs, and may meet itself: a port of ours is one that the kernel gives to clients, too.
 */
async function listens(logPath: string, from: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (child.exitCode === null && performance.now() < deadline) {
    if (readFileSync(logPath, 'utf8').includes(LISTENING, from)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}
