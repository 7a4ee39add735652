import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import type { RestoreTarget } from '../backup/restore-plan.ts';
import { SNAPSHOT as SAMPLE, TIME } from '../backup/test/status-samples.ts';
import type { BackupOperations } from './ports.ts';
import { run } from './test/command-line.ts';

const SNAPSHOT = {
  ...SAMPLE,
  name: 'snapshots/0000000000000041-abcdef0123456789.db.zst',
  bytes: 1_572_864,
  databaseBytes: 4_194_304,
};

const LISTED: Partial<BackupOperations> = {
  list: () =>
    Promise.resolve([
      {
        storage: 'folder ./backup',
        snapshots: [SNAPSHOT],
        ranges: [
          {
            storage: 'folder ./backup',
            fromSequence: 41,
            toSequence: 57,
            fromTime: TIME,
            toTime: TIME + 60_000,
            continuous: true,
          },
        ],
      },
      { storage: 'blob abc/scim', snapshots: [], ranges: [] },
    ]),
};

t.test('help stands on stdout', async (t) => {
  const { code, stdout, stderr, config } = await run('--help', { env: { PORT: 'wrong' } });
  t.equal(code, 0);
  t.match(stdout, /scimlane backup list[^]*safe while the server runs/);
  t.equal(stderr, '');
  t.equal(config, undefined);
});

t.test('a wrong command is one line, a hint, and exit code 2', async (t) => {
  const { code, stdout, stderr } = await run('backup lits');
  t.equal(code, 2);
  t.equal(stdout, '');
  t.match(stderr, /^scimlane: there is no command "backup lits".*\nscimlane --help tells.*\n$/);
});

t.test('a wrong variable, or none for a storage, is exit code 2', async (t) => {
  for (const [env, line] of [
    [{ BACKUP_FOLDER: 'b', BACKUP_LEASE: 'long' }, /^scimlane: BACKUP_LEASE: takes.*\n$/],
    [{}, /^scimlane: BACKUP_FOLDER: there is no storage: set BACKUP_FOLDER, .*\n$/],
  ] as const) {
    const { code, stderr, config } = await run('drill', { env });
    t.equal(code, 2);
    t.match(stderr, line);
    t.equal(config, undefined, 'nothing was opened');
  }
});

t.test('list: what there is, for people', async (t) => {
  const { code, stdout, config } = await run('backup list', { operations: LISTED });
  t.equal(code, 0);
  t.equal(
    stdout,
    [
      'folder ./backup',
      '  snapshots',
      '    position  taken                 size    name',
      `    41        2026-11-21 05:23:40Z  1.5 MB  ${SNAPSHOT.name}`,
      '  one can go back to',
      '    2026-11-21 05:23:40Z to 2026-11-21 05:24:40Z  any position from 41 to 57',
      '',
      'blob abc/scim',
      '  no snapshot yet',
      '',
      '',
    ].join('\n'),
  );
  t.same(config?.storages, [{ kind: 'folder', folder: './backup' }]);
});

t.test('list: the same for scripts, in one line', async (t) => {
  const { stdout } = await run('backup list --json', { operations: LISTED });
  t.equal(stdout.split('\n').length, 2);
  t.match(JSON.parse(stdout), {
    storages: [
      {
        storage: 'folder ./backup',
        snapshots: [{ position: 41, time: '2026-11-21T05:23:40.000Z', bytes: 1_572_864 }],
        restorePoints: [{ fromPosition: 41, toPosition: 57, to: '2026-11-21T05:24:40.000Z' }],
      },
      { storage: 'blob abc/scim', snapshots: [] },
    ],
  });
});

t.test('verify: damage is exit code 1, with every problem by name', async (t) => {
  const problems = ['folder ./backup: wal/1 is damaged', 'folder ./backup: wal/2 is missing'];
  const verify = (ok: boolean): Partial<BackupOperations> => ({
    verify: (progress) => {
      progress(1, 2, 'wal/1');
      const found = ok ? [] : problems;
      return Promise.resolve({ ok, problems: found, checkedObjects: 2, checkedBytes: 2048 });
    },
  });
  const good = await run('backup verify', { operations: verify(true) });
  t.same([good.code, good.stdout], [0, 'all is well: 2 objects, 2.0 KB\n']);
  const bad = await run('backup verify', { operations: verify(false) });
  t.equal(bad.code, 1);
  t.equal(bad.stdout, `2 problems in 2 objects, 2.0 KB:\n  ${problems.join('\n  ')}\n`);
  const json = await run('backup verify --json', { operations: verify(false) });
  t.equal(json.code, 1);
  t.same(JSON.parse(json.stdout), { ok: false, problems, checkedObjects: 2, checkedBytes: 2048 });
  t.equal(good.stderr + bad.stderr + json.stderr, '');
});

t.test('restore: the target and the file are handed on', async (t) => {
  const into = join(t.testdir(), 'restored.db');
  const targets: RestoreTarget[] = [];
  const operations: Partial<BackupOperations> = {
    restoreInto: (target, file) => {
      targets.push(target);
      t.equal(file, into);
      return Promise.resolve({
        storage: 'folder ./backup',
        sequence: 57,
        at: TIME,
        snapshot: SNAPSHOT.name,
        segments: 1,
        durationMs: 1234,
      });
    },
  };
  const people = await run(`restore --to latest --into ${into}`, { operations });
  t.equal(people.code, 0);
  t.match(people.stdout, /^restored .*restored\.db\n +position +57, as of 2026-11-21 05:23:40Z\n/);
  t.match(people.stdout, /and 1 segment\n +took +1\.2 s\n$/);
  const script = await run(`restore --to 2026-11-21T05:23:40Z --into ${into} --json`, {
    operations,
  });
  t.match(JSON.parse(script.stdout), { into, position: 57, segments: 1, durationMs: 1234 });
  t.same(targets, [{}, { time: TIME }]);
});

t.test('restore: nothing is overwritten, not even what is left of a database', async (t) => {
  const folder = t.testdir();
  const into = join(folder, 'live.db');
  for (const file of [`${into}-wal`, into]) {
    writeFileSync(file, 'precious');
    const { code, stderr, config } = await run(`restore --to latest --into ${into}`);
    t.equal(code, 1);
    t.match(stderr, `${file} is there already`);
    t.equal(config, undefined, 'no storage was asked');
    t.equal(readFileSync(file, 'utf8'), 'precious');
  }
});

t.test('drill: the scratch file is gone afterwards, and a failure is exit code 1', async (t) => {
  const database = join(t.testdir(), 'scimlane.db');
  const env = { BACKUP_FOLDER: 'b', DATABASE_URL: `file:${database}` };
  let scratch = '';
  const drill = (problem: string | undefined): Partial<BackupOperations> => ({
    drill: (path) => {
      scratch = path;
      writeFileSync(path, 'restored');
      const ok = problem === undefined;
      const storage = 'folder b';
      return Promise.resolve({ at: TIME, storage, ok, sequence: 57, durationMs: 65_000, problem });
    },
  });
  const good = await run('drill', { env, operations: drill(undefined) });
  t.same([good.code, good.stdout], [0, 'the drill went well: folder b, position 57, 1 min 5 s\n']);
  t.equal(dirname(dirname(scratch)), dirname(database), 'beside the data');
  t.notOk(existsSync(dirname(scratch)));
  const bad = await run('drill --json', { env, operations: drill('wal/2 is missing') });
  t.equal(bad.code, 1);
  t.match(JSON.parse(bad.stdout), { ok: false, problem: 'wal/2 is missing', position: 57 });
});

t.test('what fails is one line on stderr, and exit code 1', async (t) => {
  const operations: Partial<BackupOperations> = {
    list: () => Promise.reject(new Error('blob abc/scim cannot be reached:\n\x1b[31mtry again')),
  };
  const { code, stdout, stderr } = await run('backup list --json', { operations });
  t.equal(code, 1);
  t.equal(stdout, '');
  t.equal(stderr, 'scimlane: blob abc/scim cannot be reached: [31mtry again\n');
});

t.test('progress is drawn on a terminal, and gone before the result', async (t) => {
  const operations: Partial<BackupOperations> = {
    verify: (progress) => {
      progress(1, 1, 'wal/1');
      return Promise.resolve({ ok: true, problems: [], checkedObjects: 1, checkedBytes: 1 });
    },
  };
  const { stderr } = await run('backup verify', { operations, isTTY: true });
  t.match(stderr, /100 % {2}wal\/1/);
  t.ok(stderr.endsWith('\r\x1b[K'));
});
