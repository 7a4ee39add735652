/** Whom a read by id was about: the log of a real server tells what its resource is called now. */
import t from 'tap';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { GROUP, LogClient, USER } from './log-client.ts';

interface Item {
  readonly id: string;
  readonly url: string;
  readonly identifier: string | null;
}

const server = await Server.start(t);
const client = new LogClient(server);
const acme = await client.create('/scim/admin/endpoints', { name: 'acme' });
const other = await client.create('/scim/admin/endpoints', { name: 'other' });
const made = await client.send('POST', `/scim/admin/endpoints/${acme}/credentials`, {
  body: { label: 'logs', scopes: ['scim.manage'] },
});
const { token } = made.json as { token: string };
const root = `/scim/endpoints/${acme}`;
const elsewhere = `/scim/endpoints/${other}`;

const subject = await client.send('POST', `/scim/admin/endpoints/${acme}/credentials`, {
  body: { label: 'ada', subject: 'ada' },
});
const { token: ofAda } = subject.json as { token: string };

const user = (base: string, userName: string): Promise<string> =>
  client.create(`${base}/Users`, { schemas: [USER], userName });

const run = (await client.send('POST', `/scim/admin/endpoints/${acme}/runs`)).json as Item;
const ada = await user(root, 'ada');
const gone = await user(root, 'gone');
const theirs = await user(elsewhere, 'a-name-of-another-tenant');
const group = await client.create(`${root}/Groups`, { schemas: [GROUP], displayName: 'Design' });
await client.send('GET', `${root}/Users/${ada}?read`);
await client.send('GET', `${root}/Me?read`, { token: ofAda });
await client.send('GET', `${root}/Users/${gone}?read`);
await client.send('GET', `${root}/Users/${theirs}?read`);
await client.send('GET', `${root}/Groups/${group}?read`);
await client.send('GET', `${root}/Groups/${ada}?read`);
await client.send('GET', `${elsewhere}/Users/${ada}?read`);
await client.send('GET', `${elsewhere}/Users/${theirs}?read`);
await client.send('DELETE', `${root}/Users/${gone}`);
await client.patch(`${root}/Users/${ada}`, { op: 'replace', path: 'displayName', value: 'Ada L.' });

async function items(path: string, as?: string): Promise<readonly Item[]> {
  const { json, text, status } = await client.send(
    'GET',
    path,
    as === undefined ? {} : { token: as },
  );
  if (status !== 200) throw new Error(text);
  return (json as { items: readonly Item[] }).items;
}

const reads = await until('the reads', async () => {
  const found = await items('/scim/admin/logs?urlContains=%3Fread');
  return found.length === 8 && found;
});
const toldOf = (rows: readonly Item[]): [string, string | null][] =>
  rows.map(({ url, identifier }) => [url, identifier]);

const OWN: [string, string | null][] = [
  [`${root}/Groups/${ada}?read`, null],
  [`${root}/Groups/${group}?read`, 'Design'],
  [`${root}/Users/${theirs}?read`, null],
  [`${root}/Users/${gone}?read`, null],
  [`${root}/Me?read`, 'Ada L.'],
  [`${root}/Users/${ada}?read`, 'Ada L.'],
];

t.test('a list names whom its reads were about, where they still are', (t) => {
  t.strictSame(toldOf(reads), [
    [`${elsewhere}/Users/${theirs}?read`, 'a-name-of-another-tenant'],
    [`${elsewhere}/Users/${ada}?read`, null],
    ...OWN,
  ]);
  t.end();
});

t.test('an endpoint’s token learns no name of another', async (t) => {
  const rows = await items(`${root}/logs?urlContains=%3Fread`, token);
  t.strictSame(toldOf(rows), OWN);
  const { text } = await client.send('GET', `${root}/logs/download?format=har`, { token });
  t.notMatch(text, 'a-name-of-another-tenant');
});

t.test('so do one row, every download, and a run', async (t) => {
  const row = reads.find(({ url }) => url === `${root}/Users/${ada}?read`);
  t.match((await client.send('GET', `/scim/admin/logs/${row?.id ?? ''}`)).json, {
    identifier: 'Ada L.',
  });
  for (const format of ['ndjson', 'csv', 'har']) {
    const path = `${root}/logs/download?format=${format}&urlContains=${ada}%3Fread&status=200`;
    t.match((await client.send('GET', path)).text, 'Ada L.', format);
  }
  const path = `/scim/admin/endpoints/${acme}/runs/${run.id}`;
  const { requests } = (await client.send('GET', path)).json as { requests: readonly Item[] };
  t.equal(requests.find(({ id }) => id === row?.id)?.identifier, 'Ada L.');
});

t.test('what a row tells itself stays as it was told', async (t) => {
  const [created] = (await items(`${root}/logs?method=POST&search=ada`)).slice(-1);
  t.match(created, { url: `${root}/Users`, identifier: 'ada' });
});
