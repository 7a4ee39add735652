/**
 * The bicep files fit together, and fit the server: what a compiler would say, as far as it goes, and
 * what none could.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { mergeSettings, readPreset } from '../../src/cli/azure/parameters.ts';
import { PROVIDERS } from '../../src/cli/azure/prepare.ts';
import { newAzure } from '../../src/cli/azure/test/az-stand-in.ts';
import { FIRST, INFRA, runAzureLine } from '../../src/cli/azure/test/run-azure.ts';
import { matchRoute } from '../../src/http/routes.ts';
import { BACKUP_OPTIONS } from '../../src/platform/backup-options.ts';
import { OPTIONS } from '../../src/platform/config.ts';
import { LIMITS } from '../../src/platform/limits.ts';
import { valueOf } from '../../src/platform/option.ts';
import { filesUnder } from '../tidy/repository.ts';
import {
  codeOf,
  modulesOf,
  outputsOf,
  parametersOf,
  resourcesOf,
  unbalancedLine,
} from './bicep-file.ts';

const files = filesUnder('infra', '.bicep');
const main = readFileSync(join(INFRA, 'main.bicep'), 'utf8');
const app = readFileSync(join(INFRA, 'modules', 'app.bicep'), 'utf8');
/** Parameters that no deployment hands on to the next as they were. */
const APART = ['image', 'customDomains', 'fingerprint', 'sharedSecret', 'jwtSecret'];
/** Of modules and resources: what `symbol.` may stand before. */
const FUNCTIONS_OF = ['az', 'properties', 'outputs'];

t.test('every file is whole, and what it declares is used', async (t) => {
  t.ok(files.length >= 9);
  for (const { path, text } of files) {
    t.equal(unbalancedLine(text), undefined, path);
    t.equal((codeOf(text).match(/'/g) ?? []).length % 2, 0, `${path}: quotes`);
    const declared = text.match(/^param /gm) ?? [];
    t.equal(parametersOf(text).length, declared.length, `${path}: each param is understood`);
    const code = codeOf(text);
    const names = [
      ...parametersOf(text).map(({ name }) => name),
      ...[...text.matchAll(/^var (\w+)/gm)].map(([, name = '']) => name),
    ];
    for (const name of names) {
      const uses = code.match(new RegExp(`(?<![.\\w])${name}(?!\\w|:)`, 'g')) ?? [];
      t.ok(uses.length > 1, `${path}: ${name} is used`);
    }
    for (const [, name = ''] of code.matchAll(
      /(?<![.\w@])([a-z]\w*)!?\.(?:properties|outputs|id)\b/g,
    )) {
      const known = new RegExp(`^(resource|module|param|var) ${name} `, 'm').test(text);
      t.ok(known || FUNCTIONS_OF.includes(name), `${path}: ${name} is declared`);
    }
  }
});

t.test('every module gets what it declares, and nothing else', async (t) => {
  const calls = modulesOf(main);
  t.equal(calls.length, (main.match(/^module /gm) ?? []).length);
  t.same(
    [...new Set(calls.map(({ path }) => path))].toSorted(),
    files.map(({ path }) => path.replace('infra/', '')).filter((path) => path !== 'main.bicep'),
    'each file of modules is used, each module is a file',
  );
  for (const { symbol, path, parameters } of calls) {
    const text = readFileSync(join(INFRA, path), 'utf8');
    const declared = parametersOf(text);
    t.same(
      parameters.filter((name) => !declared.some((each) => each.name === name)),
      [],
      symbol,
    );
    const needed = declared.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name);
    t.same(
      needed.filter((name) => !parameters.includes(name)),
      [],
      `${symbol} gets all`,
    );
    const wanted = [...main.matchAll(new RegExp(`\\b${symbol}!?\\.outputs\\.(\\w+)`, 'g'))];
    const told = outputsOf(text).map(({ name }) => name);
    for (const [, name = ''] of wanted) t.ok(told.includes(name), `${symbol}.outputs.${name}`);
  }
});

t.test('versions are written out, and the providers are those that deploy registers', async (t) => {
  const made = files.flatMap(({ text }) => resourcesOf(text));
  t.ok(made.length > 20);
  for (const { type } of made) {
    t.match(type, /^Microsoft\.\w+(\/\w+)+@20\d\d-\d\d-\d\d(-preview)?$/);
  }
  const versions = new Set(made.map(({ type }) => type));
  const types = new Set(made.map(({ type }) => type.replace(/@.*/, '')));
  t.equal(versions.size, types.size, 'one version of each type');
  const namespaces = made.filter((each) => each.made).map(({ type }) => type.replace(/\/.*/, ''));
  t.same(
    [...new Set(namespaces)].filter((name) => name !== 'Microsoft.Authorization').toSorted(),
    PROVIDERS,
  );
});

t.test('no secret leaves, and no key is used but for the share', async (t) => {
  for (const { path, text } of files) {
    for (const { name, value } of outputsOf(text)) {
      t.notMatch(`${name} ${value}`, /list\w*\(|key|secret|connection/i, path);
    }
    for (const { name } of parametersOf(text)) {
      if (!/secret$/i.test(name)) continue;
      t.match(text, new RegExp(`@secure\\(\\)\\n(@.*\\n)*param ${name} `), `${path}: ${name}`);
    }
  }
  const keys = files.filter(({ text }) => /list(Keys|Secrets|AccountSas|ServiceSas)/.test(text));
  t.same(
    keys.map(({ path }) => path),
    ['infra/modules/environment.bicep'],
  );
  const storage = files.find(({ path }) => path.endsWith('/storage.bicep'))?.text ?? '';
  t.match(storage, /allowSharedKeyAccess: !empty\(shareName\)\n/);
  t.match(storage, /allowBlobPublicAccess: false\n/);
  t.notMatch(storage, /baseBlob/, 'no rule deletes what the server still needs');
});

t.test('the environment of the container is one that the server takes', async (t) => {
  const names = [...app.matchAll(/^ *name: '([A-Z][A-Z_0-9]+)'$/gm)].map(([, name = '']) => name);
  const known: string[] = Object.values(OPTIONS).map((option) => option.name);
  t.ok(names.length >= 8);
  // The Azure SDK's own.
  t.same(
    names.filter((name) => !known.includes(name)),
    ['AZURE_CLIENT_ID'],
  );
  for (const environment of ['dev', 'prod'] as const) {
    const preset = readPreset(INFRA, environment);
    const given = {
      BACKUP_SPOOL_MAX: preset.get('spoolMax'),
      LOG_MAX_SIZE: preset.get('logMaxSize'),
    };
    const env = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, String(value)]),
    );
    t.ok(valueOf(BACKUP_OPTIONS.spoolMax, env, true) > 0, environment);
    t.ok(valueOf(OPTIONS.logMaxSize, env, true) > 0, environment);
  }
});

t.test('probes ask routes that are there, and a stop has the time that it takes', async (t) => {
  const paths = [...app.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
  t.equal(paths.length, 3);
  for (const path of paths) t.match(matchRoute('GET', path), { kind: 'health' }, path);
  const port = /^var port = (\d+)$/m.exec(app)?.[1];
  const dockerfile = readFileSync(join(dirname(INFRA), 'Dockerfile'), 'utf8');
  t.match(dockerfile, new RegExp(`\\n {2}PORT=${port} `));
  t.match(dockerfile, new RegExp(`\\nEXPOSE ${port}\\n`));
  const seconds = Number(/terminationGracePeriodSeconds: (\d+)/.exec(app)?.[1]);
  const budget = valueOf(BACKUP_OPTIONS.stopBudget, {}, true);
  t.ok(seconds * 1000 >= LIMITS.drainDeadlineMs + budget + LIMITS.backupLastWordMs);
  t.ok(LIMITS.azStopPolls * LIMITS.azPollMs > seconds * 1000, 'a deploy waits longer than that');
  t.match(app, /minReplicas: 1\n\s+maxReplicas: 1\n/);
  t.match(app, /activeRevisionsMode: 'Single'\n/);
});

t.test('a start has the time that the largest restore takes, and is seen soon', async (t) => {
  const probe = /type: 'Startup'[\s\S]*?\n {12}\}/.exec(app)?.[0] ?? '';
  const numberOf = (name: string): number => Number(new RegExp(`${name}: (\\d+)`).exec(probe)?.[1]);
  const [period, looks] = [numberOf('periodSeconds'), numberOf('failureThreshold')];
  t.ok(period <= 5, 'a short restore is not waited for longer than it takes');
  t.ok(looks <= 240, 'what is known to have been taken');
  const docs = readFileSync(join(dirname(INFRA), 'docs', 'AZURE.md'), 'utf8');
  const told = /a restore has (\d+) minutes[^.]*?: (\d+) GB at (\d+) MB\/s/.exec(docs) ?? [];
  const [minutes = NaN, gigabytes = NaN, speed = NaN] = told.slice(1).map(Number);
  t.equal(period * looks, minutes * 60, 'as the docs say');
  t.ok((gigabytes * 1000) / speed <= period * looks, 'and as large as they say');
  t.ok(gigabytes >= 8, 'the largest disk of a container');
});

t.test('a deploy keeps domains that were bound to the app', async (t) => {
  t.match(app, /ingress: \{[^}]*customDomains: customDomains\n/);
});

t.test('what deploy hands over is what main.bicep takes', async (t) => {
  const declared = parametersOf(main);
  const handed = async (line: string): Promise<Readonly<Record<string, unknown>>> => {
    const azure = newAzure();
    const { code, stderr } = await runAzureLine(azure, line);
    t.equal(code, 0, stderr);
    return azure.deployed ?? {};
  };
  const most =
    `${FIRST} --storage files --registry-group other --public-url https://scim.example.com ` +
    '--alert-email ops@example.com --jwt-secret';
  const kinds: Readonly<Record<string, string>> = {
    int: 'number',
    bool: 'boolean',
    array: 'object',
  };
  for (const parameters of [await handed(FIRST), await handed(most)]) {
    for (const [name, value] of Object.entries(parameters)) {
      const type = declared.find((each) => each.name === name)?.type;
      t.equal(kinds[type ?? ''] ?? type, typeof value, name);
    }
    for (const { name, hasDefault } of declared) {
      if (!hasDefault) t.ok(Object.hasOwn(parameters, name), name);
    }
  }
  const settings = declared.map(({ name }) => name).filter((name) => !APART.includes(name));
  const former = new Map(settings.map((name) => [name, 'x']));
  const kept = mergeSettings({
    defaults: new Map(),
    preset: undefined,
    former,
    given: { jwtSecret: false },
  });
  t.same([...kept.keys()].toSorted(), settings.toSorted(), 'the next deploy keeps each of them');
});

t.test('files of parameters name what main.bicep has, and all that it needs', async (t) => {
  const declared = parametersOf(main);
  for (const { path, text } of filesUnder('infra', '.bicepparam')) {
    const using = /^using '([^']+)'$/m.exec(text)?.[1] ?? '';
    t.ok(existsSync(join(dirname(INFRA), dirname(path), using)), path);
    const named = [...text.matchAll(/^param (\w+) = /gm)].map(([, name = '']) => name);
    t.same(
      named.filter((name) => !declared.some((each) => each.name === name)),
      [],
      path,
    );
    const needed = declared.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name);
    t.same(
      needed.filter((name) => !named.includes(name)),
      [],
      path,
    );
  }
});

t.test('the reader sees what is wrong', async (t) => {
  t.equal(unbalancedLine(`a: {\n  b: ']'\n}\n`), undefined);
  t.equal(unbalancedLine('a: {\n  b: [\n}\n'), 3);
  t.ok(unbalancedLine('a: {\n') !== undefined);
  t.match(codeOf(`name: '\${app}-x' // 'y'`), /^name: '' app +$/);
  t.same(parametersOf('param a string\nparam b int = 3\n'), [
    { name: 'a', type: 'string', hasDefault: false },
    { name: 'b', type: 'int', hasDefault: true },
  ]);
});
