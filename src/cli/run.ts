/**
 * A run of the command line, from its words to its exit code. The result goes to stdout, everything
 * else to stderr, so that a script reads only results. What goes wrong is one line.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DrillResult, OnProgress } from '../backup/status.ts';
import { STORAGE_VARIABLES } from '../platform/backup-config.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { ConfigError } from '../platform/errors.ts';
import { messageOf } from '../platform/thrown.ts';
import { type Invocation, parseArguments, UsageError } from './arguments.ts';
import { type AzureInvocation, parseAzureArguments } from './azure/arguments.ts';
import { AZURE_HELP } from './azure/help.ts';
import { runAzure } from './azure/run.ts';
import { printable } from './format.ts';
import { HELP } from './help.ts';
import { runImport } from './import.ts';
import type { BackupOperations, CommandLineParts } from './ports.ts';
import { Progress } from './progress.ts';
import {
  drillReport,
  listReport,
  type Report,
  restoreReport,
  snapshotReport,
  verifyReport,
} from './report.ts';
import { triggerOf, triggerSnapshot } from './server-trigger.ts';

/**
 * 0: done. 1: failed, or something is damaged. 2: the command or a variable is wrong. 3: an import
 * was done, but something of it was refused or differs.
 */
export type ExitCode = 0 | 1 | 2 | 3;

type Command = Exclude<Invocation, { kind: 'help' }>;

/** Never rejects. */
export async function runCommandLine(
  args: readonly string[],
  parts: CommandLineParts,
): Promise<ExitCode> {
  const { stdout, stderr } = parts;
  try {
    if (args[0] === 'azure') return await azure(parseAzureArguments(args.slice(1)), parts);
    if (firstWord(args) === 'import') return await runImport(args, parts);
    const invocation = parseArguments(args);
    if (invocation.kind === 'help') {
      stdout.write(HELP);
      return 0;
    }
    const report = await carryOut(invocation, parts);
    stdout.write(invocation.json ? `${JSON.stringify(report.json)}\n` : textOf(report));
    return report.ok ? 0 : 1;
  } catch (error) {
    stderr.write(`scimlane: ${printable(messageOf(error))}\n`);
    if (error instanceof UsageError) stderr.write('scimlane --help tells what there is\n');
    return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  }
}

/** Options without a value may stand before the command. */
function firstWord(args: readonly string[]): string | undefined {
  return args.find((argument) => !argument.startsWith('-'));
}

async function carryOut(command: Command, parts: CommandLineParts): Promise<Report> {
  const config = loadConfig(parts.env, 'command');
  const progress = new Progress(parts.stderr, parts.clock, command);
  try {
    if (command.kind !== 'now') return await readStorages(command, config, progress, parts);
    const trigger = triggerOf(config, command.url);
    progress.show(0, 0, `waiting for ${trigger.url} to take a snapshot`);
    return snapshotReport(await triggerSnapshot(trigger));
  } finally {
    progress.clear();
  }
}

async function azure(invocation: AzureInvocation, parts: CommandLineParts): Promise<ExitCode> {
  const { env, stdout, stderr, clock } = parts;
  if (invocation.kind === 'azureHelp') {
    stdout.write(AZURE_HELP);
    return 0;
  }
  const progress = new Progress(stderr, clock, invocation);
  const write = (text: string): void => {
    progress.clear();
    stdout.write(text.split('\n').map(printable).join('\n'));
  };
  const warn = (text: string): void => {
    progress.clear();
    stderr.write(`scimlane: ${printable(text)}\n`);
  };
  try {
    const azure = parts.openAzure();
    const report = await runAzure(invocation, { azure, env, progress, write, warn });
    progress.clear();
    if (report === undefined) return 0;
    stdout.write(invocation.json ? `${JSON.stringify(report.json)}\n` : textOf(report));
    return report.ok ? 0 : 1;
  } finally {
    progress.clear();
  }
}

async function readStorages(
  command: Exclude<Command, { kind: 'now' }>,
  { backup, databasePath }: Config,
  progress: Progress,
  { openOperations, stderr }: CommandLineParts,
): Promise<Report> {
  if (backup === undefined) {
    throw new ConfigError('BACKUP_FOLDER', `there is no storage: set ${STORAGE_VARIABLES}`);
  }
  if (command.kind === 'restore') refuseToOverwrite(command.into);
  const operations = await openOperations(backup, (message) => {
    progress.clear();
    stderr.write(`scimlane: ${printable(message)}\n`);
  });
  try {
    return await report(command, operations, databasePath, progress);
  } finally {
    await operations.close();
  }
}

async function report(
  command: Exclude<Command, { kind: 'now' }>,
  operations: BackupOperations,
  databasePath: string,
  { show }: Progress,
): Promise<Report> {
  switch (command.kind) {
    case 'list':
      return listReport(await operations.list());
    case 'verify':
      return verifyReport(await operations.verify(show));
    case 'drill':
      return drillReport(await drill(operations, databasePath, show));
    case 'restore': {
      const { target, into } = command;
      return restoreReport(await operations.restoreInto(target, into, show), into);
    }
  }
}

/** Beside the data, where there is room for it; where there is no data, among temporary files. */
async function drill(
  operations: BackupOperations,
  databasePath: string,
  show: OnProgress,
): Promise<DrillResult> {
  const beside = dirname(databasePath);
  const folder = mkdtempSync(join(existsSync(beside) ? beside : tmpdir(), 'scimlane-drill-'));
  try {
    return await operations.drill(join(folder, 'restored.db'), show);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A database file, or what is left of one: SQLite would apply a foreign WAL to the restored file. */
function refuseToOverwrite(into: string): void {
  for (const file of [into, `${into}-wal`, `${into}-shm`, `${into}-journal`]) {
    if (existsSync(file)) {
      throw new Error(`${file} is there already: name another file with --into, or move it away`);
    }
  }
}

function textOf({ lines }: Report): string {
  return lines.map((line) => `${printable(line)}\n`).join('');
}
