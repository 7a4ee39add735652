/** Composition of the command line: this process's streams and clock, and the real backups. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRunAz } from './cli/azure/spawn-az.ts';
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
    openAzure: () => ({
      runAz: createRunAz(env, process.platform),
      pause: (ms) => setTimeout(ms),
      newSecret: () => randomBytes(32).toString('hex'),
      templates: fileURLToPath(new URL('../infra', import.meta.url)),
    }),
    openOperations: async (config, warn) => {
      // Loaded when needed: help and a wrong command answer at once.
      const { openBackupOperations } = await import('./backup/operations.ts');
      const { createThreadJobs } = await import('./backup/jobs/client.ts');
      return openBackupOperations(config, { jobs: createThreadJobs(), clock: systemClock, warn });
    },
    importDatabase: async (...asked) => {
      const { importInto } = await import('./import-command.ts');
      return importInto(...asked);
    },
  });
}
