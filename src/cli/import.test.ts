import t from 'tap';
import type { Finding } from '../import/findings.ts';
import { emptyCounts } from '../import/options.ts';
import type { ImportRequest } from './import-arguments.ts';
import type { ImportResult } from './import-report.ts';
import { run } from './test/command-line.ts';

const ENV = { DATABASE_URL: 'file:./ours.db' };

function result(rest: Partial<ImportResult> = {}): ImportResult {
  const counts = emptyCounts();
  counts.users.read = 3;
  counts.users.taken = 3;
  return {
    counts,
    findings: { mapped: 0, changed: 0, dropped: 0, differs: 0, refused: 0 },
    groups: [],
    named: [],
    copied: undefined,
    logsLeft: undefined,
    shipped: undefined,
    durationMs: 1234,
    ...rest,
  };
}

function refusal(number: number): Finding {
  const detail = 'userName is required';
  return { kind: 'refused', endpoint: 'contoso', type: 'User', id: `u${number}`, path: '', detail };
}

t.test('what was asked for is handed on', async (t) => {
  const requests: ImportRequest[] = [];
  const paths: string[] = [];
  const importDatabase = (config: { databasePath: string }, request: ImportRequest) => {
    requests.push(request);
    paths.push(config.databasePath);
    return Promise.resolve(result());
  };
  const plain = { json: false, dryRun: false, overwrite: false, keepUnknown: false, logs: false };
  const none = { ...plain, file: 'scim.db', report: undefined };
  for (const [line, request] of [
    ['import scim.db', none],
    ['import scim.db --dry-run --report r.ndjson', { ...none, dryRun: true, report: 'r.ndjson' }],
    ['import --overwrite --keep-unknown scim.db', { ...none, overwrite: true, keepUnknown: true }],
    ['import scim.db --logs --json', { ...none, logs: true, json: true }],
    ['--json import scim.db', { ...none, json: true }],
  ] as const) {
    const { code, stderr } = await run(line, { env: ENV, importDatabase });
    t.same([code, stderr], [0, '']);
    t.same(requests.pop(), request);
  }
  t.same(new Set(paths), new Set(['./ours.db']));
});

t.test('a wrong word is exit code 2, and nothing is opened', async (t) => {
  for (const [line, message] of [
    ['import', /import needs a file/],
    ['import a.db b.db', /b\.db is one too many/],
    ['import a.db --overwrit', /--overwrit is no option; did you mean --overwrite\?/],
    ['import a.db --report', /--report needs a value/],
    ['import a.db --logs=yes', /--logs takes no value/],
    ['imprt a.db', /there is no command "imprt a\.db"/],
  ] as const) {
    const { code, stdout, stderr } = await run(line, { env: ENV });
    t.same([code, stdout], [2, ''], line);
    t.match(stderr, message);
  }
  t.match((await run('import --help')).stdout, /scimlane import <scim\.db>/);
});

t.test('the report of people: counts, what was mapped, and names', async (t) => {
  const named = Array.from({ length: 25 }, (_, number) => refusal(number));
  const group = {
    kind: 'dropped',
    type: 'User',
    path: 'shoe',
    detail: 'unknown',
    count: 7,
    example: 'e',
  } as const;
  const findings = { mapped: 0, changed: 0, dropped: 7, differs: 0, refused: 25 };
  const told = result({ named, groups: [group], findings, copied: 'database is locked' });
  const importDatabase = () => Promise.resolve(told);
  const people = await run('import scim.db', { env: ENV, importDatabase });
  t.equal(people.code, 3);
  t.match(
    people.stdout,
    /^imported scim\.db\n {2}from a copy of it, because: database is locked\n/,
  );
  t.match(people.stdout, /\n {4}users +3 +3 +0 +0 +0 +0 +0\n/);
  t.match(people.stdout, /\n {2}7 × dropped User shoe: unknown \(e\)\n/);
  t.match(people.stdout, /\nrefused:\n {2}contoso: User u0: userName is required\n/);
  t.match(people.stdout, /u19: userName is required\n {2}and 5 more; --report <file> has all\n$/);
  const script = await run('import scim.db --json --dry-run', { env: ENV, importDatabase });
  t.match(JSON.parse(script.stdout), { dryRun: true, counts: told.counts, findings });
  const dry = await run('import scim.db --dry-run', { env: ENV, importDatabase });
  t.match(dry.stdout, /^a dry run, nothing was written: scim\.db\n/);
});

t.test('what differs is no success either, and what stops it is one line', async (t) => {
  const counts = emptyCounts();
  counts.groups.differing = 1;
  const differs = await run('import a.db', {
    env: ENV,
    importDatabase: () => Promise.resolve(result({ counts })),
  });
  t.equal(differs.code, 3);
  const onlyHere = emptyCounts();
  onlyHere.users.onlyHere = 1;
  for (const [rest, code] of [
    [{ counts: onlyHere }, 3],
    [{ logsLeft: 'there are rows' }, 3],
    [{ shipped: true }, 0],
    [{ shipped: false }, 1],
    [{ shipped: false, counts }, 1],
  ] as const) {
    const importDatabase = () => Promise.resolve(result(rest));
    t.equal((await run('import a.db', { env: ENV, importDatabase })).code, code);
  }
  const failed = await run('import a.db', {
    env: ENV,
    importDatabase: () => Promise.reject(new Error('a.db is damaged')),
  });
  t.same([failed.code, failed.stdout, failed.stderr], [1, '', 'scimlane: a.db is damaged\n']);
});

t.test('progress is drawn on a terminal, warnings above it', async (t) => {
  const { stderr } = await run('import a.db', {
    env: ENV,
    isTTY: true,
    importDatabase: (_config, _request, onProgress, warn) => {
      onProgress(5, 10, 'users');
      warn('watch out');
      return Promise.resolve(result());
    },
  });
  t.match(stderr, /50 % {2}users.*scimlane: watch out\n/s);
});
