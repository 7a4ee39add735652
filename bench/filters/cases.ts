/**
 * The filters that are measured, one for each way to answer one, and how many users each must find.
 * A case gives filter after filter: where an index answers, another user's each time; where columns
 * do, another text each time, so that no answer is one that is remembered.
 */
import type { Population } from '../population.ts';
import { ENTERPRISE, serialText } from '../users.ts';
import { elements, text, type Predicate, type Truth } from './truth.ts';

export interface FilterCase {
  readonly name: string;
  readonly connections: number;
  /** The n-th request's filter, and how many resources match it. */
  readonly ask: (n: number) => Ask;
  /** Of users, unless it says otherwise. */
  readonly endpoint?: '/Users' | '/Groups';
  /** What of each resource is asked for; all of it without. */
  readonly attributes?: string;
}

export interface Ask {
  readonly filter: string;
  readonly total: number;
}

/** What an index answers, on the main thread. */
export function indexCases(
  { users }: Population,
  truth: Truth,
  userCount: number,
): readonly FilterCase[] {
  const each = (name: string, filter: (serial: number) => string): FilterCase => ({
    name,
    connections: 50,
    ask: (n) => ({ filter: filter((n * 7919) % userCount), total: 1 }),
  });
  const names = [...new Set(Array.from({ length: userCount }, (_, n) => nameOf(n)))];
  const counts = names.map((name) =>
    truth.count((user) => text(user, 'userName').startsWith(name)),
  );
  function nameOf(serial: number): string {
    return users.userName(serial).split('.', 2).join('.');
  }
  return [
    each('userName eq', (serial) => `userName eq "${users.userName(serial)}"`),
    each('externalId eq', (serial) => {
      const externalId = truth.user(serial)['externalId'];
      return `externalId eq "${typeof externalId === 'string' ? externalId : ''}"`;
    }),
    each('emails.value eq', (serial) => `emails.value eq "${users.userName(serial)}"`),
    each(
      'emails[type and value eq]',
      (serial) => `emails[type eq "work" and value eq "${users.userName(serial)}"]`,
    ),
    {
      name: 'userName sw',
      connections: 50,
      ask: (n) => ({
        filter: `userName sw "${names[n % names.length] ?? ''}."`,
        total: counts[n % names.length] ?? 0,
      }),
    },
  ];
}

/** What columns answer, in the filter workers. */
export function columnCases(truth: Truth): readonly FilterCase[] {
  // Every address ends so: nearly all users match.
  const ends = partsOf('@contoso.example', 3);
  const inNames = partsOf('Wiśniewski Papadopoulou Okonkwo Smith-Jones van der Berg Hedvig', 2);
  const inTitles = partsOf('Senior Software Engineer Nurse Practitioner Account Manager', 2);
  const counted = (holds: (part: string) => Predicate) => {
    const known = new Map<string, number>();
    return (part: string): number => {
      const total = known.get(part) ?? truth.count(holds(part.toLowerCase()));
      known.set(part, total);
      return total;
    };
  };
  const work = counted((part) => (user) => hasWork(user, part) && user['active'] === true);
  const display = counted((part) => (user) => text(user, 'displayName').includes(part));
  const family = counted((part) => (user) => text(user, 'name', 'familyName').endsWith(part));
  const five = counted(
    (part) => (user) =>
      (text(user, 'title').includes(part) || text(user, 'name', 'familyName').endsWith('n')) &&
      !(text(user, ENTERPRISE, 'department') === 'finance') &&
      (text(user, 'locale') === 'ja-jp' ||
        elements(user, 'phoneNumbers').some((phone) => text(phone, 'value').startsWith('+4'))),
  );
  const at = (parts: readonly string[], n: number): string => parts[n % parts.length] ?? '';
  const one = (name: string, filterOf: (n: number) => Ask): FilterCase => ({
    name,
    connections: 1,
    ask: filterOf,
  });
  const valuePath = (n: number): Ask => ({
    filter: `emails[type eq "work" and value co "${at(ends, n)}"] and active eq true`,
    total: work(at(ends, n)),
  });
  const contains = (n: number): Ask => ({
    filter: `displayName co "${at(inNames, n)}"`,
    total: display(at(inNames, n)),
  });
  const endsWith = (n: number): Ask => ({
    filter: `name.familyName ew "${at(inNames, n)}"`,
    total: family(at(inNames, n)),
  });
  const fiveAttributes = (n: number): Ask => ({
    filter:
      `(title co "${at(inTitles, n)}" or name.familyName ew "n") and ` +
      `not (urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Finance") and ` +
      `(locale eq "ja-JP" or phoneNumbers.value sw "+4")`,
    total: five(at(inTitles, n)),
  });
  const mixed = [valuePath, contains, endsWith, fiveAttributes];
  return [
    one('emails[type eq and value co] and active', valuePath),
    one('displayName co', contains),
    one('name.familyName ew', endsWith),
    one('five attributes, or and not', fiveAttributes),
    {
      name: 'these four, 50 clients',
      connections: 50,
      ask: (n) => mixed[n % mixed.length]?.(Math.floor(n / mixed.length)) ?? contains(n),
    },
  ];
}

export function memberCase(group: string, ids: readonly string[]): FilterCase {
  return {
    name: `id eq and members eq, ${ids.length} members`,
    connections: 50,
    endpoint: '/Groups',
    // As Microsoft Entra ID asks.
    attributes: 'id',
    ask: (n) => ({
      filter: `id eq "${group}" and members eq "${ids[(n * 7919) % ids.length] ?? ''}"`,
      total: 1,
    }),
  };
}

/** @param since a time behind which so many users were changed */
export function changedCase(since: string, total: number): FilterCase {
  return {
    name: `meta.lastModified gt, ${total} hits`,
    connections: 50,
    ask: () => ({ filter: `meta.lastModified gt "${since}"`, total }),
  };
}

function hasWork(user: Parameters<Predicate>[0], part: string): boolean {
  return elements(user, 'emails').some(
    (email) =>
      text(email, 'type') === 'work' &&
      text(email, 'value').replace('#########', serialText(0)).includes(part),
  );
}

/** All different parts of a text, of so many characters and more, in a mixed order. */
function partsOf(whole: string, shortest: number): string[] {
  const parts = new Set<string>();
  for (let length = shortest; length <= whole.length; length += 1) {
    for (let from = 0; from + length <= whole.length; from += 1) {
      parts.add(whole.slice(from, from + length));
    }
  }
  return [...parts];
}
