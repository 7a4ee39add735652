/**
 * Users and groups of the source, batch by batch, so that memory does not grow with it: only the ids
 * of groups, and the groups that have groups as members, are held. Users come first, because groups
 * name them; groups that have groups come last, in the order in which they need each other.
 */
import { bulkOrder } from '../scim/messages/bulk-order.ts';
import type { PatchLimits } from '../scim/patch/parse.ts';
import type { HashSecret } from '../scim/resource/secrets.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { ScimServerFile } from '../sqlite/scimserver/file.ts';
import type { ForeignRow } from '../sqlite/scimserver/tables.ts';
import type { Store } from '../store/store.ts';
import { groupBody, userBody } from './body.ts';
import { noteDifferences } from './differences.ts';
import { type Findings, Notes } from './findings.ts';
import { MemberResolver } from './members.ts';
import { noteOnlyHere } from './only-here.ts';
import type { ImportCounts, ImportOptions, Tally } from './options.ts';
import type { Place } from './places.ts';
import { salvage } from './salvage.ts';
import { idOf, shown, textOf, timeOf } from './values.ts';
import { type BatchContext, type Candidate, writeBatch } from './write-batch.ts';

export interface ResourceImport {
  readonly source: ScimServerFile;
  readonly store: Store;
  /** By id of the endpoint. */
  readonly places: ReadonlyMap<string, Place>;
  readonly options: ImportOptions;
  readonly findings: Findings;
  readonly counts: ImportCounts;
  readonly hashSecret: HashSecret;
  readonly patchLimits: PatchLimits;
  /** So many more have been looked at. */
  readonly advance: (count: number) => void;
}

type ResourceRow = ForeignRow<'ScimUser'> | ForeignRow<'ScimGroup'>;

/** A row with its endpoint here. */
interface Placed<R extends ResourceRow> {
  readonly row: R;
  readonly place: Place;
  readonly type: ResourceType;
  readonly id: string;
  readonly notes: Notes;
}

/** Rows of one page; their payloads are in memory together. */
const PAGE_ROWS = 500;
const GROUP_PAGE_ROWS = 50;

export async function importUsers(work: ResourceImport): Promise<void> {
  const tally = work.counts.users;
  for (const page of work.source.pages('ScimUser', PAGE_ROWS)) {
    const placed = page.flatMap((row) => placedOf(work, row, 'User', tally) ?? []);
    for (const [place, rows] of Map.groupBy(placed, (each) => each.place)) {
      const units: Candidate[][] = [];
      for (const each of rows) {
        const candidate = candidateOf(work, each, userBody(each.row, each.notes), undefined);
        if (candidate === undefined) tally.refused += 1;
        else units.push([candidate]);
      }
      const type = rows[0]?.type;
      if (type !== undefined) await writeBatch(contextOf(work, place, type, tally), units);
    }
    work.advance(page.length);
  }
  await noteOnlyHere(work, 'User', tally);
}

export async function importGroups(work: ResourceImport): Promise<void> {
  const { source, store, counts } = work;
  const tally = counts.groups;
  const resolver = new MemberResolver(source, store, counts.members);
  const nested: Placed<ForeignRow<'ScimGroup'>>[] = [];
  for (const page of source.pages('ScimGroup', GROUP_PAGE_ROWS)) {
    const plain: Placed<ForeignRow<'ScimGroup'>>[] = [];
    for (const row of page) {
      const placed = placedOf(work, row, 'Group', tally);
      if (placed === undefined) continue;
      // Its payload is read again when its turn comes.
      if (resolver.groupsIn(placed.place, row).length > 0) {
        nested.push({ ...placed, row: { ...row, rawPayload: null } });
      } else plain.push(placed);
    }
    for (const [, groups] of Map.groupBy(plain, ({ place }) => place)) {
      await writeGroups(
        work,
        resolver,
        groups.map((group) => [group]),
      );
    }
    work.advance(page.length);
  }
  for (const [, groups] of Map.groupBy(nested, ({ place }) => place)) {
    const positions = new Map(groups.map(({ id }, position) => [id, position]));
    const needs = groups.map(({ place, row }) =>
      resolver.groupsIn(place, row).flatMap((id) => positions.get(id) ?? []),
    );
    for (const positionsOfUnit of bulkOrder(needs)) {
      const unit = positionsOfUnit.flatMap((position) => groups[position] ?? []);
      await writeGroups(work, resolver, [unit]);
    }
  }
  await noteOnlyHere(work, 'Group', tally);
}

/** @param units of one endpoint: one group each, or several that are members of each other */
async function writeGroups(
  work: ResourceImport,
  resolver: MemberResolver,
  units: readonly (readonly Placed<ForeignRow<'ScimGroup'>>[])[],
): Promise<void> {
  const tally = work.counts.groups;
  const candidates: Candidate[][] = [];
  for (const unit of units) {
    const together = new Set(unit.map(({ id }) => id));
    const made: Candidate[] = [];
    for (const placed of unit) {
      const { place, notes } = placed;
      const row = work.source.group(placed.row.row) ?? placed.row;
      const members = await resolver.membersOf(place, row, together, notes);
      const candidate = candidateOf(work, placed, groupBody(row, notes), members);
      if (candidate === undefined) tally.refused += 1;
      else made.push(candidate);
    }
    const unitOfCandidates = withoutRefused(made, together, work.counts.members);
    for (const { members = [] } of unitOfCandidates) work.counts.members.kept += members.length;
    candidates.push(unitOfCandidates);
  }
  const first = units[0]?.[0];
  if (first === undefined) return;
  await writeBatch(contextOf(work, first.place, first.type, tally), candidates);
}

/** Groups that were to come together, and of which some cannot: nobody has these as members. */
function withoutRefused(
  made: readonly Candidate[],
  together: ReadonlySet<string>,
  counts: ImportCounts['members'],
): Candidate[] {
  if (made.length === together.size) return [...made];
  const left = new Set(made.map(({ id }) => id));
  return made.map((candidate) => ({
    ...candidate,
    members: candidate.members?.filter((id) => {
      const comes = !together.has(id) || left.has(id);
      if (comes) return true;
      counts.dropped += 1;
      candidate.notes.add('dropped', 'members', 'a member that was refused');
      return false;
    }),
  }));
}

/** Undefined for a row that has nowhere to go: it is told and counted. */
function placedOf<R extends ResourceRow>(
  { places, findings }: ResourceImport,
  row: R,
  typeName: 'User' | 'Group',
  tally: Tally,
): Placed<R> | undefined {
  tally.read += 1;
  const id = idOf(row.scimId);
  const place = places.get(textOf(row.endpointId) ?? '');
  const about = {
    endpoint: place?.endpoint.name ?? shown(row.endpointId),
    type: typeName,
    id: shown(row.scimId),
  };
  const notes = new Notes(findings, about);
  const type = place?.registry.typesByName.get(typeName);
  if (id !== undefined && place !== undefined && type !== undefined) {
    return { row, place, type, id, notes };
  }
  if (place === undefined) notes.add('refused', '', 'its endpoint is not there, or was refused');
  else if (type === undefined) notes.add('refused', '', `the endpoint has no type ${typeName}`);
  else notes.add('refused', 'id', 'the id is missing, too long, or cannot stand in a URL');
  tally.refused += 1;
  return undefined;
}

function candidateOf(
  { options }: ResourceImport,
  { row, place, type, id, notes }: Placed<ResourceRow>,
  body: Parameters<typeof salvage>[1],
  members: readonly string[] | undefined,
): Candidate | undefined {
  const salvaged = salvage(type, body, place.options, notes);
  if (salvaged === undefined) return undefined;
  noteDifferences(type, salvaged.body, salvaged.canonical, notes);
  const { canonical } = salvaged;
  const updated = timeOf(row.updatedAt);
  const created = timeOf(row.createdAt) ?? updated;
  if (created === undefined) notes.add('changed', 'meta.created', 'no time: that of the import');
  else if (updated === undefined)
    notes.add('changed', 'meta.lastModified', 'no time: that of meta.created');
  const lastModified = updated ?? created ?? options.now;
  return { id, canonical, members, created: created ?? options.now, lastModified, notes };
}

function contextOf(
  { store, options, counts, hashSecret, patchLimits }: ResourceImport,
  place: Place,
  type: ResourceType,
  tally: Tally,
): BatchContext {
  const { overwrite } = options;
  const { members } = counts;
  return { store, place, type, overwrite, hashSecret, patchLimits, tally, members };
}
