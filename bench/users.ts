/**
 * Users as Microsoft Entra ID provisions them: about 1.2 KB, names from many scripts, work and
 * mobile numbers, an address, the Enterprise extension. The same seed gives the same users.
 *
 * Each user is a template with a serial number of fixed width in its unique values, so that a run
 * can make a million different bodies without spending the client's core on JSON.
 */
import type { JsonObject } from '../src/scim/json.ts';
import { isObject } from '../src/scim/json.ts';
import type { Random } from './random.ts';
import { seededRandom } from './random.ts';

export const SERIAL_DIGITS = 9;
/** Stands where the serial goes; no generated value contains it. */
export const SERIAL_MARK = '#'.repeat(SERIAL_DIGITS);

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Given or family name, and how it is written in a mail address. */
type Name = readonly [written: string, ascii: string];

const GIVEN: readonly [Name, ...Name[]] = [
  ['Søren', 'soren'],
  ['Zoë', 'zoe'],
  ['José', 'jose'],
  ['Łukasz', 'lukasz'],
  ['Müge', 'muge'],
  ['İbrahim', 'ibrahim'],
  ['Ελένη', 'eleni'],
  ['Дмитрий', 'dmitri'],
  ['Նարե', 'nare'],
  ['ნინო', 'nino'],
  ['שירה', 'shira'],
  ['فاطمة', 'fatima'],
  ['प्रिया', 'priya'],
  ['ศิริพร', 'siriporn'],
  ['美咲', 'misaki'],
  ['지훈', 'jihoon'],
  ['浩然', 'haoran'],
  ['Nguyệt', 'nguyet'],
  ['Adaeze', 'adaeze'],
  ['Grace', 'grace'],
  ['Oliver', 'oliver'],
  ['Hedvig', 'hedvig'],
];

const FAMILY: readonly [Name, ...Name[]] = [
  ['Ångström', 'angstrom'],
  ['Núñez', 'nunez'],
  ['Wiśniewski', 'wisniewski'],
  ['Şahin', 'sahin'],
  ['Παπαδοπούλου', 'papadopoulou'],
  ['Шевченко', 'shevchenko'],
  ['Հակոբյան', 'hakobyan'],
  ['ბერიძე', 'beridze'],
  ['כהן', 'cohen'],
  ['الحسن', 'alhassan'],
  ['शर्मा', 'sharma'],
  ['สุขสวัสดิ์', 'suksawat'],
  ['田中', 'tanaka'],
  ['김', 'kim'],
  ['王', 'wang'],
  ['Trần', 'tran'],
  ['Okonkwo', 'okonkwo'],
  ["O'Brien", 'obrien'],
  ['Smith-Jones', 'smithjones'],
  ['van der Berg', 'vanderberg'],
];

const TITLES: readonly [string, ...string[]] = [
  'Senior Software Engineer',
  'Account Manager',
  'Ingénieure qualité',
  'Vertriebsleiter Süd',
  'Nurse Practitioner',
  'Payroll Specialist',
];
const DEPARTMENTS: readonly [string, ...string[]] = [
  'Research & Development',
  'Finance',
  'Field Operations',
  'Kundendienst',
  'Human Resources',
];

interface Place {
  readonly locality: string;
  readonly region: string;
  readonly country: string;
  readonly street: string;
  readonly locale: string;
  readonly timezone: string;
  readonly dial: string;
}

const PLACES: readonly [Place, ...Place[]] = [
  {
    locality: 'København',
    region: 'Hovedstaden',
    country: 'DK',
    street: 'Strandgade',
    locale: 'da-DK',
    timezone: 'Europe/Copenhagen',
    dial: '+45',
  },
  {
    locality: 'München',
    region: 'Bayern',
    country: 'DE',
    street: 'Leopoldstraße',
    locale: 'de-DE',
    timezone: 'Europe/Berlin',
    dial: '+49',
  },
  {
    locality: '東京',
    region: '千代田区',
    country: 'JP',
    street: '丸の内',
    locale: 'ja-JP',
    timezone: 'Asia/Tokyo',
    dial: '+81',
  },
  {
    locality: 'Redmond',
    region: 'WA',
    country: 'US',
    street: 'Cedar Grove Avenue NE',
    locale: 'en-US',
    timezone: 'America/Los_Angeles',
    dial: '+1',
  },
  {
    locality: 'Hyderabad',
    region: 'Telangana',
    country: 'IN',
    street: 'Gachibowli Road',
    locale: 'en-IN',
    timezone: 'Asia/Kolkata',
    dial: '+91',
  },
];

export interface SeededUsers {
  /** JSON text of the n-th user. */
  text(serial: number): string;
  userName(serial: number): string;
  /** The text of each template with SERIAL_MARK in place; user n follows template n % length. */
  readonly templates: readonly string[];
}

/** How a manager is sent: as Entra does, or as the RFC has it, for servers that know no other way. */
export type ManagerStyle = 'a bare string' | 'an object';

/** @param templateCount how many users differ in more than their serial */
export function seededUsers(
  seed: number,
  templateCount: number,
  managers: ManagerStyle = 'a bare string',
): SeededUsers {
  const random = seededRandom(seed);
  const people = Array.from({ length: templateCount }, () => entraUser(random));
  const templates = people.map((person) =>
    JSON.stringify(managers === 'a bare string' ? person : withManagerObject(person)),
  );
  const at = <T>(items: readonly T[], serial: number): T => {
    const item = items[serial % templateCount];
    if (item === undefined) throw new RangeError(`no user ${serial}`);
    return item;
  };
  return {
    templates,
    text: (serial) => at(templates, serial).replaceAll(SERIAL_MARK, serialText(serial)),
    userName: (serial) => at(people, serial).userName.replaceAll(SERIAL_MARK, serialText(serial)),
  };
}

export function serialText(serial: number): string {
  return String(serial).padStart(SERIAL_DIGITS, '0');
}

/** What a server must answer for the n-th user: what was sent, its manager as an object. */
export function expectedUser(users: SeededUsers, serial: number): JsonObject {
  return withManagerObject(JSON.parse(users.text(serial)) as JsonObject);
}

function withManagerObject(user: JsonObject): JsonObject {
  const extension = user[ENTERPRISE];
  if (!isObject(extension)) throw new Error('a seeded user has no Enterprise extension');
  const manager = extension['manager'] ?? null;
  if (isObject(manager)) return user;
  return { ...user, [ENTERPRISE]: { ...extension, manager: { value: manager } } };
}

function entraUser(random: Random) {
  const [given, givenAscii] = random.pick(GIVEN);
  const [family, familyAscii] = random.pick(FAMILY);
  const place = random.pick(PLACES);
  const userName = `${givenAscii}.${familyAscii}.${SERIAL_MARK}@contoso.example`;
  return {
    schemas: [CORE, ENTERPRISE],
    externalId: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(3)}${SERIAL_MARK}`,
    userName,
    active: true,
    displayName: `${given} ${family}`,
    name: { formatted: `${given} ${family}`, familyName: family, givenName: given },
    title: random.pick(TITLES),
    preferredLanguage: place.locale,
    locale: place.locale,
    timezone: place.timezone,
    userType: 'Employee',
    emails: [
      { primary: true, type: 'work', value: userName },
      { primary: false, type: 'other', value: `${givenAscii}${random.below(1000)}@mail.example` },
    ],
    phoneNumbers: [
      { primary: true, type: 'work', value: phone(random, place) },
      { primary: false, type: 'mobile', value: phone(random, place) },
    ],
    addresses: [
      {
        primary: true,
        type: 'work',
        streetAddress: `${place.street} ${random.below(240) + 1}`,
        locality: place.locality,
        region: place.region,
        postalCode: String(10_000 + random.below(89_999)),
        country: place.country,
      },
    ],
    [ENTERPRISE]: {
      employeeNumber: SERIAL_MARK,
      costCenter: `CC-${random.below(9000) + 1000}`,
      organization: 'Contoso Group Holding',
      division: `Division ${random.below(12) + 1}`,
      department: random.pick(DEPARTMENTS),
      manager: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-b${random.hex(3)}-${random.hex(12)}`,
    },
    meta: { resourceType: 'User' },
  };
}

function phone(random: Random, place: Place): string {
  return `${place.dial} ${random.below(900) + 100} ${random.below(900) + 100} ${random.below(9000) + 1000}`;
}
