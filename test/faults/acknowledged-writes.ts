/**
 * What the server has acknowledged, and what was under way when it died. Each tracked resource has
 * one state as text; while a write is under way it may be in the old state or in the new one, and
 * in nothing between: the two attributes and the members that a write changes carry one marker.
 */
import { idOf, valuesOf, type Answer } from '../support/answer.ts';
import type { Asserts } from '../support/asserts.ts';
import type { ScimClient } from '../support/client.ts';
import { GROUP, patchOp, USER } from '../support/entra.ts';
import type { Random } from '../support/random.ts';
import { readAll } from '../support/read-all.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';

type Kind = 'Users' | 'Groups';

interface Tracked {
  readonly kind: Kind;
  readonly name: string;
  id: string | undefined;
  /** Undefined: absent. */
  state: string | undefined;
  /** The write under way. */
  next: { readonly state: string | undefined } | undefined;
}

const GROUP_SIZE = 3;

/** One client that writes at random, only to resources of its own. */
export class Writer {
  readonly #scim: ScimClient;
  readonly #random: Random;
  readonly #label: string;
  readonly #onAcknowledged: () => void;
  readonly #tracked: Tracked[] = [];
  #marker = 0;

  constructor(scim: ScimClient, random: Random, label: string, onAcknowledged: () => void) {
    this.#scim = scim;
    this.#random = random;
    this.#label = label;
    this.#onAcknowledged = onAcknowledged;
  }

  get tracked(): readonly Tracked[] {
    return this.#tracked;
  }

  /** Writes until a request fails, as it does when the server dies. */
  async run(): Promise<void> {
    try {
      for (;;) await this.#step();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  #step(): Promise<void> {
    const users = this.#present('Users');
    const groups = this.#present('Groups');
    const choice = this.#random.below(10);
    if (users.length < GROUP_SIZE + 2 || choice < 3) return this.#createUser();
    if (choice < 6) return this.#patchUser(this.#any(users));
    if (groups.length === 0 || choice < 7) return this.#createGroup();
    if (choice < 9) return this.#patchGroup(this.#any(groups));
    return this.#delete(this.#any(groups));
  }

  #createUser(): Promise<void> {
    const user = this.#track('Users');
    const marker = this.#mark();
    return this.#attempt(user, userState(marker, marker), () =>
      this.#scim.post('/Users', {
        schemas: [USER],
        userName: user.name,
        title: marker,
        nickName: marker,
      }),
    );
  }

  #patchUser(user: Tracked): Promise<void> {
    const marker = this.#mark();
    const body = patchOp(
      { op: 'replace', path: 'title', value: marker },
      { op: 'replace', path: 'nickName', value: marker },
    );
    return this.#attempt(user, userState(marker, marker), () =>
      this.#scim.patch(`/Users/${user.id}`, body),
    );
  }

  #createGroup(): Promise<void> {
    const group = this.#track('Groups');
    const marker = this.#mark();
    const members = this.#members();
    return this.#attempt(group, groupState(marker, members), () =>
      this.#scim.post('/Groups', {
        schemas: [GROUP],
        displayName: group.name,
        externalId: marker,
        members: elements(members),
      }),
    );
  }

  #patchGroup(group: Tracked): Promise<void> {
    const marker = this.#mark();
    const members = this.#members();
    const body = patchOp(
      { op: 'replace', path: 'externalId', value: marker },
      { op: 'replace', path: 'members', value: elements(members) },
    );
    return this.#attempt(group, groupState(marker, members), () =>
      this.#scim.patch(`/Groups/${group.id}`, body),
    );
  }

  #delete(tracked: Tracked): Promise<void> {
    return this.#attempt(tracked, undefined, () =>
      this.#scim.delete(`/${tracked.kind}/${tracked.id}`),
    );
  }

  async #attempt(
    tracked: Tracked,
    state: string | undefined,
    send: () => Promise<Answer>,
  ): Promise<void> {
    tracked.next = { state };
    const answer = await send();
    if (answer.status >= 300) throw new Error(`refused: ${answer.status} ${answer.text}`);
    if (answer.status === 201) tracked.id = answer.id;
    tracked.state = state;
    tracked.next = undefined;
    this.#onAcknowledged();
  }

  #track(kind: Kind): Tracked {
    const name = `${this.#label}-${this.#tracked.length}`;
    const tracked: Tracked = { kind, name, id: undefined, state: undefined, next: undefined };
    this.#tracked.push(tracked);
    return tracked;
  }

  #present(kind: Kind): Tracked[] {
    return this.#tracked.filter((each) => each.kind === kind && each.state !== undefined);
  }

  #any(from: readonly Tracked[]): Tracked {
    const chosen = from[this.#random.below(from.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  #members(): string[] {
    const users = this.#present('Users');
    const chosen = new Set<string>();
    while (chosen.size < GROUP_SIZE) chosen.add(this.#any(users).id ?? '');
    return [...chosen];
  }

  #mark(): string {
    return `${this.#label}:${this.#marker++}`;
  }
}

/**
 * Reads everything back and compares. What was under way is taken as it is found, for the next
 * round. Returns how many writes under way had taken effect.
 */
export async function verify(
  t: Asserts,
  scim: ScimClient,
  writers: readonly Writer[],
): Promise<number> {
  const found = new Map<string, JsonObject>();
  for (const kind of ['Users', 'Groups'] as const) {
    for (const resource of await readAll(scim, kind)) {
      found.set(nameOf(resource, kind), resource);
    }
  }
  let tookEffect = 0;
  for (const tracked of writers.flatMap((writer) => writer.tracked)) {
    const resource = found.get(tracked.name);
    found.delete(tracked.name);
    const state = resource === undefined ? undefined : stateOf(resource, tracked.kind);
    const isNew = tracked.next !== undefined && state === tracked.next.state;
    if (!isNew && state !== tracked.state) {
      t.fail(
        `${tracked.kind} ${tracked.name}: found ${String(state)}, acknowledged ` +
          `${String(tracked.state)}, under way ${JSON.stringify(tracked.next)}`,
      );
    }
    if (isNew) tookEffect++;
    tracked.state = state;
    tracked.next = undefined;
    if (resource !== undefined) tracked.id = idOf(resource);
  }
  t.same([...found.keys()], [], 'nothing is there that nobody wrote');
  return tookEffect;
}

function nameOf(resource: JsonObject, kind: Kind): string {
  return JSON.stringify(resource[kind === 'Users' ? 'userName' : 'displayName']).slice(1, -1);
}

function stateOf(resource: JsonObject, kind: Kind): string {
  if (kind === 'Users') return userState(resource['title'], resource['nickName']);
  return groupState(resource['externalId'], valuesOf(resource['members']));
}

function userState(title: JsonValue | undefined, nickName: JsonValue | undefined): string {
  return JSON.stringify([title, nickName]);
}

function groupState(marker: JsonValue | undefined, members: readonly JsonValue[]): string {
  return JSON.stringify([marker, members.map((id) => JSON.stringify(id)).sort()]);
}

function elements(ids: readonly string[]): JsonValue {
  return ids.map((value) => ({ value }));
}
