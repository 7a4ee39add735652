/**
 * Types of values (RFC 7643 §2.3) are judged alike wherever they stand and whichever verb brings
 * them.
 */
import t from 'tap';
import type { JsonValue } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { CHANGES, everywhere, gadget, gadgetEndpoint } from './gadgets.ts';

const server = await Server.start(t);
const scim = await gadgetEndpoint(t, ScimClient.of(t, server), 'types');

const GOOD: readonly [string, JsonValue][] = [
  ['text', 'ünï'],
  ['flag', false],
  ['amount', 0.125],
  ['amount', -7],
  ['count', 9007199254740991],
  ['at', '2026-01-31T08:00:00.123+05:30'],
  ['link', 'https://example.com/a?b#c'],
  ['link', '../Users/1'],
  ['link', 'a random word, as validators send it'],
  ['bytes', 'AAEC'],
  ['bytes', '_-8='],
];

const BAD: readonly [string, JsonValue, string][] = [
  ['text', 1, 'must be a string'],
  ['flag', 'yes', 'must be true or false'],
  ['flag', 0, 'must be true or false'],
  ['amount', '0.5', 'must be a number'],
  ['count', 1.5, 'must be an integer'],
  ['count', 2 ** 53, 'must be an integer'],
  ['at', '2026-01-31', 'must be a date and time'],
  ['at', 1769846400, 'must be a date and time'],
  ['link', ['x'], 'must be a string'],
  ['bytes', 'A', 'must be a base64 string'],
  ['bytes', 'AA=', 'must be a base64 string'],
  ['bytes', '+/-_', 'must be a base64 string'],
];

t.test('what is of its type is kept as it was sent', async (t) => {
  const { id } = await scim.post('/Gadgets', gadget({}));
  for (const [name, value] of GOOD) {
    for (const body of everywhere(name, value)) {
      t.match(succeeded(t, await scim.post('/Gadgets', gadget(body)), 201).body, body);
      for (const change of Object.values(CHANGES)) {
        t.match(succeeded(t, await change(scim, `/Gadgets/${id}`, body), 200).body, body);
      }
    }
  }
});

t.test('what is not is refused, by its path, and nothing changes', async (t) => {
  const { id } = await scim.post('/Gadgets', gadget({ text: 'before' }));
  const before = await scim.get(`/Gadgets/${id}`);
  for (const [name, value, what] of BAD) {
    const paths = [name, `part.${name}`, `items.${name}`, `More:${name}`];
    for (const [at, body] of everywhere(name, value).entries()) {
      const mention = `${String(paths[at])} ${what}`;
      scimError(t, await scim.post('/Gadgets', gadget(body)), 400, 'invalidValue', mention);
      for (const change of Object.values(CHANGES)) {
        const answer = await change(scim, `/Gadgets/${id}`, body);
        scimError(t, answer, 400, 'invalidValue', mention);
      }
    }
  }
  t.same((await scim.get(`/Gadgets/${id}`)).body, before.body);
});

t.test('a number written in another way is the same number', async (t) => {
  const body = Buffer.from('{"schemas":["urn:example:schemas:Gadget"],"count":5.0,"amount":1e2}');
  const created = succeeded(t, await scim.post('/Gadgets', body), 201);
  t.match(created.text, /"count":5,"amount":100[,}]/);
});
