/**
 * The revisions of the app, and how one takes the place of another. There is one writer: Container
 * Apps starts a new revision before it stops the old one, and waits for it to be ready, but the new
 * one cannot have the storage while the old one holds its lease. So the old one is stopped first,
 * which ships everything; should the change then fail, it is started again.
 */
import { LIMITS } from '../../platform/limits.ts';
import { AzError } from './az-error.ts';
import type { AzureCli } from './azure-cli.ts';
import { listAt, textAt, valueAt } from './json.ts';
import { onSignal } from './on-signal.ts';

export interface Revision {
  readonly name: string;
  readonly image: string | undefined;
  readonly createdAt: string;
  readonly active: boolean;
  readonly health: string | undefined;
  readonly running: string | undefined;
  readonly replicas: number;
}

/** What the functions here work on. */
export interface RevisionParts {
  readonly cli: AzureCli;
  readonly app: string;
  readonly group: string;
  readonly pause: (ms: number) => Promise<void>;
  readonly show: (done: number, total: number, what: string) => void;
  /** Writes a line although the command ends. */
  readonly warn: (text: string) => void;
}

/** Newest first. */
export async function listRevisions({ cli, app, group }: RevisionParts): Promise<Revision[]> {
  const answer = await cli.json([
    'containerapp',
    'revision',
    'list',
    ...['--name', app, '--resource-group', group, '--all'],
  ]);
  const revisions = listAt(answer).map(revisionOf);
  return revisions.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** What runs; when nothing does, what ran last. @param revisions newest first */
export function currentOf(revisions: readonly Revision[]): Revision | undefined {
  return revisions.find((revision) => revision.active) ?? revisions[0];
}

/**
 * Makes a change that replaces what runs: stops it, waits until it is gone, changes. When one of
 * these fails and nothing runs then, what ran before is started again. A signal leaves no time for
 * that: then a line says how things stand.
 * @throws AzError what failed, and whether the app serves meanwhile
 */
export async function inItsPlace(
  parts: RevisionParts,
  change: () => Promise<unknown>,
): Promise<void> {
  const before = (await listRevisions(parts)).filter((revision) => revision.active);
  let stopping = before.length === 0;
  const stopListening = onSignal(() => {
    if (stopping) parts.warn(brokenOff(parts, before[0]));
  });
  try {
    for (const { name } of before) {
      stopping = true;
      await stop(parts, name);
    }
    await change();
  } catch (error) {
    if (!(error instanceof AzError)) throw error;
    const after = (await startAgain(parts, before))
      ? 'what ran before was started again'
      : 'look with scimlane azure status at what runs now';
    throw new AzError(
      error.reason,
      `${error.message}; ${after}. Run the same command again to go on`,
    );
  } finally {
    stopListening();
  }
}

function brokenOff({ app, group }: RevisionParts, before: Revision | undefined): string {
  const again =
    before === undefined
      ? ''
      : `; az containerapp revision activate --name ${app} --resource-group ${group} --revision ${before.name} starts what ran before`;
  return `broken off while ${app} is stopped, or about to be: run the same command again to go on${again}. What Azure has begun it finishes: scimlane azure status --group ${group} --app ${app}`;
}

async function stop(parts: RevisionParts, name: string): Promise<void> {
  const { cli, app, group, pause, show } = parts;
  show(0, 0, `stopping ${name}: it sends what its storage lacks`);
  await cli.text([
    'containerapp',
    'revision',
    'deactivate',
    ...['--name', app, '--resource-group', group, '--revision', name],
  ]);
  for (let poll = 0; await hasReplicas(parts, name); poll += 1) {
    if (poll === LIMITS.azStopPolls) {
      throw new AzError('other', `${name} does not stop: see scimlane azure logs --system`);
    }
    await pause(LIMITS.azPollMs);
  }
}

/** Never throws: it follows another failure, which is the one to be told. */
async function startAgain(parts: RevisionParts, before: readonly Revision[]): Promise<boolean> {
  try {
    const revisions = await listRevisions(parts);
    // A run that was broken off may have stopped it: then nothing ran before this one.
    const [last] = before.length === 0 ? revisions : before;
    if (last === undefined || revisions.some((revision) => revision.active)) return false;
    await activate(parts, last.name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until a revision of the image serves, and starts the newest when none runs: a change that
 * needs no new revision leaves it stopped. What ran before may serve for a while yet; a look that
 * fails is no failure of the app: the next one may succeed.
 * @throws AzError when it does not become healthy in time
 */
export async function waitUntilHealthy(parts: RevisionParts, image: string): Promise<Revision> {
  const { pause, show } = parts;
  let seen = 'no revision is active';
  for (let poll = 0; poll < LIMITS.azHealthPolls; poll += 1) {
    if (poll > 0) await pause(LIMITS.azPollMs);
    try {
      const revisions = await listRevisions(parts);
      const current = currentOf(revisions);
      if (current?.image !== image) {
        seen = `no revision of ${image} is there: ${current?.name ?? 'none'} has ${current?.image ?? 'no image'}`;
      } else if (current.active) {
        if (isHealthy(current)) return current;
        seen = `${current.name} is ${current.running ?? 'starting'}, ${current.health ?? 'health unknown'}`;
      } else await activate(parts, current.name);
    } catch (error) {
      if (!(error instanceof AzError)) throw error;
      seen = error.message;
    }
    show(poll, LIMITS.azHealthPolls, seen);
  }
  throw new AzError(
    'other',
    `the app is not healthy yet: ${seen}. Its own words: scimlane azure logs; the platform's: scimlane azure logs --system`,
  );
}

export function isHealthy({ health, running }: Revision): boolean {
  return health === 'Healthy' && (running === undefined || running.startsWith('Running'));
}

async function activate({ cli, app, group }: RevisionParts, name: string): Promise<void> {
  await cli.text([
    'containerapp',
    'revision',
    'activate',
    ...['--name', app, '--resource-group', group, '--revision', name],
  ]);
}

/** Asked of the list, which speaks of stopped revisions too. */
async function hasReplicas(parts: RevisionParts, name: string): Promise<boolean> {
  const revision = (await listRevisions(parts)).find((each) => each.name === name);
  return revision !== undefined && (revision.active || revision.replicas > 0);
}

function revisionOf(value: unknown): Revision {
  const [container] = listAt(value, 'properties', 'template', 'containers');
  const replicas = valueAt(value, 'properties', 'replicas');
  return {
    name: textAt(value, 'name') ?? '',
    image: textAt(container, 'image'),
    createdAt: textAt(value, 'properties', 'createdTime') ?? '',
    active: valueAt(value, 'properties', 'active') === true,
    health: textAt(value, 'properties', 'healthState'),
    running: textAt(value, 'properties', 'runningState'),
    replicas: typeof replicas === 'number' ? replicas : 0,
  };
}
