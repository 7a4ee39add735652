/**
 * A request as a sentence that a person reads. Names are asked for by id while it is written; to
 * know which are wanted, write it once for nobody (see `activity-answers.ts`).
 */
import type { LoggedRequest } from '../../../store/request-logs.ts';
import { isKeepalive } from '../../../store/log-facts.ts';
import { type Changes, type Members, short } from './changes.ts';
import { isBulk, type Sent } from './sent.ts';

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

/** Clauses of one sentence. */
const CLAUSES_MAX = 8;

/** Characters of one sentence. */
const SENTENCE_MAX = 2000;

export function sentenceOf(told: Told, sent: Sent, nameOf: NameOf): string {
  if (isKeepalive(told)) return 'Entra looked up nobody to keep the connection alive';
  const sentence =
    told.status >= 400
      ? failure(told, sent, nameOf)
      : begun(clausesOf(told, sent, nameOf).slice(0, CLAUSES_MAX).join('; '));
  return short(sentence, SENTENCE_MAX);
}

/** What the operations of a bulk asked for, one line each. */
export function bulkLines({ bulk }: Sent, nameOf: NameOf): string[] {
  if (bulk === undefined) return [];
  const lines = bulk.operations.map(({ method, path, sent }) => {
    const [, type = '', id] = path.split('/');
    const told = {
      method,
      status: 200,
      target: path,
      who: sent.name,
      resourceType: typeOfPath(type),
      resourceId: id,
      detail: undefined,
    };
    return sentenceOf(told, sent, nameOf);
  });
  const more = bulk.count - lines.length;
  return more > 0 ? [...lines, `and ${String(more)} more`] : lines;
}

function clausesOf(told: Told, sent: Sent, nameOf: NameOf): string[] {
  const subject = subjectOf(told, nameOf);
  if (isSearch(told)) return [searched(told)];
  if (isBulk(told.target)) return [bulk(sent)];
  switch (told.method) {
    case 'POST':
      return [created(told, subject, sent.memberCount)];
    case 'PUT':
      return [`${subject} was updated${sent.isInactive ? ', and is inactive' : ''}`];
    case 'DELETE':
      return [`${subject} was deleted`];
    case 'PATCH':
      return patched(told, sent.changes, subject, nameOf);
    default:
      return [read(told, subject)];
  }
}

function patched(told: Told, changes: Changes, subject: string, nameOf: NameOf): string[] {
  const clauses = memberClauses(changes, groupName(told, nameOf), nameOf);
  for (const change of changes.others) {
    if (change.kind === 'active') {
      clauses.push(`${subject} was ${change.active ? 'activated' : 'deactivated'}`);
    }
    if (change.kind === 'renamed') clauses.push(renamed(told, change.to));
  }
  const { attributes, moreAttributes } = changes;
  if (attributes.length > 0) {
    clauses.push(`${subject} was changed: ${listed(attributes, moreAttributes, 'more')}`);
  }
  return clauses.length === 0 ? [`${subject} was changed`] : clauses;
}

function memberClauses(changes: Changes, group: string, nameOf: NameOf): string[] {
  const clauses: string[] = [];
  const { added, removed } = changes;
  if (added.count > 0) clauses.push(`${werePeople(added, nameOf)} added to ${group}`);
  if (removed.count > 0) clauses.push(`${werePeople(removed, nameOf)} removed from ${group}`);
  for (const change of changes.others) {
    if (change.kind === 'allMembersRemoved') clauses.push(`everybody was removed from ${group}`);
    if (change.kind === 'membersReplaced') clauses.push(replaced(change.members, group, nameOf));
  }
  return clauses;
}

function replaced(members: Members, group: string, nameOf: NameOf): string {
  if (members.count === 0) return `everybody was removed from ${group}`;
  const are = members.count === 1 ? 'is now the only member' : 'are now the members';
  return `${people(members, nameOf)} ${are} of ${group}`;
}

function renamed({ resourceType, formerName }: Told, to: string): string {
  const kind = resourceType === 'User' ? 'user' : (resourceType ?? 'resource');
  if (formerName === undefined || formerName === to) {
    return `a ${kind === 'Group' ? 'group' : kind} was renamed to ${to}`;
  }
  return `${kind === 'user' ? '' : `${kind} `}${formerName} was renamed to ${to}`;
}

function created({ resourceType }: Told, subject: string, members: number): string {
  if (resourceType !== 'Group' || members === 0) return `${subject} was created`;
  const count = members === 1 ? '1 member' : `${String(members)} members`;
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

function failure(told: Told, sent: Sent, nameOf: NameOf): string {
  const { status, detail, method, who } = told;
  const why = detail === undefined ? String(status) : `${detail} (${String(status)})`;
  if (status === 401) return `Somebody without a valid token was turned away: ${why}`;
  if (status === 403) return `Somebody was turned away: ${why}`;
  if (status === 499) return `The client closed the connection before its answer: ${pathOf(told)}`;
  const verb = isSearch(told) ? 'searched' : (VERBS[method] ?? 'read');
  const named = { ...told, who: who ?? sent.name };
  const hasSubject = named.who !== undefined || named.resourceId !== undefined;
  const subject = hasSubject ? subjectOf(named, nameOf) : pathOf(told);
  return `${begun(subject)} could not be ${verb}: ${why}`;
}

function bulk({ bulk: sent }: Sent): string {
  if (sent === undefined) return 'a bulk was carried out';
  const { count } = sent;
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

function werePeople(members: Members, nameOf: NameOf): string {
  return `${people(members, nameOf)} ${members.count === 1 ? 'was' : 'were'}`;
}

function people({ ids, count }: Members, nameOf: NameOf): string {
  const names = ids.slice(0, NAMED_MAX).map((id) => nameOf(id) ?? id);
  return listed(names, count - names.length, 'others');
}

/** @param more that are not in the list */
function listed(texts: readonly string[], more: number, rest: 'more' | 'others'): string {
  const all = more > 0 ? [...texts, `${String(more)} ${rest}`] : texts;
  if (all.length <= 1) return all[0] ?? '';
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
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
