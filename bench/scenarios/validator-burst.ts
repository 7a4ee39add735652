/**
 * The Microsoft Entra SCIM validator, many at once, each on a connection of its own that it closes at
 * its end: create, duplicate, filters with `+` and raw quotes, PATCHes through paths and without one,
 * disable, delete twice, a group with a member; in the shapes of its recorded traffic.
 */
import { recordedUser } from '../../test/support/recorded-user.ts';
import { createOwnEndpoint } from '../own-users.ts';
import { idIn } from '../population.ts';
import type { RequestParts } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { PATCH_SCHEMA, type ScimClient } from '../scim-client.ts';
import { ENTERPRISE } from '../users.ts';
import { type Ask, driveVisits, NO_LOAD, type Visit } from '../visits.ts';

const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
/** Of a visit, which leaves nothing behind. */
const REQUESTS = 18;

export const validatorBurst: Scenario = {
  name: 'validator-burst',
  question: 'How do answers go when many validators come at once, each on a new connection?',
  limit: 'none',
  prepare: async (stage) => {
    const { root, client } = await createOwnEndpoint(stage, 'validator');
    const { token } = stage.server;
    const validator = new Validator(root, token);
    return {
      load: NO_LOAD,
      driver: (_load, options) =>
        driveVisits((n) => validator.visit(n), {
          ...options,
          seconds: options.seconds ?? stage.seconds,
        }),
      verify: (sent) => verify(client, sent),
    };
  },
};

/** Each validator has deleted what it created. */
async function verify(client: ScimClient, sent: number): Promise<string[]> {
  const left = (await client.total('/Users')) + (await client.total('/Groups'));
  const complaints = left === 0 ? [] : [`${left} users and groups are left of those deleted`];
  return sent % REQUESTS === 0 ? complaints : [...complaints, 'a validator has left early'];
}

class Validator {
  readonly #root: string;
  readonly #token: string;

  constructor(root: string, token: string) {
    this.#root = root;
    this.#token = token;
  }

  *visit(n: number): Visit {
    const name = `dale.mohr.${n}@fadel.example`;
    const user = recordedUser(name, String(n));
    const is = (status: number, text = ''): Ask['isRight'] => {
      return (actual, body) => actual === status && body.includes(text);
    };
    const created = yield this.#post(
      'create user',
      '/Users',
      user,
      is(201, `"userName":"${name}"`),
    );
    const id = idIn(created.body) ?? '';
    const path = `/Users/${id}`;
    yield this.#post('create a duplicate', '/Users', user, is(409, '"scimType":"uniqueness"'));
    yield this.#get('get user', path, is(200, id));
    yield this.#get('filter', userNamed(name), is(200, id));
    yield this.#get('filter, other case', userNamed(name.toUpperCase()), is(200, id));
    yield this.#get('filter, missing', userNamed(`no.${name}`), is(200, '"totalResults":0'));
    yield this.#patch('replace', path, REPLACES, is(200, '"displayName":"QWUNAMCBRHTB"'));
    yield this.#patch('in order', path, IN_ORDER, is(200, '"displayName":"third"'));
    const manager = [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } }];
    yield this.#patch('no manager', path, manager, (status, body) => {
      return status === 200 && !body.includes('"manager"');
    });
    const disable = [{ op: 'replace', path: 'active', value: false }];
    yield this.#patch('disable', path, disable, is(200, '"active":false'));

    const displayName = `BYTNTBGLAWHC ${n}`;
    const group = { displayName, externalId: `4d2f-${n}`, members: [], schemas: [GROUP] };
    const createdGroup = yield this.#post('create group', '/Groups', group, is(201));
    const groupId = idIn(createdGroup.body) ?? '';
    const groupPath = `/Groups/${groupId}`;
    const add = [{ op: 'add', path: 'members', value: [{ value: id }] }];
    yield this.#patch('add member', groupPath, add, is(204));
    const query = `excludedAttributes=members&filter=displayName+eq+"${displayName.replace(' ', '+')}"`;
    yield this.#get('filter groups', `/Groups?${query}`, is(200, groupId));
    const remove = [{ op: 'remove', path: `members[value eq "${id}"]` }];
    yield this.#patch('remove member', groupPath, remove, is(204));
    yield this.#delete('delete group', groupPath, is(204));
    yield this.#delete('delete user', path, is(204));
    yield this.#delete('delete again', path, is(404));
    yield this.#get('get what was deleted', path, is(404));
  }

  #get(what: string, path: string, isRight: Ask['isRight']): Ask {
    return this.#ask(what, { method: 'GET', path }, isRight);
  }

  #post(what: string, path: string, body: object, isRight: Ask['isRight']): Ask {
    return this.#ask(what, { method: 'POST', path, body: JSON.stringify(body) }, isRight);
  }

  #patch(what: string, path: string, operations: readonly object[], isRight: Ask['isRight']): Ask {
    // The validator writes `schemas` last.
    const body = JSON.stringify({ Operations: operations, schemas: [PATCH_SCHEMA] });
    return this.#ask(what, { method: 'PATCH', path, body }, isRight);
  }

  #delete(what: string, path: string, isRight: Ask['isRight']): Ask {
    return this.#ask(what, { method: 'DELETE', path }, isRight);
  }

  #ask(what: string, parts: RequestParts, isRight: Ask['isRight']): Ask {
    const path = this.#root + parts.path;
    return { what, parts: { ...parts, path, token: this.#token }, isRight };
  }
}

/** Spaces as `+`, quotes as they are, `@` as `%40`. */
function userNamed(name: string): string {
  return `/Users?filter=userName+eq+"${name.replace('@', '%40')}"`;
}

const REPLACES = [
  { op: 'replace', path: 'emails[type eq "work"].value', value: 'tania@stark.example' },
  { op: 'replace', path: 'addresses[type eq "work"].country', value: 'Namibia' },
  { op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '33-749-9990' },
  { op: 'replace', path: 'roles[primary eq "True"].display', value: 'WMIIFOEBBTKE' },
  {
    op: 'replace',
    value: {
      active: true,
      displayName: 'QWUNAMCBRHTB',
      'name.givenName': 'Janessa',
      [`${ENTERPRISE}:employeeNumber`]: 'PQFWQUWGUFQK',
    },
  },
];

const IN_ORDER = [
  { op: 'remove', path: 'displayName' },
  { op: 'add', path: 'displayName', value: 'first' },
  { op: 'replace', path: 'displayName', value: 'second' },
  { op: 'add', path: 'displayName', value: 'third' },
];
