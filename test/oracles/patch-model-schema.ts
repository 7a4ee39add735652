/** The attributes of RFC 7643 §4.1, §4.2 and §4.3 that the PATCH model knows, and what they may be. */
export interface Trait {
  readonly type: 'string' | 'boolean' | 'complex';
  readonly multi?: boolean;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly subs?: ReadonlyMap<string, Trait>;
}

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const text: Trait = { type: 'string' };
const flag: Trait = { type: 'boolean' };

function complex(subs: Readonly<Record<string, Trait>>, more: Partial<Trait> = {}): Trait {
  return { type: 'complex', subs: new Map(Object.entries(subs)), ...more };
}

const labelled = { type: text, primary: flag };
const values = complex({ value: text, display: text, ...labelled }, { multi: true });

export const USER_TRAITS: ReadonlyMap<string, Trait> = new Map(
  Object.entries({
    id: { ...text, readOnly: true },
    meta: complex({ version: text }, { readOnly: true }),
    groups: complex({ value: text }, { multi: true, readOnly: true }),
    externalId: text,
    userName: { ...text, required: true },
    displayName: text,
    title: text,
    active: flag,
    name: complex({ formatted: text, familyName: text, givenName: text }),
    emails: values,
    roles: values,
    addresses: complex({ locality: text, country: text, ...labelled }, { multi: true }),
    [`${ENTERPRISE}:department`]: text,
    [`${ENTERPRISE}:employeeNumber`]: text,
    [`${ENTERPRISE}:manager`]: complex({ value: text, displayName: { ...text, readOnly: true } }),
  }),
);

interface Named {
  readonly name?: string;
  readonly trait?: Trait;
  readonly inExtension: boolean;
}

/** RFC 7643 §2.1: names in any case. RFC 7644 §3.10: the URN of the core schema may be left out. */
export function traitNamed(
  traits: ReadonlyMap<string, Trait>,
  urn: string | undefined,
  given: string,
): Named {
  const prefix = urn === undefined || fold(urn) === fold(USER_URN) ? '' : `${fold(urn)}:`;
  for (const [name, trait] of traits) {
    if (fold(name) !== `${prefix}${fold(given)}`) continue;
    return { name: name.slice(prefix.length), trait, inExtension: prefix !== '' };
  }
  return { inExtension: false };
}

function fold(name: string): string {
  return name.toLowerCase();
}
