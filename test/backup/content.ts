/**
 * What a server holds, as text that can be compared: each resource by its name, a group with its
 * members by theirs, and the change sequence that the database is at.
 */
import Database from 'better-sqlite3';
import { idOf, valuesOf } from '../support/answer.ts';
import type { ScimClient } from '../support/client.ts';
import { readAll } from '../support/read-all.ts';
import type { Server } from '../support/server.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';

export interface FoundGroup {
  readonly id: string;
  readonly marker: string;
  readonly members: readonly string[];
}

export interface Content {
  /** Name to state. */
  readonly states: ReadonlyMap<string, string>;
  /** Name to id. */
  readonly users: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, FoundGroup>;
}

export function userState(title: JsonValue | undefined, nickName: JsonValue | undefined): string {
  return JSON.stringify(['user', title, nickName]);
}

export function groupState(marker: JsonValue | undefined, members: readonly string[]): string {
  return JSON.stringify(['group', marker, members.toSorted()]);
}

export async function readContent(scim: ScimClient): Promise<Content> {
  const states = new Map<string, string>();
  const users = new Map<string, string>();
  const names = new Map<string, string>();
  for (const user of await readAll(scim, 'Users')) {
    const name = textOf(user, 'userName');
    users.set(name, idOf(user));
    names.set(idOf(user), name);
    states.set(name, userState(user['title'], user['nickName']));
  }
  const groups = new Map<string, FoundGroup>();
  for (const group of await readAll(scim, 'Groups')) {
    // A member that is no user keeps its id, which no state of ours has.
    const members = valuesOf(group['members']).map((value) => {
      const id = typeof value === 'string' ? value : '';
      return names.get(id) ?? id;
    });
    const marker = textOf(group, 'externalId');
    groups.set(textOf(group, 'displayName'), { id: idOf(group), marker, members });
    states.set(textOf(group, 'displayName'), groupState(marker, members));
  }
  return { states, users, groups };
}

/** The resources whose name begins with a client's label. */
export function contentOf(content: Content, label: string): Content {
  const own = <Value>(all: ReadonlyMap<string, Value>): Map<string, Value> =>
    new Map([...all].filter(([name]) => name.startsWith(`${label}-`)));
  return { states: own(content.states), users: own(content.users), groups: own(content.groups) };
}

/** From the data file, beside the server that has it open. */
export function changeSequence(server: Server): number {
  const db = new Database(server.databaseFile, { readonly: true });
  try {
    return Number(db.prepare('SELECT change_sequence FROM state').pluck().get());
  } finally {
    db.close();
  }
}

function textOf(resource: JsonObject, attribute: string): string {
  const value = resource[attribute];
  return typeof value === 'string' ? value : '';
}
