/** A run of `scimlane import`, from its words to its exit code. */
import { loadConfig } from '../platform/config.ts';
import { printable } from './format.ts';
import { HELP } from './help.ts';
import { parseImport } from './import-arguments.ts';
import { importReport } from './import-report.ts';
import type { CommandLineParts } from './ports.ts';
import { Progress } from './progress.ts';

/**
 * @returns 0: everything is here now. 3: it was done, but something was refused or differs here. 1:
 *   it is here, but not in the backups
 * @throws what stopped it, to be told in one line
 */
export async function runImport(
  args: readonly string[],
  parts: CommandLineParts,
): Promise<0 | 1 | 3> {
  const { stdout, stderr, env, clock } = parts;
  const request = parseImport(args);
  if (request === undefined) {
    stdout.write(HELP);
    return 0;
  }
  const progress = new Progress(stderr, clock, request);
  const warn = (message: string): void => {
    progress.clear();
    stderr.write(`scimlane: ${printable(message)}\n`);
  };
  try {
    const config = loadConfig(env, 'command');
    const result = await parts.importDatabase(config, request, progress.show, warn);
    progress.clear();
    const { lines, json, ok } = importReport(request, result);
    stdout.write(
      request.json
        ? `${JSON.stringify(json)}\n`
        : lines.map((line) => `${printable(line)}\n`).join(''),
    );
    if (result.shipped === false) return 1;
    return ok ? 0 : 3;
  } finally {
    progress.clear();
  }
}
