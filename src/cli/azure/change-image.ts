/**
 * `upgrade` and `rollback`: another image in the place of the one that runs. A rollback is by image,
 * not by revision: a copied revision would bring back its settings too, and `az containerapp
 * revision copy` has been known to copy the newest one instead (azure-cli-extensions issue 5802).
 */
import type { Report } from '../report.ts';
import { readAccount, readAppThatIsThere } from './app.ts';
import type { AzureAction } from './arguments.ts';
import { AzError } from './az-error.ts';
import { type CommandParts, revisionParts } from './command-parts.ts';
import { settledDeployment } from './prepare.ts';
import { refuseToLoseData } from './refusals.ts';
import {
  currentOf,
  inItsPlace,
  isHealthy,
  listRevisions,
  type Revision,
  type RevisionParts,
  waitUntilHealthy,
} from './revisions.ts';

export async function upgrade(
  command: Extract<AzureAction, { action: 'upgrade' }>,
  parts: CommandParts,
): Promise<Report> {
  await readAccount(parts.cli);
  if (!command.whatIf) await settledDeployment(parts);
  return await changeImage(command.image, command, parts);
}

export async function rollback(
  command: Extract<AzureAction, { action: 'rollback' }>,
  parts: CommandParts,
): Promise<Report> {
  await readAccount(parts.cli);
  if (!command.whatIf) await settledDeployment(parts);
  const revisions = await listRevisions(revisionParts(parts));
  const image =
    command.revision === undefined ? imageBefore(revisions) : imageOf(revisions, command.revision);
  return await changeImage(image, command, parts);
}

/**
 * The image to go back to. A revision that went back takes the ones after its image off the list,
 * so that going back twice goes back two steps; one that is not healthy yet is gone on with.
 * @param revisions newest first
 * @throws AzError when nothing was before
 */
export function imageBefore(revisions: readonly Revision[]): string {
  const history: string[] = [];
  let wentBack = false;
  for (const { image } of revisions.toReversed()) {
    if (image === undefined || image === history.at(-1)) continue;
    const earlier = history.lastIndexOf(image);
    wentBack = earlier !== -1;
    if (wentBack) history.length = earlier + 1;
    else history.push(image);
  }
  const [newest] = revisions;
  const last = history.at(-1);
  if (wentBack && last !== undefined && newest !== undefined && !isHealthy(newest)) return last;
  const before = history.at(-2);
  if (before !== undefined) return before;
  throw new AzError('other', 'no other image ran before: name one with scimlane azure upgrade');
}

function imageOf(revisions: readonly Revision[], name: string): string {
  const image = revisions.find((revision) => revision.name === name)?.image;
  if (image !== undefined) return image;
  const known = revisions.map((revision) => revision.name).join(', ');
  throw new AzError('other', `there is no revision ${name}; there are ${known}`);
}

async function changeImage(
  image: string,
  { whatIf, discardData }: { readonly whatIf: boolean; readonly discardData: boolean },
  parts: CommandParts,
): Promise<Report> {
  const { cli, target, show } = parts;
  const app = await readAppThatIsThere(cli, target);
  const revisions = revisionParts(parts);
  const there = await listRevisions(revisions);
  // Not the app's own word: that names the image of a change that failed, too.
  const before = currentOf(there)?.image ?? app.image;
  const changed = before !== image;
  if (whatIf) {
    const line = changed
      ? `would stop ${before ?? 'what runs'} and start ${image}`
      : `${image} is what runs: nothing would change`;
    return { lines: [line], json: { whatIf: [line] }, ok: true };
  }
  if (changed) {
    refuseToLoseData(app, target, discardData);
    // Azure makes no second revision of the same; the newest is started when nothing runs.
    const isMade = there[0]?.image === image;
    await inItsPlace(revisions, () => (isMade ? Promise.resolve() : update(revisions, image)));
  }
  const { name } = await waitUntilHealthy({ ...revisions, show }, image);
  const lines = [
    changed ? `${target.app} runs ${image}` : `${target.app} runs ${image} already`,
    `    revision  ${name}`,
    ...(changed ? [`    before    ${before ?? 'unknown'}`] : []),
  ];
  const json = { app: target.app, image, revision: name, before: before ?? null, changed };
  return { lines, json, ok: true };
}

async function update(parts: RevisionParts, image: string): Promise<void> {
  const { cli, app, group, show } = parts;
  show(0, 0, `starting ${image}`);
  try {
    await cli.text([
      'containerapp',
      'update',
      ...['--name', app, '--resource-group', group, '--image', image, '--output', 'none'],
    ]);
  } catch (error) {
    // It may have been done all the same: the answer was lost, or `az` did not wait for its end.
    const [newest] = await listRevisions(parts);
    if (newest?.active !== true || newest.image !== image) throw error;
  }
}
