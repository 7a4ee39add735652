/** What a client does to groups that nobody else touches, and to its own members of shared ones. */
import type { JsonObject } from '../../src/scim/json.ts';
import { GROUP, patchOp } from '../support/entra.ts';
import { NOBODY, pathOf, type Actor } from './actor.ts';
import { noteVersion, refused, same, sameProjection, sameResource } from './compare.ts';
import { readGroup, readUser } from './user-steps.ts';
import { without } from './user-document.ts';
import { calledBy, type Resource } from './world.ts';

export async function createGroup(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const displayName = actor.name('Group');
  const ids = anyMembers(actor);
  const hasNobody = random.below(12) === 0;
  const members = elements(hasNobody ? [...ids, NOBODY] : ids);
  const answer = await actor.send('POST', '/Groups', { schemas: [GROUP], displayName, members });
  if (world.isTaken('Group', displayName)) {
    refused(answer, ...TAKEN);
    return;
  }
  if (hasNobody) {
    refused(answer, ...UNKNOWN);
    return;
  }
  same('status', answer.status, 201);
  const group = world.add('Group', answer.id, { displayName });
  for (const id of ids) group.members.add(id);
  sameResource(world, answer.body, group);
}

/** A PUT that names members replaces them; one that does not leaves them (decision 5). */
export async function replaceGroup(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const group = actor.any('Group');
  if (group === undefined) return createGroup(actor);
  const own = calledBy(group);
  const displayName = random.below(2) === 0 ? own : actor.name('Group');
  const ids = random.below(3) === 0 ? undefined : anyMembers(actor);
  const body: JsonObject = { schemas: [GROUP], displayName };
  if (ids !== undefined) body['members'] = elements(ids);
  const { headers, holds } = actor.precondition(group);
  const answer = await actor.send('PUT', pathOf(group), body, headers);
  if (!holds) {
    refused(answer, 412);
  } else if (world.isTaken('Group', displayName, group.id)) {
    refused(answer, ...TAKEN);
  } else {
    same('status', answer.status, 200);
    world.setDocument(group, { displayName });
    if (ids !== undefined) world.setMembers(group, ids);
    sameResource(world, answer.body, group);
  }
}

/** Members come and go by PATCH, which answers without the group. */
export async function patchMembers(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const groups = world.all('Group');
  const group = groups[random.below(groups.length)];
  if (group === undefined) return createGroup(actor);
  const next = new Set(group.members);
  const operations: JsonObject[] = [];
  let turns = 0;
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const before = [...next].sort().join();
    operations.push(memberOperation(actor, group, next));
    if ([...next].sort().join() !== before) turns += 1;
  }
  const { headers, holds } = group.isShared ? FREE : actor.precondition(group);
  const isFaulty = random.below(10) === 0;
  const unknown = { op: 'add', path: 'members', value: elements([NOBODY]) };
  const body = patchOp(...(isFaulty ? [...operations, unknown] : operations));
  const answer = await actor.send('PATCH', pathOf(group), body, headers);
  if (!holds) {
    refused(answer, 412);
  } else if (isFaulty) {
    refused(answer, ...UNKNOWN);
  } else {
    same('status', answer.status, 204);
    const hasChanged = world.setMembers(group, next);
    // Operations that undo each other have left the members as they were: either is true then.
    if (!hasChanged && turns > 0) world.mayHaveChanged(group);
    noteVersion(group, answer.etag);
  }
  await readGroup(actor, group.id);
  const [someone] = next;
  const member = someone === undefined ? undefined : world.get(someone);
  if (member?.type === 'User') await readUser(actor, member);
}

export async function renameGroup(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const group = actor.any('Group');
  if (group === undefined) return createGroup(actor);
  const displayName = actor.name('Group');
  const operation = random.pick<JsonObject>([
    { op: 'replace', path: 'displayName', value: displayName },
    { op: 'Replace', value: { displayName, id: group.id } },
  ]);
  const answer = await actor.send('PATCH', pathOf(group), patchOp(operation));
  if (world.isTaken('Group', displayName, group.id)) {
    refused(answer, ...TAKEN);
    return;
  }
  same('status', answer.status, 204);
  world.setDocument(group, { displayName });
  noteVersion(group, answer.etag);
}

export async function deleteGroup(actor: Actor): Promise<void> {
  const group = actor.any('Group');
  if (group === undefined) return;
  const [member] = group.members;
  same('status', (await actor.send('DELETE', pathOf(group))).status, 204);
  actor.world.delete(group);
  const user = member === undefined ? undefined : actor.world.get(member);
  if (user?.type === 'User') await readUser(actor, user);
}

/** As providers look groups up: without their members. */
export async function readGroupWithoutMembers(actor: Actor): Promise<void> {
  const group = actor.any('Group');
  if (group === undefined) return;
  const answer = await actor.send('GET', `${pathOf(group)}?excludedAttributes=members`);
  same('status', answer.status, 200);
  noteVersion(group, answer.at('meta', 'version'));
  const expected = without(actor.world.shown(group), 'members');
  sameProjection(without(answer.body, 'meta'), group, expected);
}

const TAKEN = [409, 'uniqueness'] as const;
const UNKNOWN = [400, 'invalidValue'] as const;
const FREE = { headers: undefined, holds: true };

/** One operation on members; `next` is what it makes of them. */
function memberOperation(actor: Actor, { isShared }: Resource, next: Set<string>): JsonObject {
  const { random } = actor;
  const ids = anyMembers(actor);
  const [first = NOBODY] = ids;
  // Others have members in a shared group: it is not ours to replace or to empty.
  switch (random.below(isShared ? 5 : 8)) {
    case 0:
    case 1:
    case 2:
      for (const id of ids) next.add(id);
      return { op: random.pick(['add', 'Add']), path: 'members', value: elements(ids) };
    case 3:
      next.delete(first);
      return { op: 'remove', path: `members[value eq "${first}"]` };
    case 4: {
      // Entra's form; without its list it would mean all of them.
      for (const id of ids) next.delete(id);
      return { op: 'Remove', path: 'members', value: elements(ids) };
    }
    case 5:
      next.clear();
      return { op: 'remove', path: 'members' };
    case 6:
      next.clear();
      for (const id of ids) next.add(id);
      return { op: 'replace', value: { members: elements(ids) } };
    default:
      next.clear();
      for (const id of ids) next.add(id);
      return { op: 'replace', path: 'members', value: elements(ids) };
  }
}

/** Some users, and sometimes a group; a shared group has users only. */
function anyMembers(actor: Actor): string[] {
  const ids = new Set<string>();
  for (let left = actor.random.below(4); left > 0; left -= 1) {
    const isGroup = actor.prefix === '' && actor.random.below(5) === 0;
    const member = actor.any(isGroup ? 'Group' : 'User');
    if (member !== undefined) ids.add(member.id);
  }
  return [...ids];
}

function elements(ids: readonly string[]): JsonObject[] {
  return ids.map((value) => ({ value }));
}
