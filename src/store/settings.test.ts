import t from 'tap';
import { LENIENT, STRICT } from '../scim/dialect.ts';
import { SETTINGS, parseSettings } from './settings.ts';

function failureOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

t.test('an empty config is the defaults that suit Entra and Okta', (t) => {
  t.same(parseSettings({}), {
    patchReplaceCreatesValuePathTarget: true,
    allowRemoveAllMembers: true,
    requireIfMatch: false,
    unknownAttributes: 'drop',
    unknownMember: 'refuse',
    externalIdUnique: false,
    groupPatchReturnsBody: false,
    indexedAttributes: ['emails.value'],
    meAttribute: 'userName',
    requestLog: 'auto',
    requestsPerSecondMax: 0,
    requestBurstMax: 0,
    inFlightRequestsMax: 0,
    resourcesMax: 0,
    tokenIssuer: undefined,
    ...LENIENT,
  });
  t.end();
});

t.test('the table has every setting that is read, and each its default', (t) => {
  const defaults = Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default]);
  t.same(Object.fromEntries(defaults), parseSettings({}));
  t.end();
});

t.test('every lenience of the dialect is a setting with a strict value', (t) => {
  t.match(parseSettings({ ...STRICT }), STRICT);
  for (const [name, value] of Object.entries(LENIENT)) {
    t.not(Reflect.get(STRICT, name), value, name);
  }
  t.end();
});

t.test('booleans also as the text the earlier SCIMServer stored', (t) => {
  for (const value of [true, 'True', 'true', 'TRUE']) {
    t.equal(parseSettings({ requireIfMatch: value }).requireIfMatch, true);
  }
  for (const value of [false, 'False', 'false']) {
    t.equal(parseSettings({ allowRemoveAllMembers: value }).allowRemoveAllMembers, false);
  }
  t.end();
});

t.test('an ill-typed value is refused by name, with what is taken', (t) => {
  for (const value of [1, 0, 'yes', '', null, undefined, [], {}]) {
    const failure = {
      status: 400,
      scimType: 'invalidValue',
      message: /^config\.requireIfMatch takes true or false$/,
    };
    t.match(
      failureOf(() => parseSettings({ requireIfMatch: value })),
      failure,
      JSON.stringify(value),
    );
  }
  for (const value of ['Drop', 'delete', true, null]) {
    const failure = {
      status: 400,
      message: /^config\.unknownMember takes one of "refuse", "ignore", "keep"$/,
    };
    t.match(
      failureOf(() => parseSettings({ unknownMember: value })),
      failure,
      JSON.stringify(value),
    );
  }
  t.end();
});

t.test('indexedAttributes takes a list of texts', (t) => {
  t.same(parseSettings({ indexedAttributes: [] }).indexedAttributes, []);
  t.same(parseSettings({ indexedAttributes: ['a', 'b'] }).indexedAttributes, ['a', 'b']);
  for (const value of ['title', null, {}, [1], ['title', null], [['title']]]) {
    t.match(
      failureOf(() => parseSettings({ indexedAttributes: value })),
      { status: 400, message: /^config\.indexedAttributes takes a list of paths such as/ },
      JSON.stringify(value),
    );
  }
  t.end();
});

t.test('an unknown setting is refused, with the names of those there are', (t) => {
  for (const config of [{ requireIfmatch: true }, { xyz: 1 }]) {
    t.match(
      failureOf(() => parseSettings(config)),
      {
        status: 400,
        message: /requireIfmatch|xyz.*requireIfMatch, unknownAttributes/,
      },
    );
  }
  t.end();
});

t.test('names that objects inherit are unknown settings', (t) => {
  const config = JSON.parse('{"__proto__":true,"constructor":1}') as Record<string, unknown>;
  t.match(
    failureOf(() => parseSettings(config)),
    { status: 400, message: /__proto__/ },
  );
  t.match(
    failureOf(() => parseSettings({ constructor: 1 })),
    { status: 400 },
  );
  t.end();
});

t.test('a very long or hostile name is refused quickly and on one line', (t) => {
  t.match(
    failureOf(() => parseSettings({ ['a\n'.repeat(100_000)]: 1 })),
    { message: /^[^\n]{1,800}$/ },
  );
  t.end();
});
