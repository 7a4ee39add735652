/** One activity as its readers are shown it; the fields are those of the earlier SCIMServer's feed. */
import type { JsonObject, JsonValue } from '../../../scim/json.ts';
import {
  type ActivityType,
  activityTypeOf,
  isKeepalive,
  severityOf,
} from '../../../store/log-facts.ts';
import type { LoggedRequest } from '../../../store/request-logs.ts';
import { patchChanges } from './changes.ts';
import { bulkLines, type NameOf, sentenceOf } from './sentence.ts';

/** A request, and what it sent if that was kept. */
export interface Act {
  readonly request: LoggedRequest;
  readonly body: JsonValue | undefined;
  /** What its resource was called before, as far as the page tells. */
  readonly formerName: string | undefined;
}

/** Members that one activity lists. */
const MEMBERS_MAX = 20;

export function shownActivity({ request, body, formerName }: Act, nameOf: NameOf): JsonObject {
  const type = activityTypeOf(request);
  const { method, who, resourceId } = request;
  const changes = method === 'PATCH' && body !== undefined ? patchChanges(body) : [];
  const membersOf = (kind: 'membersAdded' | 'membersRemoved'): JsonValue[] =>
    changes
      .flatMap((change) => (change.kind === kind ? change.ids : []))
      .slice(0, MEMBERS_MAX)
      .map((id) => ({ id, name: nameOf(id) ?? null }));
  const name = (resourceId === undefined ? undefined : nameOf(resourceId)) ?? who ?? null;
  return {
    id: String(request.row),
    timestamp: new Date(request.time).toISOString(),
    icon: iconOf(request, type),
    type,
    severity: severityOf(request),
    message: sentenceOf({ ...request, formerName }, body, nameOf),
    details: detailsOf(request, body, nameOf),
    userIdentifier: type === 'user' ? name : null,
    userId: type === 'user' ? (resourceId ?? null) : null,
    groupIdentifier: type === 'group' ? name : null,
    groupId: type === 'group' ? (resourceId ?? null) : null,
    addedMembers: membersOf('membersAdded'),
    removedMembers: membersOf('membersRemoved'),
    isKeepalive: isKeepalive(request),
    method: request.method,
    status: request.status,
    endpointId: request.endpointId ?? null,
    requestId: request.requestId,
  };
}

function iconOf(request: LoggedRequest, type: ActivityType): string {
  if (isKeepalive(request)) return '💓';
  if (request.status >= 400) return '⚠️';
  if (request.method === 'DELETE') return '🗑️';
  if (severityOf(request) === 'info') return '🔍';
  if (type === 'user') return '👤';
  return type === 'group' ? '👥' : '⚙️';
}

function detailsOf(
  { status, detail, target }: LoggedRequest,
  body: JsonValue | undefined,
  nameOf: NameOf,
): string | null {
  // Of a failure the sentence tells the detail itself.
  const told = status >= 400 || detail === undefined ? [] : [detail];
  const lines = /\/bulk(?:\?|$)/i.test(target) ? bulkLines(body, nameOf) : [];
  const text = [...told, ...lines].join('\n');
  return text === '' ? null : text;
}
