/**
 * Installing can be interrupted between any two steps: what stands at the place is never a mixture
 * of two databases, and running it again leads to the same end.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import t, { type Test } from 'tap';
import { syncPath } from './database-files.ts';
import { installDatabase, type InstallFiles, type InstallOptions } from './install.ts';
import { LiveDatabase } from './jobs/test/live-database.ts';
import { openDetached, integrityProblem } from '../sqlite/copy.ts';
import { readContents } from '../sqlite/contents.ts';

const OLD = { 'data.db': 'old', 'data.db-wal': 'old wal', 'data.db-shm': 'old shm' };
const JOURNAL = { 'data.db-journal': 'old journal' };

class Interrupted extends Error {}

/** Fails at the step of this number, before or after it was done. */
function breakingFiles(step: number, done: 'before' | 'after'): InstallFiles {
  let steps = 0;
  const breaking =
    <A extends string[]>(act: (...paths: A) => void) =>
    (...paths: A): void => {
      steps += 1;
      if (steps === step && done === 'before') throw new Interrupted();
      act(...paths);
      if (steps === step) throw new Interrupted();
    };
  return {
    exists: existsSync,
    rename: breaking(renameSync),
    remove: breaking((path) => rmSync(path, { force: true })),
    sync: breaking(syncPath),
  };
}

function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
}

/** What may stand at the place: the old database with all that is its own, nothing, the new alone. */
function mixtureIn(folder: string, old: Record<string, string>): string | undefined {
  const found = contentsOf(folder);
  const database = found['data.db'];
  const beside = ['data.db-wal', 'data.db-journal'].filter((name) => name in found);
  if (database === 'new') return beside.length === 0 ? undefined : `new with ${beside.join()}`;
  if (database === undefined) return undefined;
  const lost = ['data.db-wal', 'data.db-journal'].filter((name) => name in old && !(name in found));
  return lost.length === 0 ? undefined : `old without ${lost.join()}`;
}

function interruptEverywhere(
  t: Test,
  old: Record<string, string>,
  expected: Record<string, string>,
  optionsIn: (folder: string) => InstallOptions,
): void {
  for (const done of ['before', 'after'] as const) {
    let interrupted = true;
    let step = 0;
    while (interrupted) {
      step += 1;
      const folder = t.testdir({ ...old, 'from.db': 'new' });
      const run = (files?: InstallFiles): void =>
        installDatabase(`${folder}/from.db`, `${folder}/data.db`, optionsIn(folder), files);
      try {
        run(breakingFiles(step, done));
        interrupted = false;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        t.equal(mixtureIn(folder, old), undefined, `interrupted ${done} step ${step}`);
        run();
      }
      t.same(contentsOf(folder), expected, `interrupted ${done} step ${step}`);
    }
    t.ok(step > 4, 'it was interrupted at several steps');
  }
}

t.test('over an old database, which is removed', async (t) => {
  interruptEverywhere(t, { ...OLD, ...JOURNAL }, { 'data.db': 'new' }, () => ({}));
});

t.test('over an old database, which is set aside with its WAL', async (t) => {
  const expected = {
    'data.db': 'new',
    'aside.db': 'old',
    'aside.db-wal': 'old wal',
    'aside.db-journal': 'old journal',
  };
  interruptEverywhere(t, { ...OLD, ...JOURNAL }, expected, (folder) => ({
    setAside: `${folder}/aside.db`,
  }));
});

t.test('where no database was', async (t) => {
  const options = (folder: string): InstallOptions => ({ setAside: `${folder}/aside.db` });
  interruptEverywhere(t, {}, { 'data.db': 'new' }, options);
});

t.test('where only a WAL was left, which must not be applied', async (t) => {
  const old = { 'data.db-wal': 'old wal' };
  interruptEverywhere(t, old, { 'data.db': 'new' }, () => ({}));
});

t.test('nothing is overwritten by what is set aside', async (t) => {
  for (const taken of ['aside.db', 'aside.db-wal']) {
    const folder = t.testdir({ ...OLD, 'from.db': 'new', [taken]: 'precious' });
    const before = contentsOf(folder);
    t.throws(
      () =>
        installDatabase(`${folder}/from.db`, `${folder}/data.db`, {
          setAside: `${folder}/aside.db`,
        }),
      { message: new RegExp(`${taken} exists`) },
    );
    t.same(contentsOf(folder), before);
  }
});

t.test('a database with commits in its WAL is not installed without them', async (t) => {
  const folder = t.testdir({ ...OLD, 'from.db': 'new', 'from.db-wal': 'commits' });
  const before = contentsOf(folder);
  t.throws(() => installDatabase(`${folder}/from.db`, `${folder}/data.db`), /close the database/);
  t.same(contentsOf(folder), before);
});

t.test('nothing to install is an error', async (t) => {
  const folder = t.testdir();
  t.throws(
    () => installDatabase(`${folder}/from.db`, `${folder}/data.db`),
    /from\.db is not there/,
  );
});

t.test('SQLite finds the new content, and the old one aside with every commit', async (t) => {
  const old = new LiveDatabase(t);
  old.commit(10);
  old.emptyWal();
  old.commit(20);
  const to = `${old.folder}/installed.db`;
  old.copyAsKilled(to);
  old.commit();
  const from = `${old.folder}/from.db`;
  old.copyClosed(from);
  const aside = `${old.folder}/aside.db`;
  installDatabase(from, to, { setAside: aside });
  for (const [path, rows] of [
    [to, 31],
    [aside, 30],
  ] as const) {
    const db = openDetached(path);
    t.equal(integrityProblem(db), undefined);
    t.equal(readContents(db).rows['resources'], rows);
    db.close();
  }
});
