/**
 * The admin API as OpenAPI 3.1: paths from `openapi-paths.ts`, bodies from the schemas that check
 * them, loaded when somebody asks. Pure but for that.
 */
import { ERROR_SCHEMA } from '../../scim/errors.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { ADMIN_PATHS } from './openapi-paths.ts';
import type { OperationDescription, QueryDescription } from './openapi-types.ts';

export async function readOpenApi(): Promise<Answer> {
  return jsonAnswer(200, JSON.stringify(await openApiDocument()));
}

export async function openApiDocument(): Promise<object> {
  // TypeBox is hundreds of files.
  const { bodySchemas } = await import('./body-schemas.ts');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Scimlane: administration',
      version: '1',
      description:
        'Endpoints, credentials, backups, the database and the process. SCIM itself is described by its discovery documents (RFC 7644 §4).',
    },
    servers: [{ url: '/' }],
    security: [{ sharedSecret: [] }],
    paths: pathItems(),
    components: {
      securitySchemes: {
        sharedSecret: { type: 'http', scheme: 'bearer', description: 'SCIM_SHARED_SECRET' },
      },
      schemas: { ...bodySchemas(), Error: errorSchema() },
    },
  };
}

function pathItems(): object {
  const items = new Map<string, object>();
  for (const [kind, paths = []] of Object.entries(ADMIN_PATHS)) {
    for (const { path, aliases = [], operations } of paths) {
      for (const [at, each] of [path, ...aliases].entries()) {
        const parameters = [...each.matchAll(/\{(\w+)\}/g)].map(([, name]) => pathParameter(name));
        const shown = Object.entries(operations).map(([verb, operation]) => [
          verb,
          operationItem(operationId(verb, each, at, kind), operation, at > 0),
        ]);
        const item = { ...Object.fromEntries(shown) } as object;
        items.set(each, parameters.length === 0 ? item : { parameters, ...item });
      }
    }
  }
  return Object.fromEntries([...items].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Unique: a kind may have several paths. */
function operationId(verb: string, path: string, alias: number, kind: string): string {
  const last = path.split('/').findLast((segment) => !segment.startsWith('{')) ?? '';
  const suffix = kind.startsWith('databaseResource') ? `-${last}` : '';
  return `${verb}-${kind}${suffix}${alias === 0 ? '' : `-alias${alias}`}`;
}

function operationItem(
  id: string,
  { summary, query = [], body, answers, contentType = 'application/json' }: OperationDescription,
  isAlias: boolean,
): object {
  const responses = Object.entries({ ...SHARED_ANSWERS, ...answers }).map(
    ([status, description]) => [status, response(Number(status), description, contentType)],
  );
  return {
    operationId: id,
    summary,
    ...(isAlias ? { deprecated: true } : {}),
    ...(query.length === 0 ? {} : { parameters: query.map(queryParameter) }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: Object.fromEntries(responses) as object,
  };
}

/** Answers that any route may have. */
const SHARED_ANSWERS: Readonly<Record<number, string>> = {
  401: 'not the shared secret',
  503: 'a bound is met or the storage fails; Retry-After says when to try again',
};

function response(status: number, description: string, contentType: string): object {
  if (status === 204) return { description };
  if (status < 400) return { description, content: { [contentType]: {} } };
  const schema = { $ref: '#/components/schemas/Error' };
  return { description, content: { 'application/scim+json': { schema } } };
}

function requestBody({ schema, required }: NonNullable<OperationDescription['body']>): object {
  const content = { schema: { $ref: `#/components/schemas/${schema}` } };
  return { required, content: { 'application/json': content } };
}

function pathParameter(name = ''): object {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

function queryParameter({ name, description, type }: QueryDescription): object {
  return { name, in: 'query', required: false, description, schema: { type } };
}

/** RFC 7644 §3.12. */
function errorSchema(): object {
  return {
    type: 'object',
    required: ['schemas', 'status', 'detail'],
    properties: {
      schemas: { type: 'array', items: { const: ERROR_SCHEMA } },
      status: { type: 'string' },
      scimType: { type: 'string' },
      detail: { type: 'string' },
    },
  };
}
