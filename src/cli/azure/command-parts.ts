/** What every Azure command works with. */
import type { Environment } from '../../platform/config.ts';
import type { AzureTarget } from './arguments.ts';
import type { AzureCli } from './azure-cli.ts';
import type { AzureParts } from './ports.ts';
import type { RevisionParts } from './revisions.ts';

export interface CommandParts {
  readonly cli: AzureCli;
  readonly target: AzureTarget;
  readonly azure: AzureParts;
  readonly env: Environment;
  readonly show: (done: number, total: number, what: string) => void;
  readonly warn: (text: string) => void;
}

export function revisionParts({ cli, target, azure, show, warn }: CommandParts): RevisionParts {
  return { cli, app: target.app, group: target.group, pause: azure.pause, show, warn };
}
