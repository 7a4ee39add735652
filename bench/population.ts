/**
 * The users that exist before a run: created through the front door, every answer checked, their
 * ids remembered. Serial n is the n-th user created.
 */
import type { Load } from './drive.ts';
import { drive } from './drive.ts';
import type { RunningServer } from './processes.ts';
import type { RequestTemplate } from './requests.ts';
import { fillTemplate, requestTemplate } from './requests.ts';
import type { ScimClient } from './scim-client.ts';
import { holds } from './scim-client.ts';
import type { SeededUsers } from './users.ts';
import { expectedUser, seededUsers, serialText } from './users.ts';

const TEMPLATES = 1000;
const SEED = 20260727;
const SEEDING_CONNECTIONS = 50;
const UUID_LENGTH = 36;

export interface Population {
  readonly users: SeededUsers;
  /** Ids by serial. */
  readonly ids: readonly string[];
  /** Creates users until there are `count`. */
  growTo(count: number, server: RunningServer, token: string): Promise<void>;
}

export function population(): Population {
  const users = seededUsers(SEED, TEMPLATES);
  const ids: string[] = [];
  return {
    users,
    ids,
    growTo: async (count, server, token) => {
      const first = ids.length;
      if (count <= first) return;
      const load = createLoad(users, token, 0, count, (serial, id) => {
        ids[serial] = id;
      });
      const outcome = await drive(load, {
        port: server.port,
        connections: SEEDING_CONNECTIONS,
        seconds: undefined,
        first,
      });
      if (outcome.wrong > 0) throw new Error(`seeding users: ${outcome.complaints.join('; ')}`);
    },
  };
}

/**
 * POSTs of new users, serials from `firstSerial` on.
 * @param created told the id of each user that was acknowledged
 */
export function createLoad(
  users: SeededUsers,
  token: string,
  firstSerial: number,
  capacity: number,
  created: (serial: number, id: string) => void,
): Load {
  const templates = users.templates.map((body) =>
    requestTemplate({ method: 'POST', path: '/scim/v2/Users', token, body }),
  );
  return {
    capacity,
    request: (n) => fillTemplate(templateOf(templates, firstSerial + n), firstSerial + n),
    check: (n, status, body) => {
      const serial = firstSerial + n;
      const id = idIn(body);
      if (status !== 201) return `POST user: ${status} ${body.slice(0, 300)}`;
      if (id === undefined) return `POST user: no id in ${body.slice(0, 300)}`;
      if (!body.includes(`.${serialText(serial)}@contoso.example"`)) {
        return `POST user ${serial}: answered another user: ${body.slice(0, 300)}`;
      }
      created(serial, id);
      return undefined;
    },
  };
}

function templateOf(templates: readonly RequestTemplate[], serial: number): RequestTemplate {
  const template = templates[serial % templates.length];
  if (template === undefined) throw new RangeError(`no template for ${serial}`);
  return template;
}

/** The `id` of a resource's JSON text, without parsing it. */
export function idIn(body: string): string | undefined {
  const at = body.indexOf('"id":"');
  if (at === -1) return undefined;
  const id = body.slice(at + 6, at + 6 + UUID_LENGTH);
  return body[at + 6 + UUID_LENGTH] === '"' ? id : undefined;
}

/** Reads a user by id and compares everything that was sent. */
export async function userIsWhole(
  client: ScimClient,
  users: SeededUsers,
  serial: number,
  id: string,
): Promise<string | undefined> {
  const actual = await client.get(`/Users/${id}`);
  return holds(actual, { ...expectedUser(users, serial), id })
    ? undefined
    : `user ${id} is not what was sent as user ${serial}`;
}
