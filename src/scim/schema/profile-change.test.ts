/** Which changes of a profile stored resources must be looked at for, and which of them do not fit. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import { CORE_PROFILE, CORE_USERS_PROFILE } from './core.ts';
import { USER_SCHEMA } from './core-user.ts';
import { misfitText, profileChanges, type StoredFacts } from './profile-change.ts';
import { compileRegistry, type Profile } from './registry.ts';
import { GADGET, gadgetSchema, gadgetType, profileOf, WARRANTY } from './test/profiles.ts';

const NOTHING: ReadonlySet<string> = new Set();

function faultsOf(
  [before, after]: readonly [Profile, Profile],
  facts: Partial<StoredFacts>,
  keepsUnknown = false,
): Record<string, string | undefined> {
  const whole = { document: {}, secrets: NOTHING, hasMembers: false, ...facts };
  const changes = profileChanges(compileRegistry(before), compileRegistry(after), keepsUnknown);
  return Object.fromEntries(changes.map(({ type, faultOf }) => [type, faultOf(whole)]));
}

/** A gadget's schema before and after. */
function gadgets(before: readonly object[], after: readonly object[]): [Profile, Profile] {
  return [gadget(before), gadget(after)];
}

function gadget(attributes: readonly object[], more: object = {}, ...schemas: object[]): Profile {
  return profileOf({
    schemas: [gadgetSchema(...attributes), ...schemas],
    resourceTypes: [gadgetType(more)],
  });
}

/** Undefined: no resource need be looked at. */
function changed(before: object, after: object, value: JsonValue): string | undefined {
  return faultsOf(gadgets([{ name: 'a', ...before }], [{ name: 'a', ...after }]), {
    document: { schemas: [GADGET], id: '1', a: value },
  })['Gadget'];
}

t.test('what only adds needs no look at any resource', async (t) => {
  const before = gadget([{ name: 'a' }]);
  const warranty = { id: WARRANTY, attributes: [{ name: 'until', type: 'dateTime' }] };
  const sub = { name: 'c', type: 'complex', subAttributes: [{ name: 'x' }] };
  const more = { name: 'c', type: 'complex', subAttributes: [{ name: 'x' }, { name: 'y' }] };
  for (const pair of [
    [before, before],
    [
      before,
      gadget([
        { name: 'a' },
        { name: 'b', uniqueness: 'server' },
        { name: 'pin', returned: 'never' },
      ]),
    ],
    [before, gadget([{ name: 'a', description: 'x', canonicalValues: ['y'], caseExact: true }])],
    [before, gadget([{ name: 'a', mutability: 'immutable', returned: 'request' }])],
    [before, gadget([{ name: 'a' }], { schemaExtensions: [{ schema: WARRANTY }] }, warranty)],
    [before, gadget([{ name: 'a' }], { endpoint: '/Things', description: 'x' })],
    [gadget([sub]), gadget([more])],
    [gadget([{ name: 'a', required: true }]), before],
    [gadget([{ name: 'a', uniqueness: 'server' }]), gadget([{ name: 'a', uniqueness: 'global' }])],
    [CORE_USERS_PROFILE, CORE_PROFILE],
  ] as const) {
    t.strictSame(faultsOf(pair, {}), {}, JSON.stringify(pair[1].schemas.at(-1)));
  }
});

t.test('a type that goes must have no resources', async (t) => {
  t.strictSame(faultsOf([CORE_PROFILE, CORE_USERS_PROFILE], {}), {
    Group: 'its type would be gone',
  });
});

t.test('values must fit the attribute that comes', async (t) => {
  const complex = { type: 'complex', subAttributes: [{ name: 'value' }] };
  for (const [before, after, value, fault] of [
    [{}, { type: 'integer' }, 'x', 'a would have to be an integer'],
    [{}, { type: 'boolean' }, 'true', 'a would have to be true or false'],
    [{ type: 'integer' }, { type: 'decimal' }, 5, undefined],
    [{ type: 'decimal' }, { type: 'integer' }, 5.5, 'a would have to be an integer'],
    [{ type: 'decimal' }, { type: 'integer' }, 5, undefined],
    [{}, { type: 'dateTime' }, '2026-01-31T08:00:00Z', undefined],
    [{}, { type: 'dateTime' }, 'soon', 'a would have to be a date and time'],
    [{}, { type: 'binary' }, '%', 'a would have to be a base64 string'],
    [{}, complex, 'x', 'a would have to be an object'],
    [{}, { multiValued: true }, 'x', 'a would have to be a list'],
    [{ multiValued: true }, {}, ['x'], 'a would have to be a single value'],
    [
      { type: 'integer', multiValued: true },
      { multiValued: true },
      [1],
      'a would have to be a string',
    ],
    [
      {},
      { returned: 'never' },
      'x',
      'a has a value, and cannot begin or cease to be returned never',
    ],
  ] as readonly (readonly [object, object, JsonValue, string | undefined])[]) {
    t.equal(changed(before, after, value), fault, JSON.stringify([before, after, value]));
  }
});

t.test('an attribute that goes or is respelled must have no value', async (t) => {
  const a = { document: { a: 'x' } };
  t.strictSame(faultsOf(gadgets([{ name: 'a' }], []), a), {
    Gadget: 'a would be no attribute any more',
  });
  t.strictSame(faultsOf(gadgets([{ name: 'a' }], []), {}), { Gadget: undefined });
  t.strictSame(faultsOf(gadgets([{ name: 'a' }], [{ name: 'A' }]), a), {
    Gadget: 'a would be spelled A',
  });
});

t.test('sub-attributes are looked at in every element', async (t) => {
  const list = (...subAttributes: object[]): object[] => [
    { name: 'l', type: 'complex', multiValued: true, subAttributes },
  ];
  const document = { l: [{ value: 'x' }, { value: 'y', n: 1 }] };
  const before = list({ name: 'value' }, { name: 'n', type: 'integer' });
  for (const [after, fault] of [
    [list({ name: 'value' }), 'l.n would be no attribute any more'],
    [list({ name: 'value' }, { name: 'n' }), 'l.n would have to be a string'],
    [
      list({ name: 'value' }, { name: 'n', type: 'integer', required: true }),
      'l.n is missing and would be required',
    ],
    [list({ name: 'value', required: true }, { name: 'n', type: 'integer' }), undefined],
  ] as const) {
    t.strictSame(faultsOf(gadgets(before, after), { document }), { Gadget: fault });
    t.strictSame(faultsOf(gadgets(before, after), {}), { Gadget: undefined }, 'no value');
  }
});

t.test('what becomes required must be there', async (t) => {
  const required = gadgets([{ name: 'a' }], [{ name: 'a', required: true }]);
  const fault = 'a is missing and would be required';
  t.strictSame(faultsOf(required, {}), { Gadget: fault });
  t.strictSame(faultsOf(required, { document: { a: '' } }), { Gadget: fault });
  t.strictSame(faultsOf(required, { document: { a: 'x' } }), { Gadget: undefined });
  t.strictSame(faultsOf(gadgets([], [{ name: 'a', required: true }]), {}), { Gadget: fault });
});

t.test('unique values stay where and as they are kept', async (t) => {
  const fault = 'a has a value, which its uniqueness, caseExact and type cannot change under';
  const server = { uniqueness: 'server' };
  for (const [before, after] of [
    [{}, server],
    [server, {}],
    [server, { uniqueness: 'server', caseExact: true }],
  ]) {
    t.equal(changed({ ...before }, { ...after }, 'x'), fault);
  }
  const second = { name: 'b', uniqueness: 'server' };
  const pair = gadgets([{ name: 'a', ...server }], [second, { name: 'a', ...server }]);
  t.strictSame(faultsOf(pair, { document: { a: 'x' } }), { Gadget: fault }, 'no name any more');
  t.strictSame(faultsOf(pair, {}), { Gadget: undefined });
});

t.test('extensions', async (t) => {
  const warranty = (id: string, ...attributes: object[]): object => ({ id, attributes });
  const withExtension = (schema: object, urn: string, required = false): Profile =>
    gadget([], { schemaExtensions: [{ schema: urn, required }] }, schema);
  const none = gadget([]);
  const some = withExtension(warranty(WARRANTY, { name: 'until' }), WARRANTY);
  const document = { [WARRANTY]: { until: 'x' } };
  const upper = WARRANTY.replace('Warranty', 'WARRANTY');
  for (const [pair, fault, without] of [
    [[some, none], `${WARRANTY} would be no extension of its type`, undefined],
    [
      [some, withExtension(warranty(upper, { name: 'until' }), upper)],
      `${WARRANTY} would be spelled ${upper}`,
      undefined,
    ],
    [
      [some, withExtension(warranty(WARRANTY), WARRANTY)],
      `${WARRANTY}:until would be no attribute any more`,
      undefined,
    ],
    [
      [some, withExtension(warranty(WARRANTY, { name: 'until' }), WARRANTY, true)],
      undefined,
      `${WARRANTY} is missing and would be required`,
    ],
    [
      [
        some,
        withExtension(
          warranty(WARRANTY, { name: 'until' }, { name: 'by', required: true }),
          WARRANTY,
        ),
      ],
      `${WARRANTY}:by is missing and would be required`,
      undefined,
    ],
  ] as const) {
    t.strictSame(faultsOf(pair, { document }), { Gadget: fault });
    t.strictSame(faultsOf(pair, {}), { Gadget: without });
  }
  const required = withExtension(warranty(WARRANTY), WARRANTY, true);
  t.strictSame(faultsOf([none, required], {}), {
    Gadget: `${WARRANTY} is missing and would be required`,
  });
});

t.test('secrets count although no document holds them', async (t) => {
  const pin = { name: 'pin', returned: 'never' };
  const place = { name: 'place', type: 'complex', subAttributes: [pin] };
  const has = (key: string): Partial<StoredFacts> => ({ secrets: new Set([key]) });
  t.strictSame(faultsOf(gadgets([pin], []), has('pin')), {
    Gadget: 'pin would be no attribute any more',
  });
  t.strictSame(faultsOf(gadgets([pin], []), {}), { Gadget: undefined });
  t.match(faultsOf(gadgets([pin], [{ name: 'pin' }]), has('pin')), {
    Gadget: /cannot begin or cease/,
  });
  t.strictSame(faultsOf(gadgets([place], []), has('place.pin')), {
    Gadget: 'place would be no attribute any more',
  });
  const open = { name: 'place', type: 'complex', subAttributes: [{ name: 'pin' }] };
  t.match(faultsOf(gadgets([place], [open]), has('place.pin')), {
    Gadget: /place.pin has a value/,
  });
  const required = gadgets([pin], [{ ...pin, required: true }]);
  t.strictSame(faultsOf(required, has('pin')), { Gadget: undefined });
  t.strictSame(faultsOf(required, {}), { Gadget: 'pin is missing and would be required' });
  const extended = gadget(
    [],
    { schemaExtensions: [{ schema: WARRANTY }] },
    { id: WARRANTY, attributes: [pin] },
  );
  t.match(faultsOf([extended, gadget([])], has(`${WARRANTY.toLowerCase()}:pin`)), {
    Gadget: /would be no extension/,
  });
});

t.test('members are rows: who has some needs a place for them', async (t) => {
  const subAttributes = [{ name: 'value' }];
  const members = { name: 'members', type: 'complex', multiValued: true, subAttributes };
  const fault = 'it has members, and members would keep none';
  t.strictSame(faultsOf(gadgets([members], []), { hasMembers: true }), { Gadget: fault });
  t.strictSame(faultsOf(gadgets([members], []), { hasMembers: false }), { Gadget: undefined });
  t.strictSame(
    faultsOf(gadgets([{ name: 'members' }], [members]), { document: { members: 'x' } }),
    {
      Gadget: 'members would be for the server to write',
    },
  );
});

t.test('what a document says of its schema is never rewritten', async (t) => {
  const own = { id: 'urn:example:schemas:Person', attributes: [{ name: 'userName' }] };
  const [user] = CORE_USERS_PROFILE.resourceTypes;
  const after = profileOf({ schemas: [own], resourceTypes: [{ ...user, schema: own.id }] });
  t.match(faultsOf([CORE_USERS_PROFILE, after], {}), {
    User: `schemas names ${USER_SCHEMA} and would have to name ${own.id}`,
  });
});

t.test('where unknown attributes may have been kept, new ones are looked at', async (t) => {
  const pair = gadgets([], [{ name: 'size', type: 'integer' }]);
  const kept = (document: JsonObject): unknown => faultsOf(pair, { document }, true);
  t.strictSame(faultsOf(pair, { document: { size: 'XL' } }), {}, 'no look');
  t.strictSame(kept({ size: 'XL' }), { Gadget: 'size would have to be an integer' });
  t.strictSame(kept({ size: 7 }), { Gadget: undefined });
  t.strictSame(kept({ Size: 7 }), { Gadget: 'size is kept in another spelling' });
  t.strictSame(kept({}), { Gadget: undefined });
});

t.test('the refusal tells how many, which, and why', async (t) => {
  const example = { type: 'Gadget', id: '0189', fault: 'a would have to be a list' };
  t.match(
    misfitText(1, example),
    /^a stored resource does not fit the new schemas, for example Gadget 0189: a would have to be a list; /,
  );
  t.match(misfitText(12, example), /^12 stored resources do not fit/);
});
