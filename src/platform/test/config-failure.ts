/** For tests of the configuration: a secret that production takes, and what a wrong environment is told. */
import { type Environment, loadConfig } from '../config.ts';
import { ConfigError } from '../errors.ts';

export const STRONG = 'f81d4fae7dec11d0a76500a0c91e6bf6';

/** @returns the line for the operator; `no error` when all is well */
export function failure(env: Environment): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no error';
}
