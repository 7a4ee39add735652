/**
 * Mutability (RFC 7643 §7, RFC 7644 §3.5) at the top, in a complex attribute, in an element of a
 * list and in an extension.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { patchOp } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { CHANGES, everywhere, gadget, gadgetEndpoint, MORE } from './gadgets.ts';

const server = await Server.start(t);
const scim = await gadgetEndpoint(t, ScimClient.of(t, server), 'mutability');

async function create(body: JsonObject): Promise<string> {
  return `/Gadgets/${succeeded(t, await scim.post('/Gadgets', gadget(body)), 201).id}`;
}

t.test('readOnly is ignored in POST and PUT, and a path to it refused in PATCH', async (t) => {
  for (const body of everywhere('given', 'mine')) {
    const path = await create({ ...body, free: 'a' });
    t.notMatch((await scim.get(path)).text, /mine/);
    const put = succeeded(t, await scim.put(path, gadget({ ...body, free: 'b' })), 200);
    t.notMatch(put.text, /mine/);
    t.equal(put.body['free'], 'b');
  }
  const path = await create({ items: [{ value: 'v' }] });
  for (const at of ['given', 'part.given', 'items[value eq "v"].given', `${MORE}:given`]) {
    for (const operation of [
      { op: 'add', path: at, value: 'mine' },
      { op: 'replace', path: at, value: 'mine' },
      { op: 'remove', path: at },
    ]) {
      const answer = await scim.patch(path, patchOp(operation));
      scimError(t, answer, 400, 'mutability', 'given is readOnly');
    }
  }
});

t.test('immutable is set once, by POST, PUT or PATCH', async (t) => {
  for (const [at, body] of everywhere('fixed', 'once').entries()) {
    t.match((await scim.post('/Gadgets', gadget(body))).body, body);
    for (const [name, change] of Object.entries(CHANGES)) {
      const path = await create({});
      t.match(succeeded(t, await change(scim, path, body), 200).body, body, `${name} ${at}`);
      // The same once more is no change.
      const { version } = await scim.get(path);
      t.equal(succeeded(t, await change(scim, path, body), 200).version, version);
    }
  }
});

t.test('immutable is not changed afterwards, nor removed', async (t) => {
  const once = everywhere('fixed', 'once');
  const twice = everywhere('fixed', 'twice');
  const removals = ['fixed', 'part.fixed', 'items[value eq "v"].fixed', `${MORE}:fixed`];
  for (const [at, body] of once.entries()) {
    const path = await create(body);
    const before = await scim.get(path);
    for (const change of Object.values(CHANGES)) {
      const answer = await change(scim, path, twice[at] ?? {});
      scimError(t, answer, 400, 'mutability', 'fixed is immutable');
    }
    const remove = patchOp({ op: 'remove', path: removals[at] ?? '' });
    scimError(t, await scim.patch(path, remove), 400, 'mutability', 'fixed is immutable');
    t.same((await scim.get(path)).body, before.body);
  }
});

t.test('a whole that holds something immutable is not removed either', async (t) => {
  for (const [body, at] of [
    [{ part: { fixed: 'once', free: 'x' } }, 'part'],
    [{ [MORE]: { fixed: 'once', free: 'x' } }, MORE],
  ] as const) {
    const path = await create(body);
    const remove = patchOp({ op: 'remove', path: at });
    scimError(t, await scim.patch(path, remove), 400, 'mutability', 'fixed is immutable');
    scimError(t, await scim.put(path, gadget({})), 400, 'mutability', 'fixed is immutable');
  }
  const path = await create({ items: [{ value: 'v', fixed: 'once' }] });
  succeeded(t, await scim.patch(path, patchOp({ op: 'remove', path: 'items' })), 200);
  t.notOk('items' in (await scim.get(path)).body, 'elements come and go');
});

t.test('writeOnly is taken by every verb, and no answer shows it', async (t) => {
  const [top = {}, part = {}, , more = {}] = everywhere('hidden', 'secret-word');
  for (const body of [top, part, more]) {
    const path = await create(body);
    const answers = [await scim.get(path), await scim.get(`${path}?attributes=hidden,part.hidden`)];
    for (const change of Object.values(CHANGES)) {
      const { version } = await scim.get(path);
      const answer = succeeded(t, await change(scim, path, body), 200);
      t.not(answer.version, version, 'it may be another one: nobody can tell');
      answers.push(answer);
    }
    answers.push(await scim.get('/Gadgets'));
    for (const answer of answers) t.notMatch(answer.text, /hidden|secret-word|scrypt/);
  }
});

t.test('an extension of nothing but secrets is kept and not shown', async (t) => {
  const path = await create({ [MORE]: { hidden: 'secret-word' } });
  const { body } = await scim.get(path);
  t.same(Object.keys(body).sort(), ['id', 'meta', 'schemas']);
  const remove = patchOp({ op: 'remove', path: MORE });
  const removed = succeeded(t, await scim.patch(path, remove), 200);
  t.not(removed.version, (body['meta'] as JsonObject)['version'], 'it was there');
  t.equal(succeeded(t, await scim.patch(path, remove), 200).version, removed.version);
});
