/** An endpoint in a database that a test drives without the commands that would make one. */
import type { Connection } from '../../sqlite/open.ts';
import { EndpointTable } from '../../sqlite/tables/endpoints.ts';

export function insertEndpoint(db: Connection, id: string, now: number, config: object = {}): void {
  new EndpointTable(db).insert({
    id,
    name: id,
    display_name: null,
    description: null,
    config: JSON.stringify(config),
    active: 1,
    created_at: now,
    updated_at: now,
  });
}
