/** `status` and `logs`: what runs, and what it says. They change nothing. */
import type { Report } from '../report.ts';
import {
  type FormerDeployment,
  readAccount,
  readAppThatIsThere,
  readFormerDeployment,
} from './app.ts';
import type { AzureAction } from './arguments.ts';
import { type CommandParts, revisionParts } from './command-parts.ts';
import { isHealthy, listRevisions, type Revision } from './revisions.ts';

const REVISIONS_SHOWN = 10;

/** Not ok while no revision is healthy. */
export async function status(parts: CommandParts): Promise<Report> {
  const { cli, target } = parts;
  const account = await readAccount(cli);
  const app = await readAppThatIsThere(cli, target);
  const revisions = await listRevisions(revisionParts(parts));
  const former = await readFormerDeployment(cli, target);
  const active = revisions.filter((revision) => revision.active);
  const ok = active.length === 1 && active.every(isHealthy);
  const shown = revisions.slice(0, REVISIONS_SHOWN);
  const lines = [
    `${target.app} in ${target.group} (${account.name}): ${ok ? 'healthy' : 'not healthy'}`,
    `    SCIM base   ${app.url ?? ''}/scim/v2`,
    `    image       ${app.image ?? 'unknown'}`,
    `    storage     ${app.storages.length === 0 ? 'none: what it holds goes with it' : app.storages.join(', ')}`,
    `    deployment  ${deploymentText(former)}`,
    '  revisions',
    ...shown.map((revision) => `    ${revisionText(revision)}`),
  ];
  const json = {
    app: target.app,
    group: target.group,
    healthy: ok,
    url: app.url ?? null,
    image: app.image ?? null,
    storages: app.storages,
    deployed: former === undefined ? null : former.state === 'succeeded',
    revisions: shown,
  };
  return { lines, json, ok };
}

/** Hands on lines of the app, or of the platform about it; with `follow` until it is ended. */
export async function logs(
  { follow, system, tail }: Extract<AzureAction, { action: 'logs' }>,
  { cli, target }: CommandParts,
  write: (text: string) => void,
): Promise<void> {
  const words = [
    'containerapp',
    'logs',
    'show',
    ...['--name', target.app, '--resource-group', target.group, '--tail', String(tail)],
    ...['--type', system ? 'system' : 'console', '--format', 'text'],
    ...(follow ? ['--follow', 'true'] : []),
  ];
  await cli.stream(words, write);
}

function deploymentText(former: FormerDeployment | undefined): string {
  if (former === undefined) return 'Azure remembers none';
  if (former.state === 'succeeded') return 'succeeded';
  if (former.state === 'underWay') return 'under way: scimlane azure deploy waits for its end';
  return 'failed: scimlane azure deploy goes on with it';
}

function revisionText({ name, image, createdAt, active, health, running }: Revision): string {
  const state = active ? `${running ?? 'active'}, ${health ?? 'health unknown'}` : 'stopped';
  return `${name}  ${createdAt}  ${image ?? ''}  ${state}`;
}
