/**
 * What was asked for on the command line. Pure. A word that nobody knows is an error, never
 * ignored: a restore with a misspelt option would restore something else.
 */
import type { RestoreTarget } from '../backup/restore-plan.ts';
import { nearestName } from '../platform/nearest-name.ts';
import { webUrl } from '../platform/option-kinds.ts';
import { parseRfc3339 } from '../platform/rfc3339.ts';

export type Invocation =
  | { readonly kind: 'help' }
  | { readonly kind: 'now'; readonly json: boolean; readonly url: string | undefined }
  | { readonly kind: 'list' | 'verify' | 'drill'; readonly json: boolean }
  | {
      readonly kind: 'restore';
      readonly json: boolean;
      readonly target: RestoreTarget;
      readonly into: string;
    };

/** The command line is wrong: one line that names the word and says what would be right. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

interface Command {
  readonly kind: Exclude<Invocation['kind'], 'help'>;
  /** Options with a value that it takes; all take `--json`. */
  readonly options: readonly string[];
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'backup now': { kind: 'now', options: ['--url'] },
  'backup list': { kind: 'list', options: [] },
  'backup verify': { kind: 'verify', options: [] },
  restore: { kind: 'restore', options: ['--to', '--into'] },
  drill: { kind: 'drill', options: [] },
};

const FLAGS = ['--json', '--help'];
const VALUED = ['--url', '--to', '--into'];

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Invocation {
  const { words, options } = split(args);
  if (options.has('--help') || words.join(' ') === 'help') return { kind: 'help' };
  const name = words.join(' ');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw unknownCommand(name);
  for (const option of options.keys()) {
    if (option === '--json' || command.options.includes(option)) continue;
    throw new UsageError(`${option} is no option of scimlane ${name}`);
  }
  const json = options.has('--json');
  switch (command.kind) {
    case 'now':
      return { kind: 'now', json, url: serverUrl(options.get('--url')) };
    case 'restore': {
      const target = restoreTarget(options.get('--to'));
      return { kind: 'restore', json, target, into: fileToMake(options.get('--into')) };
    }
    default:
      return { kind: command.kind, json };
  }
}

/** Words, and options with their values; flags have the value ''. @throws UsageError */
export function split(
  args: readonly string[],
  flags: readonly string[] = FLAGS,
  valued: readonly string[] = VALUED,
): { words: string[]; options: Map<string, string> } {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (!argument.startsWith('-')) {
      words.push(argument);
      continue;
    }
    const [, name = argument, inline] = /^(--?[^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const option = name === '-h' ? '--help' : name;
    if (options.has(option)) throw new UsageError(`${option} is given twice`);
    if (valued.includes(option)) {
      if (inline === undefined) index += 1;
      const value = inline ?? args[index] ?? '';
      if (value === '' || (inline === undefined && value.startsWith('--'))) {
        throw new UsageError(`${option} needs a value`);
      }
      options.set(option, value);
    } else if (flags.includes(option)) {
      if (inline !== undefined) throw new UsageError(`${option} takes no value`);
      options.set(option, '');
    } else {
      const meant = nearestName(option, [...flags, ...valued]);
      throw new UsageError(`${option} is no option; did you mean ${meant}?`);
    }
  }
  return { words, options };
}

function unknownCommand(name: string): UsageError {
  if (name === '') return new UsageError('no command is given');
  const known = [...Object.keys(COMMANDS), 'import'];
  const meant = known.find((each) => each.split(' ').includes(name)) ?? nearestName(name, known);
  return new UsageError(`there is no command ${JSON.stringify(name)}; did you mean ${meant}?`);
}

/** The server itself, also when its SCIM base URL was pasted. */
function serverUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const kind = webUrl();
  const url = kind.read(text);
  if (url !== undefined) return url.replace(/\/scim(\/v2)?$/, '');
  throw new UsageError(`--url takes ${kind.takes}, but is ${JSON.stringify(text)}`);
}

function restoreTarget(text: string | undefined): RestoreTarget {
  const takes =
    'a time with its offset (2026-11-21T05:23:40Z), a commit sequence, or the word latest';
  if (text === undefined) throw new UsageError(`restore needs --to: ${takes}`);
  if (text === 'latest') return {};
  if (/^\d{1,15}$/.test(text)) return { sequence: Number(text) };
  const time = parseRfc3339(text);
  if (time !== undefined) return { time };
  throw new UsageError(`--to takes ${takes}, but is ${JSON.stringify(text)}`);
}

function fileToMake(text: string | undefined): string {
  if (text === undefined) throw new UsageError('restore needs --into: the database file to make');
  if (!/[\\/]$|^\.{1,2}$/.test(text)) return text;
  throw new UsageError(`--into takes a file to make, but ${JSON.stringify(text)} is a folder`);
}
