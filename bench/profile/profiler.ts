/**
 * CPU profiles of the server's threads: V8 writes one for each thread when it ends, so each scenario
 * gets a server of its own; what was sampled outside its load is left out.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Outcome } from '../drive.ts';
import type { ResultLine } from '../report.ts';
import { flamePage } from './flame.ts';
import { foldProfile, type ProfileWindow, threadName } from './fold.ts';

export interface ProfilePage {
  readonly scenario: string;
  readonly thread: string;
  /** Of the page, beside the session's own. */
  readonly file: string;
}

const INTERVAL_US = 250;
/** Threads that did less are not worth a page. */
const WORK_US_MIN = 5000;
/** `CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile` */
const THREAD_ID = /\.(\d+)\.\d+\.cpuprofile$/;
const MAIN_THREAD = '0';

export class Profiler {
  readonly pages: ProfilePage[] = [];
  readonly #folder: string;
  readonly #prefix: string;

  /** @param prefix path that the name of each file begins with */
  constructor(folder: string, prefix: string) {
    this.#folder = folder;
    this.#prefix = prefix;
  }

  /** What the server is to be started with. */
  environ(scenario: string): Readonly<Record<string, string>> {
    const folder = this.#folderOf(scenario);
    return {
      NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=${INTERVAL_US} --cpu-prof-dir=${JSON.stringify(folder)}`,
    };
  }

  /** To be called when the server has ended. */
  collect(scenario: string, outcome: Outcome): void {
    const window = windowOf(outcome);
    const seen = new Map<string, number>();
    for (const name of readdirSync(this.#folderOf(scenario)).sort()) {
      const id = THREAD_ID.exec(name)?.[1];
      const path = join(this.#folderOf(scenario), name);
      const text = readFileSync(path, 'utf8');
      const root = foldProfile(text, window);
      if (root.totalUs < WORK_US_MIN) continue;
      const kind = id === MAIN_THREAD ? 'main' : threadName(text);
      const number = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, number);
      const thread = number === 1 ? kind : `${kind}-${number}`;
      const file = `${this.#prefix}-${scenario}-${thread}`;
      copyFileSync(path, `${file}.cpuprofile`);
      writeFileSync(`${file}.html`, flamePage(`${scenario}: ${thread} thread`, root));
      this.pages.push({ scenario, thread, file: basename(`${file}.html`) });
    }
  }

  #folderOf(scenario: string): string {
    const folder = join(this.#folder, `profile-${scenario}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** V8's clock is the monotonic one of the machine, which is this process's too. */
function windowOf({ startedMs, seconds }: Outcome): ProfileWindow {
  const nowUs = Number(process.hrtime.bigint() / 1000n);
  const fromUs = nowUs - (performance.now() - startedMs) * 1000;
  return { fromUs, toUs: fromUs + seconds * 1e6 };
}

/** A figure beside a profiler is none. */
export function profiled(line: ResultLine): ResultLine {
  return { ...line, invalid: line.invalid ?? 'a profiler ran' };
}
