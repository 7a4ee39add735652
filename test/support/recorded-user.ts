/** A user as the Microsoft Entra SCIM validator makes one: `schemas` last, random words as values. */
import type { JsonObject } from '../../src/scim/json.ts';
import { ENTERPRISE, USER } from './entra.ts';

/** @param unique in the values that nobody may share */
export function recordedUser(userName: string, unique: string): JsonObject {
  return {
    userName,
    active: true,
    displayName: 'XKWLCONOGMVT',
    title: 'LOATBSFQQPBF',
    emails: [{ type: 'work', value: `${unique}@prohaska.example`, primary: true }],
    preferredLanguage: 'nb-SJ',
    name: { givenName: 'Sandy', familyName: 'Nia', formatted: 'Aric' },
    addresses: [{ type: 'work', formatted: 'FQRTEFXTAAZO', country: 'Uzbekistan', primary: true }],
    phoneNumbers: [{ type: 'work', value: '22-377-3428', primary: true }],
    roles: [
      { primary: 'True', display: 'MSSEWRRJREQY', value: 'CYDBGQIIERUP', type: 'QRPQKXXKNVRS' },
    ],
    locale: 'HKTVQSTDVWZM',
    timezone: 'Asia/Manila',
    profileUrl: 'XWBYDQGGMDUN',
    externalId: `external-${unique}`,
    [ENTERPRISE]: { employeeNumber: 'DVJTEKOQVLLR', manager: { value: 'PQFWQUWGUFQK' } },
    schemas: [USER, ENTERPRISE],
  };
}
