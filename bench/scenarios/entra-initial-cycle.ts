/**
 * The first cycle of a Microsoft Entra job: every user is looked up by userName and created, every
 * group by displayName and created, then members are added, some in each PATCH. What a connection
 * asks next depends on no answer of another one: a create comes well after its look-up, a group
 * after all users.
 */
import type { Load } from '../drive.ts';
import { idIn } from '../population.ts';
import { requestBytes } from '../requests.ts';
import type { Scenario, Stage, Trial } from '../scenario.ts';
import { PATCH_SCHEMA } from '../scim-client.ts';
import type { SeededUsers } from '../users.ts';

const USERS = 10_000;
const GROUPS = 100;
const MEMBERS_PER_PATCH = 20;
/** Creates behind their look-ups: more than there are connections, so that none overtakes. */
const LAG = 100;
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export const entraInitialCycle: Scenario = {
  name: 'entra-initial-cycle',
  question: 'How long does the first cycle of an Entra job take, 10,000 users and 100 groups?',
  limit: 'insert',
  whole: true,
  connectionsMax: 20,
  prepare: (stage) => Promise.resolve(new Cycle(stage).trial()),
};

type Step =
  | {
      readonly kind: 'find user' | 'create user' | 'find group' | 'create group';
      readonly at: number;
    }
  | { readonly kind: 'add members'; readonly group: number; readonly from: number };

class Cycle {
  readonly #users: SeededUsers;
  readonly #stage: Stage;
  readonly #first: number;
  readonly #steps = steps();
  readonly #userIds: string[] = [];
  readonly #groupIds: string[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#users = stage.population.users;
    this.#first = stage.population.freshSerials();
  }

  trial(): Trial {
    const load: Load = {
      capacity: this.#steps.length,
      request: (n) => this.#request(this.#step(n)),
      check: (n, status, body) => this.#check(this.#step(n), status, body),
    };
    return { load, verify: () => this.#verify() };
  }

  #step(n: number): Step {
    const step = this.#steps[n];
    if (step === undefined) throw new RangeError(`no step ${n}`);
    return step;
  }

  #request(step: Step): Buffer {
    const { token } = this.#stage.server;
    switch (step.kind) {
      case 'find user': {
        const filter = `userName eq "${this.#users.userName(this.#first + step.at)}"`;
        return get(`/Users?filter=${encodeURIComponent(filter)}`, token);
      }
      case 'create user':
        return post('/Users', token, this.#users.text(this.#first + step.at));
      case 'find group': {
        const filter = `displayName eq "${groupName(step.at)}"`;
        const path = `/Groups?excludedAttributes=members&filter=${encodeURIComponent(filter)}`;
        return get(path, token);
      }
      case 'create group':
        return post('/Groups', token, groupText(step.at));
      case 'add members': {
        const path = `/scim/v2/Groups/${this.#groupIds[step.group] ?? ''}`;
        return requestBytes({ method: 'PATCH', path, token, body: this.#addition(step.from) });
      }
    }
  }

  #addition(from: number): string {
    const members = this.#userIds.slice(from, from + MEMBERS_PER_PATCH);
    const value = members.map((id) => ({ value: id }));
    return JSON.stringify({
      schemas: [PATCH_SCHEMA],
      Operations: [{ op: 'Add', path: 'members', value }],
    });
  }

  #check(step: Step, status: number, body: string): string | undefined {
    const wrong = `${step.kind}: ${status} ${body.slice(0, 300)}`;
    switch (step.kind) {
      case 'find user':
      case 'find group':
        return status === 200 && body.includes('"totalResults":0') ? undefined : wrong;
      case 'add members':
        return status === 204 ? undefined : wrong;
      default: {
        const id = idIn(body);
        if (status !== 201 || id === undefined) return wrong;
        (step.kind === 'create user' ? this.#userIds : this.#groupIds)[step.at] = id;
        return undefined;
      }
    }
  }

  async #verify(): Promise<string[]> {
    const complaints: string[] = [];
    for (let group = 0; group < GROUPS; group += 9) {
      const { members } = await this.#stage.client.get(`/Groups/${this.#groupIds[group] ?? ''}`);
      const found = Array.isArray(members) ? members.length : 0;
      if (found !== USERS / GROUPS) {
        complaints.push(`group ${group} has ${found} members, ${USERS / GROUPS} were added`);
      }
    }
    return complaints;
  }
}

function steps(): Step[] {
  const list: Step[] = [];
  for (let at = 0; at < USERS + LAG; at += 1) {
    if (at < USERS) list.push({ kind: 'find user', at });
    if (at >= LAG) list.push({ kind: 'create user', at: at - LAG });
  }
  for (let at = 0; at < GROUPS; at += 1) list.push({ kind: 'find group', at });
  for (let at = 0; at < GROUPS; at += 1) list.push({ kind: 'create group', at });
  const perGroup = USERS / GROUPS;
  for (let from = 0; from < perGroup; from += MEMBERS_PER_PATCH) {
    for (let group = 0; group < GROUPS; group += 1) {
      list.push({ kind: 'add members', group, from: group * perGroup + from });
    }
  }
  return list;
}

function get(path: string, token: string): Buffer {
  return requestBytes({ method: 'GET', path: `/scim/v2${path}`, token });
}

function post(path: string, token: string, body: string): Buffer {
  return requestBytes({ method: 'POST', path: `/scim/v2${path}`, token, body });
}

function groupName(at: number): string {
  return `Entra group ${at}`;
}

function groupText(at: number): string {
  return JSON.stringify({ schemas: [GROUP_SCHEMA], displayName: groupName(at) });
}
