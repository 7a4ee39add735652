/**
 * One client that writes at random to resources of its own, and remembers each write in order: what
 * it changes, when it was acknowledged, with which version. After a crash, what the server holds
 * must be the state after some number of these writes: none in between left out, none half.
 */
import type { Answer } from '../support/answer.ts';
import type { ScimClient } from '../support/client.ts';
import { GROUP, patchOp, USER } from '../support/entra.ts';
import type { Random } from '../support/random.ts';
import type { JsonValue } from '../../src/scim/json.ts';
import { groupState, userState } from './content.ts';

/** A write, as its client saw it. */
export interface Operation {
  /** Each resource that it changes, by name, in its state behind it; undefined: absent. */
  readonly effects: ReadonlyMap<string, string | undefined>;
  /** False: the server died before it answered. */
  acknowledged: boolean;
  /** The version that the answer named: the server's change sequence. A DELETE names none. */
  version: number | undefined;
}

interface Member {
  readonly marker: string;
  readonly members: readonly string[];
}

const GROUP_SIZE = 3;

export class RecordingWriter {
  readonly label: string;
  readonly #scim: ScimClient;
  readonly #random: Random;
  readonly #onAcknowledged: () => void;
  readonly #ids = new Map<string, string>();
  readonly #users = new Set<string>();
  readonly #groups = new Map<string, Member>();
  #operations: Operation[] = [];
  /** Names and markers are never used twice. */
  #counter = 0;

  constructor(scim: ScimClient, random: Random, label: string, onAcknowledged: () => void) {
    this.#scim = scim;
    this.#random = random;
    this.label = label;
    this.#onAcknowledged = onAcknowledged;
  }

  /** Since the last `settle`, in the order in which they were committed. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  get acknowledged(): number {
    const last = this.#operations.at(-1);
    const underWay = last !== undefined && !last.acknowledged ? 1 : 0;
    return this.#operations.length - underWay;
  }

  /** Writes until a request fails, as it does when the server dies. */
  async run(): Promise<void> {
    try {
      for (;;) await this.#step();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  /** Goes on from what the server holds now. */
  settle(found: {
    readonly users: ReadonlyMap<string, string>;
    readonly groups: ReadonlyMap<string, Member & { readonly id: string }>;
  }): void {
    this.#operations = [];
    this.#ids.clear();
    this.#users.clear();
    this.#groups.clear();
    for (const [name, id] of found.users) {
      this.#users.add(name);
      this.#ids.set(name, id);
    }
    for (const [name, { id, marker, members }] of found.groups) {
      this.#groups.set(name, { marker, members });
      this.#ids.set(name, id);
    }
  }

  #step(): Promise<void> {
    const choice = this.#random.below(20);
    if (this.#users.size < GROUP_SIZE + 2 || choice < 6) return this.#createUser();
    if (choice < 10) return this.#patchUser(this.#any(this.#users));
    if (this.#groups.size === 0 || choice < 12) return this.#createGroup();
    const group = this.#any(this.#groups.keys());
    if (choice < 15) return this.#addMember(group);
    if (choice < 17) return this.#replaceGroup(group);
    return choice < 19 ? this.#deleteUser(this.#any(this.#users)) : this.#deleteGroup(group);
  }

  async #createUser(): Promise<void> {
    const name = this.#newName();
    const marker = this.#marker();
    const answer = await this.#attempt([[name, userState(marker, marker)]], () =>
      this.#scim.post('/Users', {
        schemas: [USER],
        userName: name,
        title: marker,
        nickName: marker,
      }),
    );
    this.#ids.set(name, answer.id);
    this.#users.add(name);
  }

  async #patchUser(name: string): Promise<void> {
    const marker = this.#marker();
    const body = patchOp(
      { op: 'replace', path: 'title', value: marker },
      { op: 'replace', path: 'nickName', value: marker },
    );
    await this.#attempt([[name, userState(marker, marker)]], () =>
      this.#scim.patch(this.#path('Users', name), body),
    );
  }

  async #createGroup(): Promise<void> {
    const name = this.#newName();
    const next = { marker: this.#marker(), members: this.#someUsers() };
    const answer = await this.#attempt([[name, groupState(next.marker, next.members)]], () =>
      this.#scim.post('/Groups', {
        schemas: [GROUP],
        displayName: name,
        externalId: next.marker,
        members: this.#elements(next.members),
      }),
    );
    this.#ids.set(name, answer.id);
    this.#groups.set(name, next);
  }

  /** A user and its membership are two writes: no crash may leave the second without the first. */
  async #addMember(name: string): Promise<void> {
    await this.#createUser();
    const { marker, members } = this.#group(name);
    const user = [...this.#users].at(-1) ?? '';
    const body = patchOp({ op: 'add', path: 'members', value: this.#elements([user]) });
    await this.#changeGroup(name, { marker, members: [...members, user] }, body);
  }

  async #replaceGroup(name: string): Promise<void> {
    const next = { marker: this.#marker(), members: this.#someUsers() };
    const body = patchOp(
      { op: 'replace', path: 'externalId', value: next.marker },
      { op: 'replace', path: 'members', value: this.#elements(next.members) },
    );
    await this.#changeGroup(name, next, body);
  }

  async #changeGroup(name: string, next: Member, body: JsonValue): Promise<void> {
    await this.#attempt([[name, groupState(next.marker, next.members)]], () =>
      this.#scim.patch(this.#path('Groups', name), body),
    );
    this.#groups.set(name, next);
  }

  /** It leaves its groups in the same commit. */
  async #deleteUser(user: string): Promise<void> {
    const left = [...this.#groups]
      .filter(([, { members }]) => members.includes(user))
      .map(([name, { marker, members }]): [string, Member] => [
        name,
        { marker, members: members.filter((member) => member !== user) },
      ]);
    const groups = left.map(([name, { marker, members }]): [string, string] => [
      name,
      groupState(marker, members),
    ]);
    await this.#attempt([[user, undefined], ...groups], () =>
      this.#scim.delete(this.#path('Users', user)),
    );
    this.#users.delete(user);
    for (const [name, next] of left) this.#groups.set(name, next);
  }

  async #deleteGroup(name: string): Promise<void> {
    await this.#attempt([[name, undefined]], () => this.#scim.delete(this.#path('Groups', name)));
    this.#groups.delete(name);
  }

  async #attempt(
    effects: readonly (readonly [name: string, state: string | undefined])[],
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const operation: Operation = {
      effects: new Map(effects),
      acknowledged: false,
      version: undefined,
    };
    this.#operations.push(operation);
    const answer = await send();
    if (answer.status >= 300) throw new Error(`refused: ${answer.status} ${answer.text}`);
    operation.acknowledged = true;
    operation.version = versionOf(answer);
    this.#onAcknowledged();
    return answer;
  }

  #path(kind: 'Users' | 'Groups', name: string): string {
    return `/${kind}/${this.#ids.get(name) ?? ''}`;
  }

  #group(name: string): Member {
    return this.#groups.get(name) ?? { marker: '', members: [] };
  }

  #any(names: Iterable<string>): string {
    const [first = '', ...others] = names;
    return this.#random.pick([first, ...others]);
  }

  #someUsers(): string[] {
    const chosen = new Set<string>();
    while (chosen.size < GROUP_SIZE) chosen.add(this.#any(this.#users));
    return [...chosen];
  }

  #elements(names: readonly string[]): JsonValue {
    return names.map((name) => ({ value: this.#ids.get(name) ?? '' }));
  }

  #newName(): string {
    return `${this.label}-${this.#counter++}`;
  }

  #marker(): string {
    return `${this.label}:${this.#counter++}`;
  }
}

function versionOf(answer: Answer): number | undefined {
  const digits = /^W\/"(\d+)"$/.exec(answer.headers.etag ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
