/** Whom a request was about, where no command tells: from a look-up's filter, or from the body. */
import { isObject, type JsonValue } from '../../scim/json.ts';

/** Every repetition before the value is bounded: what comes here is whatever a client sent. */
const LOOK_UP =
  /\b(?:userName|displayName|externalId|emails(?:\[[^\][]{0,200}\])?(?:\.value)?)\s{1,9}eq\s{1,9}"((?:[^"\\]|\\.)*)"/i;
const NAMES = ['userName', 'displayName', 'externalId'] as const;

/**
 * @param query as it may be logged, percent-encoded
 * @param filterLength in a longer filter, which no endpoint takes, nobody is looked for
 */
export function whoInQuery(query: string, filterLength: number): string | undefined {
  const filter = /(?:^|&)filter=([^&]*)/.exec(query)?.[1];
  if (filter === undefined) return undefined;
  try {
    return lookedUp(decodeURIComponent(filter.replaceAll('+', ' ')), filterLength);
  } catch {
    return undefined;
  }
}

/** @param filterLength as for `whoInQuery` */
export function whoInBody(body: JsonValue | undefined, filterLength: number): string | undefined {
  if (!isObject(body)) return undefined;
  const { filter } = body;
  if (typeof filter === 'string') return lookedUp(filter, filterLength);
  for (const name of NAMES) {
    const value = body[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function lookedUp(filter: string, filterLength: number): string | undefined {
  return filter.length > filterLength ? undefined : LOOK_UP.exec(filter)?.[1];
}
