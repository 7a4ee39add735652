/** RFC 7643 §2: names, data types, multi-valued attributes, unassigned values. */
import type { JsonValue } from '../../../src/scim/json.ts';
import type { RowContext } from '../row-context.ts';
import { USER } from '../row-context.ts';
import { may, must, section, should } from '../row.ts';
import { everyAttribute } from './every-attribute.ts';
import { allAttributes, objects, plain } from '../described.ts';

/** A value goes in and comes out as another or the same. */
async function roundTrip(
  c: RowContext,
  type: string,
  value: JsonValue,
  expected: JsonValue = value,
): Promise<void> {
  const attribute = c.attribute({ type, mutability: 'readWrite', uniqueness: 'none' });
  const created = await c.user(attribute.holding(value));
  created.equals(expected, ...attribute.steps);
  (await c.get(`/Users/${created.id}`)).is(200).equals(expected, ...attribute.steps);
}

async function refused(c: RowContext, type: string, value: JsonValue): Promise<void> {
  const attribute = c.attribute({ type, mutability: 'readWrite' });
  const answer = await c.post('/Users', c.userBody(attribute.holding(value)));
  answer.isError(400, 'invalidValue', 'invalidSyntax');
}

const WORK = { value: 'work@example.com', type: 'work' };
const HOME = { value: 'home@example.com', type: 'home' };

export const ATTRIBUTE_ROWS = [
  ...section('7643', '2.1', 'Attributes', [
    must('names-any-case', 'Attribute names in a body are taken in any case.', async (c) => {
      const body = { schemas: [USER], USERNAME: c.unique(), displayname: 'Babs' };
      (await c.post('/Users', body)).is(201).equals('Babs', 'displayName');
    }),
    must('sub-names-any-case', 'Names of sub-attributes are taken in any case.', async (c) => {
      (await c.user({ Name: { GIVENNAME: 'Barbara' } })).equals('Barbara', 'name', 'givenName');
    }),
    must(
      'names-valid',
      'Names of attributes begin with a letter and have no odd characters.',
      (c) =>
        // "$ref" is in the RFC's own schemas, beside its grammar.
        everyAttribute(c, 'a valid name', ({ name }) =>
          /^(\$ref|[A-Za-z][\w-]*)$/.test(plain(name)),
        ),
    ),
    must('schemas-present', 'A resource tells its schemas.', async (c) => {
      (await c.get(`/Users/${(await c.user()).id}`)).equals([USER], 'schemas');
    }),
  ]),
  ...section('7643', '2.2', 'Attribute Characteristics', [
    must('simple-has-no-sub', 'A simple attribute has no sub-attributes.', (c) =>
      everyAttribute(
        c,
        'no subAttributes',
        ({ type, subAttributes }) => type === 'complex' || objects(subAttributes).length === 0,
      ),
    ),
  ]),
  ...section('7643', '2.3', 'Attribute Data Types', [
    must('string', 'A string comes back character for character, in any script.', (c) =>
      roundTrip(c, 'string', 'Ærøskøbing 東京 😀 "\\ \u2028'),
    ),
    must('string-type', 'A number where a string belongs is refused.', async (c) => {
      (await c.post('/Users', c.userBody({ displayName: 7 }))).isError(400);
    }),
    must('boolean', 'A boolean is true or false.', (c) => roundTrip(c, 'boolean', false)),
    must('boolean-type', 'A boolean is no string.', (c) => refused(c, 'boolean', 'True'), {
      reason: 'Microsoft Entra sends "True" and "False"; they become booleans.',
      setting: 'textBooleans',
    }),
    must('boolean-number', 'A boolean is no number.', (c) => refused(c, 'boolean', 1)),
    must('decimal', 'A decimal comes back as the same number.', (c) =>
      roundTrip(c, 'decimal', -2.5),
    ),
    must('decimal-type', 'A decimal is no string.', (c) => refused(c, 'decimal', '2.5')),
    must('integer', 'An integer comes back as the same number.', (c) =>
      roundTrip(c, 'integer', -42),
    ),
    must('integer-fraction', 'An integer has no fraction.', (c) => refused(c, 'integer', 1.5)),
    must('integer-type', 'An integer is no string.', (c) => refused(c, 'integer', '42')),
    must('date-time', 'A dateTime comes back as the same moment.', async (c) => {
      const attribute = c.attribute({ type: 'dateTime', mutability: 'readWrite' });
      const created = await c.user(attribute.holding('2011-08-01T21:32:44.882Z'));
      const came = created.textAt(...attribute.steps);
      created.expect(
        Date.parse(came) === Date.parse('2011-08-01T21:32:44.882Z'),
        'that moment',
        came,
      );
    }),
    must('date-time-offset', 'A dateTime with an offset is the same moment.', async (c) => {
      const attribute = c.attribute({ type: 'dateTime', mutability: 'readWrite' });
      const created = await c.user(attribute.holding('2008-01-23T04:56:22+02:00'));
      const came = created.textAt(...attribute.steps);
      created.expect(Date.parse(came) === Date.parse('2008-01-23T02:56:22Z'), 'that moment', came);
    }),
    must('date-only', 'A dateTime has a date and a time.', (c) =>
      refused(c, 'dateTime', '2008-01-23'),
    ),
    must('date-time-invalid', 'A dateTime that is none is refused.', (c) =>
      refused(c, 'dateTime', 'yesterday'),
    ),
    must(
      'date-time-no-such-day',
      'A dateTime names a day that there is.',
      (c) => refused(c, 'dateTime', '2023-02-30T10:00:00Z'),
      {
        reason: 'Directories hold such dates, and one must not fail a whole user.',
        setting: 'looseDateTimes',
      },
    ),
    must('binary', 'A binary is base64 and comes back as the same bytes.', async (c) => {
      const bytes = Buffer.from([0, 255, 62, 63, 128]).toString('base64');
      const attribute = c.attribute({ type: 'binary', mutability: 'readWrite' });
      const created = await c.user(attribute.holding(bytes));
      const came = created.textAt(...attribute.steps);
      created.expect(Buffer.from(came, 'base64').toString('base64') === bytes, 'those bytes', came);
    }),
    must('binary-invalid', 'A binary that is no base64 is refused.', (c) =>
      refused(c, 'binary', 'not base64!'),
    ),
    must('certificate', 'An X.509 certificate in base64 comes back as it was.', async (c) => {
      const value = Buffer.from('3082', 'hex').toString('base64');
      const created = await c.user({ x509Certificates: [{ value }] });
      created.equals(value, 'x509Certificates', 0, 'value');
    }),
    must('reference', 'A reference is an absolute or relative URI.', (c) =>
      roundTrip(c, 'reference', 'https://example.com/photos/babs.jpg'),
    ),
    must('reference-type', 'A reference is no number.', (c) => refused(c, 'reference', 7)),
    must('reference-http', 'A $ref of the server answers a GET.', async (c) => {
      const group = await c.groupOf((await c.user()).id);
      const $ref = group.textAt('members', 0, '$ref');
      const path = new URL($ref, `${c.target.http.base}/`).href;
      (await c.get(path)).is(200);
    }),
    must(
      'complex-any-order',
      'The order of the members of an object changes nothing.',
      async (c) => {
        const userName = c.unique();
        const body = { userName, name: { familyName: 'J', givenName: 'B' }, schemas: [USER] };
        const answer = (await c.post('/Users', body)).is(201);
        answer.equals('B', 'name', 'givenName').equals('J', 'name', 'familyName');
      },
    ),
    must('complex-depth', 'Sub-attributes have no sub-attributes.', (c) =>
      everyAttribute(c, 'no sub-attributes of sub-attributes', ({ type }, path) => {
        if (/:(Schema|ResourceType|ServiceProviderConfig):/.test(path)) return true;
        return type !== 'complex' || !path.slice(path.lastIndexOf(':')).includes('.');
      }),
    ),
    must('complex-type', 'A simple value where a complex one belongs is refused.', async (c) => {
      (await c.post('/Users', c.userBody({ name: 'Barbara' }))).isError(400);
    }),
    must(
      'canonical-values-are-shown',
      'Canonical values that a schema has are those of the RFC.',
      async (c) => {
        const type = allAttributes(c.target.schemas).find(
          ([path]) => path === `${USER}:emails.type`,
        )?.[1];
        if (type?.['canonicalValues'] === undefined) return c.notApplicable('emails.type has none');
        const schemas = (await c.get(`/Schemas/${USER}`)).is(200);
        const values = JSON.stringify(type['canonicalValues']);
        schemas.expect(
          ['work', 'home', 'other'].every((v) => values.includes(v)),
          'work home other',
        );
      },
    ),
  ]),
  ...section('7643', '2.4', 'Multi-Valued Attributes', [
    must('array', 'A multi-valued attribute is an array, also of one.', async (c) => {
      (await c.user({ emails: [WORK] })).equals([WORK], 'emails');
    }),
    must(
      'bare',
      'A multi-valued attribute is no single object.',
      async (c) => {
        (await c.post('/Users', c.userBody({ emails: WORK }))).isError(400);
      },
      { reason: 'Clients write one element without its array.', setting: 'bareValues' },
    ),
    must(
      'two-primaries',
      'At most one element is primary: a body with two is refused or keeps one.',
      async (c) => {
        const emails = [
          { ...WORK, primary: true },
          { ...HOME, primary: true },
        ];
        const answer = (await c.post('/Users', c.userBody({ emails }))).is(201, 400);
        if (answer.status === 400) return;
        answer.has('emails', 1);
        const primaries = answer.objectsAt('emails').filter(({ primary }) => primary === true);
        answer.expect(primaries.length <= 1, 'at most one primary', answer.at('emails') ?? null);
      },
    ),
    must(
      'primary-default',
      'Without a word about primary an element is not primary.',
      async (c) => {
        const created = (await c.user({ emails: [WORK, HOME] })).has('emails', 1);
        const primaries = created.objectsAt('emails').filter(({ primary }) => primary === true);
        created.expect(primaries.length === 0, 'no primary', created.at('emails') ?? null);
      },
    ),
    should('no-duplicates', 'A pair of type and value comes back once.', async (c) => {
      const created = await c.user({ emails: [WORK, HOME, WORK] });
      created.expect(
        created.objectsAt('emails').length === 2,
        'two e-mails',
        created.at('emails') ?? null,
      );
    }),
    may('same-value-other-type', 'One value may have two types.', async (c) => {
      const created = await c.user({ emails: [WORK, { ...WORK, type: 'other' }] });
      created.expect(created.objectsAt('emails').length === 2, 'two e-mails');
    }),
    must('ref-is-uri', '$ref of a member is the URI of the resource.', async (c) => {
      const user = await c.user();
      const ref = (await c.groupOf(user.id)).textAt('members', 0, '$ref');
      user.expect(ref.endsWith(`/Users/${user.id}`), `a $ref to /Users/${user.id}`, ref);
    }),
  ]),
  ...section('7643', '2.5', 'Unassigned and Null Values', [
    must('null', 'null means unassigned.', async (c) => {
      const created = await c.user({ displayName: null, name: null });
      created.has('id').lacks('displayName').lacks('name');
    }),
    must('empty-array', 'An empty array means unassigned.', async (c) => {
      const created = await c.user({ emails: [] });
      created.expect(created.objectsAt('emails').length === 0, 'no e-mails');
      const filter = `userName eq "${created.textAt('userName')}" and emails pr`;
      (await c.list('/Users', { filter })).equals(0, 'totalResults');
    }),
    must('null-unassigns', 'A PUT with null unassigns what was there.', async (c) => {
      const body = c.userBody({ displayName: 'Babs', nickName: 'B' });
      const { id } = (await c.post('/Users', body)).is(201);
      (await c.put(`/Users/${id}`, { ...body, displayName: null })).is(200).lacks('displayName');
      (await c.get(`/Users/${id}`)).lacks('displayName').equals('B', 'nickName');
    }),
    must('null-not-present', 'What is null is not present to a filter.', async (c) => {
      const userName = c.unique();
      await c.user({ userName, title: null });
      const list = await c.list('/Users', { filter: `userName eq "${userName}" and title pr` });
      list.is(200).equals(0, 'totalResults');
    }),
    must('required-null', 'A required attribute that is null is missing.', async (c) => {
      (await c.post('/Users', { schemas: [USER], userName: null })).isError(400);
    }),
  ]),
];
