/** One activity as its readers are shown it; the fields are those of the earlier SCIMServer's feed. */
import type { JsonObject, JsonValue } from '../../../scim/json.ts';
import {
  type ActivityType,
  activityTypeOf,
  isKeepalive,
  severityOf,
} from '../../../store/log-facts.ts';
import type { LoggedRequest } from '../../../store/request-logs.ts';
import type { Members } from './changes.ts';
import type { Sent } from './sent.ts';
import { bulkLines, type NameOf, sentenceOf } from './sentence.ts';

/** A request, and what it sent as far as that was kept. */
export interface Act {
  readonly request: LoggedRequest;
  readonly sent: Sent;
  /** What its resource was called before, as far as the page tells. */
  readonly formerName: string | undefined;
}

export function shownActivity({ request, sent, formerName }: Act, nameOf: NameOf): JsonObject {
  const type = activityTypeOf(request);
  const { who, resourceId } = request;
  const shownMembers = ({ ids }: Members): JsonValue[] =>
    ids.map((id) => ({ id, name: nameOf(id) ?? null }));
  const name = (resourceId === undefined ? undefined : nameOf(resourceId)) ?? who ?? null;
  return {
    id: String(request.row),
    timestamp: new Date(request.time).toISOString(),
    icon: iconOf(request, type),
    type,
    severity: severityOf(request),
    message: sentenceOf({ ...request, formerName }, sent, nameOf),
    details: detailsOf(request, sent, nameOf),
    userIdentifier: type === 'user' ? name : null,
    userId: type === 'user' ? (resourceId ?? null) : null,
    groupIdentifier: type === 'group' ? name : null,
    groupId: type === 'group' ? (resourceId ?? null) : null,
    addedMembers: shownMembers(sent.changes.added),
    removedMembers: shownMembers(sent.changes.removed),
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

function detailsOf({ status, detail }: LoggedRequest, sent: Sent, nameOf: NameOf): string | null {
  // Of a failure the sentence tells the detail itself.
  const told = status >= 400 || detail === undefined ? [] : [detail];
  const text = [...told, ...bulkLines(sent, nameOf)].join('\n');
  return text === '' ? null : text;
}
