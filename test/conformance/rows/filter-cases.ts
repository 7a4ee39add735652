/**
 * Filters and which of three users they find. The users share a prefix of userName, so that a case
 * finds nobody else; cases are combined with it by `and`.
 */
import type { JsonObject } from '../../../src/scim/json.ts';
import { ENTERPRISE, USER } from '../row-context.ts';

export type Who = 'ann' | 'bob' | 'cyd';

/** `bob` has next to nothing. */
export const PEOPLE: Readonly<Record<Who, JsonObject>> = {
  ann: {
    schemas: [USER, ENTERPRISE],
    displayName: 'Ann Archer',
    title: 'Tour Guide',
    active: true,
    name: { familyName: "O'Malley", givenName: 'Ann' },
    emails: [
      { value: 'ann@example.com', type: 'work', primary: true },
      { value: 'ann@home.org', type: 'home' },
    ],
    [ENTERPRISE]: { department: 'Sales', employeeNumber: '10' },
  },
  bob: { active: false },
  cyd: {
    displayName: 'cyd "The" Zed',
    title: 'tour operator',
    active: true,
    emails: [{ value: 'cyd@home.org', type: 'work' }],
  },
};

export interface FilterCase {
  readonly about: string;
  readonly requirement: string;
  readonly filter: string;
  readonly finds: readonly Who[];
}

export const OPERATOR_CASES: readonly FilterCase[] = [
  {
    about: 'eq',
    requirement: 'eq finds what is equal.',
    filter: 'displayName eq "Ann Archer"',
    finds: ['ann'],
  },
  {
    about: 'ne',
    requirement: 'ne finds what is not equal.',
    filter: 'title pr and title ne "Tour Guide"',
    finds: ['cyd'],
  },
  {
    about: 'co',
    requirement: 'co finds a part.',
    filter: 'displayName co "rch"',
    finds: ['ann'],
  },
  {
    about: 'sw',
    requirement: 'sw finds a beginning.',
    filter: 'title sw "Tour G"',
    finds: ['ann'],
  },
  { about: 'ew', requirement: 'ew finds an end.', filter: 'title ew "operator"', finds: ['cyd'] },
  {
    about: 'pr',
    requirement: 'pr finds what has a value.',
    filter: 'title pr',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'pr-complex',
    requirement: 'pr of a complex attribute finds what has any part of it.',
    filter: 'name pr',
    finds: ['ann'],
  },
  {
    about: 'gt',
    requirement: 'gt compares strings in lexicographical order.',
    filter: 'title gt "Tour Guide"',
    finds: ['cyd'],
  },
  {
    about: 'ge',
    requirement: 'ge compares strings in lexicographical order.',
    filter: 'title ge "Tour Guide"',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'lt',
    requirement: 'lt compares strings in lexicographical order.',
    filter: 'title lt "tour operator"',
    finds: ['ann'],
  },
  {
    about: 'le',
    requirement: 'le compares strings in lexicographical order.',
    filter: 'title le "tour operator"',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'date',
    requirement: 'gt and lt of a dateTime compare moments.',
    filter:
      'meta.created gt "2001-01-01T00:00:00Z" and meta.created lt "2999-01-01T00:00:00+02:00"',
    finds: ['ann', 'bob', 'cyd'],
  },
  {
    about: 'boolean',
    requirement: 'eq compares booleans.',
    filter: 'active eq true',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'operator-case',
    requirement: 'Operators are taken in any case.',
    filter: 'displayName EQ "Ann Archer" OR title Sw "tour o"',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'name-case',
    requirement: 'Attribute names in a filter are taken in any case.',
    filter: 'DISPLAYNAME eq "Ann Archer"',
    finds: ['ann'],
  },
  {
    about: 'value-case',
    requirement: 'Values of attributes that are not caseExact are found in any case.',
    filter: 'displayName eq "ANN ARCHER"',
    finds: ['ann'],
  },
  {
    about: 'and',
    requirement: 'and finds what both expressions find.',
    filter: 'active eq true and title co "guide"',
    finds: ['ann'],
  },
  {
    about: 'or',
    requirement: 'or finds what either expression finds.',
    filter: 'active eq false or title co "guide"',
    finds: ['ann', 'bob'],
  },
  {
    about: 'not',
    requirement: 'not finds what the expression does not.',
    filter: 'not (active eq true)',
    finds: ['bob'],
  },
  {
    about: 'not-absent',
    requirement: 'not of a comparison finds what has no value.',
    filter: 'not (title eq "Tour Guide")',
    finds: ['bob', 'cyd'],
  },
  {
    about: 'precedence',
    requirement: 'and binds closer than or.',
    filter: 'active eq false or active eq true and title co "guide"',
    finds: ['ann', 'bob'],
  },
  {
    about: 'precedence-not',
    requirement: 'not binds closer than and.',
    filter: 'not (active eq false) and title co "operator"',
    finds: ['cyd'],
  },
  {
    about: 'grouping',
    requirement: 'Parentheses change the order of operations.',
    filter: '(active eq false or active eq true) and title co "guide"',
    finds: ['ann'],
  },
  {
    about: 'sub-attribute',
    requirement: 'A sub-attribute is named with a dot.',
    filter: 'name.familyName co "O\'Malley"',
    finds: ['ann'],
  },
  {
    about: 'urn',
    requirement: 'An attribute can be named with the URN of its schema.',
    filter: `${USER}:displayName sw "Ann"`,
    finds: ['ann'],
  },
  {
    about: 'extension',
    requirement: 'An attribute of an extension is named with its URN.',
    filter: `${ENTERPRISE}:department eq "sales"`,
    finds: ['ann'],
  },
  {
    about: 'urn-present',
    requirement: 'A schema of a resource is found in schemas.',
    filter: `schemas eq "${ENTERPRISE}"`,
    finds: ['ann'],
  },
  {
    about: 'multi-valued',
    requirement: 'A multi-valued attribute matches when any value does.',
    filter: 'emails.value ew "home.org"',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'multi-valued-default',
    requirement: 'A multi-valued complex attribute without sub-attribute compares its value.',
    filter: 'emails eq "ann@home.org"',
    finds: ['ann'],
  },
  {
    about: 'value-path',
    requirement: 'Expressions in brackets hold of one and the same element.',
    filter: 'emails[type eq "work" and value ew "home.org"]',
    finds: ['cyd'],
  },
  {
    about: 'value-path-or',
    requirement: 'or and not work in brackets.',
    filter: 'emails[type eq "home" or not (value co "example")]',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'across-elements',
    requirement: 'Without brackets each expression may hold of another element.',
    filter: 'emails.type eq "work" and emails.value ew "home.org"',
    finds: ['ann', 'cyd'],
  },
  {
    about: 'escapes',
    requirement: 'A string in a filter is a JSON string with its escapes.',
    filter: 'displayName eq "cyd \\"The\\" \\u005aed"',
    finds: ['cyd'],
  },
];

export interface RefusedFilter {
  readonly about: string;
  readonly requirement: string;
  readonly filter: string;
}

export const REFUSED_FILTERS: readonly RefusedFilter[] = [
  {
    about: 'unknown-operator',
    requirement: 'An operator that is none is 400 invalidFilter.',
    filter: 'userName like "x"',
  },
  {
    about: 'no-operator',
    requirement: 'An expression has an operator.',
    filter: 'userName',
  },
  { about: 'no-value', requirement: 'A comparison has a value.', filter: 'userName eq' },
  { about: 'empty', requirement: 'A filter has at least one expression.', filter: '' },
  {
    about: 'unquoted',
    requirement: 'A string value stands in quotes.',
    filter: 'userName eq bjensen',
  },
  {
    about: 'parentheses',
    requirement: 'Parentheses come in pairs.',
    filter: '(userName eq "x"',
  },
  {
    about: 'brackets',
    requirement: 'Brackets come in pairs.',
    filter: 'emails[type eq "work"',
  },
  {
    about: 'not-parentheses',
    requirement: 'not is followed by parentheses.',
    filter: 'not userName eq "x"',
  },
  {
    about: 'rest',
    requirement: 'Nothing follows a whole filter.',
    filter: 'userName eq "x" "y"',
  },
  {
    about: 'gt-boolean',
    requirement: 'gt of a boolean is 400 invalidFilter.',
    filter: 'active gt true',
  },
  {
    about: 'ge-boolean',
    requirement: 'ge of a boolean is 400 invalidFilter.',
    filter: 'active ge true',
  },
  {
    about: 'lt-boolean',
    requirement: 'lt of a boolean is 400 invalidFilter.',
    filter: 'active lt true',
  },
  {
    about: 'le-boolean',
    requirement: 'le of a boolean is 400 invalidFilter.',
    filter: 'active le true',
  },
  {
    about: 'gt-binary',
    requirement: 'gt of a binary is 400 invalidFilter.',
    filter: 'x509Certificates.value gt "MIID"',
  },
  {
    about: 'le-binary',
    requirement: 'le of a binary is 400 invalidFilter.',
    filter: 'x509Certificates.value le "MIID"',
  },
];
