/**
 * What a row has to work with: the server, requests that are remembered for the report, and
 * throw-away resources with unique names. Rows run side by side on one server: each looks only at
 * what it has made itself.
 */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import type { Answer } from './answer.ts';
import {
  ownType,
  userAttribute,
  type DescribedAttribute,
  type DescribedType,
} from './described.ts';
import type { Body, RequestOptions } from './http.ts';
import { NotApplicable } from './row.ts';
import type { Feature, Target } from './target.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
/** An id that no server has given. */
export const NO_ID = '7f3f6f9a-0000-4000-8000-c0f0c0f0c0f0';

export class RowContext {
  readonly target: Target;
  /** What was asked and answered, in order. */
  readonly answers: Answer[] = [];

  constructor(target: Target) {
    this.target = target;
  }

  async send(method: string, path: string, body?: Body, options?: RequestOptions): Promise<Answer> {
    const answer = await this.target.http.send(method, path, body, options);
    this.answers.push(answer);
    return answer;
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.send('GET', path, undefined, options);
  }

  post(path: string, body: Body, options?: RequestOptions): Promise<Answer> {
    return this.send('POST', path, body, options);
  }

  put(path: string, body: Body, options?: RequestOptions): Promise<Answer> {
    return this.send('PUT', path, body, options);
  }

  delete(path: string, options?: RequestOptions): Promise<Answer> {
    return this.send('DELETE', path, undefined, options);
  }

  /** A PATCH of these operations. */
  patch(
    path: string,
    operations: readonly JsonObject[],
    options?: RequestOptions,
  ): Promise<Answer> {
    this.needs('patch');
    const body = { schemas: [PATCH_OP], Operations: [...operations] };
    return this.send('PATCH', path, body, options);
  }

  /** A list: `list('/Users', { filter: 'userName eq "x"', count: 1 })`. */
  list(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
    if (query['filter'] !== undefined) this.needs('filter');
    return this.get(`${path}${queryText(query)}`);
  }

  bulk(operations: readonly JsonObject[], more: JsonObject = {}): Promise<Answer> {
    this.needs('bulk');
    return this.post('/Bulk', { schemas: [BULK_REQUEST], ...more, Operations: [...operations] });
  }

  /** A name that nothing else on the server has. */
  unique(prefix = 'c'): string {
    return this.target.unique(prefix);
  }

  /** The body of a user with a name of its own. */
  userBody(more: JsonObject = {}): JsonObject {
    return { schemas: [USER], userName: this.unique('user'), ...more };
  }

  groupBody(more: JsonObject = {}): JsonObject {
    return { schemas: [GROUP], displayName: this.unique('group'), ...more };
  }

  /** A user that is there; the answer of the POST. */
  async user(more: JsonObject = {}): Promise<Answer> {
    return (await this.post('/Users', this.userBody(more))).is(201);
  }

  async group(more: JsonObject = {}): Promise<Answer> {
    this.needsType('Group');
    return (await this.post('/Groups', this.groupBody(more))).is(201);
  }

  /** A group whose members these are. */
  groupOf(...ids: readonly string[]): Promise<Answer> {
    return this.group({ members: ids.map((value) => ({ value })) });
  }

  /** So many users who share an externalId prefix; filter by what is returned. */
  async users(count: number, more: (index: number) => JsonObject): Promise<readonly Answer[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.user(more(index))));
  }

  /** @throws NotApplicable when the server does not claim the feature */
  needs(feature: Feature): void {
    if (!this.target.claims(feature)) {
      throw new NotApplicable(`ServiceProviderConfig does not claim ${feature}`);
    }
  }

  needsType(name: string): void {
    if (!this.target.resourceTypes.some((type) => type['name'] === name)) {
      throw new NotApplicable(`there is no resource type ${name}`);
    }
  }

  needsSchema(id: string): void {
    if (!this.target.schemas.some((schema) => schema['id'] === id)) {
      throw new NotApplicable(`there is no schema ${id}`);
    }
  }

  /** A single simple attribute of User whose definition has these members, or not applicable. */
  attribute(wanted: JsonObject): DescribedAttribute {
    return userAttribute(this.target, wanted);
  }

  /** A resource type beside User and Group, and a body of it, or not applicable. */
  ownType(): readonly [DescribedType, JsonObject] {
    return ownType(this.target);
  }

  notApplicable(reason: string): never {
    throw new NotApplicable(reason);
  }
}

/** `?a=1&b=c%20d`; empty for no parameter. */
export function queryText(query: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** A value as it stands in a filter. */
export function quoted(value: JsonValue): string {
  return JSON.stringify(value);
}
