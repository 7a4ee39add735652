/** Ids and names in a path: what can stand in a URL, a header and a log line without escapes. */

const PLAIN = /^[A-Za-z0-9._~-]{1,255}$/;
/** A URN besides. */
export const PLAIN_OR_URN = /^[A-Za-z0-9._~:-]{1,255}$/;

/** Whether something could have it for an id. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/**
 * A segment, decoded. Undefined when it is not plain: nothing has such an id, so 404 is the truth.
 */
export function token(segment: string, plain = PLAIN): string | undefined {
  if (!segment.includes('%')) return plain.test(segment) ? segment : undefined;
  try {
    const decoded = decodeURIComponent(segment);
    return plain.test(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}
