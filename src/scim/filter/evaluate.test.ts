import t, { type Test } from 'tap';
import type { JsonObject } from '../json.ts';
import { compileElementFilter } from './evaluate.ts';
import { ENTERPRISE, attributeOf, groupMatches, parse, userMatches } from './test/fixtures.ts';

/** Checks each filter against Barbara, or another user. */
function expectUser(t: Test, cases: Readonly<Record<string, boolean>>, user?: JsonObject): void {
  for (const [filter, expected] of Object.entries(cases)) {
    t.equal(userMatches(filter, user), expected, filter);
  }
}

t.test('text compares without case unless the attribute is case-exact', (t) => {
  expectUser(t, {
    'userName eq "BJENSEN@EXAMPLE.COM"': true,
    'USERNAME EQ "bjensen@example.com"': true,
    'userName eq "bjensen"': false,
    'displayName eq "BABS STRASSE"': true,
    'displayName co "raß"': true,
    'displayName ew "STRASSE"': true,
    'name.familyName co "o\'m"': true,
    'userName sw "J"': false,
    'userName sw "B"': true,
    'userName ew "@EXAMPLE.com"': true,
    'userName sw ""': true,
    'externalId eq "Bjensen-1"': true,
    'externalId eq "bjensen-1"': false,
    'externalId co "BJ"': false,
    'externalId ne "bjensen-1"': true,
    'id eq "2819C223-7F76-453A-919D-413861904646"': false,
    'meta.resourceType eq "user"': false,
    'meta.version eq "W/\\"7\\""': true,
  });
  t.end();
});

t.test('text orders by its fold', (t) => {
  expectUser(t, {
    'userName gt "A"': true,
    'userName gt "bjensen@example.com"': false,
    'userName ge "BJENSEN@example.com"': true,
    'userName lt "C"': true,
    'userName le "bjensen"': false,
    'externalId lt "a"': true,
  });
  t.end();
});

t.test('dateTimes compare as instants, by co, sw and ew as text', (t) => {
  expectUser(t, {
    'meta.lastModified gt "2011-05-13T04:42:34Z"': true,
    'meta.lastModified eq "2011-05-13T06:42:34.25+02:00"': true,
    'meta.lastModified ne "2011-05-13T04:42:34.250Z"': false,
    'meta.lastModified le "2011-05-13T04:42:34.2500001Z"': true,
    'meta.lastModified lt "2011-05-13T04:42:34.25"': false,
    'meta.created ge "2010-01-22T23:56:22-05:00"': true,
    'meta.lastModified sw "2011-05"': true,
    'meta.lastModified co "t04"': true,
  });
  t.end();
});

t.test('a stored text that is no dateTime matches no comparison of dateTimes', (t) => {
  const user = { meta: { created: 'yesterday' } };
  for (const operator of ['eq', 'ne', 'gt', 'ge', 'lt', 'le']) {
    t.equal(userMatches(`meta.created ${operator} "2011-05-13T04:42:34Z"`, user), false, operator);
  }
  t.end();
});

t.test('booleans compare with true and false and with their names', (t) => {
  expectUser(t, {
    'active eq true': true,
    'active eq True': true,
    'active eq "True"': true,
    'active eq "TRUE"': true,
    'active eq false': false,
    'active ne "False"': true,
    'emails[primary eq "True"]': true,
  });
  expectUser(t, { 'active eq true': false, 'active eq "False"': true }, { active: false });
  t.end();
});

t.test('numbers compare by value', (t) => {
  const size = attributeOf({ name: 'size', type: 'integer', multiValued: true });
  const cases = { eq: [3], ne: [1, 20], gt: [20], ge: [3, 20], lt: [1], le: [1, 3] };
  for (const [operator, expected] of Object.entries(cases)) {
    const matches = compileElementFilter(parse(`value ${operator} 3`), size);
    t.same([1, 3, 20, '3', null].filter(matches), expected, operator);
  }
  t.end();
});

t.test('binary compares as it is written', (t) => {
  const user = { x509Certificates: [{ value: 'TUlJ' }] };
  expectUser(
    t,
    { 'x509Certificates eq "TUlJ"': true, 'x509Certificates.value eq "tulj"': false },
    user,
  );
  t.end();
});

t.test('a multi-valued attribute matches when any element does', (t) => {
  expectUser(t, {
    'emails eq "BABS@jensen.org"': true,
    'emails co "example"': true,
    'emails.value eq "babs@jensen.org"': true,
    'emails.type eq "home"': true,
    'emails.type eq "other"': false,
    'emails.type ne "work"': true,
    'not (emails.type eq "work")': false,
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"': true,
    'schemas eq "urn:example"': false,
    'groups eq "e9e30dba-f08f-4109-8486-d5c6a331660a"': true,
    'groups.display sw "guid"': true,
  });
  t.end();
});

t.test('a value path holds of one element, a path of any', (t) => {
  expectUser(t, {
    'emails[type eq "work" and value co "jensen.org"]': false,
    'emails.type eq "work" and emails.value co "jensen.org"': true,
    'emails[type eq "home" and value co "jensen.org"]': true,
    'emails[type eq "work"].value eq "bjensen@EXAMPLE.com"': true,
    'emails[type eq "work"].value co "jensen.org"': false,
    'emails[type eq "work" or type eq "home"].display pr': false,
    'emails[not (type eq "work")]': true,
    'not (emails[type eq "work"])': false,
    'roles[value eq "admin"]': false,
    'name[givenName eq "barbara" and familyName pr]': true,
    'schemas[value sw "urn:ietf"]': true,
    'phoneNumbers[not (type eq "work")]': false,
  });
  t.end();
});

t.test('ids of members and managers compare by value', (t) => {
  expectUser(t, {
    [`${ENTERPRISE}:manager eq "MGR-1"`]: true,
    [`${ENTERPRISE}:manager.value eq "mgr-1"`]: true,
    [`${ENTERPRISE}:manager[value eq "mgr-2"]`]: false,
  });
  const mandy = '902c246b-6245-4190-8e05-00816be7344a';
  t.ok(groupMatches(`members eq "${mandy}"`));
  t.ok(groupMatches(`members.value eq "${mandy}"`));
  t.ok(groupMatches(`members[value eq "${mandy}" and display eq "mandy"]`));
  t.notOk(groupMatches(`members[value eq "${mandy}" and display eq "babs"]`));
  t.notOk(groupMatches(`members eq "${mandy.toUpperCase()}"`), 'ids are case-exact');
  t.ok(groupMatches(`id eq "e9e30dba-f08f-4109-8486-d5c6a331660a" and members eq "${mandy}"`));
  t.end();
});

t.test('paths may carry their URN, in any case', (t) => {
  expectUser(t, {
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b"': true,
    'URN:IETF:params:scim:schemas:core:2.0:user:NAME.givenname eq "barbara"': true,
    [`${ENTERPRISE}:employeeNumber eq "701984"`]: true,
    [`${ENTERPRISE.toLowerCase()}:EMPLOYEENUMBER pr`]: true,
    [`${ENTERPRISE}:department pr`]: false,
    [`${ENTERPRISE} pr`]: true,
  });
  expectUser(t, { [`${ENTERPRISE} pr`]: false, [`${ENTERPRISE}:manager pr`]: false }, {});
  t.end();
});

t.test('and, or, not', (t) => {
  expectUser(t, {
    'active eq true and userName pr and id pr': true,
    'active eq true and userName pr and nickName pr': false,
    'nickName pr or userType pr or id pr': true,
    'nickName pr or userType pr': false,
    'nickName pr or active eq true and userName pr': true,
    '(id pr or nickName pr) and userType pr': false,
    'not (nickName pr or userType pr)': true,
  });
  t.end();
});
