/** Composition of the command line: this process's streams and clock, and the real backups. */
import { runCommandLine } from './cli/run.ts';
import { systemClock } from './platform/clock.ts';
import type { Environment } from './platform/config.ts';

/** @returns the exit code */
export function commandLine(args: readonly string[], env: Environment): Promise<number> {
  return runCommandLine(args, {
    env,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    openOperations: async (config, warn) => {
      // Loaded when needed: help and a wrong command answer at once.
      const { openBackupOperations } = await import('./backup/operations.ts');
      const { createThreadJobs } = await import('./backup/jobs/client.ts');
      return openBackupOperations(config, { jobs: createThreadJobs(), clock: systemClock, warn });
    },
  });
}
