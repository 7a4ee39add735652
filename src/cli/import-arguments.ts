/** What `scimlane import` may be given. Pure. */
import { split, UsageError } from './arguments.ts';

export interface ImportRequest {
  /** The database of SCIMServer. */
  readonly file: string;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly overwrite: boolean;
  readonly keepUnknown: boolean;
  readonly logs: boolean;
  /** A file to make, with each finding as a line of JSON. */
  readonly report: string | undefined;
}

const FLAGS = ['--json', '--help', '--dry-run', '--overwrite', '--keep-unknown', '--logs'];
const VALUED = ['--report'];

/**
 * @param args the word `import` and what follows it
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function parseImport(args: readonly string[]): ImportRequest | undefined {
  const { words, options } = split(args, FLAGS, VALUED);
  if (options.has('--help')) return undefined;
  const [, file, more] = words;
  if (file === undefined) {
    throw new UsageError('import needs a file: the SQLite database of SCIMServer (scim.db)');
  }
  if (more !== undefined) throw new UsageError(`import takes one file; ${more} is one too many`);
  return {
    file,
    json: options.has('--json'),
    dryRun: options.has('--dry-run'),
    overwrite: options.has('--overwrite'),
    keepUnknown: options.has('--keep-unknown'),
    logs: options.has('--logs'),
    report: options.get('--report'),
  };
}
