/** The description of the admin API against the route table: neither has what the other lacks. */
import t from 'tap';
import { isObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import { matchRoute, METHODS, type Route } from '../routes.ts';
import { openApiDocument } from './openapi.ts';
import { ADMIN_PATHS } from './openapi-paths.ts';

/** Planes of their own: SCIM has discovery, OAuth its metadata, probes their two words. */
const ELSEWHERE: ReadonlySet<string> = new Set<Route['kind']>([
  'root',
  'search',
  'resources',
  'resource',
  'me',
  'bulk',
  'serviceProviderConfig',
  'resourceTypes',
  'schemas',
  'oauthToken',
  'oauthKeys',
  'oauthMetadata',
  'health',
]);

async function document(): Promise<JsonObject> {
  const parsed = JSON.parse(JSON.stringify(await openApiDocument())) as JsonValue;
  if (!isObject(parsed)) throw new Error('the document is an object');
  return parsed;
}

function objectAt(value: JsonValue | undefined, ...names: readonly string[]): JsonObject {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  if (!isObject(found)) throw new Error(`nothing at ${names.join('.')}`);
  return found;
}

t.test('every route of the admin plane is described, with each of its methods', (t) => {
  for (const [kind, methods] of Object.entries(METHODS)) {
    if (ELSEWHERE.has(kind)) continue;
    const paths = Object.entries(ADMIN_PATHS).find(([each]) => each === kind)?.[1];
    const told = `describe ${kind} in src/http/admin/openapi-paths.ts or a file beside it`;
    if (paths === undefined) {
      t.fail(told);
      continue;
    }
    for (const { path, operations } of paths) {
      const verbs = Object.keys(operations).map((verb) => verb.toUpperCase());
      const wanted = methods.filter((method) => method !== 'HEAD');
      t.same(verbs.toSorted(), wanted.toSorted(), `${told}: ${path}`);
    }
  }
  t.end();
});

t.test('every path that is described leads to its route', (t) => {
  for (const [kind, paths] of Object.entries(ADMIN_PATHS)) {
    for (const { path, aliases = [], operations } of paths) {
      for (const each of [path, ...aliases]) {
        const url = each.replaceAll(/\{\w+\}/g, '1');
        for (const verb of Object.keys(operations)) {
          t.equal(matchRoute(verb.toUpperCase(), url).kind, kind, `${verb} ${each}`);
        }
      }
    }
  }
  t.end();
});

t.test('operations have names of their own, and references lead somewhere', async (t) => {
  const whole = await document();
  t.equal(whole['openapi'], '3.1.0');
  const text = JSON.stringify(whole);
  const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  t.ok(ids.length > 20);
  t.equal(new Set(ids).size, ids.length);
  const schemas = objectAt(whole, 'components', 'schemas');
  for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
    t.ok(isObject(schemas[name]), name);
  }
});

t.test('bodies are described by the schemas that check them', async (t) => {
  const schemas = objectAt(await document(), 'components', 'schemas');
  t.match(schemas['Restore'], {
    type: 'object',
    required: ['confirm'],
    properties: { confirm: { const: 'restore' } },
    additionalProperties: false,
  });
  t.match(objectAt(schemas, 'NewEndpoint'), { required: ['name'] });
  t.notOk('required' in objectAt(schemas, 'Endpoint'));
});
