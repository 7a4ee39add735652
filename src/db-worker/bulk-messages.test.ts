import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../scim/errors.ts';
import type { BulkUnit, PatchCommand, ResourceWrite } from '../store/commands.ts';
import { StoreError } from '../store/results.ts';
import type { FrameValue } from '../threads/frame.ts';
import {
  appendUnit,
  decodeOutcomes,
  decodeSlice,
  encodeOutcomes,
  encodeSlice,
  type SliceOutcome,
} from './bulk-messages.ts';

const target = { endpointId: 'e', log: undefined, type: 'Group', id: 'g', now: 7 };
const PATCH: PatchCommand = {
  ...target,
  kind: 'patch',
  ifMatch: 'W/"1"',
  operations: '[]',
  needsSecrets: true,
};
const CREATE: ResourceWrite = {
  ...target,
  kind: 'create',
  document: '{"id":"g"}',
  name: undefined,
  externalId: 'x',
  display: 'd',
  members: ['1', '2'],
  secrets: undefined,
};
const DELETE: ResourceWrite = { ...target, kind: 'delete', ifMatch: undefined };

const unit: fc.Arbitrary<BulkUnit> = fc.array(
  fc.record({
    position: fc.nat(999),
    needs: fc.array(fc.nat(999)),
    command: fc.constantFrom(CREATE, PATCH, DELETE, undefined),
    afterwards: fc.constantFrom(PATCH, undefined),
  }),
  { minLength: 1, maxLength: 4 },
);

t.test('every slice crosses unchanged', async (t) => {
  fc.assert(
    fc.property(
      fc.array(unit, { maxLength: 5 }),
      fc.array(fc.nat(999)),
      fc.option(fc.nat(), { nil: undefined }),
      (units, failed, failuresLeft) => {
        const frame: FrameValue[] = [];
        for (const each of units) appendUnit(frame, each);
        const sent = { kind: 'bulkSlice' as const, units, failed, failuresLeft };
        t.same(decodeSlice(encodeSlice(sent, frame)), sent);
      },
    ),
    { numRuns: 50 },
  );
});

t.test('outcomes cross, errors with what they tell', async (t) => {
  const result = {
    created: 1,
    lastModified: 2,
    version: 3,
    changed: false,
    document: undefined,
    sequence: 2 ** 40,
  };
  const sent: SliceOutcome[] = [
    { position: 4, outcome: { kind: 'done', result }, warning: 'w' },
    { position: 5, outcome: { kind: 'wrong' }, warning: undefined },
    { position: 6, outcome: { kind: 'needsFailed', position: 5 }, warning: undefined },
    {
      position: 7,
      outcome: { kind: 'failed', error: new ScimError(409, 'taken', 'uniqueness') },
      warning: undefined,
    },
    {
      position: 8,
      outcome: { kind: 'failed', error: new StoreError('full', 'full') },
      warning: undefined,
    },
  ];
  const received = decodeOutcomes(encodeOutcomes(sent));
  t.same(received.slice(0, 3), sent.slice(0, 3));
  t.match(received.slice(3), [
    {
      position: 7,
      outcome: { kind: 'failed', error: { status: 409, scimType: 'uniqueness', message: 'taken' } },
    },
    { position: 8, outcome: { kind: 'failed', error: { code: 'full', message: 'full' } } },
  ]);
  t.same(decodeOutcomes(encodeOutcomes([])), []);
});

t.test('what a PATCH has made of the document does not cross', async (t) => {
  const result = { created: 1, lastModified: 1, version: 1, changed: true, sequence: 1 };
  const document = '{"id":"1"}';
  const outcome = { kind: 'done' as const, result: { ...result, document } };
  const frame = encodeOutcomes([{ position: 0, outcome, warning: undefined }]);
  t.notOk(frame.includes(document));
});

t.test('a frame of the wrong shape is a defect', async (t) => {
  t.throws(() => decodeOutcomes(['unheard', 1, null]), { message: /unheard/ });
  t.throws(() => decodeSlice([null, 0, 1, 0, 0, 'deleteEndpoint', 'e', null, 7, null]), {
    message: /deleteEndpoint/,
  });
  t.throws(() => decodeSlice([null, 0, 1, 0, 0, null, 'delete', 'e', null, 'User', '1', 7, null]), {
    message: /is a patch/,
  });
  t.throws(() => decodeSlice([null, 0, 1]));
});
