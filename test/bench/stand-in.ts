/**
 * A server that answers what the bench asks, from memory, and lies where a test wants it to: the
 * bench must notice each lie. It is no SCIM server; it knows the requests of the scenarios.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Product } from '../../bench/processes.ts';
import { ENTERPRISE } from '../../bench/users.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { isObject } from '../../src/scim/json.ts';

export type Lie =
  /** Every tenth create is acknowledged and forgotten. */
  | 'forgets creates'
  /** Stored users have lost their addresses. */
  | 'drops addresses'
  /** Every tenth PATCH is answered with the change, and the change is forgotten. */
  | 'forgets patches'
  /** Every tenth answer is another user's. */
  | 'answers another user'
  /** Every tenth answer is 500. */
  | 'fails'
  /** Every tenth change of one member is acknowledged and not done. */
  | 'loses members';

export async function startStandIn(lie: Lie | undefined): Promise<Product> {
  const users = new Map<string, JsonObject>();
  const groups = new Map<string, Set<string>>();
  let requests = 0;
  const lies = (kind: Lie): boolean => kind === lie && requests % 10 === 0;

  const answer = (method: string, path: string, body: JsonObject): [number, JsonValue?] => {
    const [, , , type = '', id = ''] = path.split('?')[0]?.split('/') ?? [];
    const query = new URLSearchParams(path.split('?')[1]);
    if (lies('fails') && query.get('count') !== '0') return [500];
    if (type === 'Bulk') return [200, bulk(body)];
    if (type === 'Groups') return group(method, id, body);
    if (method === 'POST') return [201, create(body)];
    if (method === 'PATCH') return [200, patch(id, body)];
    if (id === '') return [200, list(query)];
    return [200, users.get(lies('answers another user') ? first() : id) ?? null];
  };
  const bulk = (body: JsonObject): JsonObject => {
    const operations = Array.isArray(body['Operations']) ? body['Operations'].filter(isObject) : [];
    const done = operations.map(({ data, bulkId }) => {
      // Each operation is a chance to lie, as each request is elsewhere.
      requests += 1;
      const { id } = create(isObject(data) ? data : {});
      return { location: `/Users/${id}`, bulkId: bulkId ?? '', status: '201' };
    });
    return { Operations: done };
  };
  const first = (): string => users.keys().next().value ?? '';
  const create = (body: JsonObject): JsonObject & { id: string } => {
    const extension = body[ENTERPRISE];
    const manager = { value: isObject(extension) ? (extension['manager'] ?? null) : null };
    const user = {
      ...body,
      ...(isObject(extension) ? { [ENTERPRISE]: { ...extension, manager } } : {}),
      ...(lie === 'drops addresses' ? { addresses: [] } : {}),
      id: randomUUID(),
    };
    if (!lies('forgets creates')) users.set(user.id, user);
    return user;
  };
  const patch = (id: string, body: JsonObject): JsonObject => {
    const [operation] = Array.isArray(body['Operations']) ? body['Operations'] : [];
    const { path, value = '' } = isObject(operation) ? operation : {};
    const change = path === 'active' ? { active: value === 'True' } : { title: value };
    const user = { ...users.get(id), ...change };
    if (!lies('forgets patches')) users.set(id, user);
    return user;
  };
  const list = (query: URLSearchParams): JsonObject => {
    const name = /^userName eq "(.*)"$/.exec(query.get('filter') ?? '')?.[1];
    const found = [...users.values()].filter((user) => user['userName'] === name);
    if (name !== undefined) return { totalResults: found.length, Resources: found };
    return page(query);
  };
  const page = (query: URLSearchParams): JsonObject => {
    const cursor = query.get('cursor');
    const start = cursor === null ? Number(query.get('startIndex') ?? 1) - 1 : Number(cursor);
    const end = start + Number(query.get('count'));
    const stored = [...users.values()].slice(start, end);
    const shown = lies('answers another user') ? stored.toReversed().slice(1) : stored;
    const next = end < users.size ? { nextCursor: String(end) } : {};
    const { size } = users;
    return { totalResults: size, itemsPerPage: shown.length, ...next, Resources: shown };
  };
  const group = (method: string, groupId: string, body: JsonObject): [number, JsonValue?] => {
    const members = groups.get(groupId) ?? new Set<string>();
    if (method === 'GET') return [200, { members: [...members].map((value) => ({ value })) }];
    if (method === 'POST') {
      const created = randomUUID();
      groups.set(created, members);
      return [201, { id: created }];
    }
    const [operation] = Array.isArray(body['Operations']) ? body['Operations'] : [];
    const { op, value } = isObject(operation) ? operation : {};
    const changed = Array.isArray(value) ? value : [];
    // A group that is filled is no lie: the load changes one member at a time.
    if (changed.length === 1 && lies('loses members')) return [204];
    for (const member of changed) {
      const id = isObject(member) ? member['value'] : undefined;
      if (typeof id !== 'string') continue;
      if (op === 'Remove') members.delete(id);
      else members.add(id);
    }
    return [204];
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const sent = await text(request);
    const body: JsonObject = sent === '' ? {} : (JSON.parse(sent) as JsonObject);
    const [status, value] = answer(request.method ?? '', request.url ?? '', body);
    response.writeHead(status).end(value === undefined ? undefined : JSON.stringify(value));
  };
  // At the end of a run a large body may still be on its way when its connection is closed.
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    port: address.port,
    base: `http://127.0.0.1:${address.port}/scim/v2`,
    token: randomBytes(8).toString('hex'),
    firstAnswerMs: 0,
    cpuMs: () => undefined,
    rssBytes: () => undefined,
    rssPeakBytes: () => undefined,
    place: () => undefined,
    stop,
    kill: stop,
  };
}
