/**
 * An import by Okta, on an endpoint of its own: all users and groups in pages of 100 by index, then
 * four of five users replaced whole, with `id` and `groups` in the body, which are read-only, and
 * each fifth switched off by a PATCH without a path.
 */
import type { JsonObject } from '../../src/scim/json.ts';
import { createOwnEndpoint, createOwnGroup, createOwnUsers } from '../own-users.ts';
import type { RequestParts } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { PATCH_SCHEMA } from '../scim-client.ts';
import { type Step, stepLoad } from '../step-load.ts';

const USERS_MAX = 5000;
const GROUPS = 200;
const MEMBERS = 20;
const PAGE = 100;
/** One in so many users is switched off, the others are replaced. */
const DEACTIVATED_EACH = 5;

export const oktaImport: Scenario = {
  name: 'okta-import',
  question: 'How long does an import by Okta take, 5,000 users and 200 groups?',
  limit: 'insert',
  whole: true,
  connectionsMax: 10,
  prepare: async (stage) => {
    const { population, server } = stage;
    const { root, client } = await createOwnEndpoint(stage, 'okta');
    const ids = await createOwnUsers(stage, 0, Math.min(stage.userCount, USERS_MAX), root);
    for (let group = 0; group < GROUPS; group += 1) {
      const members = ids.filter((_, user) => Math.floor(user / MEMBERS) === group);
      await createOwnGroup(client, `Okta group ${group}`, members);
    }
    const send = (method: 'PUT' | 'PATCH', id: string, body: JsonObject): RequestParts => ({
      method,
      path: `${root}/Users/${id}`,
      token: server.token,
      body: JSON.stringify(body),
    });
    const replaced = (user: number, id: string): Step => {
      const sent = JSON.parse(population.users.text(user)) as JsonObject;
      const whole = { ...sent, id, groups: [], title: titleOf(user) };
      return {
        what: 'replace user',
        request: () => send('PUT', id, whole),
        isRight: (status, body) =>
          status === 200 && body.includes(id) && body.includes(`"title":"${titleOf(user)}"`),
      };
    };
    const deactivated = (id: string): Step => ({
      what: 'deactivate user',
      request: () =>
        send('PATCH', id, {
          schemas: [PATCH_SCHEMA],
          Operations: [{ op: 'replace', value: { active: false } }],
        }),
      isRight: (status, body) =>
        status === 200 && body.includes(id) && body.includes('"active":false'),
    });
    const pages = (type: 'Users' | 'Groups', total: number): Step[] =>
      Array.from({ length: Math.ceil(total / PAGE) }, (_, page) => ({
        what: `page of ${type}`,
        request: () => ({
          method: 'GET',
          path: `${root}/${type}?startIndex=${page * PAGE + 1}&count=${PAGE}`,
          token: server.token,
        }),
        isRight: (status, body) =>
          status === 200 &&
          body.includes(`"totalResults":${total},`) &&
          body.includes(`"itemsPerPage":${Math.min(PAGE, total - page * PAGE)},`),
      }));
    const changes = ids.map((id, user) =>
      user % DEACTIVATED_EACH === 0 ? deactivated(id) : replaced(user, id),
    );
    return {
      load: stepLoad([...pages('Users', ids.length), ...pages('Groups', GROUPS), ...changes]),
      verify: async () => {
        const complaints: string[] = [];
        for (let user = 0; user < ids.length; user += 47) {
          const { title, active } = await client.get(`/Users/${ids[user] ?? ''}`);
          const isOff = user % DEACTIVATED_EACH === 0;
          if (active === isOff || (!isOff && title !== titleOf(user))) {
            complaints.push(`user ${user} is not as the import left it`);
          }
        }
        return complaints;
      },
    };
  },
};

function titleOf(user: number): string {
  return `Imported ${user}`;
}
