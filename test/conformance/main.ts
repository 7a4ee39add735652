/**
 * `npm run conformance`: runs the suite against any SCIM server, or against the one of this
 * repository, tells how it went and removes what it has created, also when it is interrupted.
 */
import { writeFileSync } from 'node:fs';
import { rowsOf } from './all-rows.ts';
import { readArguments, USAGE, type Arguments } from './arguments.ts';
import { conformanceDocument, DOCUMENT } from './document.ts';
import { PRESETS, startOwnServer, type PresetName } from './own-server.ts';
import { jsonReport, summary, textReport } from './report.ts';
import { runRows, type Result } from './run-rows.ts';
import { Target, type TargetOptions } from './target.ts';

const PROGRESS_WIDTH = 79;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const options = readArguments(args);
    if (options.url !== undefined) {
      return await runOther({ url: options.url, token: options.token }, options);
    }
    return await runOwn(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

async function runOther(target: TargetOptions, options: Arguments): Promise<number> {
  const results = await runTarget(target, options, options.strict);
  process.stdout.write(options.json ? `${jsonReport(results)}\n` : textReport(results));
  return exitCode(results);
}

async function runOwn(options: Arguments): Promise<number> {
  const ends: (() => unknown)[] = [];
  try {
    const targets = await startOwnServer({ teardown: (end) => ends.unshift(end) });
    const results: Record<PresetName, readonly Result[]> = {
      default: await runTarget(targets.default, options, options.strict),
      'rfc-strict': await runTarget(targets['rfc-strict'], options, true),
    };
    for (const preset of PRESETS) {
      const report = options.json
        ? `${jsonReport(results[preset])}\n`
        : textReport(results[preset]);
      process.stdout.write(options.json ? report : `\nPreset ${preset}\n\n${report}`);
    }
    if (options.write) {
      writeFileSync(DOCUMENT, await conformanceDocument(results));
      process.stderr.write('wrote docs/CONFORMANCE.md\n');
    }
    return Math.max(...PRESETS.map((preset) => exitCode(results[preset])));
  } finally {
    for (const end of ends) await end();
  }
}

/** Ends early, but cleaned up, at the first SIGINT or SIGTERM. */
async function runTarget(
  options: TargetOptions,
  { section, lanes }: Arguments,
  strict: boolean,
): Promise<readonly Result[]> {
  const rows = rowsOf(section);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const target = await Target.discover(options);
  let done = 0;
  try {
    return await runRows(rows, target, {
      strict,
      lanes,
      signal: interrupted.signal,
      onResult: ({ row, outcome }) => {
        done += 1;
        progress(`${done}/${rows.length} ${row.id} ${outcome}`);
      },
    });
  } finally {
    const count = target.http.createdCount;
    progress(`removing ${count} resources`);
    const left = await target.http.removeCreated();
    progress('');
    if (left.length > 0) process.stderr.write(`not removed:\n${left.join('\n')}\n`);
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

/** One line of a terminal that is written over; nothing where stderr is no terminal. */
function progress(text: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${text.slice(0, PROGRESS_WIDTH).padEnd(PROGRESS_WIDTH)}\r`);
}

function exitCode(results: readonly Result[]): number {
  if (results.length === 0) process.stderr.write(`${summary(results)}: no such section\n`);
  return results.length > 0 && results.every(({ outcome }) => outcome !== 'failed') ? 0 : 1;
}
