/**
 * The 36 `Replace` operations that an Entra job with every mapping sends for one user, and what the
 * user must look like afterwards. Half of the paths name elements that are not there yet.
 */
import type { JsonObject } from '../../src/scim/json.ts';
import { ENTERPRISE, verbose } from '../support/entra.ts';

const VALUES: Readonly<Record<string, string>> = {
  displayName: 'Ada Lovelace',
  userName: 'ada.lovelace@contoso.example',
  externalId: 'ada',
  title: 'Analyst',
  preferredLanguage: 'nb-SJ',
  userType: 'HKTVQSTDVWZM',
  nickName: 'Countess',
  locale: 'FZPAIXEQBNKS',
  timezone: 'America/Managua',
  profileUrl: 'XWBYDQGGMDUN',
  'name.givenName': 'Augusta Ada',
  'name.familyName': 'King',
  'name.formatted': 'Augusta Ada King, Countess of Lovelace',
  'name.middleName': 'Byron',
  'name.honorificPrefix': 'Lady',
  'name.honorificSuffix': 'I.',
  'emails[type eq "work"].value': 'ada@analytical.example',
  'emails[type eq "work"].primary': 'True',
  'addresses[type eq "work"].formatted': '12 St James’s Square, London',
  'addresses[type eq "work"].streetAddress': '12 St James’s Square',
  'addresses[type eq "work"].locality': 'London',
  'addresses[type eq "work"].region': 'Greater London',
  'addresses[type eq "work"].postalCode': 'SW1Y 4JH',
  'addresses[type eq "work"].country': 'United Kingdom',
  'addresses[type eq "work"].primary': 'True',
  'phoneNumbers[type eq "work"].value': '22-377-3428',
  'phoneNumbers[type eq "work"].primary': 'True',
  'phoneNumbers[type eq "mobile"].value': '22-377-3429',
  'phoneNumbers[type eq "fax"].value': '22-377-3430',
  'roles[primary eq "True"].display': 'First programmer',
  'roles[primary eq "True"].value': 'programmer',
  'roles[primary eq "True"].type': 'WindowsAzureActiveDirectoryRole',
  [`${ENTERPRISE}:employeeNumber`]: '1815',
  [`${ENTERPRISE}:department`]: 'Analytical Engine',
  [`${ENTERPRISE}:costCenter`]: 'Note G',
  [`${ENTERPRISE}:organization`]: 'Babbage & Co',
};

export const VERBOSE_REPLACES: readonly JsonObject[] = Object.entries(VALUES).map(([path, value]) =>
  verbose('Replace', path, value),
);

/** The user after them, as far as they reach. */
export const REPLACED_USER: JsonObject = {
  displayName: 'Ada Lovelace',
  userName: 'ada.lovelace@contoso.example',
  externalId: 'ada',
  active: true,
  title: 'Analyst',
  preferredLanguage: 'nb-SJ',
  userType: 'HKTVQSTDVWZM',
  nickName: 'Countess',
  locale: 'FZPAIXEQBNKS',
  timezone: 'America/Managua',
  profileUrl: 'XWBYDQGGMDUN',
  name: {
    givenName: 'Augusta Ada',
    familyName: 'King',
    formatted: 'Augusta Ada King, Countess of Lovelace',
    middleName: 'Byron',
    honorificPrefix: 'Lady',
    honorificSuffix: 'I.',
  },
  emails: [{ type: 'work', value: 'ada@analytical.example', primary: true }],
  addresses: [
    {
      type: 'work',
      formatted: '12 St James’s Square, London',
      streetAddress: '12 St James’s Square',
      locality: 'London',
      region: 'Greater London',
      postalCode: 'SW1Y 4JH',
      country: 'United Kingdom',
      primary: true,
    },
  ],
  roles: [
    {
      primary: true,
      display: 'First programmer',
      value: 'programmer',
      type: 'WindowsAzureActiveDirectoryRole',
    },
  ],
  [ENTERPRISE]: {
    employeeNumber: '1815',
    department: 'Analytical Engine',
    costCenter: 'Note G',
    organization: 'Babbage & Co',
  },
};

export const REPLACED_PHONES: readonly JsonObject[] = [
  { type: 'fax', value: '22-377-3430' },
  { type: 'mobile', value: '22-377-3429' },
  { type: 'work', value: '22-377-3428', primary: true },
];
