/** What an administrator is told of the process: versions, options, the description of the API. */
import { isObject } from '../../src/scim/json.ts';
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { SECRET, Server } from '../support/server.ts';

const PLANTED = 'planted-4c1d0f7e9b2a4d5c8e6fa1d25b7c9e40';
const server = await Server.start(t, {
  env: { JWT_SECRET: PLANTED, SCIMLANE_REVISION: '1a2b3c', SCIMLANE_FILTER_WORKERS: '2' },
});
const admin = ScimClient.of(t, server, '/scim/admin');

t.test('version: what runs, since when, and what is configured', async (t) => {
  const answer = await admin.get('/version');
  t.equal(answer.status, 200);
  t.match(answer.body, {
    version: /^\d+\.\d+\.\d+$/,
    commit: '1a2b3c',
    service: { name: 'Scimlane', scimBasePath: '/scim/v2', environment: 'test' },
    runtime: { node: process.version, pid: server.pid, sqlite: /^3\.\d+\.\d+$/ },
    auth: {
      oauthClientSecretConfigured: false,
      jwtSecretConfigured: true,
      scimSharedSecretConfigured: true,
    },
    storage: { databaseProvider: 'sqlite', blobBackupConfigured: false },
    deployment: { backupMode: 'none' },
  });
  t.ok(Number(answer.at('service', 'uptimeSeconds')) > 0);
  t.ok(Number(answer.at('runtime', 'memory', 'rss')) > 1e6);
  t.match(answer.at('service', 'utcOffset'), /^[+-]\d\d:\d\d$/);
});

t.test('runtime-config: every option with its source, no secret', async (t) => {
  const answer = await admin.get('/runtime-config');
  t.equal(answer.status, 200);
  t.notMatch(answer.text, PLANTED);
  t.notMatch(answer.text, SECRET);
  const options = answer.body['options'];
  if (!Array.isArray(options)) throw new Error('options are a list');
  const byName = new Map(options.filter(isObject).map((option) => [option['name'], option]));
  t.match(byName.get('JWT_SECRET'), { value: 'set', source: 'environment' });
  t.match(byName.get('SCIM_SHARED_SECRET'), { value: 'set', source: 'environment' });
  t.match(byName.get('SCIMLANE_FILTER_WORKERS'), { value: '2', source: 'environment' });
  t.match(byName.get('LOG_LEVEL'), { value: 'info', source: 'default' });
  t.match(byName.get('PUBLIC_URL'), { value: null, source: 'default' });
});

t.test('openapi.json: the description of this API', async (t) => {
  const answer = await admin.get('/openapi.json');
  t.equal(answer.status, 200);
  t.match(answer.body, { openapi: '3.1.0', paths: { '/scim/admin/version': {} } });
});

t.test('all of it is for the administrator', async (t) => {
  for (const path of ['/version', '/runtime-config', '/openapi.json', '/database/users']) {
    t.equal((await admin.get(path, { token: null })).status, 401, path);
  }
});
