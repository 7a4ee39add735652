/** What walks by cursor are held against: resources beside the database, sorted and cut naively. */
import type { JsonObject } from '../../scim/json.ts';
import type { Place } from '../../scim/messages/cursor.ts';
import type { Sort } from '../../scim/sort/compile.ts';
import type { TestDatabase } from './database.ts';

interface Present {
  readonly id: string;
  readonly type: string;
  readonly body: JsonObject;
  readonly row: number;
}

/** What a resource is sorted by, told without any code of ours. */
type NaiveKey = (present: Present) => string | number | boolean | undefined;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.toLowerCase().slice(0, 256) : undefined;

export const SORTS: Readonly<Record<string, NaiveKey>> = {
  id: ({ id }) => id,
  'meta.created': ({ row }) => 1_700_000_000_000 + row,
  externalId: ({ body }) => body['externalId'] as string | undefined,
  title: ({ body }) => textOf(body['title']),
  active: ({ body }) => body['active'] as boolean | undefined,
  userName: ({ body }) => textOf(body['userName']),
  displayName: ({ body }) => textOf(body['displayName']),
};

type Matches = (present: Present) => boolean;

export const FILTERS: Readonly<Record<string, Matches>> = {
  'id pr': () => true,
  'externalId eq "e"': ({ body }) => body['externalId'] === 'e',
  'displayName sw "b"': ({ body }) => textOf(body['displayName'])?.startsWith('b') === true,
};

/** The resources of one endpoint, in the database and beside it. */
export class WalkModel {
  readonly #data: TestDatabase;
  readonly #endpoint: number;
  readonly #present = new Map<string, Present>();

  constructor(data: TestDatabase, endpoint: number) {
    this.#data = data;
    this.#endpoint = endpoint;
  }

  /** @param at where its id lies among the others */
  add(type: string, at: number, { isLong, ...given }: Record<string, unknown>): void {
    const id = `${type[0] ?? ''}${String(at).padStart(3, '0')}`;
    if (this.#present.has(id)) return;
    const long = isLong === true ? 'l'.repeat(300) : '';
    const name = type === 'User' ? 'userName' : 'displayName';
    const unique = `${textOf(given['displayName']) ?? 'c'}${long}${at}`;
    const body = { ...given, [name]: unique } as JsonObject;
    const row = this.#data.insert(type, id, body, this.#endpoint);
    this.#present.set(id, { id, type, body, row });
  }

  change(change: { add: object; type: string; at: number } | { remove: number }): void {
    if ('add' in change) {
      this.add(change.type, change.at, { ...change.add });
      return;
    }
    const all = [...this.#present.values()];
    const gone = all[change.remove % Math.max(all.length, 1)];
    if (gone === undefined) return;
    this.#data.remove(gone.type, gone.row, this.#endpoint);
    this.#present.delete(gone.id);
  }

  page(
    types: readonly string[],
    sort: Sort | undefined,
    filter: string | undefined,
    { backwards, position }: Place,
    count: number,
  ): { ids: string[]; more: boolean; total: number } {
    const key = sort && SORTS[sort.by];
    const sign = sort?.descending === true ? -1 : 1;
    const keyOf: NaiveKey = (present) =>
      key === undefined || !hasAttribute(present.type, sort?.by) ? undefined : key(present);
    const order = (a: Ordered, b: Ordered): number =>
      sign *
      (naive(a.key, b.key) || types.indexOf(a.type) - types.indexOf(b.type) || naive(a.id, b.id));
    const matches = (filter === undefined ? undefined : FILTERS[filter]) ?? (() => true);
    const all = [...this.#present.values()]
      .filter((present) => types.includes(present.type) && matches(present))
      .map((present) => ({ ...present, key: keyOf(present) }))
      .toSorted(order);
    const inOrder = backwards ? all.toReversed() : all;
    const edge = position && { ...position, key: edgeKey(position, sort) };
    const rest = inOrder.filter(
      (each) => edge === undefined || (backwards ? order(each, edge) < 0 : order(each, edge) > 0),
    );
    const ids = rest.slice(0, count).map(({ id }) => id);
    if (backwards) ids.reverse();
    return { ids, more: rest.length > count, total: all.length };
  }
}

interface Ordered {
  readonly key: string | number | boolean | undefined;
  readonly type: string;
  readonly id: string;
}

/** A walk in the order of ids needs no key in its cursor. */
function edgeKey({ key, id }: { key: Ordered['key']; id: string }, sort: Sort | undefined) {
  return key ?? (sort?.by === 'id' ? id : undefined);
}

function hasAttribute(type: string, by: string | undefined): boolean {
  return type === 'User' || !['title', 'active', 'userName'].includes(by ?? '');
}

function naive(a: Ordered['key'], b: Ordered['key']): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  return Number(a) - Number(b);
}
