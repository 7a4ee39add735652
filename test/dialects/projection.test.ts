/** `attributes` and `excludedAttributes` in every notation, on every verb that answers a resource. */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, entraUser, patchOp, USER } from '../support/entra.ts';
import { scimError } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const ALWAYS = { schemas: [USER, ENTERPRISE] };
const ada: JsonObject = {
  ...entraUser('ada'),
  emails: [
    { value: 'ada@work.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  [ENTERPRISE]: { department: 'Research', manager: { value: 'm' } },
};

const INCLUDED: readonly (readonly [string, JsonObject])[] = [
  ['title,NAME.givenName', { title: 'Engineer', name: { givenName: 'Given' } }],
  [`${USER}:title`, { title: 'Engineer' }],
  [ENTERPRISE, { [ENTERPRISE]: ada[ENTERPRISE] ?? null }],
  [`${ENTERPRISE}:manager.value`, { [ENTERPRISE]: { manager: { value: 'm' } } }],
  ['emails[type eq "home"]', { emails: [{ value: 'ada@home.example', type: 'home' }] }],
  [
    'emails[type eq "home" or value eq "a,b"].value,title',
    { title: 'Engineer', emails: [{ value: 'ada@home.example' }] },
  ],
];

t.test('every verb that answers a resource shows what is asked for', async (t) => {
  for (const [names, shown] of INCLUDED) {
    const query = `attributes=${encodeURIComponent(names)}`;
    const posted = await scim.post(`/Users?${query}`, ada);
    t.same(without(posted), { ...ALWAYS, ...shown }, `POST ${names}`);
    const { id } = posted;
    const patched = patchOp({ op: 'replace', path: 'displayName', value: 'New' });
    const answers: readonly (readonly [string, Answer])[] = [
      ['GET', await scim.get(`/Users/${id}?${query}`)],
      ['PUT', await scim.put(`/Users/${id}?${query}`, ada)],
      ['PATCH', await scim.patch(`/Users/${id}?${query}`, patched)],
    ];
    for (const [verb, answer] of answers) {
      t.same(without(answer), { ...ALWAYS, ...shown }, `${verb} ${names}`);
    }
    const [listed] = (await scim.get(`/Users?${query}`)).resources;
    t.same(listed, { ...ALWAYS, id, ...shown }, `list ${names}`);
    const attributes = names.includes('a,b') ? names.split(/,(?=title)/) : names.split(',');
    const search = { schemas: [SEARCH], attributes };
    const [searched] = (await scim.post('/Users/.search', search)).resources;
    t.same(searched, { ...ALWAYS, id, ...shown }, `.search ${names}`);
    await scim.delete(`/Users/${id}`);
  }
});

t.test('excludedAttributes hides what is named, also elements', async (t) => {
  const created = await scim.post('/Users', ada);
  const names = `emails[type eq "work"],name,title,${ENTERPRISE}:manager,id`;
  const answer = await scim.get(
    `/Users/${created.id}?excludedAttributes=${encodeURIComponent(names)}`,
  );
  const left = { ...created.body };
  for (const name of ['name', 'title']) Reflect.deleteProperty(left, name);
  left['emails'] = [{ value: 'ada@home.example', type: 'home' }];
  left[ENTERPRISE] = { department: 'Research' };
  t.same(answer.body, left);
  await scim.delete(`/Users/${created.id}`);
});

t.test('a value path that is none is refused before anything is written', async (t) => {
  for (const [names, scimType] of [
    ['emails[', 'invalidFilter'],
    ['emails[]', 'invalidValue'],
    ['name[givenName pr]', 'invalidValue'],
    ['emails[active gt true]', 'invalidFilter'],
  ] as const) {
    const answer = await scim.post(`/Users?attributes=${encodeURIComponent(names)}`, ada);
    scimError(t, answer, 400, scimType);
  }
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 0);
});

function without(answer: Answer): JsonObject {
  return Object.fromEntries(Object.entries(answer.body).filter(([name]) => name !== 'id'));
}
