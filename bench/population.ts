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
import type { ManagerStyle, SeededUsers } from './users.ts';
import { expectedUser, seededUsers, serialText } from './users.ts';

const TEMPLATES = 1000;
const SEED = 20260727;
const SEEDING_CONNECTIONS = 50;
const FRESH_SERIALS_FROM = 500_000_000;
/** More than a run of seconds creates; whole rounds of templates. */
const FRESH_SERIALS = 4_000_000;
const UUID_LENGTH = 36;

export interface Population {
  readonly users: SeededUsers;
  /** Ids by serial. */
  readonly ids: readonly string[];
  /** The first of so many serials that nobody else gets, above those of users that exist. */
  freshSerials(count?: number): number;
  /** Creates users until there are `count`. */
  growTo(count: number, server: RunningServer, token: string): Promise<void>;
}

export function population(managers: ManagerStyle = 'a bare string'): Population {
  const users = seededUsers(SEED, TEMPLATES, managers);
  const ids: string[] = [];
  let nextSerial = FRESH_SERIALS_FROM;
  return {
    users,
    ids,
    freshSerials: (count = FRESH_SERIALS) => {
      nextSerial += count;
      return nextSerial - count;
    },
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
 * @param root of the endpoint
 */
export function createLoad(
  users: SeededUsers,
  token: string,
  firstSerial: number,
  capacity: number,
  created: (serial: number, id: string) => void,
  root = '/scim/v2',
): Load {
  const templates = users.templates.map((body) =>
    requestTemplate({ method: 'POST', path: `${root}/Users`, token, body }),
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
