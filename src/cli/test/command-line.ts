/** Runs the command line for one test: streams that are kept, and backups that are made up. */
import type { BackupConfig } from '../../platform/backup-config.ts';
import type { Environment } from '../../platform/config.ts';
import type { AzureParts } from '../azure/ports.ts';
import type { BackupOperations, CommandLineParts } from '../ports.ts';
import { runCommandLine } from '../run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** With what the backups were opened; undefined: they were not. */
  readonly config: BackupConfig | undefined;
}

export interface RunOptions {
  readonly env?: Environment;
  readonly operations?: Partial<BackupOperations>;
  readonly azure?: AzureParts;
  readonly isTTY?: boolean;
  readonly importDatabase?: CommandLineParts['importDatabase'];
}

/** @param line words, separated by spaces */
export async function run(line: string, options: RunOptions = {}): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  let config: BackupConfig | undefined;
  let left = 0;
  const code = await runCommandLine(line.split(' '), {
    env: options.env ?? { BACKUP_FOLDER: './backup' },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY: options.isTTY ?? false },
    clock: { now: () => 0 },
    openAzure: () => {
      if (options.azure === undefined) throw new Error('Azure was not to be asked');
      return options.azure;
    },
    openOperations: (given) => {
      config = given;
      left += 1;
      return Promise.resolve({
        list: unexpected,
        verify: unexpected,
        restoreInto: unexpected,
        drill: unexpected,
        ...options.operations,
        close: () => {
          left -= 1;
          return Promise.resolve();
        },
      });
    },
    importDatabase: options.importDatabase ?? unexpected,
  });
  if (left > 0) throw new Error('the backups were left open');
  return { code, stdout, stderr, config };
}

function unexpected(): Promise<never> {
  return Promise.reject(new Error('this was not to be asked'));
}
