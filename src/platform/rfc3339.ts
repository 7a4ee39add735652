/** Reads a point in time as people and scripts write it for us: RFC 3339, always with its offset. */

const DATE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Whole milliseconds since 1970, cut off below. Undefined: no such time, or no offset, without
 * which a restore could be hours off.
 */
export function parseRfc3339(text: string): number | undefined {
  const upper = text.toUpperCase();
  const local = DATE_TIME.exec(upper)?.[1];
  if (local === undefined) return undefined;
  // 30 February would quietly become 2 March.
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local)) return undefined;
  const time = Date.parse(upper);
  return Number.isNaN(time) ? undefined : time;
}
