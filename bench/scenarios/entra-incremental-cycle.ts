/**
 * A later cycle of a Microsoft Entra job, on an endpoint of its own: everyone who changed is looked up
 * by userName and patched, one in ten is switched off, groups are looked up without their members,
 * which come and go.
 */
import { createOwnEndpoint, createOwnGroup, createOwnUsers } from '../own-users.ts';
import type { Scenario, Stage, Trial } from '../scenario.ts';
import { PATCH_SCHEMA, type ScimClient } from '../scim-client.ts';
import { lagged, type Step, stepLoad } from '../step-load.ts';

const CHANGED_USERS_MAX = 5000;
const GROUPS = 100;
/** Of each group: as many join and leave. */
const MEMBERS_MOVED = 5;
const DEACTIVATED_EACH = 10;

export const entraIncrementalCycle: Scenario = {
  name: 'entra-incremental-cycle',
  question: 'How long does a later cycle of an Entra job take, 5,000 users changed and 100 groups?',
  limit: 'insert',
  whole: true,
  connectionsMax: 20,
  prepare: async (stage) => {
    const count = Math.min(stage.userCount, CHANGED_USERS_MAX);
    const { root, client } = await createOwnEndpoint(stage, 'entra');
    const userIds = await createOwnUsers(stage, 0, count, root);
    const groupIds: string[] = [];
    for (let group = 0; group < GROUPS; group += 1) {
      const members = moved(userIds, group, 0);
      groupIds.push(await createOwnGroup(client, groupName(group), members));
    }
    return new Cycle({ stage, root, client, userIds, groupIds }).trial();
  },
};

interface CycleStage {
  readonly stage: Stage;
  readonly root: string;
  readonly client: ScimClient;
  readonly userIds: readonly string[];
  readonly groupIds: readonly string[];
}

class Cycle {
  readonly #at: CycleStage;

  constructor(at: CycleStage) {
    this.#at = at;
  }

  trial(): Trial {
    const { userIds, groupIds } = this.#at;
    const users = lagged(
      userIds.map((id, user) => this.#findUser(user, id)),
      userIds.map((id, user) => this.#patchUser(user, id)),
    );
    const groups = groupIds.flatMap((id, group) => [
      this.#findGroup(group, id),
      this.#moveMembers('Add', id, moved(userIds, group, 1)),
      this.#moveMembers('Remove', id, moved(userIds, group, 0)),
    ]);
    return { load: stepLoad([...users, ...groups]), verify: () => this.#verify() };
  }

  #findUser(user: number, id: string): Step {
    const name = this.#at.stage.population.users.userName(user);
    return this.#get(
      'find user',
      `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`,
      id,
    );
  }

  #findGroup(group: number, id: string): Step {
    const filter = encodeURIComponent(`displayName eq "${groupName(group)}"`);
    return this.#get('find group', `/Groups?excludedAttributes=members&filter=${filter}`, id);
  }

  #get(what: string, path: string, id: string): Step {
    const { root, stage } = this.#at;
    return {
      what,
      request: () => ({ method: 'GET', path: root + path, token: stage.server.token }),
      isRight: (status, body) =>
        status === 200 && body.includes('"totalResults":1,') && body.includes(`"id":"${id}"`),
    };
  }

  #patchUser(user: number, id: string): Step {
    const title = titleOf(user);
    const isDeactivated = user % DEACTIVATED_EACH === 0;
    const active = isDeactivated ? [{ op: 'Replace', path: 'active', value: 'False' }] : [];
    return this.#patch(
      'patch user',
      `/Users/${id}`,
      [{ op: 'Replace', path: 'title', value: title }, ...active],
      (status, body) =>
        status === 200 &&
        body.includes(`"id":"${id}"`) &&
        body.includes(`"title":"${title}"`) &&
        body.includes(`"active":${!isDeactivated}`),
    );
  }

  #moveMembers(op: 'Add' | 'Remove', group: string, members: readonly string[]): Step {
    const value = members.map((id) => ({ value: id }));
    const operations = [{ op, path: 'members', value }];
    return this.#patch(`${op} members`, `/Groups/${group}`, operations, (status) => status === 204);
  }

  #patch(
    what: string,
    path: string,
    operations: readonly object[],
    isRight: Step['isRight'],
  ): Step {
    const { root, stage } = this.#at;
    const body = JSON.stringify({ schemas: [PATCH_SCHEMA], Operations: operations });
    const { token } = stage.server;
    return { what, request: () => ({ method: 'PATCH', path: root + path, token, body }), isRight };
  }

  async #verify(): Promise<string[]> {
    const { client, userIds, groupIds } = this.#at;
    const complaints: string[] = [];
    for (let user = 0; user < userIds.length; user += 50) {
      const { title, active } = await client.get(`/Users/${userIds[user] ?? ''}`);
      if (title !== titleOf(user) || active !== (user % DEACTIVATED_EACH !== 0)) {
        complaints.push(`user ${user} is not as the cycle left it`);
      }
    }
    for (let group = 0; group < GROUPS; group += 9) {
      const { members } = await client.get(`/Groups/${groupIds[group] ?? ''}`);
      const text = JSON.stringify(members ?? []);
      const wanted = moved(userIds, group, 1);
      if (!wanted.every((id) => text.includes(id)) || countOf(members) !== wanted.length) {
        complaints.push(`group ${group} has ${countOf(members)} members, not those that joined`);
      }
    }
    return complaints;
  }
}

/** Who is in a group before (0) and after (1) the cycle. */
function moved(userIds: readonly string[], group: number, round: 0 | 1): readonly string[] {
  const first = (group * 2 + round) * MEMBERS_MOVED;
  return Array.from(
    { length: MEMBERS_MOVED },
    (_, at) => userIds[(first + at) % userIds.length] ?? '',
  );
}

function countOf(members: unknown): number {
  return Array.isArray(members) ? members.length : 0;
}

function groupName(group: number): string {
  return `Entra group ${group}`;
}

function titleOf(user: number): string {
  return `Changed ${user}`;
}
