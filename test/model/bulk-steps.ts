/** Several operations in one bulk: each succeeds or fails as it would alone (RFC 7644 §3.7). */
import type { JsonObject } from '../../src/scim/json.ts';
import { valueAt } from '../support/answer.ts';
import { bulk, operationsOf } from '../support/bulk.ts';
import { GROUP, patchOp } from '../support/entra.ts';
import { NOBODY, pathOf, type Actor } from './actor.ts';
import { noteVersion, same } from './compare.ts';
import { anyOperation } from './random-patch.ts';
import { anyUser, dressed } from './random-users.ts';
import { changed, documentOf } from './user-document.ts';
import { calledBy, type Resource } from './world.ts';

interface Planned {
  readonly sent: JsonObject;
  readonly status: string;
  readonly scimType?: string;
  /** What it makes of the model, with the id that its location tells. */
  readonly done?: (id: string) => Resource | undefined;
}

export async function sendBulk(actor: Actor): Promise<void> {
  const planned: Planned[] = [];
  // Each resource and each name once: what an operation does must not hang on another's turn.
  const busy = new Set<string>();
  for (let left = 1 + actor.random.below(5); left > 0; left -= 1) {
    planned.push(...plan(actor, busy, planned.length));
  }
  const answer = await actor.send('POST', '/Bulk', bulk(...planned.map(({ sent }) => sent)));
  same('status', answer.status, 200);
  const operations = operationsOf(answer);
  same('operations', operations.length, planned.length);
  for (const [at, { sent, status, scimType, done }] of planned.entries()) {
    const operation = operations[at] ?? {};
    const { method, bulkId } = sent;
    same(`operation ${at}`, [operation['method'], operation['status']], [method, status]);
    same('bulkId', operation['bulkId'], bulkId);
    same('scimType', valueAt(operation, 'response', 'scimType'), scimType);
    if (done === undefined) continue;
    const { location } = operation;
    const resource = done(typeof location === 'string' ? lastSegment(location) : '');
    if (resource === undefined) continue;
    same('location', location, actor.world.locationOf(resource));
    noteVersion(resource, operation['version']);
  }
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** One operation, or a user and the group that refers to it. */
function plan(actor: Actor, busy: Set<string>, at: number): Planned[] {
  const { random } = actor;
  const user = actor.any('User');
  if (user === undefined || busy.has(user.id) || random.below(3) === 0) {
    return planCreate(actor, busy, at);
  }
  busy.add(user.id);
  switch (random.below(5)) {
    case 0:
      return [{ sent: { method: 'DELETE', path: `/Users/${NOBODY}` }, status: '404' }];
    case 1:
      return [planDelete(actor, user)];
    case 2:
      return [planReplace(actor, user)];
    default:
      return [planPatch(actor, user)];
  }
}

function planCreate({ random, world, prefix }: Actor, busy: Set<string>, at: number): Planned[] {
  const name = `${prefix}bulk ${busy.size} ${random.below(1e9)}`;
  if (world.isTaken('User', name)) return [];
  busy.add(name);
  const said = anyUser(random, name);
  const userId = { id: '' };
  const user: Planned = {
    sent: { method: 'POST', path: '/Users', bulkId: `u${at}`, data: dressed(random, said) },
    status: '201',
    done: (id) => {
      userId.id = id;
      return world.add('User', id, documentOf(said));
    },
  };
  if (prefix !== '' || random.below(2) === 0) return [user];
  const members = [{ value: `bulkId:u${at}` }];
  const data = { schemas: [GROUP], displayName: name, members };
  const group: Planned = {
    sent: { method: 'POST', path: '/Groups', bulkId: `g${at}`, data },
    status: '201',
    done: (id) => {
      const resource = world.add('Group', id, { displayName: name });
      resource.members.add(userId.id);
      return resource;
    },
  };
  return [user, group];
}

function planDelete({ world }: Actor, user: Resource): Planned {
  return {
    sent: { method: 'DELETE', path: pathOf(user) },
    status: '204',
    done: () => {
      world.delete(user);
      return undefined;
    },
  };
}

function planReplace({ random, world }: Actor, user: Resource): Planned {
  const said = anyUser(random, calledBy(user));
  const sent: JsonObject = { method: 'PUT', path: pathOf(user), data: dressed(random, said) };
  if (random.below(4) === 0) {
    return { sent: { ...sent, version: 'W/"never"' }, status: '412' };
  }
  if (user.told.version !== undefined && random.below(2) === 0) sent['version'] = user.told.version;
  return {
    sent,
    status: '200',
    done: () => {
      world.setDocument(user, documentOf(said));
      return user;
    },
  };
}

function planPatch({ random, world }: Actor, user: Resource): Planned {
  const { sent: operation, means } = anyOperation(random);
  const path = pathOf(user);
  if (random.below(6) === 0) {
    const data = patchOp(operation, { op: 'remove' });
    return { sent: { method: 'PATCH', path, data }, status: '400', scimType: 'noTarget' };
  }
  return {
    sent: { method: 'PATCH', path, data: patchOp(operation) },
    status: '200',
    done: () => {
      let next = user.document;
      for (const change of means) next = changed(next, change);
      world.setDocument(user, next);
      return user;
    },
  };
}
