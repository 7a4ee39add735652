/** How a path of the admin API is described; OpenAPI is made from it. */

/** Names of the schemas of bodies; `openapi.ts` has them. */
export type BodyName =
  'NewEndpoint' | 'Endpoint' | 'Restore' | 'NewCredential' | 'Credential' | 'Rotation' | 'Run';

export interface QueryDescription {
  readonly name: string;
  readonly description: string;
  readonly type: 'string' | 'integer' | 'boolean';
}

export interface OperationDescription {
  readonly summary: string;
  readonly query?: readonly QueryDescription[];
  readonly body?: { readonly schema: BodyName; readonly required: boolean };
  /** What success and the failures that are its own mean; 401, 429 and 503 are added to each. */
  readonly answers: Readonly<Record<number, string>>;
  /** Of the answers; JSON when left out. */
  readonly contentType?: string;
}

/** HEAD comes with GET. */
export type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface PathDescription {
  /** With its parameters as OpenAPI has them: `/scim/admin/endpoints/{id}`. */
  readonly path: string;
  /** Other paths that lead to the same. */
  readonly aliases?: readonly string[];
  readonly operations: Partial<Readonly<Record<Verb, OperationDescription>>>;
}
