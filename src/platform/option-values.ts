/** What each option of the process is and where that comes from, for an administrator. Pure. */
import { OPTIONS } from './config.ts';
import type { Environment, Option } from './option.ts';

export interface OptionValue {
  /** The environment variable. */
  readonly name: string;
  /** As it would be given; "set" for a secret; null: none. */
  readonly value: string | null;
  /** `generated`: at this start, because it was missing. */
  readonly source: 'environment' | 'default' | 'generated';
}

/** @param env with which the process was started, and which it has accepted */
export function optionValues(env: Environment): OptionValue[] {
  const production = env[OPTIONS.environment.name]?.toLowerCase() === 'production';
  return Object.values(OPTIONS).map((option) => valueOfOption(option, env, production));
}

function valueOfOption(
  option: Option<unknown>,
  env: Environment,
  production: boolean,
): OptionValue {
  const { name, secret } = option;
  const given = env[name];
  if (given !== undefined && given !== '') {
    return { name, value: secret === true ? 'set' : given, source: 'environment' };
  }
  if (name === OPTIONS.sharedSecret.name) return { name, value: 'set', source: 'generated' };
  const text = production ? (option.productionDefault ?? option.default) : option.default;
  return { name, value: text ?? null, source: 'default' };
}
