/** Registries follow the stored config, and are compiled no more often than it changes. */
import t from 'tap';
import { StoredRegistries } from './stored-registries.ts';
import { EndpointTable } from './tables/endpoints.ts';
import { TestDatabase } from './test/database.ts';

const SCHEMA = { id: 'urn:example:schemas:Thing', attributes: [] };
const CONFIG = JSON.stringify({
  schemas: [SCHEMA],
  resourceTypes: [{ name: 'Thing', endpoint: '/Things', schema: SCHEMA.id }],
});

t.test('a registry is compiled again when the config has changed, and only then', (t) => {
  const data = new TestDatabase(t);
  const registries = new StoredRegistries(data.reader(t), 10);
  const core = registries.of(1);
  t.strictSame([...core.typesByName.keys()], ['User', 'Group']);
  t.equal(registries.of(1), core);
  t.equal(registries.of(2), core, 'endpoints without a profile of their own share one');
  const endpoints = new EndpointTable(data.db);
  const one = endpoints.byId('one');
  if (one === undefined) throw new Error('there is an endpoint');
  endpoints.update({ ...one, config: CONFIG });
  const own = registries.of(1);
  t.strictSame([...own.typesByName.keys()], ['Thing']);
  t.equal(registries.of(1), own);
  t.equal(registries.of(2), core);
  endpoints.markDeleted(one.row);
  t.throws(() => registries.of(1), { message: 'the endpoint is not there any more' });
  t.end();
});

t.test('no more registries are kept than allowed', (t) => {
  const data = new TestDatabase(t);
  const endpoints = new EndpointTable(data.db);
  for (const id of ['one', 'two']) {
    const row = endpoints.byId(id);
    if (row !== undefined) endpoints.update({ ...row, config: CONFIG });
  }
  const registries = new StoredRegistries(data.reader(t), 1);
  const first = registries.of(1);
  t.equal(registries.of(1), first);
  const second = registries.of(2);
  t.not(registries.of(1), first, 'compiled anew');
  t.not(registries.of(2), second);
  t.end();
});
