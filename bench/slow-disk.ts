/**
 * A disk whose syncs take longer, as those of a cloud do, with no hook in any program: strace lets a
 * process wait at the end of each sync (SQLite's are fsync or fdatasync, as it was built). A seccomp
 * filter leaves all other calls alone. The tracer is a grandchild (-D), so that the process that was
 * started is the server itself: its pid, its signals, its CPU time.
 */
import { spawnSync } from 'node:child_process';
import type { Scenario } from './scenario.ts';

const SYNCS = 'fsync,fdatasync';
const PROBE_DEADLINE_MS = 10_000;
/** Prints how many milliseconds a sync took. */
const PROBE = `
  const { fsyncSync, openSync } = require('node:fs');
  const file = openSync(process.execPath, 'r');
  const startedMs = performance.now();
  fsyncSync(file);
  console.log(performance.now() - startedMs);`;

/** What stands before a command whose syncs take so much longer; nothing for 0. */
export function slowDiskPrefix(syncDelayMs: number): readonly string[] {
  return syncDelayMs === 0 ? [] : ['strace', '-D', ...tracing(syncDelayMs)];
}

function tracing(syncDelayMs: number): readonly string[] {
  const delay = `inject=${SYNCS}:delay_exit=${syncDelayMs * 1000}`;
  return ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', `trace=${SYNCS}`, '-e', delay];
}

/** Those that this machine can run; each of the others is told of, with why. */
export function runnable(
  scenarios: readonly Scenario[],
  whyNot: (syncDelayMs: number) => string | undefined,
  say: (text: string) => void,
): readonly Scenario[] {
  return scenarios.filter(({ name, syncDelayMs = 0 }) => {
    const why = syncDelayMs === 0 ? undefined : whyNot(syncDelayMs);
    if (why !== undefined) say(`${name} is skipped: ${why}`);
    return why === undefined;
  });
}

/**
 * Why syncs cannot be delayed here, in one line; undefined when they can: one was. Without -D, because
 * a tracer that is refused then ends with its child and leaves nothing behind.
 */
export function whyNoSlowDisk(syncDelayMs: number): string | undefined {
  const args = [...tracing(syncDelayMs), process.execPath, '-e', PROBE];
  const { error, status, stdout, stderr } = spawnSync('strace', args, {
    encoding: 'utf8',
    timeout: PROBE_DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  if (error !== undefined) return `strace cannot be started (${error.message})`;
  const [complaint = ''] = stderr.split('\n');
  if (status !== 0) return `strace cannot trace here (${complaint})`;
  return Number(stdout) >= syncDelayMs ? undefined : 'strace did not delay a sync';
}
