import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import t from 'tap';
import {
  fingerprintOf,
  mergeSettings,
  readDefaults,
  readPreset,
  withParameterFile,
} from './parameters.ts';
import { INFRA } from './test/run-azure.ts';

t.test('the file of the parameters is its owner’s alone, and gone afterwards', async (t) => {
  const listeners = process.listenerCount('SIGINT');
  let path = '';
  const parameters = new Map<string, string | boolean>([
    ['sharedSecret', 'abc'],
    ['privateNetwork', true],
  ]);
  await withParameterFile(parameters, (file) => {
    path = file;
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.match(JSON.parse(readFileSync(file, 'utf8')), {
      parameters: { sharedSecret: { value: 'abc' }, privateNetwork: { value: true } },
    });
    return Promise.resolve();
  });
  t.notOk(existsSync(path));
  await t.rejects(
    withParameterFile(parameters, (file) => {
      path = file;
      return Promise.reject(new Error('az failed'));
    }),
    /az failed/,
  );
  t.notOk(existsSync(path));
  t.equal(process.listenerCount('SIGINT'), listeners, 'nobody listens on');
});

t.test('it is gone too when a signal ends the process', async (t) => {
  const module = JSON.stringify(new URL('./parameters.ts', import.meta.url).href);
  const script = `
    import { withParameterFile } from ${module};
    setInterval(() => undefined, 1000);
    await withParameterFile(new Map([['sharedSecret', 'abc']]), (file) => {
      process.stdout.write(file);
      return new Promise(() => undefined);
    });`;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const closed = once(child, 'close');
    const file = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text: Buffer) => resolve(text.toString()));
    });
    t.ok(existsSync(file));
    child.kill(signal);
    await closed;
    t.equal(child.signalCode, signal);
    t.notOk(existsSync(file), signal);
    t.notOk(existsSync(dirname(file)), signal);
  }
});

t.test('presets hold what is literal in their files', async (t) => {
  const dev = readPreset(INFRA, 'dev');
  const prod = readPreset(INFRA, 'prod');
  t.same([dev.get('cpu'), dev.get('privateNetwork'), dev.get('logDays')], ['0.5', false, 30]);
  t.same([prod.get('cpu'), prod.get('privateNetwork')], ['2', true]);
  for (const preset of [dev, prod]) {
    for (const name of ['app', 'image', 'sharedSecret', 'storageAccountName']) {
      t.notOk(preset.has(name), name);
    }
  }
});

t.test('defaults of main.bicep are read from it', async (t) => {
  const defaults = readDefaults(INFRA);
  t.same([defaults.get('storage'), defaults.get('logDays')], ['blob', 30]);
  t.same([defaults.get('publicUrl'), defaults.get('privateNetwork')], ['', true]);
  for (const name of ['location', 'registryGroup', 'customDomains', 'sharedSecret']) {
    t.notOk(defaults.has(name), name);
  }
});

t.test(
  'a preset that is named brings its sizes, and leaves the backups where they are',
  async (t) => {
    const preset = readPreset(INFRA, 'prod');
    const former = new Map<string, unknown>([
      ['storage', 'files'],
      ['cpu', '4'],
    ]);
    const given = { jwtSecret: false };
    const merged = mergeSettings({ defaults: new Map(), preset, former, given });
    t.same([merged.get('storage'), merged.get('cpu')], ['files', '2']);
    const first = mergeSettings({ defaults: new Map(), preset, former: new Map(), given });
    t.equal(first.get('storage'), 'blob');
  },
);

t.test('what is asked for wins over the preset, that over what was', async (t) => {
  const merged = mergeSettings({
    defaults: new Map<string, string | number>([
      ['logDays', 90],
      ['publicUrl', ''],
    ]),
    preset: new Map([['cpu', '2']]),
    former: new Map<string, unknown>([
      ['cpu', '1'],
      ['alertEmail', 'a@b'],
      ['logDays', 30],
      ['image', 'not a setting'],
      ['fingerprint', 'not a setting'],
    ]),
    given: { jwtSecret: false, alertEmail: 'c@d' },
  });
  t.same([...merged].toSorted(), [
    ['alertEmail', 'c@d'],
    ['cpu', '2'],
    ['logDays', 30],
    ['publicUrl', ''],
  ]);
});

t.test('the fingerprint depends on the settings, not on their order', async (t) => {
  const one = fingerprintOf(
    INFRA,
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  );
  t.equal(
    fingerprintOf(
      INFRA,
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ),
    one,
  );
  t.not(
    fingerprintOf(
      INFRA,
      new Map([
        ['a', 1],
        ['b', 3],
      ]),
    ),
    one,
  );
});
