/** `npm run bench`: reads the command line, runs a session, says whether every answer was right. */
import { chosenOccasions, chosenScenarios, NAMES } from './catalogue.ts';
import { compare } from './compare.ts';
import { comparisonTable } from './comparison.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { pinAndSay } from './pinning.ts';
import { runSession } from './session.ts';
import { shortCheck } from './short-check.ts';
import { runnable, whyNoSlowDisk } from './slow-disk.ts';

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 0 right, 1 wrong answers or a failure, 2 not understood, 3 a target missed */
async function main(args: readonly string[]): Promise<number> {
  const options = parsed(args);
  if (options === undefined) return 2;
  const chosen = chosenScenarios(options);
  if (chosen === undefined) {
    console.error(`--scenario takes of these, with commas between: ${NAMES.join(', ')}`);
    return 2;
  }
  const say = (text: string): void => console.error(text);
  pinAndSay(say);
  if (options.short) return (await shortCheck(say)) ? 0 : 3;
  const scenarios = runnable(chosen, whyNoSlowDisk, say);
  if (options.compare !== undefined) {
    const { lines, file, page } = await compare(options.compare, scenarios, options, say);
    console.log(options.json ? JSON.stringify(lines) : comparisonTable(lines));
    say(`results: ${file}\npage:    ${page}`);
    return 0;
  }
  const { wrong, missed } = await runSession(scenarios, chosenOccasions(options), options, {
    progress: process.stderr,
    result: (text) => console.log(text),
  });
  if (wrong > 0) {
    console.error(`${wrong} of the results had wrong answers`);
    return 1;
  }
  return options.check && missed > 0 ? 3 : 0;
}

function parsed(args: readonly string[]): BenchOptions | undefined {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}
