/** Random PATCH operations on users: what each means, in one of the forms that it may be sent in. */
import type { JsonObject } from '../../src/scim/json.ts';
import { ENTERPRISE } from '../support/entra.ts';
import type { Random } from '../support/random.ts';
import {
  anyCase,
  anyElement,
  anyElements,
  anyEnterprise,
  anyList,
  anyName,
  anyType,
  anyWord,
  dressedValue,
  withBareManager,
} from './random-users.ts';
import type { Change, Where } from './user-document.ts';

/** One operation; without a path it may mean several changes. */
export interface Operation {
  readonly sent: JsonObject;
  readonly means: readonly Change[];
}

/** An operation that fails whatever the user is, and how. */
export interface FaultyOperation {
  readonly sent: JsonObject;
  readonly scimType: string;
}

const PLAIN = ['displayName', 'nickName', 'title', 'externalId'] as const;

export function anyOperation(random: Random): Operation {
  switch (random.below(12)) {
    case 0:
    case 1:
      return setText(random);
    case 2:
      return setActive(random);
    case 3:
      return unset(random);
    case 4:
      return setNamePart(random);
    case 5:
      return setName(random);
    case 6:
      return addElements(random);
    case 7:
      return replaceElements(random);
    case 8:
      return removeWhere(random);
    case 9:
      return setWhere(random);
    case 10:
      return setExtension(random);
    default:
      return withoutPath(random);
  }
}

/** Renames; which others may not be called so is not decided here. */
export function rename(random: Random, userName: string): Operation {
  return one(write(random, 'userName', userName), {
    kind: 'set',
    name: 'userName',
    value: userName,
  });
}

export function faultyOperation(random: Random): FaultyOperation {
  const word = anyWord(random);
  return random.pick<FaultyOperation>([
    { sent: { op: 'remove' }, scimType: 'noTarget' },
    { sent: { op: 'replace', path: 'id', value: word }, scimType: 'mutability' },
    { sent: { op: 'add', path: 'groups', value: [{ value: word }] }, scimType: 'mutability' },
    { sent: { op: 'remove', path: 'userName' }, scimType: 'mutability' },
    { sent: { op: 'replace', path: 'active', value: 'maybe' }, scimType: 'invalidValue' },
    { sent: { op: 'add', path: 'emails', value: [{ value: 7 }] }, scimType: 'invalidValue' },
    { sent: { op: 'replace', path: 'title', value: { a: 1 } }, scimType: 'invalidValue' },
    { sent: { op: 'replace', path: 'emails[type eq', value: word }, scimType: 'invalidFilter' },
    { sent: { op: 'replace', path: 'name..givenName', value: word }, scimType: 'invalidPath' },
    { sent: { op: 'move', path: 'title', value: word }, scimType: 'invalidSyntax' },
  ]);
}

function one(sent: JsonObject, ...means: readonly Change[]): Operation {
  return { sent, means };
}

/** `add` and `replace` of a single value are the same (RFC 7644 §3.5.2.1, §3.5.2.3). */
function write(random: Random, path: string, value: JsonObject[string]): JsonObject {
  return { op: random.pick(['add', 'replace', 'Add', 'Replace']), path, value };
}

function remove(random: Random, path: string): JsonObject {
  return { op: random.pick(['remove', 'Remove']), path };
}

function setText(random: Random): Operation {
  const name = random.pick(PLAIN);
  const value = anyWord(random);
  return one(write(random, anyCase(random, name), value), { kind: 'set', name, value });
}

function setActive(random: Random): Operation {
  const value = random.below(2) === 0;
  const sent = write(random, 'active', dressedValue(random, value));
  return one(sent, { kind: 'set', name: 'active', value });
}

function unset(random: Random): Operation {
  const name = random.pick([...PLAIN, 'active', 'name', 'emails', 'roles', ENTERPRISE]);
  const sent =
    name !== ENTERPRISE && random.below(3) === 0
      ? { op: 'replace', path: name, value: null }
      : remove(random, name);
  return one(sent, { kind: 'unset', name });
}

function setNamePart(random: Random): Operation {
  const part = random.pick(['givenName', 'familyName', 'formatted']);
  const path = `name.${anyCase(random, part)}`;
  if (random.below(3) === 0) {
    return one(remove(random, path), { kind: 'setParts', name: 'name', parts: { [part]: null } });
  }
  const value = anyWord(random);
  const change: Change = { kind: 'setParts', name: 'name', parts: { [part]: value } };
  return one(write(random, path, value), change);
}

/** Sub-attributes that are not given stay (RFC 7644 §3.5.2.3). */
function setName(random: Random): Operation {
  const parts = anyName(random);
  return one(write(random, 'name', parts), { kind: 'setParts', name: 'name', parts });
}

function addElements(random: Random): Operation {
  const name = anyList(random);
  const elements = random.below(2) === 0 ? anyElements(random) : [anyElement(random)];
  const [first] = elements;
  const isBare = elements.length === 1 && first !== undefined && random.below(2) === 0;
  const sent = { op: random.pick(['add', 'Add']), path: name, value: isBare ? first : elements };
  return one(sent, { kind: 'add', name, elements });
}

function replaceElements(random: Random): Operation {
  const name = anyList(random);
  const elements = anyElements(random);
  const sent = { op: random.pick(['replace', 'Replace']), path: name, value: elements };
  return one(sent, { kind: 'replace', name, elements });
}

function removeWhere(random: Random): Operation {
  const name = anyList(random);
  const where = anyWhere(random);
  const isListed = where.sub === 'value' && random.below(2) === 0;
  // Entra lists what is to go, instead of a filter.
  const sent = isListed
    ? { op: 'Remove', path: name, value: [{ value: where.text }] }
    : remove(random, `${name}[${whereText(where)}]`);
  return one(sent, { kind: 'removeWhere', name, where });
}

function setWhere(random: Random): Operation {
  const name = anyList(random);
  const sub = random.pick(['value', 'primary', 'display'] as const);
  // Without a type that differs nothing would tell which of two elements is meant.
  const where: Where = { sub: 'type', text: anyType(random) };
  const value = sub === 'primary' ? true : anyWord(random);
  const sent = write(random, `${name}[${whereText(where)}].${sub}`, dressedValue(random, value));
  return one(sent, { kind: 'setWhere', name, where, sub, value });
}

function setExtension(random: Random): Operation {
  const parts = anyEnterprise(random);
  const [[name, value] = ['department', null]] = Object.entries(parts);
  const path = `${ENTERPRISE}:${name}`;
  if (random.below(3) === 0) {
    const change: Change = { kind: 'setParts', name: ENTERPRISE, parts: { [name]: null } };
    return one(remove(random, path), change);
  }
  const change: Change = { kind: 'setParts', name: ENTERPRISE, parts: { [name]: value } };
  return one(write(random, path, withBareManager({ [name]: value })[name] ?? value), change);
}

function withoutPath(random: Random): Operation {
  const verb = random.pick(['add', 'replace'] as const);
  const value: JsonObject = {};
  const means: Change[] = [];
  if (random.below(2) === 0) {
    value['title'] = anyWord(random);
    means.push({ kind: 'set', name: 'title', value: value['title'] });
  }
  if (random.below(2) === 0) {
    const parts = anyName(random);
    if (random.below(2) === 0) value['name'] = parts;
    else for (const [part, text] of Object.entries(parts)) value[`name.${part}`] = text;
    means.push({ kind: 'setParts', name: 'name', parts });
  }
  if (random.below(2) === 0) {
    const elements = anyElements(random);
    const name = anyList(random);
    value[name] = elements;
    means.push({ kind: verb, name, elements });
  }
  if (random.below(2) === 0) {
    const parts = anyEnterprise(random);
    if (random.below(2) === 0) value[ENTERPRISE] = withBareManager(parts);
    else for (const [part, text] of Object.entries(parts)) value[`${ENTERPRISE}:${part}`] = text;
    means.push({ kind: 'setParts', name: ENTERPRISE, parts });
  }
  // Okta echoes them; they mean nothing.
  if (random.below(4) === 0) value['id'] = 'echo';
  return { sent: { op: verb, value }, means };
}

function anyWhere(random: Random): Where {
  return random.below(2) === 0
    ? { sub: 'type', text: anyType(random) }
    : { sub: 'value', text: anyWord(random) };
}

function whereText({ sub, text }: Where): string {
  return `${sub} eq ${JSON.stringify(text)}`;
}
