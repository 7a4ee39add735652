/**
 * A request as a sentence that a person reads. Names are asked for by id while it is written; to
 * know which are wanted, write it once for nobody (see `activity-answers.ts`).
 */
import type { JsonValue } from '../../../scim/json.ts';
import type { LoggedRequest } from '../../../store/request-logs.ts';
import { isKeepalive } from '../../../store/log-facts.ts';
import { type Change, isInactive, memberIds, memberOf, patchChanges } from './changes.ts';

/** What a resource is called; undefined: nobody knows any more. */
export type NameOf = (id: string) => string | undefined;

/** What is told of a request. */
export interface Told extends Pick<
  LoggedRequest,
  'method' | 'status' | 'target' | 'who' | 'resourceType' | 'resourceId' | 'detail'
> {
  /** What the resource was called before, if that is known. */
  readonly formerName?: string | undefined;
}

/** People that one sentence names; of the rest it says how many they are. */
const NAMED_MAX = 3;

/** Changes and operations that one line tells of. */
const CHANGES_MAX = 8;

/** @param body what was sent, if it was kept */
export function sentenceOf(told: Told, body: JsonValue | undefined, nameOf: NameOf): string {
  if (isKeepalive(told)) return 'Entra looked up nobody to keep the connection alive';
  if (told.status >= 400) return failure(told, body, nameOf);
  return begun(clausesOf(told, body, nameOf).slice(0, CHANGES_MAX).join('; '));
}

/** What the operations of a bulk asked for, one line each. */
export function bulkLines(body: JsonValue | undefined, nameOf: NameOf): string[] {
  const operations = memberOf(body, 'operations');
  if (!Array.isArray(operations)) return [];
  const lines = operations.slice(0, CHANGES_MAX).flatMap((operation) => {
    const method = memberOf(operation, 'method');
    const path = memberOf(operation, 'path');
    if (typeof method !== 'string' || typeof path !== 'string') return [];
    const data = memberOf(operation, 'data');
    const [, type = '', id] = path.split('/');
    const told = {
      method: method.toUpperCase(),
      status: 200,
      target: path,
      who: nameIn(data),
      resourceType: typeOfPath(type),
      resourceId: id,
      detail: undefined,
    };
    return [sentenceOf(told, data, nameOf)];
  });
  const more = operations.length - CHANGES_MAX;
  return more > 0 ? [...lines, `and ${String(more)} more`] : lines;
}

function clausesOf(told: Told, body: JsonValue | undefined, nameOf: NameOf): string[] {
  const subject = subjectOf(told, nameOf);
  if (isSearch(told)) return [searched(told)];
  if (/\/bulk$/i.test(pathOf(told))) return [bulk(body)];
  switch (told.method) {
    case 'POST':
      return [created(told, subject, memberIds(body))];
    case 'PUT':
      return [`${subject} was updated${isInactive(body) ? ', and is inactive' : ''}`];
    case 'DELETE':
      return [`${subject} was deleted`];
    case 'PATCH':
      return patched(told, body, subject, nameOf);
    default:
      return [read(told, subject)];
  }
}

function patched(
  told: Told,
  body: JsonValue | undefined,
  subject: string,
  nameOf: NameOf,
): string[] {
  const changes = body === undefined ? [] : patchChanges(body);
  const clauses = memberClauses(changes, groupName(told, nameOf), nameOf);
  for (const change of changes) {
    if (change.kind === 'active') {
      clauses.push(`${subject} was ${change.active ? 'activated' : 'deactivated'}`);
    }
    if (change.kind === 'renamed') clauses.push(renamed(told, change.to));
  }
  const others = changes.flatMap((change) =>
    change.kind === 'set' || change.kind === 'unset' ? [change.attribute] : [],
  );
  const attributes = [...new Set(others)];
  if (attributes.length > 0) clauses.push(`${subject} was changed: ${listed(attributes)}`);
  return clauses.length === 0 ? [`${subject} was changed`] : clauses;
}

/** Entra sends one operation for each member: those of a kind are one clause. */
function memberClauses(changes: readonly Change[], group: string, nameOf: NameOf): string[] {
  const clauses: string[] = [];
  const people = (kind: Change['kind']): string[] =>
    changes.flatMap((change) => (change.kind === kind && 'ids' in change ? change.ids : []));
  const added = people('membersAdded');
  const removed = people('membersRemoved');
  if (added.length > 0) clauses.push(`${werePeople(added, nameOf)} added to ${group}`);
  if (removed.length > 0) clauses.push(`${werePeople(removed, nameOf)} removed from ${group}`);
  for (const change of changes) {
    if (change.kind === 'allMembersRemoved') clauses.push(`everybody was removed from ${group}`);
    if (change.kind === 'membersReplaced') clauses.push(replaced(change.ids, group, nameOf));
  }
  return clauses;
}

function replaced(ids: readonly string[], group: string, nameOf: NameOf): string {
  if (ids.length === 0) return `everybody was removed from ${group}`;
  const are = new Set(ids).size === 1 ? 'is now the only member' : 'are now the members';
  return `${people(ids, nameOf)} ${are} of ${group}`;
}

function renamed({ resourceType, formerName }: Told, to: string): string {
  const kind = resourceType === 'User' ? 'user' : (resourceType ?? 'resource');
  if (formerName === undefined || formerName === to) {
    return `a ${kind === 'Group' ? 'group' : kind} was renamed to ${to}`;
  }
  return `${kind === 'user' ? '' : `${kind} `}${formerName} was renamed to ${to}`;
}

function created({ resourceType }: Told, subject: string, members: readonly string[]): string {
  if (resourceType !== 'Group' || members.length === 0) return `${subject} was created`;
  const count = members.length === 1 ? '1 member' : `${String(members.length)} members`;
  return `${subject} was created with ${count}`;
}

function searched({ who, resourceType }: Told): string {
  if (who !== undefined) return `${who} was looked for`;
  return resourceType === undefined
    ? 'everything was searched'
    : `${plural(resourceType)} were searched`;
}

function read(told: Told, subject: string): string {
  if (told.resourceId !== undefined) return `${subject} was read`;
  if (told.who !== undefined) return `${told.who} was looked for`;
  const last = pathOf(told).split('/').at(-1) ?? '';
  const known = DISCOVERY[last.toLowerCase()];
  if (known !== undefined) return `${known} read`;
  if (told.resourceType !== undefined) return `${plural(told.resourceType)} were listed`;
  return `${pathOf(told)} was read`;
}

const DISCOVERY: Readonly<Record<string, string>> = {
  serviceproviderconfig: 'the capabilities of the server were',
  resourcetypes: 'the resource types were',
  schemas: 'the schemas were',
};

const VERBS: Readonly<Record<string, string>> = {
  POST: 'created',
  PUT: 'updated',
  PATCH: 'changed',
  DELETE: 'deleted',
};

function failure(told: Told, body: JsonValue | undefined, nameOf: NameOf): string {
  const { status, detail, method, who } = told;
  const why = detail === undefined ? String(status) : `${detail} (${String(status)})`;
  if (status === 401) return `Somebody without a valid token was turned away: ${why}`;
  if (status === 403) return `Somebody was turned away: ${why}`;
  if (status === 499) return `The client closed the connection before its answer: ${pathOf(told)}`;
  const verb = isSearch(told) ? 'searched' : (VERBS[method] ?? 'read');
  const named = { ...told, who: who ?? nameIn(body) };
  const hasSubject = named.who !== undefined || named.resourceId !== undefined;
  const subject = hasSubject ? subjectOf(named, nameOf) : pathOf(told);
  return `${begun(subject)} could not be ${verb}: ${why}`;
}

function bulk(body: JsonValue | undefined): string {
  const operations = memberOf(body, 'operations');
  if (!Array.isArray(operations)) return 'a bulk was carried out';
  const count = operations.length;
  return `a bulk of ${String(count)} ${count === 1 ? 'operation' : 'operations'} was carried out`;
}

function subjectOf(told: Told, nameOf: NameOf): string {
  const { resourceType, resourceId, who } = told;
  const name = (resourceId === undefined ? undefined : nameOf(resourceId)) ?? who ?? resourceId;
  if (resourceType === 'User') return name ?? 'a user';
  if (resourceType === 'Group') return name === undefined ? 'a group' : `Group ${name}`;
  const kind = resourceType ?? 'resource';
  return name === undefined ? `a ${kind}` : `${kind} ${name}`;
}

function groupName({ resourceId, who }: Told, nameOf: NameOf): string {
  const known = resourceId === undefined ? undefined : nameOf(resourceId);
  return known ?? who ?? resourceId ?? 'a group';
}

function werePeople(ids: readonly string[], nameOf: NameOf): string {
  return `${people(ids, nameOf)} ${new Set(ids).size === 1 ? 'was' : 'were'}`;
}

function people(ids: readonly string[], nameOf: NameOf): string {
  const unique = [...new Set(ids)];
  const names = unique.slice(0, NAMED_MAX).map((id) => nameOf(id) ?? id);
  const more = unique.length - NAMED_MAX;
  return listed(more > 0 ? [...names, `${String(more)} others`] : names);
}

function listed(texts: readonly string[]): string {
  if (texts.length <= 1) return texts[0] ?? '';
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`;
}

function nameIn(body: JsonValue | undefined): string | undefined {
  for (const name of ['displayname', 'username', 'externalid']) {
    const value = memberOf(body, name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function isSearch(told: Told): boolean {
  return /\/\.search$/i.test(pathOf(told));
}

function pathOf({ target }: Pick<Told, 'target'>): string {
  return target.split('?')[0] ?? target;
}

/** `Users` → `User`; a custom type says its own name in its row. */
function typeOfPath(segment: string): string | undefined {
  return segment === '' ? undefined : segment.replace(/s$/, '');
}

function plural(type: string): string {
  return type.endsWith('s') ? type : `${type}s`;
}

/** With a capital, unless it begins with a name: how that is written is its own affair. */
function begun(sentence: string): string {
  if (!/^(?:a|the|everybody|everything) /.test(sentence)) return sentence;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
