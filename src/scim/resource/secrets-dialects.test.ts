/**
 * However a client writes a secret and whatever the endpoint takes: what leaves the main thread, an
 * error included, does not hold it.
 */
import t from 'tap';
import { LENIENT, STRICT } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { parsePatch } from '../patch/parse.ts';
import { hashOperations } from '../patch/secrets.ts';
import { deviceType, OWNER, USER, userType } from '../schema/test/types.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { hashSecrets } from './secrets.ts';
import { toStored } from './stored.ts';

const SECRET = 'hunter2';
const LIMITS = { maxLength: 1000, maxDepth: 8, maxNodes: 50, maxOperations: 100 };
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const FORMS: readonly [ResourceType, JsonObject][] = [
  [userType, { password: SECRET }],
  [userType, { PASSWORD: SECRET }],
  [userType, { password: [SECRET] }],
  [userType, { password: { value: SECRET } }],
  [userType, { [`${USER}:password`]: SECRET }],
  [userType, { [USER]: { password: SECRET } }],
  [deviceType, { place: { site: 's', pin: SECRET } }],
  [deviceType, { place: [{ site: 's', pin: SECRET }] }],
  [deviceType, { place: SECRET }],
  [deviceType, { 'place.pin': SECRET }],
  [deviceType, { [OWNER]: { owner: 'o', token: SECRET } }],
  [deviceType, { [OWNER]: SECRET }],
  [deviceType, { [`${OWNER}:token`]: SECRET }],
];

const hash = () => Promise.resolve('#');

for (const dialect of [LENIENT, STRICT]) {
  for (const unknownAttributes of ['drop', 'keep', 'refuse'] as const) {
    const options = {
      ...dialect,
      unknownAttributes,
      patchReplaceCreatesValuePathTarget: true,
      allowRemoveAllMembers: true,
    };
    const name = `${dialect === LENIENT ? 'lenient' : 'strict'}, ${unknownAttributes}`;
    t.test(`a secret in any form, ${name}`, async (t) => {
      for (const [type, value] of FORMS) {
        const made = async () => {
          const body = { schemas: [type.schema, OWNER], userName: 'u', [OWNER]: { owner: 'o' } };
          const canonical = canonicalizeResource(type, { ...body, ...value }, options);
          return toStored(type, 'i', (await hashSecrets(type, canonical, hash)) ?? canonical);
        };
        const patched = (operation: JsonObject) => async () => {
          const body = { schemas: [PATCH_OP], Operations: [operation] };
          return hashOperations(type, parsePatch(body, type, LIMITS, options), hash);
        };
        const [path = ''] = Object.keys(value);
        const ways = [
          made,
          patched({ op: 'add', value }),
          patched({ op: 'replace', path, value: value[path] ?? null }),
          patched({ op: 'remove', path: `${attributeOf(path)}[value eq "${SECRET}"]` }),
        ];
        for (const way of ways) t.notMatch(await shownBy(way), SECRET, JSON.stringify(value));
      }
    });
  }
}

/** A schema's URN alone takes no brackets. */
function attributeOf(path: string): string {
  return path === USER ? 'password' : path;
}

/** What a step hands on, or the text of its refusal. */
async function shownBy(step: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await step());
  } catch (error) {
    return String(error);
  }
}
