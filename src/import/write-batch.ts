/**
 * Brings a batch of one endpoint and type into the store, through the writer's own commands: what is
 * not there is created with its id and times; what is there and equal is left alone, so that an
 * import may be run again; what is there and differs stays, unless it is to be overwritten.
 */
import { assert } from '../platform/assert.ts';
import { PATCH_SCHEMA, parsePatch, type PatchLimits } from '../scim/patch/parse.ts';
import { ScimError } from '../scim/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { type HashSecret, hashSecrets } from '../scim/resource/secrets.ts';
import { toStored } from '../scim/resource/stored.ts';
import { sameValue } from '../scim/same-value.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type {
  BulkOperation,
  BulkUnit,
  CreateCommand,
  PatchCommand,
  ReplaceCommand,
} from '../store/commands.ts';
import type { StoredResource } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import type { Notes } from './findings.ts';
import type { ImportCounts, Tally } from './options.ts';
import type { Place } from './places.ts';

/** A resource that is ready to be taken. */
export interface Candidate {
  readonly id: string;
  readonly canonical: JsonObject;
  /** Ids that are there, or in the same unit; undefined for a type without members. */
  readonly members: readonly string[] | undefined;
  readonly created: number;
  readonly lastModified: number;
  readonly notes: Notes;
}

export interface BatchContext {
  readonly store: Store;
  readonly place: Place;
  readonly type: ResourceType;
  readonly overwrite: boolean;
  readonly hashSecret: HashSecret;
  readonly patchLimits: PatchLimits;
  readonly tally: Tally;
  readonly members: ImportCounts['members'];
}

/** A command, and whom it is about. */
interface Planned {
  readonly candidate: Candidate;
  readonly operation: BulkOperation;
}

/**
 * @param units each carried out whole or not at all; more than one candidate only where they are
 *   members of each other
 * @throws StoreError when the store cannot go on; what was taken before stays, and counts as
 *   unchanged the next time
 */
export async function writeBatch(
  context: BatchContext,
  units: readonly (readonly Candidate[])[],
): Promise<void> {
  const { store, place, tally } = context;
  const planned: Planned[] = [];
  const bulk: BulkUnit[] = [];
  for (const unit of units) {
    const first = planned.length;
    await planUnit(context, unit, planned);
    if (planned.length > first) bulk.push(planned.slice(first).map(({ operation }) => operation));
  }
  if (planned.length === 0) return;
  const { endpoint } = place;
  const { outcomes, interrupted } = await store.writeBulk(
    {
      kind: 'bulk',
      endpointId: endpoint.id,
      log: undefined,
      count: planned.length,
      units: bulk,
      failOnErrors: undefined,
    },
    endpoint.profile,
  );
  if (interrupted !== undefined) throw interrupted;
  const waiting: Planned[] = [];
  const gone = new Set<string>();
  for (const each of planned) {
    const { candidate, operation } = each;
    const outcome = outcomes.get(operation.position);
    if (outcome?.kind === 'done') {
      if (operation.command?.kind === 'replace') tally.overwritten += 1;
      else tally.taken += 1;
    } else if (outcome?.kind === 'failed') {
      if (!(outcome.error instanceof ScimError)) throw outcome.error;
      tally.refused += 1;
      candidate.notes.add('refused', '', outcome.error.message);
      if (operation.command?.kind === 'create') gone.add(candidate.id);
    } else waiting.push(each);
  }
  assert(waiting.length < planned.length, 'of a circle that fails one group is the culprit');
  await writeWithout(context, waiting, units, gone);
}

/**
 * The others of a circle, when one of it was refused: without this one as a member, where it is not
 * here. Each round has at least one group less of every circle, so that it comes to an end.
 * @param gone ids that were to be made and are not
 */
async function writeWithout(
  context: BatchContext,
  waiting: readonly Planned[],
  units: readonly (readonly Candidate[])[],
  gone: ReadonlySet<string>,
): Promise<void> {
  if (waiting.length === 0) return;
  const left = new Map(
    waiting.map(({ candidate }) => [candidate, without(context, candidate, gone)]),
  );
  await writeBatch(
    context,
    units.flatMap((unit) => {
      const rest = unit.flatMap((candidate) => left.get(candidate) ?? []);
      return rest.length === 0 ? [] : [rest];
    }),
  );
}

function without(
  { members: counts }: BatchContext,
  candidate: Candidate,
  gone: ReadonlySet<string>,
): Candidate {
  const members = candidate.members?.filter((id) => {
    if (!gone.has(id)) return true;
    counts.kept -= 1;
    counts.dropped += 1;
    candidate.notes.add('dropped', 'members', 'a member that was refused');
    return false;
  });
  return { ...candidate, members };
}

async function planUnit(
  context: BatchContext,
  unit: readonly Candidate[],
  planned: Planned[],
): Promise<void> {
  const fresh: Candidate[] = [];
  const replaced: [Candidate, StoredResource][] = [];
  for (const candidate of unit) {
    if (planned.some(({ candidate: { id } }) => id === candidate.id)) {
      context.tally.refused += 1;
      candidate.notes.add('refused', 'id', 'another one before it has the same id');
      continue;
    }
    const present = await find(context, candidate.id);
    if (present === undefined) fresh.push(candidate);
    else replaced.push([candidate, present]);
  }
  const unborn = new Set(fresh.map(({ id }) => id));
  for (const candidate of fresh) {
    unborn.delete(candidate.id);
    const create = await createCommand(context, candidate);
    const late = candidate.members?.filter((id) => unborn.has(id)) ?? [];
    const members = candidate.members?.filter((id) => !unborn.has(id));
    const afterwards = late.length === 0 ? undefined : joinCommand(context, candidate, late);
    plan(planned, candidate, { ...create, members }, afterwards);
  }
  // Behind those that are made: they may get these as members.
  for (const [candidate, present] of replaced) planPresent(context, candidate, present, planned);
}

function plan(
  planned: Planned[],
  candidate: Candidate,
  command: CreateCommand | ReplaceCommand,
  afterwards?: PatchCommand,
): void {
  const position = planned.length;
  planned.push({ candidate, operation: { position, needs: [], command, afterwards } });
}

function planPresent(
  { place, type, overwrite, tally }: BatchContext,
  candidate: Candidate,
  present: StoredResource,
  planned: Planned[],
): void {
  const { id, canonical, members, lastModified: now, notes } = candidate;
  // A password cannot be compared, and would be in clear: the one that is here stays.
  const stored = { ...toStored(type, id, canonical), secrets: undefined };
  const paths = differingPaths(stored.document, members, present);
  if (paths.length === 0) {
    tally.unchanged += 1;
    return;
  }
  if (!overwrite) {
    tally.differing += 1;
    notes.add('differs', paths.join(', '), 'here it has another state, and keeps it');
    return;
  }
  const base = { endpointId: place.endpoint.id, log: undefined, type: type.name, id, now };
  const ifMatch = undefined;
  plan(planned, candidate, { kind: 'replace', ...base, ...stored, members, ifMatch });
}

async function createCommand(
  { place, type, hashSecret }: BatchContext,
  { id, canonical, members, created, lastModified }: Candidate,
): Promise<CreateCommand> {
  const hashed = await hashSecrets(type, canonical, hashSecret);
  return {
    kind: 'create',
    endpointId: place.endpoint.id,
    log: undefined,
    type: type.name,
    id,
    now: lastModified,
    created,
    ...toStored(type, id, hashed ?? canonical),
    members,
  };
}

/** In a circle of groups each but the last has members that are not there yet: they join later. */
function joinCommand(
  { place, type, patchLimits }: BatchContext,
  { id, lastModified }: Candidate,
  late: readonly string[],
): PatchCommand {
  const { endpoint } = place;
  const path = type.membership?.name ?? 'members';
  const value = late.map((member) => ({ value: member }));
  const body = { schemas: [PATCH_SCHEMA], Operations: [{ op: 'add', path, value }] };
  return {
    kind: 'patch',
    endpointId: endpoint.id,
    log: undefined,
    type: type.name,
    id,
    now: lastModified,
    ifMatch: undefined,
    operations: JSON.stringify(parsePatch(body, type, patchLimits, endpoint.settings)),
    needsSecrets: false,
  };
}

function find(
  { store, place, type }: BatchContext,
  id: string,
): Promise<StoredResource | undefined> {
  const links = type.membership === undefined ? undefined : { base: '' };
  return store.get({ endpointId: place.endpoint.id, type: type.name, id, links });
}

/** Attributes by name, and extensions by URN, of which one has another value than the other. */
function differingPaths(
  document: string,
  members: readonly string[] | undefined,
  present: StoredResource,
): string[] {
  const wanted = parsed(document);
  const here = parsed(Buffer.from(present.document).toString('utf8'));
  const paths = new Set([...Object.keys(wanted), ...Object.keys(here)]);
  const differing = [...paths].filter((path) => !sameValue(wanted[path], here[path]));
  if (members !== undefined && !sameMembers(members, present.links)) differing.push('members');
  return differing;
}

function sameMembers(wanted: readonly string[], links: string | undefined): boolean {
  const present = links === undefined ? [] : (JSON.parse(links) as JsonValue);
  if (!Array.isArray(present) || present.length !== wanted.length) return false;
  const ids = new Set(wanted);
  return present.every((link) => {
    const id = isObject(link) ? link['value'] : undefined;
    return typeof id === 'string' && ids.has(id);
  });
}

function parsed(text: string): JsonObject {
  const document = JSON.parse(text) as JsonValue;
  if (!isObject(document)) throw new Error('a stored document is no JSON object');
  return document;
}
