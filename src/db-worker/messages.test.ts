import fc from 'fast-check';
import t from 'tap';
import type { Command, RequestLogEntry } from '../store/commands.ts';
import { decodeCommand, decodeResult, encodeCommand, encodeResult } from './messages.ts';

const optionalText = fc.option(fc.string(), { nil: undefined });
const time = fc.integer({ min: 0, max: 4e12 });
const created = fc.option(time, { nil: undefined });
const endpointId = fc.uuid();
const verdict = fc.record({ misfit: fc.option(fc.string({ minLength: 1 }), { nil: undefined }) });

const commandLog = (id: string): fc.Arbitrary<RequestLogEntry | undefined> =>
  fc.option(
    fc.record({
      time,
      requestId: fc.string(),
      endpointId: fc.constant(id),
      method: fc.constantFrom('POST', 'PATCH'),
      target: fc.string(),
      requestBytes: fc.nat(),
      status: fc.integer({ min: 200, max: 599 }),
      durationMs: fc.constant(undefined),
      detail: fc.constant(undefined),
      credentialId: optionalText,
      userAgent: optionalText,
      address: optionalText,
      contentKey: fc.option(fc.nat(), { nil: undefined }),
    }),
    { nil: undefined },
  );

const stored = {
  type: fc.string(),
  id: fc.uuid(),
  now: time,
  document: fc.json(),
  name: optionalText,
  externalId: optionalText,
  display: fc.string(),
  members: fc.option(fc.array(fc.uuid()), { nil: undefined }),
  secrets: fc.option(fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }), {
    nil: undefined,
  }),
  indexKeys: fc.option(
    fc.record({
      signatures: fc.string(),
      keys: fc.array(fc.array(fc.oneof(fc.string(), fc.integer()))),
    }),
    { nil: undefined },
  ),
};
const fields = fc.record({
  name: optionalText,
  displayName: fc.option(optionalText, { nil: null }),
  description: fc.option(optionalText, { nil: null }),
  config: fc.option(fc.dictionary(fc.string(), fc.boolean(), { noNullPrototype: true }), {
    nil: undefined,
  }),
  active: fc.option(fc.boolean(), { nil: undefined }),
});

const command: fc.Arbitrary<Command> = endpointId.chain((id) => {
  const base = { endpointId: fc.constant(id), log: commandLog(id) };
  return fc.oneof(
    fc.record({ kind: fc.constant('create' as const), ...base, ...stored, created }),
    fc.record({ kind: fc.constant('replace' as const), ...base, ...stored, ifMatch: optionalText }),
    fc.record({
      kind: fc.constant('patch' as const),
      ...base,
      type: fc.string(),
      id: fc.uuid(),
      now: time,
      operations: fc.json(),
      needsSecrets: fc.boolean(),
      ifMatch: optionalText,
    }),
    fc.record({
      kind: fc.constant('delete' as const),
      ...base,
      type: fc.string(),
      id: fc.uuid(),
      now: time,
      ifMatch: optionalText,
    }),
    fc.record({
      kind: fc.constant('createEndpoint' as const),
      ...base,
      now: time,
      created,
      fields,
    }),
    fc.record(
      { kind: fc.constant('updateEndpoint' as const), ...base, now: time, fields, verdict },
      { requiredKeys: ['kind', 'endpointId', 'log', 'now', 'fields'] },
    ),
    fc.record({ kind: fc.constant('deleteEndpoint' as const), ...base, now: time }),
  );
});

t.test('every command crosses unchanged', async (t) => {
  fc.assert(
    fc.property(command, (sent) => {
      t.same(decodeCommand(encodeCommand(sent)), sent);
    }),
  );
});

t.test('a result crosses unchanged', async (t) => {
  for (const document of [undefined, '{"id":"1"}']) {
    const result = {
      created: 1,
      lastModified: 2,
      version: 3,
      changed: true,
      document,
      sequence: 2 ** 40,
    };
    t.same(decodeResult(encodeResult(result)), result);
  }
});

t.test('a frame of the wrong shape is a defect', async (t) => {
  t.throws(() => decodeCommand(['create', 'endpoint']));
  t.throws(() => decodeCommand(['unheard', 'endpoint', null, 'id', 1]), { message: /unheard/ });
});
