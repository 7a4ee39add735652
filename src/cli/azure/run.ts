/** Carries out an Azure command: which part does it, and what they share. */
import type { Environment } from '../../platform/config.ts';
import type { Progress } from '../progress.ts';
import type { Report } from '../report.ts';
import type { AzureInvocation } from './arguments.ts';
import { AzureCli } from './azure-cli.ts';
import { rollback, upgrade } from './change-image.ts';
import type { CommandParts } from './command-parts.ts';
import { deploy } from './deploy.ts';
import type { AzureParts } from './ports.ts';
import { logs, status } from './status.ts';

export interface AzureRunParts {
  readonly azure: AzureParts;
  readonly env: Environment;
  readonly progress: Progress;
  /** Takes lines of the app's log as they come. */
  readonly write: (text: string) => void;
  /** Takes a line for stderr, at once: the process may be about to end. */
  readonly warn: (text: string) => void;
}

/** Undefined: what there is to say was written already. @throws AzError, AzMissing, UsageError */
export async function runAzure(
  { target, command }: Extract<AzureInvocation, { kind: 'azure' }>,
  { azure, env, progress, write, warn }: AzureRunParts,
): Promise<Report | undefined> {
  const cli = new AzureCli(azure.runAz, target.subscription);
  const parts: CommandParts = { cli, target, azure, env, show: progress.show, warn };
  switch (command.action) {
    case 'deploy':
    case 'add-storage':
      return await deploy(command, parts);
    case 'upgrade':
      return await upgrade(command, parts);
    case 'rollback':
      return await rollback(command, parts);
    case 'status':
      return await status(parts);
    case 'logs':
      await logs(command, parts, write);
      return undefined;
  }
}
