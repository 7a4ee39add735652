/** Display names of resources by their ids, whatever their types: many in one statement. */
import { LIMITS } from '../platform/limits.ts';
import type { NamedResource, ResourceKey } from '../store/resource-names.ts';
import type { Connection } from './open.ts';

/** As in every other column of the log. */
const NAME_CHARS = String(LIMITS.logTextChars);

/**
 * Ids come with their endpoint; the few types of it are probed by index, one after the other. A name
 * may be as long as a body: of many only the beginnings.
 */
const NAMES = `
  SELECT e.id AS endpointId, r.type, r.id,
    iif(length(r.display) > ${NAME_CHARS}, substr(r.display, 1, ${NAME_CHARS}) || '…', r.display)
      AS display
  FROM json_each(?) AS asked
    CROSS JOIN endpoints AS e ON e.id = asked.value ->> 0 AND e.deleted = 0
    CROSS JOIN resource_counts AS c ON c.endpoint = e.row
    CROSS JOIN resources AS r ON r.endpoint = c.endpoint AND r.type = c.type
      AND r.id = asked.value ->> 1`;

export function readNames(db: Connection, keys: readonly ResourceKey[]): NamedResource[] {
  const asked = JSON.stringify(keys.map(({ endpointId, id }) => [endpointId, id]));
  return db.prepare<[string], NamedResource>(NAMES).all(asked);
}
