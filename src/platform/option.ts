/**
 * One option of the process, and how its value is read from the environment. It knows no option by
 * name: those stand in the tables of config.ts and backup-options.ts.
 */
import { ConfigError } from './errors.ts';
import type { OptionKind } from './option-kinds.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Option<T> {
  /** The environment variable. */
  readonly name: string;
  readonly kind: OptionKind<T>;
  /** As it would be given; undefined: none. */
  readonly default: string | undefined;
  /** Where NODE_ENV=production has another default. */
  readonly productionDefault?: string;
  /** What follows from setting it, for whoever runs the server. */
  readonly consequence: string;
  /** Its value must not appear in messages. */
  readonly secret?: true;
}

/**
 * The value given, else the default.
 * @throws ConfigError
 */
export function valueOf<T>(
  option: Option<T> & { readonly default: string },
  env: Environment,
  production: boolean,
): T {
  const given = givenValueOf(option, env);
  if (given !== undefined) return given;
  const text = production ? (option.productionDefault ?? option.default) : option.default;
  return parse(option, text);
}

/**
 * The value given; undefined when the variable is missing or empty.
 * @throws ConfigError
 */
export function givenValueOf<T>(option: Option<T>, env: Environment): T | undefined {
  const text = env[option.name];
  return text === undefined || text === '' ? undefined : parse(option, text);
}

function parse<T>({ name, kind, secret }: Option<T>, text: string): T {
  const value = kind.read(text);
  if (value !== undefined) return value;
  const but = secret === true ? 'but is of another form' : `but is ${JSON.stringify(text)}`;
  throw new ConfigError(name, `takes ${kind.takes}, ${but}`);
}
