/** Filters that other servers answer with nothing, or refuse. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, entraGroup, entraUser, patchOp, verbose } from '../support/entra.ts';
import { listsIds, scimError } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const ada = (await scim.post('/Users', entraUser('ada'))).id;
const bob = (
  await scim.post('/Users', {
    ...entraUser('bob'),
    active: false,
    emails: [
      { type: 'work', value: 'bob@work.example' },
      { type: 'home', value: 'bob@home.example' },
    ],
    [ENTERPRISE]: { manager: { value: ada } },
  })
).id;
const group = (await scim.post('/Groups', entraGroup('Readers'))).id;
await scim.patch(`/Groups/${group}`, patchOp(verbose('Add', 'members', [{ value: ada }])));

const USER_FILTERS: readonly (readonly [string, readonly string[]])[] = [
  ['emails.value eq "ada@contoso.example"', [ada]],
  ['emails.value eq "ADA@contoso.example"', [ada]],
  ['emails eq "bob@home.example"', [bob]],
  ['emails co "example"', [ada, bob]],
  ['emails[type eq "work"].value co "work"', [bob]],
  ['emails[type eq "work"].value eq "bob@home.example"', []],
  ['emails[type eq "work" and value co "home"]', []],
  ['emails.type eq "work" and emails.value co "home"', [bob]],
  ['userName sw "ada@"', [ada]],
  ['USERNAME EQ "ada@contoso.example"', [ada]],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada@contoso.example"', [ada]],
  [`${ENTERPRISE}:department eq "research"`, [ada]],
  [`${ENTERPRISE}:manager.value eq "${ada}"`, [bob]],
  [`not (${ENTERPRISE}:manager pr)`, [ada]],
  ['active eq true', [ada]],
  ['active eq "False"', [bob]],
  ['groups.value eq "GROUP"', [ada]],
  ['title pr and not (active eq true)', [bob]],
  ['active eq false or userName eq "nobody"', [bob]],
  ['(active eq false or userName sw "ada") and name.familyName ne "Family"', []],
  ['id eq "ID-OF-ADA"', [ada]],
  ['meta.lastModified gt "2000-01-01T00:00:00Z"', [ada, bob]],
  ['meta.created lt "2000-01-01T00:00:00Z"', []],
  ['addresses.locality eq "ZÜRICH"', [ada, bob]],
  ['nickName eq "x"', []],
];

for (const [filter, ids] of USER_FILTERS) {
  t.test(filter, async (t) => {
    const real = filter.replace('GROUP', group).replace('ID-OF-ADA', ada);
    listsIds(t, await scim.get(`/Users?filter=${encodeURIComponent(real)}`), ids);
  });
}

for (const [filter, found] of [
  ['members.value eq "ADA"', true],
  ['members eq "ADA"', true],
  ['members[value eq "ADA"]', true],
  ['members[value eq "ADA" and type eq "User"]', true],
  ['members.value eq "BOB"', false],
  ['displayName eq "readers" and members.value eq "ADA"', true],
  ['members pr', true],
  ['not (members pr)', false],
] as const) {
  t.test(`Groups: ${filter}`, async (t) => {
    const real = filter.replace('ADA', ada).replace('BOB', bob);
    const answer = await scim.get(`/Groups?filter=${encodeURIComponent(real)}`);
    listsIds(t, answer, found ? [group] : []);
    const slim = await scim.get(
      `/Groups?excludedAttributes=members&filter=${encodeURIComponent(real)}`,
    );
    listsIds(t, slim, found ? [group] : []);
    t.notOk(slim.text.includes('"members"'));
  });
}

for (const filter of [
  'active gt true',
  'active co "r"',
  'userName',
  'userName eq',
  'userName eq "x',
  'userName zz "x"',
  'userName eq x',
  'not userName eq "x"',
  '(userName eq "x"',
  'userName pr "x"',
  'nosuch eq "x"',
  'emails[type eq "work"',
  'name.nosuch eq "x"',
  '',
]) {
  t.test(`refused: ${filter}`, async (t) => {
    const answer = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`);
    scimError(t, answer, 400, 'invalidFilter');
  });
}
