/** Whom a request was about, where no command tells: from a look-up's filter, or from the body. */
import { isObject, type JsonValue } from '../../scim/json.ts';

const LOOK_UP =
  /\b(?:userName|displayName|externalId|emails(?:\[[^\]]*\])?(?:\.value)?)\s+eq\s+"((?:[^"\\]|\\.)*)"/i;
const NAMES = ['userName', 'displayName', 'externalId'] as const;

/** @param query as it may be logged, percent-encoded */
export function whoInQuery(query: string): string | undefined {
  const filter = /(?:^|&)filter=([^&]*)/.exec(query)?.[1];
  if (filter === undefined) return undefined;
  try {
    return LOOK_UP.exec(decodeURIComponent(filter.replaceAll('+', ' ')))?.[1];
  } catch {
    return undefined;
  }
}

export function whoInBody(body: JsonValue | undefined): string | undefined {
  if (!isObject(body)) return undefined;
  const { filter } = body;
  if (typeof filter === 'string') return LOOK_UP.exec(filter)?.[1];
  for (const name of NAMES) {
    const value = body[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
