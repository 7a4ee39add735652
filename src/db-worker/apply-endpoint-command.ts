/**
 * Commands on endpoints (tenants). A deleted endpoint is gone for everyone at once; its resources
 * are purged afterwards, in slices, so that no tenant's size ever holds up the writer.
 */
import { badRequest, notFound } from '../scim/errors.ts';
import type { EndpointRow, EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { GarbageTable } from '../sqlite/tables/garbage.ts';
import type {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  UpdateEndpointCommand,
} from '../store/commands.ts';
import { parseSettings } from '../store/settings.ts';
import type { Applied } from './apply-command.ts';

type EndpointCommand = CreateEndpointCommand | UpdateEndpointCommand | DeleteEndpointCommand;

/** @throws ScimError 400 for a taken name (as the earlier SCIMServer answered), 404 for an unknown id */
export function applyEndpointCommand(
  command: EndpointCommand,
  endpoints: EndpointTable,
  garbage: GarbageTable,
  nextChange: () => number,
): Applied {
  switch (command.kind) {
    case 'createEndpoint': {
      const { name, displayName, description, config, active } = command.fields;
      if (name === undefined) throw badRequest('invalidValue', 'name is required');
      checkName(endpoints, name);
      parseSettings(config ?? {});
      endpoints.insert({
        id: command.endpointId,
        name,
        display_name: displayName ?? null,
        description: description ?? null,
        config: JSON.stringify(config ?? {}),
        active: active === false ? 0 : 1,
        created_at: command.now,
        updated_at: command.now,
      });
      break;
    }
    case 'updateEndpoint': {
      const current = living(endpoints, command.endpointId);
      const { name, displayName, description, config, active } = command.fields;
      if (name !== undefined && name !== current.name) checkName(endpoints, name);
      // What is stored is parsed at every start: a config that cannot be must never get there.
      if (config !== undefined) parseSettings(config);
      endpoints.update({
        ...current,
        name: name ?? current.name,
        display_name: displayName === undefined ? current.display_name : displayName,
        description: description === undefined ? current.description : description,
        config: config === undefined ? current.config : JSON.stringify(config),
        active: active === undefined ? current.active : Number(active),
        updated_at: command.now,
      });
      break;
    }
    case 'deleteEndpoint': {
      const current = living(endpoints, command.endpointId);
      endpoints.markDeleted(current.row);
      garbage.add('endpoint', current.row);
      break;
    }
  }
  return {
    result: {
      created: command.now,
      lastModified: command.now,
      version: nextChange(),
      changed: true,
      document: undefined,
    },
    warning: undefined,
  };
}

function checkName(endpoints: EndpointTable, name: string): void {
  if (endpoints.byName(name) !== undefined) {
    throw badRequest('uniqueness', `name: another endpoint is called ${JSON.stringify(name)}`);
  }
}

function living(endpoints: EndpointTable, id: string): EndpointRow {
  const row = endpoints.byId(id);
  if (row === undefined) throw notFound(`no endpoint has the id ${JSON.stringify(id)}`);
  return row;
}
